package numeric

import (
	"math"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/vec"
)

const (
	// mostGrid bounds the values of a rounded expression that are given as codes.
	mostGrid = 1 << 11
	// gridSlots is the number of places, a power of two, at which a stretch of integers is looked up: four for each of mostGrid, as each holds two.
	gridSlots = 1 << 12
	// gridSpare is the number of evaluations that are made in advance of the rows that pay for them, one for two rows, and mostSpent of all.
	gridSpare, mostSpent = 1 << 12, 1 << 15
)

// rounded is what a rounding makes of a numeric: a whole multiple of 10^-places, always shown with the same number of digits.
type rounded struct {
	places int
	round  func(decimal.Dec) (decimal.Dec, error)
}

// roundedOf gives what a function of that name does to its first argument, if it rounds.
func roundedOf(name string, args []exprs.Expr) (r rounded, ok bool) {
	if ok = len(args) == 1; !ok {
		r.places, ok = placesOf(args[len(args)-1])
	}
	switch places := r.places; {
	case name == "round":
		r.round = func(d decimal.Dec) (decimal.Dec, error) { return decimal.Round(d, places) }
	case name == "trunc":
		r.round = func(d decimal.Dec) (decimal.Dec, error) { return decimal.Trunc(d, places), nil }
	case name == "floor":
		r.round = decimal.Floor
	case name == "ceil" || name == "ceiling":
		r.round = decimal.Ceil
	default:
		return r, false
	}
	return r, ok
}

// fuseGrid gives a rising expression that is rounded as codes of a dictionary, where it has few values: a code is found by the stretch of integers that have
// the value, and what groups by the expression works on codes.
func fuseGrid(name string) func(args []exprs.Expr) exprs.Fused {
	return func(args []exprs.Expr) exprs.Fused {
		grid, ok := roundedOf(name, args)
		if !ok || grid.places > maxScaled || grid.places < -maxScaled {
			return nil
		}
		inner, ok := risingOf(args[0])
		if !ok {
			return nil
		}
		r := &rising{of: inner.of, steps: append(inner.steps[:len(inner.steps):len(inner.steps)], alike(grid.round))}
		of := new(byte) // this call
		return func(ctx *exprs.Ctx, b *vec.Batch) (*vec.Vec, bool, error) {
			g := exprs.Kept(ctx, of, func() *gridCodes {
				return &gridCodes{at: r.at(), scale: max(grid.places, 0), unit: tens(max(-grid.places, 0)), known: map[int64]uint16{}, slots: make([][2]stretch, gridSlots)}
			})
			if g == nil || g.off {
				return nil, false, nil
			}
			v, ok, err := r.of.Eval(ctx, b)
			if err != nil || !ok || v.Const {
				return nil, false, err
			}
			codes := ctx.Codes(v.N)
			if !g.codesOf(v.Ints[:v.N], codes) {
				return nil, false, nil
			}
			return vec.NewDict(codes, g.dictionary(), v.Valid), true, nil
		}
	}
}

// stretch is the integers that have one value: width of them from begin on. A width that is zero holds none.
type stretch struct {
	begin int64
	width uint32
	code  uint16
}

// gridCodes is the values of a rounded rising expression that were met.
type gridCodes struct {
	at    func(x int64) (decimal.Dec, error)
	scale int   // of the values
	unit  int64 // from one value to the next, in units of its last place
	off   bool
	// What the finding of stretches has cost, in evaluations, and the rows that were to be done.
	spent, rows int

	known     map[int64]uint16 // codes by the digits of the value
	stretches []stretch        // by code
	values    []decimal.Dec    // by code; only ever appended to
	dict      *vec.Vec
	// The first value's digits, those of the farthest from it, and the integers from one digit to the next on average between the two.
	origin, farthest int64
	pace             float64

	// A stretch stands in each slot that it has integers of, as one of the last two that were asked for there.
	slots  [][2]stretch
	narrow uint32  // the least width that was met
	slope  float64 // slots for one step of the integers: two for the narrowest stretch
}

