package main

import (
	"context"
	"fmt"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/bench/history"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
)

// loadRows is the number of rows that are inserted as one statement.
const loadRows = history.MaxBatch

// insert adds a batch as one statement.
func insert(ctx context.Context, db *stoa.DB, name schemahistory.Name, b *vec.Batch) error {
	err := db.Store().Update(ctx, func(tx *store.Tx) error { return tx.Insert(name, b) })
	return cancelled(ctx, err)
}

// loadJobs inserts the jobs from the from-th to before the to-th, and tells progress how many.
func loadJobs(ctx context.Context, db *stoa.DB, h *history.History, from, to int64, progress func(rows int64)) error {
	for at := from; at < to; {
		b := h.Jobs(at, int(min(to-at, loadRows)))
		if err := insert(ctx, db, schemahistory.Jobs, b); err != nil {
			return err
		}
		at += int64(b.N)
		progress(at - from)
	}
	return nil
}

// loadOthers inserts live queries, and the storages and schema versions unless the database has some already.
func loadOthers(ctx context.Context, db *stoa.DB, h *history.History) (counts string, err error) {
	live := int64(0)
	for {
		b := h.LiveQueries(live, loadRows)
		if b == nil {
			break
		}
		if err := insert(ctx, db, schemahistory.LiveQueries, b); err != nil {
			return "", err
		}
		live += int64(b.N)
	}
	counts = count(live, "live query", "live queries")
	if tableRows(db, schemahistory.Storages) <= 1 { // `primary` is made with the database
		b := h.Storages()
		if err := insert(ctx, db, schemahistory.Storages, b); err != nil {
			return "", err
		}
		counts += ", " + count(int64(b.N), "storage", "storages")
	}
	if tableRows(db, schemahistory.TableSchemas) == 0 {
		b, err := h.TableSchemas()
		if err != nil {
			return "", err
		}
		if err := insert(ctx, db, schemahistory.TableSchemas, b); err != nil {
			return "", err
		}
		counts += ", " + count(int64(b.N), "schema version", "schema versions")
	}
	return counts, nil
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
