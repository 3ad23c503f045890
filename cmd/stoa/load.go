package main

import (
	"context"
	"fmt"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/bench/embedded"
	"github.com/stoadb/stoa/bench/history"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
)

// insert adds a batch, whose columns are those of the contract's table of that name, as one statement.
func insert(ctx context.Context, db *stoa.DB, name schemahistory.Name, b *vec.Batch) error {
	return cancelled(ctx, embedded.Insert(ctx, db, name, b))
}

// loadJobs inserts the jobs from the from-th to before the to-th, and tells progress how many.
func loadJobs(ctx context.Context, db *stoa.DB, h *history.History, from, to int64, progress func(rows int64)) error {
	l := &embedded.Loader{DB: db, History: h, Progress: progress}
	return cancelled(ctx, l.Jobs(ctx, from, to))
}

// loadLive inserts the live queries, and says how many.
func loadLive(ctx context.Context, db *stoa.DB, h *history.History) (string, error) {
	n, err := (&embedded.Loader{DB: db, History: h}).Live(ctx)
	return count(n, "live query", "live queries"), cancelled(ctx, err)
}

// loadCatalogue inserts the storages unless the database has some already, and the schema versions of tables that it knows nothing of. A database of the
// older form keeps no versions.
func loadCatalogue(ctx context.Context, db *stoa.DB, h *history.History) (counts string, err error) {
	if tableRows(db, schemahistory.Storages)+tableRows(db, schemahistory.StorageLocations) <= 1 { // `primary` is made with the database
		b := h.Storages()
		if err := insert(ctx, db, schemahistory.Storages, b); err != nil {
			return "", err
		}
		counts += ", " + count(int64(b.N), "storage", "storages")
	}
	b, err := h.TableSchemas()
	if err != nil {
		return "", err
	}
	if b = unknown(db, b); b.N == 0 {
		return counts, nil
	}
	return counts + ", " + count(int64(b.N), "schema version", "schema versions"), insert(ctx, db, schemahistory.TableSchemas, b)
}

// unknown gives the schema versions of tables that a database has no version of; none when it keeps no versions.
func unknown(db *stoa.DB, b *vec.Batch) *vec.Batch {
	snap := db.Store().Snapshot()
	defer snap.Close()
	if _, ok := snap.Table(schemahistory.TableSchemas); !ok {
		return &vec.Batch{}
	}
	spaces, tables := b.Cols[1].Strs, b.Cols[2].Strs // namespace_id, table_name
	var rows []int32
	for i := range b.N {
		if snap.History(schemahistory.Name{Namespace: spaces[i], Table: tables[i]}) == nil {
			rows = append(rows, int32(i))
		}
	}
	out := &vec.Batch{N: len(rows)}
	for _, c := range b.Cols {
		out.Cols = append(out.Cols, c.Gather(rows))
	}
	return out
}

// tableRows counts the rows of a table.
func tableRows(db *stoa.DB, name schemahistory.Name) int64 {
	snap := db.Store().Snapshot()
	defer snap.Close()
	t, ok := snap.Table(name)
	if !ok {
		return 0
	}
	n := int64(t.Hot.Rows())
	for _, f := range t.Files {
		n += f.LiveRows()
	}
	return n
}

// cancelled words the error of what an interrupt has ended.
func cancelled(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	return &sqlstate.Error{Code: sqlstate.QueryCanceled, Message: "interrupted", Cause: err}
}

// count gives a number with its noun.
func count(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%s %s", grouped(n), many)
}
