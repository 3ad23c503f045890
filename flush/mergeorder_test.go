package flush

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
)

// expand gives the file of each row of the merged file.
func (o mergeOrder) expand() (out []int) {
	for _, r := range o {
		i, n := runAt(r)
		for range n {
			out = append(out, i)
		}
	}
	return out
}

// TestMergeOrder merges lists at random, deletes rows behind the merge's back, and compares both with what sorting all rows gives.
func TestMergeOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		type row struct {
			key         int64
			file, place int // in the file, deleted rows too
		}
		n := rapid.IntRange(1, 6).Draw(t, "files")
		keys := make([][]int64, n)
		then, now := make([]*store.FileRef, n), make([]*store.FileRef, n)
		var rows []row
		for f := range n {
			all := rapid.SliceOfN(rapid.Int64Range(0, 20), 0, 30).Draw(t, "keys")
			slices.Sort(all)
			before, after := roaring.New(), roaring.New()
			for place, key := range all {
				switch rapid.IntRange(0, 5).Draw(t, "fate") {
				case 0:
					before.Add(uint32(place))
					after.Add(uint32(place))
					continue
				case 1:
					after.Add(uint32(place))
				}
				rows = append(rows, row{key, f, place})
				keys[f] = append(keys[f], key)
			}
			then[f], now[f] = &store.FileRef{Rows: int64(len(all)), Deletes: before}, &store.FileRef{Rows: int64(len(all)), Deletes: after}
			if before.IsEmpty() {
				then[f].Deletes = nil
			}
			if after.IsEmpty() {
				now[f].Deletes = nil
			}
		}
		slices.SortStableFunc(rows, func(a, b row) int { return int(a.key - b.key) })
		want, died := []int(nil), []uint32(nil)
		for i, r := range rows {
			want = append(want, r.file)
			fresh := now[r.file].Deletes != nil && now[r.file].Deletes.Contains(uint32(r.place))
			if fresh {
				died = append(died, uint32(i))
			}
		}
		order := mergeKeys(slices.Clone(keys))
		if !slices.Equal(want, order.expand()) {
			t.Fatalf("%v becomes %v and not %v", keys, order.expand(), want)
		}
		got := order.deletesSince(then, now)
		switch {
		case got == nil && died == nil:
		case got == nil || !slices.Equal(died, got.ToArray()):
			t.Fatalf("died: %v and not %v", got, died)
		}
	})
}

// TestLongRuns: a run has at most 22 bits of rows.
func TestLongRuns(t *testing.T) {
	t.Parallel()
	var o mergeOrder
	o.add(3, maxRunRows-1)
	o.add(3, 5)
	o.add(1023, 2*maxRunRows+1)
	total := map[int]int{}
	for _, r := range o {
		i, n := runAt(r)
		total[i] += n
	}
	require.Equal(t, map[int]int{3: maxRunRows + 4, 1023: 2*maxRunRows + 1}, total)
	require.Len(t, o, 5)
}

// planned gives a plan as text: the files' numbers, group by group.
func planned(groups []*mergeGroup) (out []string) {
	for _, g := range groups {
		text := g.dir + ":"
		for _, f := range g.files {
			text += fmt.Sprint(" ", f.Number)
		}
		out = append(out, text)
	}
	return out
}

func TestPlanMerges(t *testing.T) {
	t.Parallel()
	const million = 1 << 20
	number := uint32(0)
	file := func(dir string, rows, bytes, first, last int64, deleted uint64) *store.FileRef {
		number++
		f := &store.FileRef{Number: number, Path: dir + "/f", Rows: rows, Size: bytes, SortMin: first, SortMax: last, HasSort: true}
		if deleted > 0 {
			f.Deletes = roaring.New()
			f.Deletes.AddRange(0, deleted)
		}
		return f
	}
	for _, c := range []struct {
		what  string
		files func() []*store.FileRef
		want  []string
	}{
		{"one", func() []*store.FileRef { return []*store.FileRef{file("a", 10, 1000, 0, 1, 0)} }, nil},
		{"by directory, in order of time", func() []*store.FileRef {
			return []*store.FileRef{file("b", 10, 1000, 5, 9, 0), file("a", 10, 1000, 5, 6, 0), file("b", 10, 1000, 0, 4, 0), file("a", 10, 1000, 7, 8, 0), file("c", 9, 9, 0, 1, 0)}
		}, []string{"a: 2 4", "b: 3 1"}},
		{"large ones are left alone", func() []*store.FileRef {
			return []*store.FileRef{file("a", 2*million, 1000, 0, 1, 0), file("a", 10, 128<<20, 0, 1, 0), file("a", 10, 1000, 0, 1, 0), file("a", 10, 1000, 0, 1, 0)}
		}, []string{"a: 3 4"}},
		{"but not dirty ones", func() []*store.FileRef {
			return []*store.FileRef{file("a", 3*million, 1000, 0, 1, million), file("b", 100, 1000, 0, 1, 20), file("c", 100, 1000, 0, 1, 19)}
		}, []string{"a: 1", "b: 2"}},
		{"up to the target", func() []*store.FileRef {
			return []*store.FileRef{file("a", 3*million/2, 1, 0, 9, 0), file("a", 3*million/2, 1, 10, 19, 0), file("a", 3*million/2, 1, 20, 29, 0), file("a", 3*million/2, 1, 30, 39, 0)}
		}, []string{"a: 1 2", "a: 3 4"}},
		{"a lopsided merge is put off", func() []*store.FileRef {
			return []*store.FileRef{file("a", 3*million/2, 1, 0, 9, 0), file("a", 1000, 1, 10, 19, 0), file("a", 1000, 1, 20, 29, 0)}
		}, []string{"a: 2 3"}},
		{"memory", func() []*store.FileRef {
			var out []*store.FileRef
			for range 8 {
				out = append(out, file("a", parquetio.RowGroupRows, 40<<20, 0, 9, 0)) // one row group
			}
			return out
		}, []string{"a: 1 2", "a: 3 4", "a: 5 6", "a: 7 8"}},
		{"less of it where they do not overlap", func() []*store.FileRef {
			var out []*store.FileRef
			for i := range int64(4) {
				out = append(out, file("a", parquetio.RowGroupRows, 40<<20, 10*i, 10*i+9, 0))
			}
			return out
		}, []string{"a: 1 2 3 4"}},
	} {
		number = 0
		require.Equal(t, c.want, planned(planMerges(c.files(), 12, mergeLimits{}, func(*store.FileRef) bool { return true })), c.what)
	}
	number = 0
	var many []*store.FileRef
	for range maxInputs + 1 {
		many = append(many, file("a", 1, 100, 0, 1, 0))
	}
	groups := planMerges(many, 12, mergeLimits{}, func(*store.FileRef) bool { return true })
	require.Len(t, groups, 1)
	require.Len(t, groups[0].files, maxInputs)
}

