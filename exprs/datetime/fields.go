package datetime

import (
	"strconv"
	"strings"

	"github.com/stoadb/stoa/exprs/temporal"
)

// parseFields reads an interval's fields: "hour", "day to second", each with or without a precision in parentheses behind; -1 is no precision.
func parseFields(s string) (fields temporal.IntervalFields, precision int, ok bool) {
	precision = -1
	if head, tail, found := strings.Cut(s, "("); found {
		n, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(tail, ")")))
		if err != nil {
			return 0, 0, false
		}
		s, precision = head, n
	}
	from, to, _ := strings.Cut(strings.ToLower(strings.TrimSpace(s)), " to ")
	fields, ok = temporal.IntervalFieldsNamed(strings.TrimSpace(from), strings.TrimSpace(to))
	return fields, precision, ok
}
