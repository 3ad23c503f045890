package parquetio

import (
	"fmt"
	"os"
	"testing"

	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/vfs"
)

func TestZZDump(t *testing.T) {
	dir := os.Getenv("DUMP")
	if dir == "" {
		t.Skip()
	}
	for _, coded := range []bool{true, false} {
		f, _ := os.Create(dir + "/jobs.parquet")
		w, _ := NewWriter(f, schemahistory.Contract()[0], &WriteOptions{Metadata: map[string]string{"stoa.storage": "primary"}})
		b := jobsRows(2*RowGroupRows, coded, 1)
		for lo := 0; lo < b.N; lo += 4096 {
			if err := w.Write(b.Slice(lo, lo+4096)); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.Close(); err != nil {
			t.Fatal(err)
		}
		f.Close()
		r, err := Inspect(vfs.OS(), dir+"/jobs.parquet")
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range r.Columns {
			fmt.Println(c.Name, c.Encodings, c.Compression, float64(c.Compressed)/float64(r.Rows), c.DictEntries, c.DataPages)
		}
	}
	d := allTypes()
	f, _ := os.Create(dir + "/all.parquet")
	w, _ := NewWriter(f, d, nil)
	if err := w.Write(allRows(d, 0, 40000, 300, everyThird)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f.Close()
}
