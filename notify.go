package stoa

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
)

// settleAfter is the time for which a notification may be counted in memory alone. With the commit that follows it stays below the second that
// LiveQueries.Notify promises.
const settleAfter = 500 * time.Millisecond

// notifications counts what is delivered to subscriptions: in memory at once, and in their rows, all of them in one commit, when somebody is about to look
// or settleAfter has passed. A row version for each notification would cost a thousand times as much, and tell nobody anything.
type notifications struct {
	db       *DB
	counters sync.Map // uuid.UUID → *counter, of the subscriptions that were notified

	mu      sync.Mutex
	pending []*counter
	next    *settling   // the commit that will be made of what is pending, nil when none was asked for
	timer   *time.Timer // running while something is pending
	closed  bool
	work    sync.WaitGroup // of the timer

	waiting atomic.Bool   // something is pending
	turn    chan struct{} // one commit at a time: has an element while there is one
	failure atomic.Pointer[error]
}

func newNotifications(db *DB) *notifications {
	return &notifications{db: db, turn: make(chan struct{}, 1)}
}

// counter is what a subscription was delivered beyond what its row says.
type counter struct {
	id      uuid.UUID
	changes atomic.Int64
	last    atomic.Int64 // microseconds since 1970-01-01: the latest notification
	room    atomic.Int64 // how far the row's count is from the end of bigint
	queued  atomic.Bool
	gone    atomic.Bool // the row is there no more
}

// Notify counts changes delivered to a subscription, at least one, and sets its last_update.
//
// It is counted in memory, in less than a microsecond, and written with all others within a second: what a crash can lose is the notifications of the last
// second, of a counter that was never wrong before. Statements and calls of this DB see them at once, or, while another statement is being
// written for more than 100 ms, when it is done; what reads DB.Store by itself, and other processes, when they are written. Close writes them.
//
// An error of writing is that of the calls that follow, until it has been done after all. A subscription that ended less than a second ago may still be
// counted for, to no effect.
func (l *LiveQueries) Notify(ctx context.Context, id uuid.UUID, changes int64) error {
	if changes < 1 {
		return sqlstate.New(sqlstate.InvalidParameterValue, "a notification delivers at least one change, not %d", changes)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return l.db.notified.count(ctx, id, changes)
}

// Sync writes what was notified so far, at once and durably, as the commit of any other call is.
func (l *LiveQueries) Sync(ctx context.Context) error { return l.db.notified.settle(ctx) }

func (n *notifications) count(ctx context.Context, id uuid.UUID, changes int64) error {
	if err := n.failure.Load(); err != nil {
		return *err
	}
	c, err := n.counter(ctx, id)
	if err != nil {
		return err
	}
	if c.room.Add(-changes) < 0 {
		c.room.Add(changes)
		return sqlstate.New(sqlstate.NumericValueOutOfRange, "bigint out of range")
	}
	for now := n.db.now().UnixMicro(); ; {
		last := c.last.Load()
		if last >= now || c.last.CompareAndSwap(last, now) {
			break
		}
	}
	c.changes.Add(changes)
	if !c.queued.Load() && c.queued.CompareAndSwap(false, true) {
		return n.queue(c)
	}
	return nil
}

// counter finds the counter of a subscription; the first time it looks for the row.
func (n *notifications) counter(ctx context.Context, id uuid.UUID) (*counter, error) {
	if known, ok := n.counters.Load(id); ok && !known.(*counter).gone.Load() {
		return known.(*counter), nil
	}
	if n.db.closed.Load() {
		return nil, sqlstate.New("57P01", "the database is closed")
	}
	if n.db.store.ReadOnly() {
		return nil, sqlstate.New("25006", "cannot count notifications in a database that was opened read-only")
	}
	var row LiveQuery
	var lacks error
	err := n.db.readRow(ctx, schemahistory.LiveQueries, id, func(def *schemahistory.TableDefinition, c tables.Cells) {
		row = tables.LiveQueryOf(c)
		lacks = hasPlace(def, &LiveQuery{Changes: 1})
	})
	if err = errors.Join(err, lacks); err != nil {
		return nil, err
	}
	c := &counter{id: id}
	c.room.Store(math.MaxInt64 - row.Changes)
	c.last.Store(row.LastUpdate.UnixMicro())
	for {
		known, loaded := n.counters.LoadOrStore(id, c)
		if !loaded || !known.(*counter).gone.Load() {
			return known.(*counter), nil
		}
		n.counters.CompareAndDelete(id, known)
	}
}

// queue makes sure that a counter is written.
func (n *notifications) queue(c *counter) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return sqlstate.New("57P01", "the database is closed")
	}
	n.pending = append(n.pending, c)
	n.waiting.Store(true)
	if n.timer == nil {
		n.work.Add(1)
		n.timer = time.AfterFunc(settleAfter, func() {
			defer n.work.Done()
			_ = n.settle(context.Background()) // those who notify are told
		})
	}
	return nil
}

