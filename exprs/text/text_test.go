package text_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/exprs/exprtest"
	"github.com/stoadb/stoa/exprs/vec"
)

func newCtx() *exprs.Ctx { return exprs.NewCtx(context.Background(), exprtest.Now, nil) }

// one evaluates a call of constants and gives its text.
func one(t *testing.T, name string, args ...*vec.Vec) string {
	t.Helper()
	out, err := exprtest.Call(t, builtin.Registry(), newCtx(), name, args...)
	require.NoError(t, err)
	return string(vec.AppendText(nil, out, 0, nil))
}

// PostgreSQL's golden answers are of a database with the locale C, which knows ASCII letters alone.
func TestLettersBeyondASCII(t *testing.T) {
	t.Parallel()
	require.Equal(t, "äöü ß straße", one(t, "lower", exprtest.Text("ÄÖÜ ß STRAßE")))
	require.Equal(t, "ÄÖÜ ß", one(t, "upper", exprtest.Text("äöü ß")))
	require.Equal(t, "Élan Vital", one(t, "initcap", exprtest.Text("ÉLAN vital")))
	require.Equal(t, "t", one(t, "~~*", exprtest.Text("STRASSE Ä"), exprtest.Text("%ä")))
	require.Equal(t, "f", one(t, "~~", exprtest.Text("STRASSE Ä"), exprtest.Text("%ä")))
	require.Equal(t, "t", one(t, "~", exprtest.Text("日本語"), exprtest.Text(`^\w+$`)))
}

func TestRegularExpressionsThatNeedBacktracking(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{`(a)\1`, `a(?=b)`, `a(?!b)`, `(?<=a)b`, `\mabc`, `abc\M`, `[[:<:]]a`} {
		_, err := exprtest.Call(t, builtin.Registry(), newCtx(), "~", exprtest.Texts("ab"), exprtest.Text(pattern))
		require.Equal(t, sqlstate.FeatureNotSupported, sqlstate.CodeOf(err), pattern)
	}
	// What takes a backtracking matcher ages.
	started := time.Now()
	require.Equal(t, "f", one(t, "~", exprtest.Text(strings.Repeat("a", 40)+"!"), exprtest.Text(`^(a+)+$`)))
	require.Equal(t, "f", one(t, "~~", exprtest.Text(strings.Repeat("a", 20000)), exprtest.Text(strings.Repeat("%a", 30)+"%b")))
	require.Less(t, time.Since(started), 5*time.Second)
}

func TestInvalidPatternWithoutRows(t *testing.T) {
	t.Parallel()
	for name, pattern := range map[string]string{"~": "(", "~~": `x\`} {
		e := exprtest.Bind(t, builtin.Registry(), name, exprtest.Texts(), exprtest.Text(pattern))
		out, err := e.Eval(newCtx(), &vec.Batch{Cols: []*vec.Vec{exprtest.Texts(), nil}})
		require.NoError(t, err)
		require.Equal(t, 0, out.N)
	}
}

func TestResultsAreBounded(t *testing.T) {
	t.Parallel()
	many := make([]string, 2048)
	for i := range many {
		many[i] = "0123456789"
	}
	_, err := exprtest.Call(t, builtin.Registry(), newCtx(), "lpad", exprtest.Texts(many...), exprtest.Int(arrowschema.Int4, 1<<30))
	require.EqualError(t, err, "requested length too large (SQLSTATE 54000)")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = exprtest.Call(t, builtin.Registry(), exprs.NewCtx(ctx, 0, nil), "repeat", exprtest.Texts(many...), exprtest.Int(arrowschema.Int4, 2))
	require.Equal(t, sqlstate.QueryCanceled, sqlstate.CodeOf(err))
}

func TestSession(t *testing.T) {
	t.Parallel()
	ctx := newCtx()
	ctx.Session = exprs.Session{Database: "stoa", Schema: "public", Version: "Stoa 1"}
	for name, want := range map[string]string{"version": "Stoa 1", "current_database": "stoa", "current_schema": "public"} {
		out, err := exprtest.Call(t, builtin.Registry(), ctx, name)
		require.NoError(t, err)
		require.Equal(t, want, out.Strs[0])
	}
}

func TestRandomUUIDs(t *testing.T) {
	t.Parallel()
	e := exprtest.Bind(t, builtin.Registry(), "gen_random_uuid")
	out, err := e.Eval(newCtx(), &vec.Batch{N: 1000})
	require.NoError(t, err)
	seen := map[[16]byte]bool{}
	for _, u := range out.UUIDs {
		require.Equal(t, byte(0x40), u[6]&0xf0)
		require.Equal(t, byte(0x80), u[8]&0xc0)
		seen[u] = true
	}
	require.Len(t, seen, 1000)
}

func TestFitVarchar(t *testing.T) {
	t.Parallel()
	fit := func(s string, n int64, explicit bool) (string, error) {
		out, err := exprtest.Call(t, builtin.Registry(), newCtx(), "$fit", vec.NewFlat(arrowschema.Varchar, []string{s}, nil),
			exprtest.Int(arrowschema.Int4, n), exprtest.Int(arrowschema.Int4, 0), vec.NewConst(arrowschema.Bool, explicit, 1))
		if err != nil {
			return "", err
		}
		return out.Strs[0], nil
	}
	for _, c := range []struct {
		in       string
		explicit bool
		want     string
	}{{"日本", false, "日本"}, {"日本語", true, "日本"}, {"ab  ", false, "ab"}, {"abc", true, "ab"}, {"", false, ""}} {
		got, err := fit(c.in, 2, c.explicit)
		require.NoError(t, err)
		require.Equal(t, c.want, got)
	}
	_, err := fit("日本語", 2, false)
	require.EqualError(t, err, "value too long for type character varying(2) (SQLSTATE 22001)")
}
