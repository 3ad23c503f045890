package sqlstate

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A message quotes what a statement or a file holds, and that may be a hundred megabytes. PostgreSQL quotes it whole; we do so up to the length of the
// longest number, since the memory for it is in no budget, and show less of it: a message that fills the screens is no use.
const (
	maxArg   = 256 << 10 // bytes of a text that a message quotes
	maxText  = 1 << 20   // bytes of a message, a detail, a hint or a context
	maxShown = 4000      // bytes of each that a report shows
)

// formatted is fmt.Sprintf with long arguments cut.
func formatted(format string, args []any) string {
	copied := false
	for i, a := range args {
		var short string
		switch a := a.(type) {
		case string:
			if len(a) <= maxArg {
				continue
			}
			short = clip(a, maxArg)
		case SafeString:
			if len(a) <= maxArg {
				continue
			}
			short = clip(string(a), maxArg)
		case []byte:
			if len(a) <= maxArg {
				continue
			}
			short = clip(string(a[:maxArg+1]), maxArg)
		default:
			continue
		}
		if !copied {
			args, copied = append([]any{}, args...), true
		}
		args[i] = short
	}
	return clip(fmt.Sprintf(asPostgres(format), args...), maxText)
}

// clip gives a text that is longer than n bytes up to there, with an ellipsis.
func clip(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n] + "…"
}

// asPostgres has %q quote a name as PostgreSQL's messages do: as it is, between quotes. Whoever prints a message sees to what a terminal must not get.
func asPostgres(format string) string { return strings.ReplaceAll(format, "%q", `"%s"`) }
