package aggregates

import (
	"math"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// regressions gives corr, covar_… and regr_… of pairs (y, x) of floats.
func regressions() []exprs.Aggregate {
	var out []exprs.Aggregate
	f8 := arrowschema.Float8
	one := func(name string, value func(p *pairs) (float64, bool)) {
		out = append(out, exprs.Aggregate{Name: name, Args: []arrowschema.Type{f8, f8}, Result: f8, New: func() exprs.State {
			return &regression{value: value}
		}})
	}
	over := func(part func(p *pairs) float64, taken float64) func(p *pairs) (float64, bool) {
		return func(p *pairs) (float64, bool) { return part(p) / (p.n - taken), p.n > taken }
	}
	sum := func(part func(p *pairs) float64) func(p *pairs) (float64, bool) {
		return func(p *pairs) (float64, bool) { return part(p), p.n > 0 }
	}
	one("covar_pop", over(func(p *pairs) float64 { return p.sxy }, 0))
	one("covar_samp", over(func(p *pairs) float64 { return p.sxy }, 1))
	one("regr_avgx", over(func(p *pairs) float64 { return p.sx }, 0))
	one("regr_avgy", over(func(p *pairs) float64 { return p.sy }, 0))
	one("regr_sxx", sum(func(p *pairs) float64 { return p.sxx }))
	one("regr_syy", sum(func(p *pairs) float64 { return p.syy }))
	one("regr_sxy", sum(func(p *pairs) float64 { return p.sxy }))
	one("regr_slope", func(p *pairs) (float64, bool) { return p.sxy / p.sxx, p.n > 0 && p.sxx != 0 })
	one("regr_intercept", func(p *pairs) (float64, bool) { return (p.sy - float64(p.sx*p.sxy)/p.sxx) / p.n, p.n > 0 && p.sxx != 0 })
	one("corr", func(p *pairs) (float64, bool) {
		return p.sxy / math.Sqrt(float64(p.sxx*p.syy)), p.n > 0 && p.sxx != 0 && p.syy != 0
	})
	one("regr_r2", func(p *pairs) (float64, bool) {
		if p.syy == 0 {
			return 1, p.n > 0 && p.sxx != 0
		}
		return float64(p.sxy*p.sxy) / float64(p.sxx*p.syy), p.n > 0 && p.sxx != 0
	})
	return append(out, exprs.Aggregate{Name: "regr_count", Args: []arrowschema.Type{f8, f8}, Result: arrowschema.Int8, New: func() exprs.State {
		return &regression{}
	}})
}

// pairs is counts, sums and sums of squared deviations and their products of a group, by the method of Youngs and Cramer (PostgreSQL's
// float8_regr_accum).
type pairs struct{ n, sx, sxx, sy, syy, sxy float64 }

// add takes a pair.
func (p *pairs) add(y, x float64) error {
	n, sx, sy := p.n+1, p.sx+x, p.sy+y
	sxx, syy, sxy := deviations(p.n, y, x, sx, sy, p.sxx, p.syy, p.sxy)
	if all := sx + sy + sxx + syy + sxy; all-all != 0 || p.n == 0 {
		return p.addChecked(y, x)
	}
	*p = pairs{n, sx, sxx, sy, syy, sxy}
	return nil
}

// deviations gives the sums of squared deviations and products with a pair more; before is the number of pairs before it, sx and sy are the sums with it.
func deviations(before, y, x, sx, sy, sxx, syy, sxy float64) (xx, yy, xy float64) {
	n := before + 1
	dx, dy, scale := float64(x*n)-sx, float64(y*n)-sy, 1/float64(n*before)
	return sxx + float64(float64(dx*dx)*scale), syy + float64(float64(dy*dy)*scale), sxy + float64(float64(dx*dy)*scale)
}

// addChecked is add for any pair.
func (p *pairs) addChecked(y, x float64) error {
	before := *p
	p.n++
	p.sx += x
	p.sy += y
	if before.n == 0 {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			p.sxx, p.sxy = math.NaN(), math.NaN()
		}
		if math.IsNaN(y) || math.IsInf(y, 0) {
			p.syy, p.sxy = math.NaN(), math.NaN()
		}
		return nil
	}
	dx, dy, scale := float64(x*p.n)-p.sx, float64(y*p.n)-p.sy, 1/float64(p.n*before.n)
	p.sxx += float64(float64(dx*dx) * scale)
	p.syy += float64(float64(dy*dy) * scale)
	p.sxy += float64(float64(dx*dy) * scale)
	inf := func(v float64) bool { return math.IsInf(v, 0) }
	finiteX, finiteY := !inf(before.sx) && !inf(x), !inf(before.sy) && !inf(y)
	if (inf(p.sx) || inf(p.sxx)) && finiteX || (inf(p.sy) || inf(p.syy)) && finiteY || inf(p.sxy) && finiteX && finiteY {
		return errOverflow()
	}
	for _, s := range []*float64{&p.sxx, &p.syy, &p.sxy} {
		if inf(*s) {
			*s = math.NaN()
		}
	}
	return nil
}

