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
