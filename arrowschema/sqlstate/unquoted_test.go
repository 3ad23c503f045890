package sqlstate

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestUnquoted(t *testing.T) {
	t.Parallel()
	bare := func(e *Error) []string {
		u := e.Unquoted()
		require.Equal(t, e.Code, u.Code)
		require.Same(t, u, u.Unquoted())
		require.NoError(t, u.Cause)
		require.Equal(t, []any{"", 0}, []any{u.Where, u.Position})
		return []string{u.Message, u.Detail, u.Hint}
	}
	const code = InvalidTextRepresentation
	for _, c := range []struct {
		e    *Error
		want []string
	}{
		{New(code, "invalid input syntax for type %s: \"%s\"", SafeString("integer"), "x"), []string{`invalid input syntax for type integer: "…"`, "", ""}},
		{New(code, "unterminated CSV quoted field"), []string{"unterminated CSV quoted field", "", ""}},
		{New(code, "100%% of %d and %q in %v", SafeInt(3), SafeString(`a"b`), nil), []string{`100% of 3 and "a"b" in …`, "", ""}},
		{New(code, "%-5d|%+.2f|% #x|%s", SafeInt(7), 1.5, "x"), []string{"7    |…|…|…", "", ""}},
		{New(code, "%s", "x"), []string{"invalid data", "", ""}},
		{New(code, "%s: \"%s\"", "x", "y"), []string{"invalid data", "", ""}},
		{New(code, "m").WithDetail("Key (%s)=(%s)", SafeString("a"), "x").WithHint("Use %s.", SafeString("it")), []string{"m", "", "Use it."}},
		{New(code, "m").WithDetail("Whole.").WithHint("See %s.", "x"), []string{"m", "Whole.", ""}},
		{New(code, "m").InContext("COPY t, line 1: \"%s\"", "x").At(3), []string{"m", "", ""}},
		{Wrap(code, errors.New("x"), "it is damaged"), []string{"it is damaged", "", ""}},
		{&Error{Code: code, Message: "x", Detail: "x", Hint: "x", Cause: errors.New("x")}, []string{"invalid data", "", ""}},
		{New(code, "%s and too many"), []string{"… and too many", "", ""}},
	} {
		require.Equal(t, c.want, bare(c.e), c.e.Message)
	}
	long := SafeString(strings.Repeat("é", 2<<20))
	require.Less(t, len(New(code, "%s%s%s%s%s", long, long, long, long, long).Unquoted().Message), maxText+10)
	require.Less(t, len(New(code, "%s", long).Message), maxArg+10)
	copied := *New(code, "a %s", "x")
	require.Equal(t, "a …", copied.Unquoted().Message, "as those do who add to an error")
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = New(InvalidTextRepresentation, "invalid input syntax for type %s: \"%s\"", SafeString("integer"), "x")
	}
}
