package stoa

import (
	"context"
	"math"
	"sync/atomic"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/exec"
	"github.com/stoadb/stoa/sql/plan"
)

// Result is what a statement without rows did.
type Result struct {
	Tag          string // PostgreSQL's command tag: "INSERT 0 1"
	RowsAffected int64  // rows inserted, changed, deleted or copied
}

// Rows is the rows of a query, as an Arrow record reader (array.RecordReader): call Next, read RecordBatch, and Release it at the end. NUMERIC columns are text under
// Arrow's canonical extension arrow.opaque, since each of their values has a scale of its own.
type Rows struct {
	refs   atomic.Int64
	schema *arrow.Schema
	result *exec.Result
	batch  arrow.RecordBatch
	parts  []*vec.Batch // of the engine's last batch, not given out yet
	err    error
}

var _ array.RecordReader = (*Rows)(nil)

// Query runs one statement that gives rows. args are the values of $1, $2, …: bool, integers, floats, string, []byte, time.Time, uuid.UUID, json.RawMessage, pointers to
// these, or nil. They are never spliced into the text. Release the result.
func (db *DB) Query(ctx context.Context, sql string, args ...any) (*Rows, error) {
	return db.Conn().Query(ctx, sql, args...)
}

// Exec runs one statement and drops its rows, if it has any.
func (db *DB) Exec(ctx context.Context, sql string, args ...any) (Result, error) {
	return db.Conn().Exec(ctx, sql, args...)
}

// rowsAffected reads the last number of a command tag.
func rowsAffected(tag string) int64 {
	var n, unit int64 = 0, 1
	for i := len(tag) - 1; i >= 0 && tag[i] >= '0' && tag[i] <= '9'; i-- {
		n += int64(tag[i]-'0') * unit
		unit *= 10
	}
	return n
}

func schemaOf(cols []plan.Column) *arrow.Schema {
	fields := make([]arrow.Field, len(cols))
	for i, c := range cols {
		fields[i] = arrow.Field{Name: c.Name, Type: c.Type.Arrow(), Nullable: true}
	}
	return arrow.NewSchema(fields, nil)
}

// Schema gives the columns of the result.
func (r *Rows) Schema() *arrow.Schema { return r.schema }

// Next fetches the next record batch; false at the end or on an error.
func (r *Rows) Next() bool {
	if r.batch != nil {
		r.batch.Release()
		r.batch = nil
	}
	if r.err != nil {
		return false
	}
	if len(r.parts) == 0 {
		var b *vec.Batch
		if b, r.err = r.result.Next(); r.err != nil || b == nil {
			return false
		}
		r.parts = vec.Split(b, math.MaxInt32)
	}
	r.batch, r.parts = vec.ToRecord(r.schema, r.parts[0]), r.parts[1:]
	return true
}

// RecordBatch gives the current record batch, valid until the next call of Next unless it is retained.
func (r *Rows) RecordBatch() arrow.RecordBatch { return r.batch }

// Record gives the current record batch.
//
// Deprecated: it is part of array.RecordReader; use RecordBatch.
func (r *Rows) Record() arrow.RecordBatch { return r.batch }

// Err gives the error that ended the rows, if any.
func (r *Rows) Err() error { return r.err }

// Retain adds a reference.
func (r *Rows) Retain() { r.refs.Add(1) }

// Release drops a reference; the last one ends the statement.
func (r *Rows) Release() {
	if r.refs.Add(-1) > 0 {
		return
	}
	if r.batch != nil {
		r.batch.Release()
		r.batch = nil
	}
	r.result.Close()
}