func (p *pairs) merge(o pairs) error {
	switch {
	case o.n == 0:
		return nil
	case p.n == 0:
		*p = o
		return nil
	}
	n := p.n + o.n
	dx, dy, weight := p.sx/p.n-o.sx/o.n, p.sy/p.n-o.sy/o.n, float64(p.n*o.n)
	r := pairs{
		n: n, sx: p.sx + o.sx, sy: p.sy + o.sy,
		sxx: p.sxx + o.sxx + float64(float64(weight*dx)*dx)/n, syy: p.syy + o.syy + float64(float64(weight*dy)*dy)/n,
		sxy: p.sxy + o.sxy + float64(float64(weight*dx)*dy)/n,
	}
	for _, v := range [][3]float64{{r.sx, p.sx, o.sx}, {r.sy, p.sy, o.sy}, {r.sxx, p.sxx, o.sxx}, {r.syy, p.syy, o.syy}, {r.sxy, p.sxy, o.sxy}} {
		if math.IsInf(v[0], 0) && !math.IsInf(v[1], 0) && !math.IsInf(v[2], 0) {
			return errOverflow()
		}
	}
	*p = r
	return nil
}

// regression is one of the regressions; without a value it is their count.
type regression struct {
	value  func(p *pairs) (float64, bool)
	groups []pairs
}

// Grow implements exprs.State.
func (s *regression) Grow(n int) { s.groups = grow(s.groups, n) }

// Update implements exprs.State.
func (s *regression) Update(groups []uint32, args []*vec.Vec, n int) error {
	y, x := args[0].Decoded(), args[1].Decoded()
	if y.NullConst() || x.NullConst() {
		return nil
	}
	var valid vec.Bitmap
	if !y.Const {
		valid = y.Valid
	}
	if !x.Const {
		valid = vec.And(valid, x.Valid, n)
	}
	if groups == nil && s.value != nil && len(s.groups) > 0 {
		return s.groups[0].addRows(y, x, valid, n)
	}
	for i := range n {
		if !valid.Get(i) {
			continue
		}
		if s.value == nil { // regr_count looks at no value, so that none can overflow
			s.groups[group(groups, i)].n++
			continue
		}
		if err := s.groups[group(groups, i)].add(y.Floats[y.At(i)], x.Floats[x.At(i)]); err != nil {
			return err
		}
	}
	return nil
}

// addRows is add of all rows that are valid. A sum that is not finite stays so: the last look at all of them tells whether there was something to check.
func (p *pairs) addRows(y, x *vec.Vec, valid vec.Bitmap, n int) error {
	count, sx, sy, sxx, syy, sxy := p.n, p.sx, p.sy, p.sxx, p.syy, p.sxy // in registers
	for i := range n {
		if count == 0 {
			break
		}
		if valid.Get(i) {
			y, x := y.Floats[y.At(i)], x.Floats[x.At(i)]
			sx, sy = sx+x, sy+y
			sxx, syy, sxy = deviations(count, y, x, sx, sy, sxx, syy, sxy)
			count++
		}
	}
	if all := sx + sy + sxx + syy + sxy; all-all == 0 && count > 0 {
		*p = pairs{count, sx, sxx, sy, syy, sxy}
		return nil
	}
	for i := range n {
		if !valid.Get(i) {
			continue
		}
		if err := p.addChecked(y.Floats[y.At(i)], x.Floats[x.At(i)]); err != nil {
			return err
		}
	}
	return nil
}

// Merge implements exprs.State.
func (s *regression) Merge(other exprs.State, into []uint32) error {
	for i, p := range other.(*regression).groups {
		if s.value == nil {
			s.groups[into[i]].n += p.n
			continue
		}
		if err := s.groups[into[i]].merge(p); err != nil {
			return err
		}
	}
	return nil
}

// Result implements exprs.State.
func (s *regression) Result(lo, hi int) (*vec.Vec, error) {
	if s.value == nil {
		return results(arrowschema.Int8, lo, hi, func(int) bool { return true }, func(i int) (int64, error) { return int64(s.groups[i].n), nil })
	}
	seen := func(i int) bool { _, ok := s.value(&s.groups[i]); return ok }
	return results(arrowschema.Float8, lo, hi, seen, func(i int) (float64, error) { v, _ := s.value(&s.groups[i]); return v, nil })
}

// Bytes implements exprs.State.
func (s *regression) Bytes() int64 { return int64(cap(s.groups)) * 48 }
