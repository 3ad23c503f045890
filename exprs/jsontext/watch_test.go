package jsontext

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// A long document is left off at the first look, wherever most of it lies: in a string, in escapes, in numbers, in white space between them.
func TestWatchedWorkEnds(t *testing.T) {
	t.Parallel()
	stop := errors.New("stop")
	const size = 5 << 20
	quoted := `"` + strings.Repeat("x", size) + `"`
	for name, work := range map[string]func(watch Watch) error{
		"quote":  func(watch Watch) error { return second(QuoteWatched(strings.Repeat("x", size), watch)) },
		"string": func(watch Watch) error { return ValidJSONWatched(quoted, watch) },
		"escapes": func(watch Watch) error {
			return second(CanonicalWatched(`["`+strings.Repeat(`\u0041`, size/6)+`"]`, watch))
		},
		"numbers": func(watch Watch) error { return ValidJSONWatched("["+strings.Repeat("1,", size/2)+"1]", watch) },
	} {
		looks := 0
		require.NoError(t, work(func(int) error { looks++; return nil }), name)
		require.Greater(t, looks, 5, name)
		for last := range looks { // whichever look it is that says so, it is the last
			asked := 0
			err := work(func(int) error {
				if asked++; asked > last {
					return stop
				}
				return nil
			})
			require.Equal(t, stop, err, name)
			require.Equal(t, last+1, asked, name)
			if last > 20 {
				break
			}
		}
	}
}

// What is quoted in pieces is what is quoted at once.
func TestQuotingInPieces(t *testing.T) {
	t.Parallel()
	s := strings.Repeat("aé\"\\\n漢\x01", watchedPiece/5)
	grown := 0
	got, err := QuoteWatched(s, func(n int) error { grown += n; return nil })
	require.NoError(t, err)
	require.True(t, got == Quote(s))
	require.Equal(t, len(got), grown)
	doc, err := CanonicalWatched(got, func(int) error { return nil })
	require.NoError(t, err)
	require.True(t, doc == got)
}

// A string longer than jsonb takes is refused as PostgreSQL refuses it.
func TestLongStrings(t *testing.T) {
	t.Parallel()
	w := writer{limit: 1000}
	err := parse(`["`+strings.Repeat("x", 1001)+`"]`, true, &w, nil)
	require.EqualError(t, err, errTooLong().Error())
	require.Equal(t, sqlstate.ProgramLimitExceeded, sqlstate.CodeOf(err))
}
