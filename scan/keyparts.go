package scan

import (
	"math"
	"math/bits"

	"github.com/stoadb/stoa/exprs/vec"
)

// Keys that were logged are united by parts. The rows of all tables are spread over parts by the upper bits of their hashes, each row as its hash and its number
// among all rows; a part then finds its equal keys in a table that fits the second-level cache, whose slots hold hashes. Keys are compared, where they lie, only
// if their hashes are equal. Every row is linked to an earlier one of its group, or to itself; the others are numbered in the order in which they were first
// seen, and then give their numbers to the rows linked to them. (Partitioned aggregation as in Leis and others, "Morsel-driven parallelism", SIGMOD 2014.)

// hashedRow is a row of all tables together.
type hashedRow struct {
	hash uint64
	row  uint32
}

// spreadRows is some rows of a table, by part: those of part p are rows[ends[p-1]:ends[p]], in the order in which the table has them.
type spreadRows struct {
	table, lo, hi int
	rows          []hashedRow
	ends          []uint32
}

const (
	// partRows is the mean number of rows of a part: the slots of so many take 192 KiB.
	partRows = 1 << 12
	// maxPartBits is the logarithm of the largest number of parts, beyond which a run of rows has a few of each only.
	maxPartBits = 10
)

// keyParts is the union of tables while it is made.
type keyParts struct {
	*groupUnion
	bits  uint  // the logarithm of the number of parts
	base  []int // the number among all rows of each table's first, and of what is behind the last
	runs  []spreadRows
	links []uint32 // by row: an earlier row of the group, or itself
}

// parts numbers the groups of all tables anew.
func (u *groupUnion) parts(env *Env) error {
	p := &keyParts{groupUnion: u, base: []int{0}}
	for t, k := range u.keys {
		for lo := 0; lo < k.N; lo += sortRun {
			p.runs = append(p.runs, spreadRows{table: t, lo: lo, hi: min(lo+sortRun, k.N)})
		}
		p.base = append(p.base, p.base[t]+k.N)
	}
	total := p.base[len(u.keys)]
	if total >= noGroup {
		return errInternal("%d keys are too many", total)
	}
	const perRow = 40 // of hashedRow, links, and what the union keeps: numbers, first and from
	u.bytes += int64(total) * perRow
	if err := env.Memory.Reserve(int64(total) * perRow); err != nil {
		return err
	}
	p.bits = min(maxPartBits, uint(bits.Len(uint(total/partRows))))
	p.links = make([]uint32, total)
	tasks := 4 * env.Workers
	if err := env.tasks(tasks, func(i int) error { return p.spread(env, i, tasks) }); err != nil {
		return err
	}
	if err := env.tasks(tasks, func(i int) error { return p.link(env, i, tasks) }); err != nil {
		return err
	}
	return p.number(env)
}

// spread does every step-th run from a first one.
func (p *keyParts) spread(env *Env, first, step int) error {
	hashes := &keyHashes{}
	for i := first; i < len(p.runs); i += step {
		if err := env.cancelled(); err != nil {
			return err
		}
		p.spreadRun(&p.runs[i], hashes)
	}
	return nil
}

// nullHash is mixed into the hash of a key for each NULL, for which there is a zero.
const nullHash = 0x94d049bb133111eb

// spreadRun hashes the keys of a run and puts its rows in the order of the parts.
func (p *keyParts) spreadRun(r *spreadRows, by *keyHashes) {
	keys := p.keys[r.table].Slice(r.lo, r.hi)
	hashes := by.of(keys)
	for c, v := range keys.Cols {
		for i := 0; v.Valid != nil && i < v.N; i++ {
			if !v.Valid.Get(i) {
				hashes[i] ^= nullHash * uint64(2*c+1)
			}
		}
	}
	shift := 64 - p.bits
	next := make([]uint32, 1<<p.bits+1)
	for i, h := range hashes {
		h = vec.MixWord(h)
		hashes[i] = h
		next[h>>shift+1]++
	}
	for i := range next[1:] {
		next[i+1] += next[i]
	}
	r.rows = make([]hashedRow, len(hashes))
	row := uint32(p.base[r.table] + r.lo)
	for i, h := range hashes {
		part := h >> shift
		r.rows[next[part]] = hashedRow{h, row + uint32(i)}
		next[part]++
	}
	r.ends = next[:1<<p.bits] // each has come to its end
}

// of gives the rows of a part.
func (r *spreadRows) of(part int) []hashedRow {
	if part == 0 {
		return r.rows[:r.ends[0]]
	}
	return r.rows[r.ends[part-1]:r.ends[part]]
}

