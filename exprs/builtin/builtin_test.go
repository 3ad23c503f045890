package builtin_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/builtin"
)

var columnTypes = []arrowschema.Type{
	arrowschema.Bool, arrowschema.Int2, arrowschema.Int4, arrowschema.Int8, arrowschema.Numeric, arrowschema.Float4, arrowschema.Float8,
	arrowschema.Varchar, arrowschema.Text, arrowschema.UUID, arrowschema.JSON, arrowschema.JSONB, arrowschema.Date, arrowschema.Time,
	arrowschema.Timestamp, arrowschema.TimestampTZ, arrowschema.Interval,
}

func TestEveryTypeReadsAndWritesText(t *testing.T) {
	t.Parallel()
	r := builtin.Registry()
	for _, typ := range columnTypes {
		for _, s := range []arrowschema.Type{arrowschema.Text, arrowschema.Varchar} {
			if typ == s {
				continue
			}
			_, ok := r.Cast(s, typ)
			require.True(t, ok, "%s to %s", s, typ)
			_, ok = r.Cast(typ, s)
			require.True(t, ok, "%s to %s", typ, s)
		}
	}
}

// Every entry can be called, and no two have the same arguments: the binder takes the first exact match.
func TestEntriesAreWellFormed(t *testing.T) {
	t.Parallel()
	r := builtin.Registry()
	for _, name := range append(r.FuncNames(), operators...) {
		seen := map[string]bool{}
		for _, f := range r.Funcs(name) {
			require.True(t, (f.Eval == nil) != (f.Bind == nil), "%s: one of Eval and Bind", f.Signature())
			require.False(t, seen[f.Signature()], "%s twice", f.Signature())
			seen[f.Signature()] = true
			require.NotEqual(t, arrowschema.Unknown, f.Result, f.Signature())
			require.NotEqual(t, arrowschema.Void, f.Result, f.Signature())
		}
		if name[0] < 'a' || name[0] > 'z' {
			require.NotEmpty(t, r.Funcs(name), "operator %s", name)
		}
	}
}

var operators = []string{
	"=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "^", "||", "~~", "!~~", "~~*", "!~~*", "~", "~*", "!~", "!~*", "^@", "->", "->>", "#>", "#>>",
	"@>", "<@", "?", "?|", "?&", "&", "|", "#", "<<", ">>", "@", "|/", "||/",
}

// The one registry is built once, whoever asks first, and nothing that asks changes it.
func TestRegistryIsBuiltOnce(t *testing.T) {
	t.Parallel()
	var all sync.Map
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { all.Store(builtin.Registry(), true) })
	}
	wg.Wait()
	n := 0
	all.Range(func(any, any) bool { n++; return true })
	require.Equal(t, 1, n)
}

func BenchmarkRegistry(b *testing.B) {
	for b.Loop() {
		builtin.Registry()
	}
}
