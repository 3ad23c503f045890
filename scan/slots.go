package scan

import "math/bits"

// The tables of slots: open addressing with linear probing, at most half full. The upper bits of an entry's hash say where it is looked for, so that the entries
// of a table that grows stay in their order: they are read and written from the first to the last.

// grown gives a larger table with the entries of slots, and 64 less the logarithm of its size. move puts the entries of a part into it. It asks watch as it
// goes, and gives slots and shift when that fails.
func grown[S any](slots []S, shift uint, move func(part, into []S, shift uint), watch func() error) ([]S, uint, error) {
	into := make([]S, moreSlots(len(slots)))
	upper := uint(64 - bits.TrailingZeros(uint(len(into))))
	for lo := 0; lo < len(slots); lo += growRun {
		if err := watch(); err != nil {
			return slots, shift, err
		}
		move(slots[lo:min(lo+growRun, len(slots))], into, upper)
	}
	return into, upper, nil
}

// moreSlots gives the number of slots of a table that grows: four times as many, so that small ones seldom do, of large ones twice as many.
func moreSlots(slots int) int {
	if slots >= largeTable {
		return 2 * slots
	}
	return max(64, 4*slots)
}

const (
	// largeTable is the number of slots from which a table is large: to copy a smaller one takes a millisecond or less.
	largeTable = 1 << 17
	// growRun is the number of slots that are copied between two looks at the context.
	growRun = 1 << 15
)

// unwatched is for tables that grow as entries are found: makeRoom has seen to the large ones.
func unwatched() error { return nil }

// makeRoom makes the large ones of the tables grow if n more entries will make them, and looks at the context as they do.
func (t *groupTable) makeRoom(env *Env, n int) error {
	full := func(entries, slots int) bool { return slots >= largeTable && 2*(entries+n) >= slots }
	for _, c := range t.cols {
		if full(c.words.n, len(c.words.slots)) {
			if err := c.words.grow(env.cancelled); err != nil {
				return err
			}
		}
		if full(c.texts.n, len(c.texts.slots)) {
			if err := c.texts.grow(env.cancelled); err != nil {
				return err
			}
		}
		if full(c.texts.short.n, len(c.texts.short.slots)) {
			if err := c.texts.short.grow(env.cancelled); err != nil {
				return err
			}
		}
	}
	for _, p := range t.pairs {
		if full(p.table.n, len(p.table.slots)) {
			if err := p.table.grow(env.cancelled); err != nil {
				return err
			}
		}
	}
	return nil
}
