package arrowjson

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// rustText is a line of testdata/rust.tsv, whose making testdata/README.md tells.
type rustText struct{ release, form, text, canonical string }

func rustTexts(t testing.TB) (texts []rustText) {
	t.Helper()
	file, err := os.Open("testdata/rust.tsv")
	require.NoError(t, err)
	defer file.Close()
	plain := strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t", `\r`, "\r")
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		columns := strings.Split(lines.Text(), "\t")
		require.Len(t, columns, 4)
		texts = append(texts, rustText{columns[0], columns[1], plain.Replace(columns[2]), plain.Replace(columns[3])})
	}
	require.NoError(t, lines.Err())
	return texts
}

func TestTextsWrittenByRust(t *testing.T) {
	t.Parallel()
	texts := rustTexts(t)
	require.Greater(t, len(texts), 1000)
	for _, r := range texts {
		var got *Type
		if r.form == "serde" {
			s, err := ParseSchema(`{"fields":[{"name":"a","nullable":true,"data_type":` + r.text + `}]}`)
			require.NoError(t, err, "%s: %s", r.release, r.text)
			got = s.Fields[0].Type
		} else {
			var err error
			got, err = ParseType(r.text)
			require.NoError(t, err, "%s: %s", r.release, r.text)
		}
		require.Equal(t, r.canonical, got.String(), "%s %s: %s", r.release, r.form, r.text)
		again, err := ParseType(r.canonical)
		require.NoError(t, err)
		require.True(t, got.Equal(again))
	}
}

// A text with a byte taken out is read or refused, and does no harm.
func TestMutilatedTexts(t *testing.T) {
	t.Parallel()
	for i, r := range rustTexts(t) {
		if r.form == "serde" || i%29 != 0 || len(r.text) > 400 {
			continue
		}
		for at := range len(r.text) {
			parsed, err := ParseType(r.text[:at] + r.text[at+1:])
			if err != nil {
				require.Nil(t, parsed)
				continue
			}
			again, err := ParseType(parsed.String())
			require.NoError(t, err)
			require.True(t, parsed.Equal(again))
		}
	}
}

func TestEscapesAreThoseOfRust(t *testing.T) {
	t.Parallel()
	file, err := os.Open("testdata/rust_escaped.txt")
	require.NoError(t, err)
	defer file.Close()
	escaped := map[rune]bool{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var from, to rune
		_, err := fmt.Sscanf(lines.Text(), "%x %x", &from, &to)
		require.NoError(t, err)
		for r := from; r <= to; r++ {
			escaped[r] = true
		}
	}
	newer := 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) || strings.ContainsRune("\x00\t\n\r\"\\", r) || plainInDebug(r) != escaped[r] {
			continue
		}
		// What may differ is what Unicode changed after Go's tables were made: characters that Rust prints and Go does not know yet, and a few
		// marks that Unicode 16 moved from one of the classes to the other.
		if escaped[r] {
			require.True(t, unicode.Is(unicode.Mc, r), "%U", r)
		} else {
			require.False(t, unicode.In(r, unicode.L, unicode.Mc, unicode.Me, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.Cc, unicode.Cf, unicode.Co), "%U", r)
		}
		newer++
	}
	t.Logf("%d characters differ, by changes since Unicode %s", newer, unicode.Version)
	require.Equal(t, `"\0\t\r\n\"\\'\u{1}\u{7f}\u{301}\u{200b}\u{a0}é😀"`, string(appendDebugString(nil, "\x00\t\r\n\"\\'\x01\x7f\u0301\u200b\u00a0é😀")))
}
