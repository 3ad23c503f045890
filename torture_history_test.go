package stoa_test

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
)

// The history of a run with many clients. The accounts are rows of one table; every statement that changes some raises, at the same time, the version in the
// row with id 0. So the versions are the order of the commits, and the state at each of them can be told from what the statements returned. A query that
// read version v must have read exactly the state at v, by whichever plan: that is snapshot isolation, and more. Versions read must lie between those that
// were acknowledged before the query began and those that had been asked for when it ended, and grow within a session.

// accounts is the number of accounts, each of which begins with openingBalance.
const accounts, openingBalance = 48, 1000

// moved is how far an account's key goes when it moves, to and fro.
const moved = 1000

// bankChange is what a statement did: the version that it made, and the accounts that it changed, under their new keys.
type bankChange struct {
	version  int64
	balances map[int64]int64 // by key
	gone     []int64         // keys that accounts had before
}

// observation is what a query saw.
type observation struct {
	what     string
	session  int
	version  int64
	lo, hi   int64           // the version must be between them
	balances map[int64]int64 // of some keys; absent for a row that was not there
	asked    []int64         // the keys asked for; nil: all
	sums     *sums           // or only these
}

// sums are what an aggregate gives of the accounts: their number, the sum of their balances, and one that tells which balance is whose.
type sums struct{ count, balance, weighted int64 }

// bankHistory collects changes and observations of many goroutines.
type bankHistory struct {
	mu           sync.Mutex
	changes      []bankChange
	observations []observation
	acknowledged atomic.Int64 // the newest version that a returned statement has made
	invoked      atomic.Int64 // statements that have begun
}

func (h *bankHistory) changed(c bankChange) {
	for {
		old := h.acknowledged.Load()
		if old >= c.version || h.acknowledged.CompareAndSwap(old, c.version) {
			break
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.changes = append(h.changes, c)
}

func (h *bankHistory) saw(o observation) {
	o.hi = h.invoked.Load()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.observations = append(h.observations, o)
}

// check replays the changes in the order of their versions, and holds every observation against the state at its version: linear in the history.
func (h *bankHistory) check() error {
	slices.SortFunc(h.changes, func(a, b bankChange) int { return cmp.Compare(a.version, b.version) })
	byVersion := slices.Clone(h.observations)
	slices.SortStableFunc(byVersion, func(a, b observation) int { return cmp.Compare(a.version, b.version) })
	state := map[int64]int64{}
	for id := range int64(accounts) {
		state[id+1] = openingBalance
	}
	next := 0
	for version := int64(0); ; version++ {
		for ; next < len(byVersion) && byVersion[next].version == version; next++ {
			if err := byVersion[next].check(state); err != nil {
				return err
			}
		}
		if version == int64(len(h.changes)) {
			break
		}
		c := h.changes[version]
		if c.version != version+1 {
			return fmt.Errorf("the change after version %d made version %d: an update was lost, or came twice", version, c.version)
		}
		for _, k := range c.gone {
			delete(state, k)
		}
		for k, b := range c.balances {
			state[k] = b
		}
	}
	if next < len(byVersion) {
		return fmt.Errorf("%s saw version %d, of %d", byVersion[next].what, byVersion[next].version, len(h.changes))
	}
	return h.checkSessions()
}

// checkSessions holds the versions that each session saw, in the order in which it saw them, against each other.
func (h *bankHistory) checkSessions() error {
	newest := map[int]int64{}
	for _, o := range h.observations {
		if o.version < newest[o.session] {
			return fmt.Errorf("%s of session %d saw version %d after %d", o.what, o.session, o.version, newest[o.session])
		}
		newest[o.session] = o.version
	}
	return nil
}

// check compares what a query saw with the state at its version.
func (o *observation) check(state map[int64]int64) error {
	if o.version < o.lo || o.version > o.hi {
		return fmt.Errorf("%s of session %d saw version %d; it was between %d and %d then", o.what, o.session, o.version, o.lo, o.hi)
	}
	if o.sums != nil {
		want := sumsOf(state)
		if *o.sums != want {
			return fmt.Errorf("%s of session %d at version %d: %+v, want %+v", o.what, o.session, o.version, *o.sums, want)
		}
		return nil
	}
	asked := o.asked
	if asked == nil {
		if len(o.balances) != len(state) {
			return fmt.Errorf("%s of session %d at version %d: %d accounts, want %d", o.what, o.session, o.version, len(o.balances), len(state))
		}
		for k := range state {
			asked = append(asked, k)
		}
	}
	for _, k := range asked {
		got, there := o.balances[k]
		want, is := state[k]
		if there != is || got != want {
			return fmt.Errorf("%s of session %d at version %d: account %d is %d (%t), want %d (%t)", o.what, o.session, o.version, k, got, there, want, is)
		}
	}
	return nil
}

func sumsOf(state map[int64]int64) (s sums) {
	for k, b := range state {
		s.count++
		s.balance += b
		s.weighted += b * k
	}
	return s
}
