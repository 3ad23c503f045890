package scan_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/scan"
)

// A check gives its input's rows as they are, and fails with the error of the expression, whether there is a proof for it or not.
func TestCheck(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(33, 33))
	n := column(0, integer)
	cast, ok := registry().Cast(integer, arrowschema.Numeric)
	require.True(t, ok)
	number := exprs.NewCast(cast, n)
	proven, unproven := function(t, "/", number, number), function(t, "/", n, n)
	_, ok = exprs.ProofOf(proven)
	require.True(t, ok)
	_, ok = exprs.ProofOf(unproven)
	require.False(t, ok)
	for _, zero := range []bool{false, true} {
		in := randomTable(r, 300, integer, str)
		for i := range in.rows {
			if in.rows[i][0] == int64(0) {
				in.rows[i][0] = int64(1)
			}
		}
		if zero {
			in.rows[200][0] = int64(0)
		}
		for _, s := range shapes() {
			for _, e := range []exprs.Expr{proven, unproven} {
				env := newEnv(s)
				got, err := pull(env, &scan.Check{Input: in.source(r, 20), Exprs: []exprs.Expr{n, e}})
				if zero {
					require.Equal(t, sqlstate.DivisionByZero, sqlstate.CodeOf(err), "%v", err)
					continue
				}
				require.NoError(t, err)
				requireRows(t, texts(in.rows), got, false)
				require.Zero(t, env.Memory.Used())
			}
		}
	}
}