// drop forgets a subscription that has ended.
func (n *notifications) drop(id uuid.UUID) {
	if known, ok := n.counters.LoadAndDelete(id); ok {
		known.(*counter).gone.Store(true)
	}
}

// take gives what is pending, and stops the timer.
func (n *notifications) take() []*counter {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.timer != nil {
		if n.timer.Stop() {
			n.work.Done()
		}
		n.timer = nil
	}
	list := n.pending
	n.pending, n.next = nil, nil
	n.waiting.Store(false)
	return list
}

// settling is a commit of what is pending that has not begun yet: who comes until then has his share in it.
type settling struct {
	done chan struct{}
	err  error
}

// settle writes what is pending, in one commit. It waits for it no longer than ctx lasts; the commit itself is made in any case, since one that is given up
// because somebody is impatient would have to be begun again, and might never end.
func (n *notifications) settle(ctx context.Context) error {
	if !n.waiting.Load() {
		return nil
	}
	n.mu.Lock()
	s := n.next
	if s == nil {
		s = &settling{done: make(chan struct{})}
		n.next = s
		n.work.Go(func() { n.run(s) })
	}
	n.mu.Unlock()
	select {
	case <-s.done:
		return s.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run makes a commit, after those that have begun.
func (n *notifications) run(s *settling) {
	defer close(s.done)
	n.turn <- struct{}{}
	defer func() { <-n.turn }()
	list := n.take()
	if len(list) == 0 {
		return
	}
	counts := make([]int64, len(list))
	for i, c := range list {
		c.queued.Store(false) // what is counted from here on is queued again
		counts[i] = c.changes.Swap(0)
	}
	s.err = n.db.update(context.Background(), func(tx *store.Tx) error {
		for i, c := range list {
			if err := c.write(tx, counts[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if s.err == nil {
		n.failure.Store(nil)
		return
	}
	n.failure.Store(&s.err)
	for i, c := range list { // they are not lost while the process lives
		c.changes.Add(counts[i])
		if c.queued.CompareAndSwap(false, true) {
			_ = n.queue(c) // only a closed database refuses
		}
	}
}

// patience is how long a statement waits for the commit of what is pending, when others are writing.
const patience = 100 * time.Millisecond

// before writes what is pending before a statement that may look at it. A statement that reads goes on also where that fails: those who notify are told.
func (n *notifications) before(ctx context.Context, text string) {
	if !n.waiting.Load() || !mentionsLive(text) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_ = n.settle(ctx)
}

const liveQueries = "live_queries"

// mentionsLive tells whether a statement may be about live queries. A function or procedure may be about all tables.
func mentionsLive(text string) bool {
	text = strings.ToLower(text)
	return strings.Contains(text, liveQueries) || strings.Contains(text, "call")
}

// write adds changes to a subscription's row, if it is still there.
func (c *counter) write(tx *store.Tx, changes int64) error {
	_, b, err := takeRow(tx, schemahistory.LiveQueries, c.id)
	if errors.Is(err, ErrNotFound) {
		c.gone.Store(true)
		return nil
	}
	if err != nil {
		return err
	}
	def, err := systemTable(tx.Table, schemahistory.LiveQueries)
	if err != nil {
		return err
	}
	row := tables.LiveQueryAt(def, b, 0)
	row.Changes += min(changes, math.MaxInt64-row.Changes) // an UPDATE may have raised it since
	if at := time.UnixMicro(c.last.Load()).UTC(); at.After(row.LastUpdate) {
		row.LastUpdate = at
	}
	return insertRow(tx, schemahistory.LiveQueries, &row)
}

// close writes what is pending, and takes no more.
func (n *notifications) close() error {
	err := n.settle(context.Background())
	n.mu.Lock()
	n.closed = true
	n.mu.Unlock()
	n.take()
	n.work.Wait()
	return err
}
