package vfs

import (
	"slices"
	"sync/atomic"
)

// Counter counts calls by kind. Its zero value is ready; [Counter.Inject] is an [Injector] that lets everything pass.
type Counter struct {
	n [opKinds]atomic.Int64
	b [opKinds]atomic.Int64
}

// Inject counts op.
func (c *Counter) Inject(op Op) error {
	c.n[op.Kind].Add(1)
	c.b[op.Kind].Add(int64(op.Bytes))
	return nil
}

// Count returns how many calls of the given kinds there were, of all kinds if none is given.
func (c *Counter) Count(kinds ...OpKind) int64 {
	if len(kinds) == 0 {
		return sum(c.n[:])
	}
	total := int64(0)
	for _, k := range kinds {
		total += c.n[k].Load()
	}
	return total
}

// Bytes returns how many bytes the reads or writes of the given kinds asked for.
func (c *Counter) Bytes(kinds ...OpKind) int64 {
	total := int64(0)
	for _, k := range kinds {
		total += c.b[k].Load()
	}
	return total
}

func sum(counts []atomic.Int64) int64 {
	total := int64(0)
	for i := range counts {
		total += counts[i].Load()
	}
	return total
}

// Kinds returns a match for [FailNth]: the calls of these kinds.
func Kinds(kinds ...OpKind) func(Op) bool {
	return func(op Op) bool { return slices.Contains(kinds, op.Kind) }
}

// AllKinds returns every kind of call, in order, for tests that fail each.
func AllKinds() []OpKind {
	kinds := make([]OpKind, opKinds)
	for i := range kinds {
		kinds[i] = OpKind(i)
	}
	return kinds
}

// FailNth makes the n-th of the calls that match (all, if match is nil) fail with err, counted from 1, and if forGood all such calls after
// it as well. err may be a *[Fault].
func FailNth(n uint64, forGood bool, err error, match func(Op) bool) Injector {
	var seen atomic.Uint64
	return func(op Op) error {
		if match != nil && !match(op) {
			return nil
		}
		if i := seen.Add(1); i == n || forGood && i > n {
			return err
		}
		return nil
	}
}

// Chain asks the injectors in order until one returns an error.
func Chain(injectors ...Injector) Injector {
	return func(op Op) error {
		for _, inject := range injectors {
			if err := inject(op); err != nil {
				return err
			}
		}
		return nil
	}
}
