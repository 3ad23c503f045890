package arrowschema_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
)

func TestFormat(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typ  arrowschema.Type
		mods []int32
		want string
	}{
		{arrowschema.Numeric, nil, "numeric"},
		{arrowschema.Numeric, []int32{10, 2}, "numeric(10,2)"},
		{arrowschema.Numeric, []int32{5}, "numeric(5,0)"},
		{arrowschema.Varchar, []int32{5}, "character varying(5)"},
		{arrowschema.Timestamp, []int32{3}, "timestamp(3) without time zone"},
		{arrowschema.TimestampTZ, []int32{0}, "timestamp(0) with time zone"},
		{arrowschema.Time, []int32{9}, "time(6) without time zone"},
		{arrowschema.Interval, []int32{2}, "interval(2)"},
		{arrowschema.Int8, []int32{2}, "bigint"},
	} {
		require.Equal(t, c.want, c.typ.Format(c.mods))
	}
}
