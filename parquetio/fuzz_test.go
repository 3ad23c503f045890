package parquetio

import (
	"bytes"
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/parquetio/badfiles"
)

// FuzzFooter reads any bytes as the footer of a file: it says what arrow-go says that it says, and opening it gives a file that can be described, or an error
// that is no panic.
func FuzzFooter(f *testing.F) {
	for _, data := range goodFiles(f) {
		n := int(le32(data[len(data)-8:]))
		f.Add(data[len(data)-8-n : len(data)-8])
	}
	for _, c := range badfiles.Crafted() {
		if n := len(c.Data) - 8; n > 0 && n < 1000 {
			if length := int(le32(c.Data[n:])); length <= n {
				f.Add(c.Data[n-length : n])
			}
		}
	}
	head := append([]byte(magic), make([]byte, 4096)...)
	f.Fuzz(func(t *testing.T, footer []byte) {
		data := badfiles.Close(bytes.Clone(head), footer)
		sameFooter(t, data)
		for _, err := range exercise(data) {
			requireOwnError(t, err)
		}
	})
}

// FuzzAggregates reads any bytes as the aggregates of a file with one row group. What is taken describes all rows of it.
func FuzzAggregates(f *testing.F) {
	d := allTypes()
	var buf bytes.Buffer
	w, err := NewWriter(&buf, d, &WriteOptions{Aggregates: &AggregateOptions{GroupBy: []string{"d_text"}}})
	require.NoError(f, err)
	require.NoError(f, w.Write(allRows(d, 0, 200, 5, everyThird)))
	_, err = w.Close()
	require.NoError(f, err)
	file, err := Open(memFS{data: buf.Bytes()}, "mem", nil)
	require.NoError(f, err)
	raw, err := base64.StdEncoding.DecodeString(file.entries[KeyAggregates])
	require.NoError(f, err)
	require.NotEmpty(f, raw)
	f.Add(raw)
	f.Add(raw[:len(raw)/2])
	f.Add([]byte{1, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := file.readAggregates(data)
		if err != nil {
			return
		}
		for _, a := range list {
			if a == nil {
				continue
			}
			rows := int64(0)
			for g := range a.Rows {
				rows += a.Rows[g]
				for col := range file.Columns() {
					a.Count(g, col)
					a.Column(g, col)
				}
				for _, k := range a.Keys {
					k.IsNull(g)
				}
			}
			require.Equal(t, int64(200), rows)
		}
	})
}
