package parquetio_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/parquetio/badfiles"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/vfs"
)

// annotated gives a file of a column of ten integers and one of ten times, whose schema elements have these logical types, and further fields.
func annotated(t *testing.T, logical *badfiles.Value, further ...any) []byte {
	def := &schemahistory.TableDefinition{Name: schemahistory.Name{Namespace: "x", Table: "y"}, SortColumn: -1, UserColumn: -1, Columns: []schemahistory.Column{
		{ID: 1, Name: "n", Type: arrowschema.Int8}, {ID: 2, Name: "at", Type: arrowschema.Timestamp}, {ID: 3, Name: "m", Type: arrowschema.Int8},
	}}
	ints := make([]int64, 10)
	for i := range ints {
		ints[i] = int64(i)
	}
	var out bytes.Buffer
	w, err := parquetio.NewWriter(&out, def, nil)
	require.NoError(t, err)
	require.NoError(t, w.Write(&vec.Batch{N: 10, Cols: []*vec.Vec{
		vec.NewFlat(arrowschema.Int8, ints, nil), vec.NewFlat(arrowschema.Timestamp, ints, nil), vec.NewFlat(arrowschema.Int8, ints, nil),
	}}))
	_, err = w.Close()
	require.NoError(t, err)
	file, err := badfiles.Parse(out.Bytes())
	require.NoError(t, err)
	return file.WithFooter(func(footer *badfiles.Value) {
		footer.Set(6, badfiles.Text("another writer"))
		for _, e := range footer.Get(2).List[1:3] {
			e.Set(6, nil) // the older form of the annotation
			e.Set(10, logical)
			for i := 0; i < len(further); i += 2 {
				e.Set(int16(further[i].(int)), further[i+1].(*badfiles.Value))
			}
		}
	})
}

// A logical type of a later version of Parquet is none; the rest of the schema stays.
func TestUnknownLogicalTypes(t *testing.T) {
	t.Parallel()
	empty := badfiles.Record()
	seconds := badfiles.Record(1, badfiles.Int32(0), 2, badfiles.Record(4, empty)) // no boolean is there, which counts as false
	for name, data := range map[string][]byte{
		"unknown":                  annotated(t, badfiles.Record(40, empty)),
		"unknown, with what it is": annotated(t, badfiles.Record(19, badfiles.Record(1, badfiles.Text("more"), 2, badfiles.Record(3, empty)))),
		"far":                      annotated(t, badfiles.Record(30000, empty)),
		"empty":                    annotated(t, badfiles.Record()),
		"no structure":             annotated(t, badfiles.Record(1, badfiles.Int32(7))),
		"timestamp of seconds":     annotated(t, badfiles.Record(8, seconds)),
		"time of seconds":          annotated(t, badfiles.Record(7, seconds)),
		"with fields behind it":    annotated(t, badfiles.Record(40, empty), 11, badfiles.Text("later"), 3000, badfiles.Record(1, badfiles.Int32(5))),
	} {
		fs := vfs.NewMem()
		f, err := fs.Create("/f")
		require.NoError(t, err)
		_, err = f.Write(data)
		require.NoError(t, err)
		require.NoError(t, f.Close())
		file, err := parquetio.Open(fs, "/f", nil)
		require.NoError(t, err, name)
		require.Len(t, file.Columns(), 3, name)
		for i, c := range file.Columns() {
			require.Equal(t, []string{"n", "at", "m"}[i], c.Name, name)
			require.Equal(t, arrowschema.Int8, c.Type, name)
			v, err := file.ReadColumn(context.Background(), 0, i)
			require.NoError(t, err, name)
			require.EqualValues(t, 9, v.Flat().Ints[9], name)
		}
		require.NoError(t, file.Close())
	}
}
