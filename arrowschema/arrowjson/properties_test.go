package arrowjson

import (
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// drawType draws a type of at most the given depth, every kind with every argument that can be written.
func drawType(t *rapid.T, depth int) *Type {
	last := Decimal256
	if depth > 0 {
		last = RunEndEncoded
	}
	d := &Type{kind: Kind(rapid.IntRange(int(Null), int(last)).Draw(t, "kind"))}
	draw := func(low, high unit) unit { return unit(rapid.IntRange(int(low), int(high)).Draw(t, "unit")) }
	child := func() Field { return drawField(t, depth-1) }
	switch d.kind {
	case Timestamp:
		d.unit = draw(second, nanosecond)
		if d.hasZone = rapid.Bool().Draw(t, "zoned"); d.hasZone {
			d.zone = rapid.String().Draw(t, "zone")
		}
	case Time32:
		d.unit = draw(second, millisecond)
	case Time64:
		d.unit = draw(microsecond, nanosecond)
	case Duration:
		d.unit = draw(second, nanosecond)
	case Interval:
		d.unit = draw(yearMonth, monthDayNano)
	case FixedSizeBinary:
		d.size = rapid.Int32().Draw(t, "size")
	case Decimal32, Decimal64, Decimal128, Decimal256:
		d.size = int32(rapid.Uint8().Draw(t, "precision"))
		d.scale = rapid.Int8().Draw(t, "scale")
	case List, LargeList, ListView, LargeListView:
		d.children = []Field{child()}
	case FixedSizeList:
		d.size, d.children = rapid.Int32().Draw(t, "size"), []Field{child()}
	case Struct:
		if d.elided = rapid.IntRange(0, 9).Draw(t, "elided") == 0; !d.elided {
			d.children = drawFields(t, depth-1)
		}
	case Union:
		d.unit, d.children = draw(sparse, dense), drawFields(t, depth-1)
		if len(d.children) > 0 {
			d.ids = rapid.SliceOfNDistinct(rapid.Int8Min(0), len(d.children), len(d.children), rapid.ID[int8]).Draw(t, "ids")
		}
	case Map:
		d.sorted, d.children = rapid.Bool().Draw(t, "sorted"), []Field{child()}
	case Dictionary:
		d.key = &Type{kind: Kind(rapid.IntRange(int(Int8), int(UInt64)).Draw(t, "key"))}
		d.value = drawType(t, depth-1)
	case RunEndEncoded:
		d.children = []Field{child(), child()}
	}
	return d
}

func drawFields(t *rapid.T, depth int) (fields []Field) {
	for range rapid.IntRange(0, 3).Draw(t, "fields") {
		fields = append(fields, drawField(t, depth))
	}
	return fields
}

func drawField(t *rapid.T, depth int) Field {
	f := Field{Name: rapid.String().Draw(t, "name"), Type: drawType(t, depth), Nullable: rapid.Bool().Draw(t, "nullable"), Metadata: drawMetadata(t)}
	if f.Type.kind == Dictionary {
		f.DictID, f.DictIsOrdered = rapid.Int64().Draw(t, "dict_id"), rapid.Bool().Draw(t, "ordered")
	}
	return f
}

func drawMetadata(t *rapid.T) map[string]string {
	m := rapid.MapOfN(rapid.String(), rapid.String(), 0, 2).Draw(t, "metadata")
	if len(m) == 0 {
		return nil
	}
	return m
}

func drawSchema(t *rapid.T) *Schema {
	s := &Schema{Fields: []Field{}, Metadata: drawMetadata(t), Options: rapid.SampledFrom([]string{"", `{"a": [1, {}], "bb": null}`}).Draw(t, "options")}
	for _, name := range rapid.SliceOfNDistinct(rapid.String(), 0, 4, rapid.ID[string]).Draw(t, "names") {
		f := drawField(t, 3)
		f.Name = name
		s.Fields = append(s.Fields, f)
	}
	return s
}

// For every type, parsing what is printed gives the type, and printing that gives the text.
func TestPropertyTypeRoundTrips(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawType(t, 4)
		text := d.String()
		parsed, err := ParseType(text)
		require.NoError(t, err)
		require.Equal(t, d, parsed)
		require.True(t, d.Equal(parsed))
		require.Equal(t, text, parsed.String())
	})
}

// The same of schemas and their JSON.
func TestPropertySchemaRoundTrips(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSchema(t)
		text := s.JSON()
		parsed, err := ParseSchema(text)
		require.NoError(t, err)
		require.Equal(t, s, parsed)
		require.True(t, s.Equal(parsed))
		require.Equal(t, text, parsed.JSON())
	})
}

// A schema that arrow-go can hold comes back from it as it is, when what arrow-go has no place for is set aside: once through arrow-go, nothing
// more is lost.
func TestPropertyArrowRoundTrips(t *testing.T) {
	t.Parallel()
	held := 0
	rapid.Check(t, func(t *rapid.T) {
		s := drawSchema(t)
		a, err := s.Arrow()
		if err != nil {
			return
		}
		held++
		first, err := SchemaOf(a)
		require.NoError(t, err)
		again, err := first.Arrow()
		require.NoError(t, err)
		require.True(t, a.Equal(again))
		require.True(t, a.Metadata().Equal(again.Metadata()))
		second, err := SchemaOf(again)
		require.NoError(t, err)
		require.Equal(t, first, second)
		for i := range a.NumFields() {
			require.Equal(t, s.Fields[i].Name, first.Fields[i].Name)
			require.Equal(t, s.Fields[i].Nullable, first.Fields[i].Nullable)
			require.Equal(t, s.Fields[i].Metadata, first.Fields[i].Metadata)
			require.True(t, arrow.TypeEqual(a.Field(i).Type, again.Field(i).Type, arrow.CheckMetadata()))
		}
	})
	require.Positive(t, held)
}

// A difference anywhere is seen by Equal, as the printed text sees it.
func TestPropertyEqualIsEqualText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawType(t, 1), drawType(t, 1)
		require.Equal(t, a.String() == b.String(), a.Equal(b))
	})
}
