package arrowschema

import (
	"strconv"
	"strings"
)

// Format gives the name of a type with its modifier, as PostgreSQL's format_type() does: "numeric(10,2)", "timestamp(3) without time zone". mods is what
// stands in parentheses behind the type's name, nothing when there is none; a type that takes no modifier is given as it is.
func (t Type) Format(mods []int32) string {
	if len(mods) == 0 {
		return t.String()
	}
	switch t {
	case Numeric:
		scale := int32(0)
		if len(mods) > 1 {
			scale = mods[1]
		}
		return "numeric(" + strconv.Itoa(int(mods[0])) + "," + strconv.Itoa(int(scale)) + ")"
	case Varchar:
		return t.String() + "(" + strconv.Itoa(int(mods[0])) + ")"
	case Time, Timestamp, TimestampTZ, Interval:
		word, rest, _ := strings.Cut(t.String(), " ")
		return strings.TrimSuffix(word+"("+strconv.Itoa(int(min(mods[0], 6)))+") "+rest, " ")
	}
	return t.String()
}