func TestWindows(t *testing.T) {
	t.Parallel()
	require.Equal(t, fullWindow, windowRows(&store.FileRef{Rows: 100000, Size: 100000 * 40}, 12))
	wide := windowRows(&store.FileRef{Rows: 1000, Size: 1000 * 10000}, 12)
	require.Less(t, wide, 256)
	require.Zero(t, fullWindow%wide)
	require.Equal(t, 64, windowRows(&store.FileRef{Rows: 1, Size: math.MaxInt32}, 12))
}

func TestCompactionText(t *testing.T) {
	t.Parallel()
	require.Equal(t, "Compacted 12 files into 3 files, saved 15.3 MB", compactionText(12, 3, 15_300_000))
	require.Equal(t, "Compacted 1 file into 1 file, saved 999 B", compactionText(1, 1, 999))
	require.Equal(t, "Compacted 1,200 files into 2 files, saved 1.0 MB", compactionText(1200, 2, 999_950))
	require.Equal(t, "Compacted 2 files into 1 file, which take 1.2 kB more", compactionText(2, 1, -1234))
	require.Equal(t, "Compacted 2 files into 0 files, saved 0 B", compactionText(2, 0, 0))
	require.Equal(t, "Backup completed: 3 namespaces, 15 tables, 5.2 GB", backupText(&CopyReport{Namespaces: 3, Tables: 15, Bytes: 5_200_000_000}))
	require.Equal(t, "Backup completed: 1 namespace, 1 table, 12 B", backupText(&CopyReport{Namespaces: 1, Tables: 1, Bytes: 12}))
}

// TestRowReader reads files of several row groups with wide text, whose pages end at different rows, and deletes across their ends.
func TestRowReader(t *testing.T) {
	t.Parallel()
	db, _ := openMem(t)
	name := schemahistory.Name{Namespace: "chat", Table: "wide"}
	r := rand.New(rand.NewPCG(8, 8))
	const rows = 40000
	require.NoError(t, db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.CreateTable(messages(name, "primary")); err != nil {
			return err
		}
		b := messageBatchFrom(0, slices.Repeat([]string{"ann", "bob", "NULL", "cy"}, rows/4)...)
		texts := vec.NewBuilder(b.Cols[6].Type, rows)
		for i := range rows {
			texts.AppendString(fmt.Sprint(i, string(make([]byte, r.IntN(300)))))
		}
		b.Cols[6] = texts.Vec()
		return tx.Insert(name, b)
	}))
	_, err := Run(ctx, db, Request{Table: &name})
	require.NoError(t, err)
	deleteCold(t, db, name, func(_, p int) bool { return p%17 == 0 || p > 16000 && p < 17000 })
	snap := db.Snapshot()
	defer snap.Close()
	view, _ := snap.Table(name)
	f := view.Files[0]
	var ids []tables.RowID
	for p := range uint32(f.Rows) {
		if !f.Deletes.Contains(p) {
			ids = append(ids, tables.ColdID(f.Number, p))
		}
	}
	want, err := snap.Rows(ctx, name, ids, allColumns(view.Def))
	require.NoError(t, err)
	reader, err := openRows(ctx, db, f, view.Def, allColumns(view.Def))
	require.NoError(t, err)
	defer reader.close()
	at := 0
	for {
		b, err := reader.next()
		require.NoError(t, err)
		if b == nil {
			break
		}
		for i := range b.N {
			for c := range b.Cols {
				if string(vec.AppendText(nil, want.Cols[c], at, nil)) != string(vec.AppendText(nil, b.Cols[c], i, nil)) || want.Cols[c].IsNull(at) != b.Cols[c].IsNull(i) {
					t.Fatalf("row %d, column %d", at, c)
				}
			}
			at++
		}
	}
	require.Equal(t, want.N, at)
}