// link finds the equal keys of every step-th part from a first one.
func (p *keyParts) link(env *Env, first, step int) error {
	check := p.newCheck()
	var slots []hashedRow // the row and one; 0 in an empty slot
	for part := first; part < 1<<p.bits; part += step {
		if err := env.cancelled(); err != nil {
			return err
		}
		rows := 0
		for i := range p.runs {
			rows += len(p.runs[i].of(part))
		}
		size := max(2, 1<<bits.Len(uint(2*rows)))
		if cap(slots) < size {
			if err := env.Memory.Spare(int64(size) * 16); err != nil {
				return err
			}
			slots = make([]hashedRow, size)
		}
		// Rows of equal hashes have equal keys, but for what hardly ever happens: this is seen to afterwards, for all of them together.
		check.pairs = check.pairs[:0]
		p.linkPart(part, slots[:size], check, false)
		if !check.holds() {
			p.linkPart(part, slots[:size], check, true)
		}
	}
	return nil
}

func (p *keyParts) linkPart(part int, slots []hashedRow, check *keyCheck, exact bool) {
	clear(slots)
	for i := range p.runs {
		p.linkRows(p.runs[i].of(part), slots, check, exact)
	}
}

// linkRows links rows to those in slots, which are more than there are rows of the part, and enters those that are the first of their key. If exact it compares
// keys; else it notes what is to be compared.
func (p *keyParts) linkRows(rows, slots []hashedRow, check *keyCheck, exact bool) {
	mask, shift := uint64(len(slots)-1), p.bits&63
	upper := uint(65-bits.Len(uint(len(slots)))) & 63
	for _, r := range rows {
		at := r.hash << shift >> upper
		s := &slots[at&mask]
		for s.row != 0 && (s.hash != r.hash || exact && !check.same(s.row-1, r.row)) {
			at++
			s = &slots[at&mask]
		}
		if s.row == 0 {
			*s = hashedRow{r.hash, r.row + 1}
			p.links[r.row] = r.row
			continue
		}
		leader := s.row - 1
		if !exact {
			check.pairs = append(check.pairs, [2]uint32{leader, r.row})
		}
		if p.seen(r.row) < p.seen(leader) {
			p.links[leader], p.links[r.row] = r.row, r.row
			s.row = r.row + 1
		} else {
			p.links[r.row] = leader
		}
	}
}

// place gives the table that has a row, and which of its rows that is.
func (p *keyParts) place(row uint32) (table, at int) {
	for p.base[table+1] <= int(row) {
		table++
	}
	return table, int(row) - p.base[table]
}

// seen gives where a row was seen.
func (p *keyParts) seen(row uint32) uint64 {
	table, at := p.place(row)
	return p.tables[table].first[at]
}

// number numbers the groups in the order in which they were first seen, as far as the rows of each table are in that order.
func (p *keyParts) number(env *Env) error {
	total := len(p.links)
	numbers := make([]uint32, total)
	groups := 0
	for row, to := range p.links {
		if int(to) == row {
			groups++
		}
	}
	p.first, p.from = make([]uint64, 0, groups), make([]place, 0, groups)
	at := make([]int, len(p.tables))
	for done := 0; done < total; {
		if err := env.cancelled(); err != nil {
			return err
		}
		for stop := done + stride; done < min(stop, total); {
			table, until := p.earliest(at)
			lo := at[table]
			at[table] = p.numberRun(table, lo, until, numbers)
			done += at[table] - lo
		}
	}
	err := env.tasks(len(p.runs), func(i int) error {
		r := &p.runs[i]
		for row := p.base[r.table] + r.lo; row < p.base[r.table]+r.hi; row++ {
			to := p.links[row]
			for p.links[to] != to {
				to = p.links[to]
			}
			if int(to) != row {
				numbers[row] = numbers[to]
			}
		}
		return nil
	})
	for t := range p.tables {
		p.into[t] = numbers[p.base[t]:p.base[t+1]]
	}
	return err
}

// earliest gives the table whose next row was seen first, and where the next row of another was.
func (p *keyParts) earliest(at []int) (table int, until uint64) {
	least := uint64(math.MaxUint64)
	until = least
	for t, i := range at {
		if i == p.keys[t].N {
			continue
		}
		if seen := p.tables[t].first[i]; seen < least {
			table, least, until = t, seen, least
		} else {
			until = min(until, seen)
		}
	}
	return table, until
}

// numberRun numbers the groups of the rows of a table from lo on that were seen before another place, at least those of one row and at most those of stride,
// and gives the row behind them.
func (p *keyParts) numberRun(table, lo int, until uint64, numbers []uint32) int {
	base, first := p.base[table], p.tables[table].first
	hi := lo
	for hi == lo || hi < len(first) && hi < lo+stride && first[hi] < until {
		if row := base + hi; int(p.links[row]) == row {
			numbers[row] = uint32(len(p.first))
			p.first, p.from = append(p.first, first[hi]), append(p.from, place{int32(table), int32(hi)})
		}
		hi++
	}
	return hi
}
