package parser

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestContract parses the contract's statements, all at once and one by one.
func TestContract(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/contract.sql")
	require.NoError(t, err)
	all, err := Parse(string(text))
	require.NoError(t, err)
	require.Len(t, all, 48)
	var selects int
	rest := string(text)
	for i, s := range all {
		if _, ok := s.Node.(*Query); ok {
			selects++
		}
		piece, tail, complete := SplitStatement(rest)
		require.True(t, complete)
		rest = tail
		one, err := Parse(piece)
		require.NoError(t, err)
		require.Len(t, one, 1)
		require.Equal(t, s.Text, one[0].Text, "statement %d", i)
		require.True(t, strings.HasPrefix(string(text)[s.Pos-1:], s.Text), "the contract is ASCII: positions are offsets")
	}
	require.Equal(t, 25, selects)
	_, _, complete := SplitStatement(rest)
	require.False(t, complete)
}
