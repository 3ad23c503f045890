package numeric

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/exprs"
)

// Keywords of pictures are written in capitals or in small letters, not in both.
func TestPictureKeys(t *testing.T) {
	t.Parallel()
	for format, want := range map[string]string{
		"FM9": "FM", "fm9": "FM", "Fm9": "", "fM9": "", "9": "9", "eeee": "EEEE", "EEEe": "", "EEE": "", "S9": "S", "sg9": "SG", "Sg9": "S", "sG9": "S", "th": "TH",
		"t": "", ",": ",", ".": ".", "\x10": "", "\x0c": "", "ſ9": "", "é": "", "x": "",
	} {
		require.Equal(t, want, keyAt(format), "%q", format)
	}
}

// A long picture is read and printed with an eye on the context.
func TestLongPicture(t *testing.T) {
	t.Parallel()
	format := strings.Repeat("9", 4*itemsBetween)
	p, err := readPicture(&exprs.Ctx{}, format)
	require.NoError(t, err)
	text, err := p.print(&exprs.Ctx{}, '+', "7", p.pre)
	require.NoError(t, err)
	require.Len(t, text, len(format)+1)
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	stopped := &exprs.Ctx{Context: ended}
	_, err = readPicture(stopped, format)
	require.ErrorIs(t, err, context.Canceled)
	_, err = p.print(stopped, '+', "7", p.pre)
	require.ErrorIs(t, err, context.Canceled)
}

// The items of a long picture, old and new ones together, are asked for before they are made.
func TestLongPictureIsCounted(t *testing.T) {
	t.Parallel()
	memory := &counted{}
	p, err := readPicture(&exprs.Ctx{Context: context.Background(), Memory: memory}, strings.Repeat("9", 100*itemsBetween))
	require.NoError(t, err)
	require.Less(t, int64(cap(p.items))*itemBytes*3/2, memory.taken)
	require.Less(t, cap(p.items), 2*len(p.items)+4*itemsBetween)
	for format, want := range map[string]string{`"ab\"c\\d"9`: `ab"c\d 1`, `"ab"9`: "ab 1", `9"ab`: " 1ab", `9"a\`: ` 1a\`, `""9`: " 1"} {
		p, err := readPicture(&exprs.Ctx{}, format)
		require.NoError(t, err)
		text, err := p.print(&exprs.Ctx{}, '+', "1", p.pre)
		require.NoError(t, err)
		require.Equal(t, want, text, format)
	}
}

type counted struct{ taken int64 }

func (c *counted) Reserve(n int64) error { c.taken += n; return nil }

func (c *counted) Release(n int64) { c.taken -= n }
