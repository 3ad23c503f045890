package aggregates

import (
	"math"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// kept is the values of the ordered-set aggregates that see the same rows of the same argument. Values are kept as words, integers whose order is theirs, where
// their type has such a form, or numerics and intervals came in scaled form; others as they are.
type kept struct {
	t       arrowschema.Type // of the argument
	floats  bool             // of numerics the order is that of the floats that PostgreSQL makes of them
	users   []*orderedSet
	groups  int
	log     wordLog
	scale   int // of the words, if they came in scaled form; unscaled otherwise
	scratch []int64
	texts   *textIDs // of texts, whose words are their numbers

	rows   *vec.Builder // values that have no words; nil for none
	rowsOf []uint32     // their groups

	// What the results are made of.
	done   bool
	words  *wordGroups
	sorted *vec.Vec
	order  [][]int32 // rows of sorted, by group
	guarded
}

const unscaled = -1

func newKept(t arrowschema.Type, floats bool) *kept {
	k := &kept{t: t, floats: floats, scale: unscaled}
	if t == arrowschema.Text {
		k.texts = &textIDs{}
	}
	return k
}

// wordsOf gives the words of a vector that is flat, or one of texts, nil when there are none. They are valid until the next call.
func (k *kept) wordsOf(v *vec.Vec, mask []uint8) ([]int64, error) {
	form := v.Type.Physical()
	if form == arrowschema.Ints {
		return v.Ints[:v.N], nil
	}
	if form != arrowschema.Floats && form != arrowschema.Bools && !k.floats && k.texts == nil {
		return nil, nil
	}
	if cap(k.scratch) < v.N {
		k.scratch = make([]int64, v.N)
	}
	out := k.scratch[:v.N]
	switch form {
	case arrowschema.Strings:
		return out, k.texts.number(v, mask, out, k.grew)
	case arrowschema.Floats:
		for i, x := range v.Floats[:v.N] {
			out[i] = floatWord(x)
		}
	case arrowschema.Bools:
		for i, x := range vec.BoolBytes(v.Bools[:v.N]) {
			out[i] = int64(x)
		}
	default:
		for i, x := range v.Decs[:v.N] {
			if mask != nil && mask[i] == 0 {
				continue
			}
			f, err := x.Float64()
			if err != nil {
				return nil, err
			}
			out[i] = floatWord(f)
		}
	}
	return out, nil
}

// floatWord gives the word of a float. NaN is the greatest.
func floatWord(f float64) int64 {
	if f != f {
		return math.MaxInt64
	}
	b := int64(math.Float64bits(f))
	return b ^ b>>63&math.MaxInt64
}

// wordFloat gives the float of a word.
func wordFloat(w int64) float64 {
	if w == math.MaxInt64 {
		return math.NaN()
	}
	return math.Float64frombits(uint64(w ^ w>>63&math.MaxInt64))
}

// add takes a batch in.
func (k *kept) add(groups []uint32, keep []uint8, a *vec.Vec, n int) error {
	if a = a.Resize(n); k.texts == nil || !k.texts.takes(a) {
		a = a.Flat()
	}
	mask := k.log.keptRows(groups, keep, a.Valid, n)
	if k.floats && groups != nil && a.Decs != nil {
		mask = leftOut(mask, groups)
	}
	words, err := k.wordsOf(a, mask)
	if err != nil {
		return err
	}
	if err := k.unscale(); err != nil {
		return err
	}
	if words != nil {
		return k.log.add(groups, mask, words, k.grew)
	}
	return k.addRows(groups, mask, a)
}

// leftOut clears the rows of a mask, nil for all, that have no group.
func leftOut(mask []uint8, groups []uint32) []uint8 {
	out := make([]uint8, len(groups))
	for i, g := range groups {
		if out[i] = uint8(counts(g)); mask != nil {
			out[i] &= mask[i]
		}
	}
	return out
}

// addRows keeps values as they are.
func (k *kept) addRows(groups []uint32, mask []uint8, a *vec.Vec) error {
	var sel []int32
	for i := range a.N {
		if g := group(groups, i); g != exprs.NoGroup && (mask == nil || mask[i] != 0) {
			sel, k.rowsOf = append(sel, int32(i)), append(k.rowsOf, g)
		}
	}
	if len(sel) == 0 {
		return nil // rows that are none would hide words
	}
	a = a.Gather(sel)
	if k.rows == nil {
		k.rows = vec.NewBuilder(k.t, a.N)
	}
	k.rows.Append(a)
	return k.grew(exprs.Bytes(a) + 8*int64(a.N))
}

// addScaled takes a batch in scaled form in; false when words of another form are there.
func (k *kept) addScaled(groups []uint32, keep []uint8, values *vec.Vec, scale, n int) bool {
	if k.rows != nil || k.log.n > 0 && k.scale != scale {
		return false
	}
	v := values.Resize(n).Flat()
	if k.log.add(groups, k.log.keptRows(groups, keep, v.Valid, n), v.Ints[:n], k.grew) != nil {
		return false // what fails is said by add
	}
	k.scale = scale
	return true
}

// unscale gives words that came in scaled form the form in which other values are kept.
func (k *kept) unscale() error {
	if k.scale == unscaled {
		return nil
	}
	pieces, scale := k.log.pieces, k.scale
	k.scale = unscaled
	if k.floats {
		for _, p := range pieces {
			for i, w := range p.words {
				f, err := scaledFloat(w, scale)
				if err != nil {
					return err
				}
				p.words[i] = floatWord(f)
			}
		}
		return nil
	}
	k.log.pieces, k.log.n = nil, 0
	for _, p := range pieces {
		v := vec.New(k.t, len(p.words))
		for i, w := range p.words {
			if v.Decs != nil {
				v.Decs[i] = decimal.New(w, scale)
			} else {
				v.Intervals[i] = elapsed(w)
			}
		}
		if err := k.addRows(p.groups, nil, v); err != nil {
			return err
		}
	}
	return nil
}

// scaledFloat gives the float nearest to a number. Up to 2^53 and 10^15 both sides of the division are exact, so that the quotient is.
func scaledFloat(w int64, scale int) (float64, error) {
	const most = 1 << 53
	if scale <= 15 && w <= most && w >= -most {
		return float64(w) / math.Pow10(scale), nil
	}
	return decimal.New(w, scale).Float64()
}

// elapsed gives a difference of times, in microseconds, as PostgreSQL has it: in days of 24 hours and what is left.
func elapsed(micros int64) temporal.Interval {
	days := micros / temporal.MicrosPerDay
	return temporal.Interval{Days: int32(days), Micros: micros - days*temporal.MicrosPerDay}
}

// merge takes in the values of another worker, which is done with.
func (k *kept) merge(o *kept, into []uint32) error {
	if empty := k.log.n == 0 && k.rows == nil; empty {
		k.scale = o.scale
	}
	if k.scale != o.scale && o.log.n+len(o.rowsOf) > 0 {
		if err := k.unscale(); err != nil {
			return err
		}
		if err := o.unscale(); err != nil {
			return err
		}
	}
	if k.texts != nil {
		if err := k.texts.renumber(o.texts, &o.log, k.grew); err != nil {
			return err
		}
	}
	k.large += o.large
	k.log.merge(&o.log, into)
	if o.rows == nil {
		return nil
	}
	moved := make([]uint32, len(o.rowsOf))
	for i, g := range o.rowsOf {
		moved[i] = into[g]
	}
	return k.addRows(moved, nil, o.rows.Vec())
}

// finish puts the values of each group together and has the aggregates choose among them.
func (k *kept) finish() (err error) {
	if k.done {
		return nil
	}
	k.done = true
	if k.rows == nil {
		return k.finishWords()
	}
	k.sorted, k.order = k.rows.Vec(), make([][]int32, k.groups)
	for i, g := range k.rowsOf {
		k.order[g] = append(k.order[g], int32(i))
	}
	for _, rows := range k.order {
		if err := k.ctx.Check(); err != nil {
			return err
		}
		sortRows(k.sorted, rows)
	}
	return nil
}

// finishWords selects the words that the aggregates ask for.
func (k *kept) finishWords() (err error) {
	if k.texts != nil {
		if err := k.texts.rank(&k.log, k.ctx, k.grew); err != nil {
			return err
		}
	}
	if k.words, err = k.log.byGroup(k.groups, k.ctx, k.grew); err != nil {
		return err
	}
	s, scratch := &selector{check: k.ctx.Check, grew: k.grew}, [][]int64(nil)
	var wanted wantedPlaces
	for g := range k.groups {
		n := k.words.count(g)
		if n == 0 {
			continue
		}
		parts := k.words.parts(g, scratch[:0])
		wanted.reset()
		for _, u := range k.users {
			if !u.mode && !u.null {
				wanted.add(u.places(n))
			}
		}
		if err := wanted.find(s, parts); err != nil {
			return err
		}
		for _, u := range k.users {
			switch {
			case u.mode:
				err = u.chooseMode(s, g, parts, n)
			case !u.null:
				first, second := u.places(n)
				u.choose(g, wanted.word(first), wanted.word(second))
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// count gives the number of values of a group.
func (k *kept) count(g int) int {
	if k.order != nil {
		return len(k.order[g])
	}
	return k.words.count(g)
}
