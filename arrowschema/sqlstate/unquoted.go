package sqlstate

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// SafeValue is implemented by arguments of messages that are never data, such as types: what a message says of them may be shown to everybody.
type SafeValue interface{ SafeValue() }

// SafeString is a text that is never data: the name of a table, a column or a constraint of the database, or words of our own.
type SafeString string

// SafeInt is a number that is never data: of a line, or a length that a type has.
type SafeInt int64

// SafeValue implements the interface of that name.
func (SafeString) SafeValue() {}

// SafeValue implements the interface of that name.
func (SafeInt) SafeValue() {}

// elided stands where a message would quote data.
const elided = "…"

// unquoted is what an error says without data: made of the formats that it was made of, and of their safe arguments alone.
type unquoted struct{ message, detail, hint string }

// Unquoted gives e without the data that it quotes: an ellipsis stands for each argument of the message that is no [SafeValue]. A detail or hint that had
// one is left out, and so are the context, which quotes as a rule, the position and the cause. What was not made by [New], [Wrap] and the methods of Error says of
// itself no more than its code does. The error of Unquoted is its own Unquoted.
func (e *Error) Unquoted() *Error {
	if e.bare {
		return e
	}
	out := &Error{Code: e.Code, Message: e.plain.message, Detail: e.plain.detail, Hint: e.plain.hint, bare: true}
	if strings.Trim(out.Message, elided+": \"") == "" {
		out.Message = "invalid data"
	}
	return out
}

// withoutData is fmt.Sprintf with an ellipsis for every argument that may be data. whole says that there was none.
func withoutData(format string, args []any) (text string, whole bool) {
	if !strings.Contains(format, "%") {
		return format, true
	}
	format = asPostgres(format)
	var b strings.Builder
	whole = true
	next := 0
	for format != "" {
		before, rest, found := strings.Cut(format, "%")
		b.WriteString(before)
		if !found {
			break
		}
		end := strings.IndexFunc(rest, func(r rune) bool { return !strings.ContainsRune("+-# 0123456789.", r) })
		if end < 0 {
			break
		}
		if rest[end] == '%' {
			b.WriteByte('%')
			format = rest[end+1:]
			continue
		}
		_, size := utf8.DecodeRuneInString(rest[end:])
		if safe, ok := argument(args, next).(SafeValue); ok {
			fmt.Fprintf(&b, "%"+rest[:end+size], safe)
		} else {
			b.WriteString(elided)
			whole = false
		}
		next, format = next+1, rest[end+size:]
	}
	return clip(b.String(), maxText), whole
}

func argument(args []any, i int) any {
	if i < len(args) {
		return args[i]
	}
	return nil
}

// wholly is withoutData for what is left out when it would quote data.
func wholly(format string, args []any) string {
	if text, whole := withoutData(format, args); whole {
		return text
	}
	return ""
}
