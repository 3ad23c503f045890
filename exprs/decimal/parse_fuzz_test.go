package decimal

import (
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// FuzzParse: no text makes Parse panic or fail otherwise than with its two errors, what it accepts comes back unchanged from its own text, and
// big.Rat agrees on the value of what both accept.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "0", "-1.50", " 12e-3 ", "NaN", "-inf", "1e131071", "1e131072", "1e-16383", "+.5e+2", "99999999999999999999999999999999999999999", "1e 5", "1_0", "0x1", "1e99999999999999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := Parse(s)
		if err != nil {
			require.Contains(t, []sqlstate.Code{sqlstate.InvalidTextRepresentation, sqlstate.NumericValueOutOfRange}, sqlstate.CodeOf(err))
			return
		}
		text := d.String()
		back, err := Parse(text)
		require.NoError(t, err)
		require.Equal(t, text, back.String())
		require.Equal(t, AppendKey(nil, d), AppendKey(nil, back))
		if d.special() || d.ext != nil || strings.ContainsAny(s, "_/xXoObBpP") {
			return
		}
		if r, ok := new(big.Rat).SetString(strings.Trim(s, " \t\n\v\f\r")); ok && len(s) < 40 {
			require.Zero(t, rat(d).Cmp(r), "%q", s)
		}
	})
}
