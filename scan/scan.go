// Package scan is the vectorized operators that compute a query over a snapshot: table scan, filter, projection, aggregation, join, sort, top-N, limit
// and set operations.
//
// An operator is a Source: it opens as a number of Streams that together give every row once, each pulled by one goroutine. Scan, filter, projection
// and the probing side of a join open as many streams as are asked for, over a shared supply of morsels (a hot segment, a row group). Aggregation, sort
// and top-N are where the streams end: they run one goroutine per worker, each with state of its own, and merge the states. A query whose order matters
// to the client and that has no such operator runs as one stream.
//
// The package knows neither SQL text nor plans; sql/exec puts operators together. It owns every goroutine it starts: all have ended when the call
// that started them returns.
package scan

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// Env is what the operators of one query share.
type Env struct {
	Context   context.Context
	Workers   int // goroutines per blocking operator, at least 1
	BatchRows int // rows per batch, vec.DefaultRows unless a test asks otherwise
	Memory    *Budget
	Eval      *exprs.Ctx // the statement's; goroutines fork it
	Counters  *Counters  // what the scans read and skipped; nil when nobody asks
	NoFooters bool       // aggregates in the footers of files are not used
	NoPruning bool       // everything is read: the same answers, for tests
}

// Source is an operator that can be opened.
type Source interface {
	// Open gives at most n streams, at least one, which together give every row once. Each stream belongs to the goroutine that pulls it. It is called once.
	Open(env *Env, n int) ([]Stream, error)
}

// Stream gives batches.
type Stream interface {
	// Next gives the next batch, nil at the end. Batches have at least one row, and stay valid.
	Next() (*vec.Batch, error)
}

// Budget bounds the memory that a query's operators hold.
type Budget struct {
	limit, used atomic.Int64
}

// NewBudget gives a budget of limit bytes; 0 is no limit.
func NewBudget(limit int64) *Budget {
	b := &Budget{}
	b.limit.Store(limit)
	return b
}

// Reserve takes n more bytes, or fails with 53200.
func (b *Budget) Reserve(n int64) error {
	if b == nil {
		return nil
	}
	used := b.used.Add(n)
	if limit := b.limit.Load(); limit > 0 && used > limit {
		return sqlstate.New(sqlstate.OutOfMemory, "out of memory").
			WithDetail("The query needs more than its memory budget of %d bytes.", limit).
			WithHint("Select fewer rows or columns, or raise the budget: SET memory_limit.")
	}
	return nil
}

// Release gives n bytes back.
func (b *Budget) Release(n int64) {
	if b != nil {
		b.used.Add(-n)
	}
}

// Used gives the bytes in use.
func (b *Budget) Used() int64 { return b.used.Load() }

// cancelled gives the error of a query whose context has ended.
func (env *Env) cancelled() error { return exprs.Cancelled(env.Context) }

// each pulls all streams to their ends at once, one goroutine a stream, and gives the first error; the others then stop at their next batch.
func (env *Env) each(streams []Stream, consume func(worker int, b *vec.Batch) error) error {
	var failed atomic.Bool
	errs := make([]error, len(streams))
	run := func(w int) (err error) {
		defer recovered(&err)
		for !failed.Load() {
			if err := env.cancelled(); err != nil {
				return err
			}
			b, err := streams[w].Next()
			if err != nil || b == nil {
				return err
			}
			if err := consume(w, b); err != nil {
				return err
			}
		}
		return nil
	}
	var wg sync.WaitGroup
	for w := range streams[1:] {
		wg.Go(func() {
			if errs[w+1] = run(w + 1); errs[w+1] != nil {
				failed.Store(true)
			}
		})
	}
	if errs[0] = run(0); errs[0] != nil {
		failed.Store(true)
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// recovered turns a panic of an operator into an error, so that none crosses the API or ends the process.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = sqlstate.New(sqlstate.InternalError, "internal error: %v", r).WithDetail("%s", debug.Stack())
	}
}

// Pull gives the next batch of a stream, with the query's cancellation and panics as errors: it is how a client reads the outermost stream.
func Pull(env *Env, s Stream) (b *vec.Batch, err error) {
	defer recovered(&err)
	if err := env.cancelled(); err != nil {
		return nil, err
	}
	return s.Next()
}

// streamFunc is a Stream made of a function.
type streamFunc func() (*vec.Batch, error)

// Next implements Stream.
func (f streamFunc) Next() (*vec.Batch, error) { return f() }

// batches gives a stream of given batches, empty ones left out.
func batches(list []*vec.Batch) Stream {
	i := 0
	return streamFunc(func() (*vec.Batch, error) {
		for i < len(list) {
			i++
			if list[i-1].N > 0 {
				return list[i-1], nil
			}
		}
		return nil, nil
	})
}

// chop gives a stream of one large batch in batches of the usual size.
func chop(b *vec.Batch, rows int) Stream {
	at := 0
	return streamFunc(func() (*vec.Batch, error) {
		if at >= b.N {
			return nil, nil
		}
		lo := at
		at = min(at+rows, b.N)
		return b.Slice(lo, at), nil
	})
}

// mapped wraps every stream of a source.
func mapped(in Source, env *Env, n int, wrap func(Stream, *exprs.Ctx) Stream) ([]Stream, error) {
	streams, err := in.Open(env, n)
	if err != nil {
		return nil, err
	}
	for i, s := range streams {
		streams[i] = wrap(s, env.Eval.Fork())
	}
	return streams, nil
}

// Bytes estimates the memory that a batch holds on to, dictionaries left out.
func Bytes(b *vec.Batch) int64 {
	var n int64
	for _, c := range b.Cols {
		n += exprs.Bytes(c)
	}
	return n
}

// concat puts batches together into one, a column at a time by each worker.
func (env *Env) concat(types []*vec.Vec, list []*vec.Batch) (*vec.Batch, error) {
	out := &vec.Batch{Cols: make([]*vec.Vec, len(types))}
	for _, b := range list {
		out.N += b.N
	}
	err := env.tasks(len(types), func(c int) error {
		if len(list) == 0 {
			out.Cols[c] = vec.New(types[c].Type, 0)
			return nil
		}
		if len(list) == 1 {
			out.Cols[c] = list[0].Cols[c]
			return nil
		}
		rows := vec.NewBuilder(types[c].Type, out.N)
		for _, b := range list { // millions of rows take a while
			if err := env.cancelled(); err != nil {
				return err
			}
			rows.Append(b.Cols[c])
		}
		out.Cols[c] = rows.Vec()
		return nil
	})
	return out, err
}

// errInternal reports a broken invariant of the plan.
func errInternal(format string, args ...any) error {
	return sqlstate.New(sqlstate.InternalError, "internal error: %s", fmt.Sprintf(format, args...))
}
