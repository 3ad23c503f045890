package store

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/vfs"
)

// TestLongTexts: a checkpoint holds a long text of many rows once, and long texts of their own in pieces.
func TestLongTexts(t *testing.T) {
	t.Parallel()
	fsys := vfs.NewMem()
	db := mustOpen(t, fsys, nil)
	column := slices.Index(schemahistory.Contract()[0].ColumnNames(), "result")
	b := jobBatch(t, 0, 600)
	texts, one := make([]string, b.N), strings.Repeat("x", 300_000)
	for i := range texts {
		if texts[i] = one; i%20 == 0 {
			texts[i] = strings.Repeat(string(rune('a'+i/20)), 600_000)
		}
	}
	b.Cols[column] = vec.NewFlat(b.Cols[column].Type, texts, nil)
	update(t, db, func(tx *Tx) error { return tx.Insert(schemahistory.Jobs, b) })
	require.NoError(t, db.Checkpoint(context.Background()))
	require.NoError(t, db.Close())
	names, err := fsys.ReadDir(db.dir)
	require.NoError(t, err)
	size := int64(0)
	for _, n := range names {
		if strings.HasPrefix(n.Name(), "checkpoint-") {
			info, err := n.Info()
			require.NoError(t, err)
			size += info.Size()
		}
	}
	require.Greater(t, size, int64(30*600_000))
	require.Less(t, size, int64(30*600_000+20*300_000), "of 180 MB")
	requireTexts(t, fsys, column, texts)
}

// TestLongTextsInTheLog: a statement's record is continued before it holds many long texts, and all of them are recovered: texts of their own, and those of a
// dictionary that is larger than the rows.
func TestLongTextsInTheLog(t *testing.T) {
	t.Parallel()
	column := slices.Index(schemahistory.Contract()[0].ColumnNames(), "result")
	texts, codes := make([]string, 300), make([]uint16, 300)
	for i := range texts {
		texts[i], codes[i] = strings.Repeat(string(rune('a'+i%26)), 100_000+i), uint16(i)
	}
	b := jobBatch(t, 0, len(texts))
	typ := b.Cols[column].Type
	for name, v := range map[string]*vec.Vec{
		"flat":         vec.NewFlat(typ, texts, nil),
		"a dictionary": vec.NewDict(codes, vec.NewFlat(typ, append(slices.Clone(texts), "not used"), nil), nil),
	} {
		t.Run(name, func(t *testing.T) {
			fsys, b := vfs.NewMem(), &vec.Batch{N: b.N, Cols: slices.Clone(b.Cols)}
			b.Cols[column] = v
			db := mustOpen(t, fsys, nil) // without checkpoints
			update(t, db, func(tx *Tx) error {
				require.NoError(t, tx.Insert(schemahistory.Jobs, b))
				require.Less(t, cap(tx.record), 4*defaultPartSize, "of 30 MB")
				return nil
			})
			require.NoError(t, db.Close())
			requireTexts(t, fsys, column, texts)
		})
	}
}

// requireTexts opens the database and compares a column of the first jobs.
func requireTexts(t *testing.T, fsys vfs.FS, column int, texts []string) {
	t.Helper()
	db := mustOpen(t, fsys, nil)
	update(t, db, func(tx *Tx) error {
		rows, err := tx.Rows(schemahistory.Jobs, findJobs(t, tx, span(0, len(texts))...), []int{column})
		require.NoError(t, err)
		for i, want := range texts {
			v, at := rows.Cols[0].Value(i)
			require.True(t, v.Strs[at] == want, i)
		}
		return nil
	})
	require.NoError(t, db.Close())
}
