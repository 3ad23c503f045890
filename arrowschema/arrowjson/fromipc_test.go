package arrowjson

import (
	"bytes"
	"encoding/binary"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/extensions"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// ipcMessage gives a schema as arrow-go writes it.
func ipcMessage(t require.TestingT, s *arrow.Schema) []byte {
	var b bytes.Buffer
	require.NoError(t, ipc.NewWriter(&b, ipc.WithSchema(s)).Close())
	return b.Bytes()
}

// withoutIDs takes the ids of dictionaries away, which arrow-go gives as it writes.
func withoutIDs(fields []Field) []Field {
	out := slices.Clone(fields)
	for i := range out {
		f := &out[i]
		f.DictID = 0
		for t := &f.Type; *t != nil; t = &(*t).value {
			c := **t
			c.children = withoutIDs(c.children)
			*t = &c
		}
	}
	return out
}

// requireSameSchema holds that reading what arrow-go writes of a schema gives what SchemaOf gives.
func requireSameSchema(t require.TestingT, a *arrow.Schema) {
	want, err := SchemaOf(a)
	require.NoError(t, err)
	got, err := ParseIPC(ipcMessage(t, a))
	require.NoError(t, err)
	require.Equal(t, (&Schema{Fields: withoutIDs(want.Fields), Metadata: want.Metadata}).JSON(),
		(&Schema{Fields: withoutIDs(got.Fields), Metadata: got.Metadata}).JSON())
}

func everyTypeSchema() *arrow.Schema {
	types := everyType()
	var fields []arrow.Field
	for _, name := range slices.Sorted(maps.Keys(types)) {
		fields = append(fields, arrow.Field{Name: name, Type: types[name], Nullable: len(fields)%2 == 0})
	}
	ordered := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: arrow.ListOf(arrow.BinaryTypes.String), Ordered: true}
	uuids := arrow.Field{Name: "ids", Type: extensions.NewUUIDType(), Metadata: arrow.NewMetadata([]string{"a", "é"}, []string{"", "\x00\""})}
	fields = append(fields, arrow.Field{Name: "ordered", Type: ordered}, uuids, arrow.Field{Name: "deep", Type: arrow.ListOfField(uuids)})
	m := arrow.NewMetadata([]string{"pandas", "k"}, []string{"{}", "v"})
	return arrow.NewSchema(fields, &m)
}

func TestParseIPCReadsWhatArrowGoWrites(t *testing.T) {
	t.Parallel()
	a := everyTypeSchema()
	requireSameSchema(t, a)
	requireSameSchema(t, arrow.NewSchema(nil, nil))
	message := ipcMessage(t, a)
	old, err := ParseIPC(message[4:]) // before format 0.15 without the mark
	require.NoError(t, err)
	s, err := ParseIPC(message)
	require.NoError(t, err)
	require.True(t, s.Equal(old))
}

func TestPropertyParseIPC(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		if a, err := drawSchema(t).Arrow(); err == nil {
			requireSameSchema(t, a)
		}
	})
}

// requireIPC holds that a message is refused, or is a schema that Arrow-JSON can spell.
func requireIPC(t *testing.T, message []byte) {
	s, err := ParseIPC(message)
	if err != nil {
		require.Contains(t, []sqlstate.Code{invalidBinaryRepresentation, sqlstate.DuplicateColumn}, sqlstate.CodeOf(err), "%v", err)
		return
	}
	again, err := ParseSchema(s.JSON())
	require.NoError(t, err, s.JSON())
	require.Equal(t, s.JSON(), again.JSON())
}

func TestParseIPCOfDamagedMessages(t *testing.T) {
	t.Parallel()
	message := ipcMessage(t, everyTypeSchema())
	for at := 0; at < len(message); at += 3 {
		damaged := bytes.Clone(message)
		damaged[at] ^= [...]byte{0xff, 0x80, 1, 4, 2}[at%5]
		requireIPC(t, damaged)
		if at%64 == 0 {
			requireIPC(t, message[:at])
		}
	}
}

// manyFields makes a message in which a few tables stand for many: the schema has width fields, all of them the same; that is a struct whose two fields are both the
// next one, and so on to a depth. name is the name of each.
func manyFields(width, depth int, name string) []byte {
	var b []byte
	u16 := func(n ...int) {
		for _, v := range n {
			b = binary.LittleEndian.AppendUint16(b, uint16(v))
		}
	}
	u32 := func(n ...int) {
		for _, v := range n {
			b = binary.LittleEndian.AppendUint32(b, uint32(v))
		}
	}
	u32(16)                 // to the message
	u16(10, 12, 0, 8, 4, 0) // its vtable: header_type, header
	u32(12, 16, 1)          // the message
	u16(8, 8, 0, 4)         // the vtable of the schema: fields
	u32(8, 4, width)        // the schema, the vector of its fields
	vtable := 48 + 4*width
	for i := range width {
		u32(vtable + 16 - 48 - 4*i)
	}
	u16(16, 16, 12, 0, 8, 0, 0, 4) // the vtable of fields: name, type_type, children
	const structType, each = 13, 28
	end := len(b) + each*depth
	for i := range depth {
		at := len(b)
		u32(at-vtable, 12, structType, end-at-12)
		switch {
		case i < depth-1:
			u32(2, at+each-len(b)-4, at+each-len(b)-8)
		default:
			u32(0, 0, 0)
		}
	}
	u32(len(name))
	b = append(b, name...)
	return append(binary.LittleEndian.AppendUint32([]byte{0xff, 0xff, 0xff, 0xff}, uint32(len(b))), b...)
}

// A small message cannot stand for a large tree.
func TestParseIPCCountsWhatIsShared(t *testing.T) {
	t.Parallel()
	s, err := ParseIPC(manyFields(1, 3, "ab"))
	require.NoError(t, err)
	require.Equal(t, "ab", s.Fields[0].Name)
	require.Equal(t, "Struct", s.Fields[0].Type.Kind().String())
	require.Len(t, s.Fields[0].Type.children, 2)
	require.Len(t, s.Fields[0].Type.children[1].Type.children, 2)
	_, err = ParseIPC(manyFields(1, 60, "a"))
	require.ErrorContains(t, err, "more tables than there is room for")
	_, err = ParseIPC(manyFields(2, 65, "a"))
	require.Error(t, err)
	_, err = ParseIPC(manyFields(1000, 1, strings.Repeat("a", 10_000)))
	require.ErrorContains(t, err, "more text than there is room for")
	_, err = ParseIPC(manyFields(2, 1, "a"))
	require.Equal(t, sqlstate.DuplicateColumn, sqlstate.CodeOf(err))
	_, err = ParseIPC(manyFields(1, 1, "\xff"))
	require.ErrorContains(t, err, "UTF-8")
	for _, message := range [][]byte{nil, []byte("ARROW1"), {0xff, 0xff, 0xff, 0xff}, make([]byte, 64)} {
		_, err = ParseIPC(message)
		require.Equal(t, invalidBinaryRepresentation, sqlstate.CodeOf(err))
	}
}

// FuzzParseIPC holds that a message is refused, or read as what Arrow-JSON can spell.
func FuzzParseIPC(f *testing.F) {
	f.Add(ipcMessage(f, everyTypeSchema()))
	f.Add(manyFields(1, 60, "a"))
	f.Fuzz(func(t *testing.T, message []byte) { requireIPC(t, message) })
}