// codesOf gives the codes of integers. It answers false when they have no value, or too many, or looking for these does not pay now.
func (g *gridCodes) codesOf(ints []int64, codes []uint16) bool {
	g.rows += len(ints)
	for i, x := range ints {
		slot := &g.slots[uint64(int64(float64(x)*g.slope))%gridSlots]
		switch {
		case uint64(x-slot[0].begin) < uint64(slot[0].width):
			codes[i] = slot[0].code
		case uint64(x-slot[1].begin) < uint64(slot[1].width):
			codes[i] = slot[1].code
		default:
			code, ok := g.learn(x)
			if !ok {
				return false
			}
			codes[i] = code
		}
	}
	return true
}

// learn finds the code of an integer and puts its stretch into its slot.
func (g *gridCodes) learn(x int64) (uint16, bool) {
	if g.off = len(g.values) > mostGrid || g.spent > mostSpent; g.off || g.spent > g.rows/2+gridSpare {
		return 0, false
	}
	d, ok := g.digits(x)
	if !ok {
		return 0, false
	}
	code, known := g.known[d]
	if !known {
		s, ok := g.find(x, d)
		if !ok {
			return 0, false
		}
		code = uint16(len(g.values))
		s.code = code
		g.known[d], g.stretches, g.values = code, append(g.stretches, s), append(g.values, decimal.New(d, g.scale))
		if g.narrow == 0 || s.width < g.narrow-g.narrow/4 {
			g.narrow, g.slope = s.width, 2/float64(s.width)
			clear(g.slots)
		}
	}
	slot := &g.slots[uint64(int64(float64(x)*g.slope))%gridSlots]
	slot[0], slot[1] = g.stretches[code], slot[0]
	return code, true
}

// digits gives the value of an integer in units of its last place.
func (g *gridCodes) digits(x int64) (int64, bool) {
	if x < -mostRising || x > mostRising {
		return 0, false
	}
	g.spent++
	d, err := g.at(x)
	hi, lo, ok := d.Coef128()
	return int64(lo), err == nil && ok && hi == int64(lo)>>63 && d.Scale() == g.scale
}

// find gives the integers around x that have its value, d. It is not ok where these are too many, or go too far. Values are mostly as far from each other as
// others were: it looks there first.
func (g *gridCodes) find(x, d int64) (s stretch, ok bool) {
	up, down := int64(1), int64(1)
	if len(g.stretches) > 0 {
		begin := g.stretches[0].begin + int64(float64(d-g.origin)*g.pace)
		up, down = begin+int64(float64(g.unit)*g.pace)-x, x-begin+1
	}
	end, ok := g.reach(x, d, 1, up)
	if !ok {
		return s, false
	}
	begin, ok := g.reach(x, d, -1, down)
	width := end - begin + 1
	if !ok || width > math.MaxUint32 {
		return s, false
	}
	switch {
	case len(g.stretches) == 0:
		g.origin, g.farthest, g.pace = d, d, float64(width)/float64(g.unit)
	case (d-g.origin)*(d-g.origin) > (g.farthest-g.origin)*(g.farthest-g.origin):
		g.farthest, g.pace = d, float64(begin-g.stretches[0].begin)/float64(d-g.origin)
	}
	return stretch{begin: begin, width: uint32(width)}, true
}

// reach gives the last integer from x on, going in a direction, that has the value d. The first that has not is looked for at the distance guess.
func (g *gridCodes) reach(x, d, direction, guess int64) (int64, bool) {
	low, high := int64(0), int64(math.MaxInt64) // distances: that of low has the value, that of high, when it is known, has another
	probe := max(1, min(guess, mostRising))
	for jump := int64(1); low+1 < high; jump *= 2 {
		v, ok := g.digits(x + direction*probe)
		switch {
		case !ok:
			return 0, false
		case v == d:
			low, probe = probe, probe+jump
		default:
			high, probe = probe, probe-jump
		}
		if probe <= low || probe >= high {
			probe = low + (high-low)/2
		}
	}
	return x + direction*low, true
}

// dictionary gives the values so far. What it gave before stays as it is.
func (g *gridCodes) dictionary() *vec.Vec {
	if g.dict == nil || g.dict.N != len(g.values) {
		g.dict = vec.NewFlat(arrowschema.Numeric, g.values[:len(g.values):len(g.values)], nil)
	}
	return g.dict
}
