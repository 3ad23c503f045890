package decimal

import (
	"fmt"
	"math/big"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// Round gives d rounded half away from zero to scale digits after the point; a negative scale rounds before the point and displays no fraction.
// A larger scale than d's appends zeros, up to MaxScale. NaN and the infinities stay.
// Error: 22003 when rounding up leaves NUMERIC's range.
func Round(d Dec, scale int) (Dec, error) {
	// The meta of what is not small is far above all scales: such a value does not lose a few digits.
	if k := int(d.meta) - scale; k > 0 && k < 19 && uint(scale) <= MaxScale && d.hi == int64(d.lo)>>63 {
		x, unit := int64(d.lo), int64(pow10[k].lo)
		q := x / unit
		switch r := x - q*unit; {
		case r >= unit/2:
			q++
		case r <= -unit/2:
			q--
		}
		return FromInt128(q>>63, uint64(q), scale), nil
	}
	return d.rescale(max(-MaxIntDigits-1, min(scale, MaxScale)), halfAway) // one further than the digits: there all rounds to 0
}

// Trunc gives d cut to scale digits after the point, under the rules of Round.
func Trunc(d Dec, scale int) Dec {
	r, _ := d.rescale(max(-MaxIntDigits, min(scale, MaxScale)), toZero) // towards zero nothing leaves the range
	return r
}

// Ceil gives the smallest whole number that is not less than d. Error: 22003 out of NUMERIC's range.
func Ceil(d Dec) (Dec, error) { return d.rescale(0, up) }

// Floor gives the largest whole number that is not greater than d. Error: 22003 out of NUMERIC's range.
func Floor(d Dec) (Dec, error) { return d.rescale(0, down) }

// rounding is where a value between two representable ones goes.
type rounding uint8

const (
	halfAway rounding = iota // to the nearer, from the middle away from zero
	toZero
	up   // towards Infinity
	down // towards -Infinity
)

// away reports whether to go away from zero, given the sign, the value's remainder being zero or not, and it being at least half a unit.
func (r rounding) away(neg, exact, half bool) bool {
	switch r {
	case halfAway:
		return half
	case up:
		return !exact && !neg
	case down:
		return !exact && neg
	}
	return false
}

// rescale gives d at the scale, negative ones counting digits before the point, whose results have scale 0.
func (d Dec) rescale(scale int, how rounding) (Dec, error) {
	if d.special() {
		return d, nil
	}
	k := d.Scale() - scale // digits to drop
	if d.small() {
		if k <= 0 {
			if r, ok := d.upscale(scale); ok {
				return r, nil
			}
		} else if r, ok := d.dropSmall(k, scale, how); ok {
			return r, nil
		}
	}
	if k <= 0 {
		return fromBig(shiftBig(d.coef(), -k), scale)
	}
	return d.dropBig(k, scale, how)
}

func (d Dec) dropSmall(k, scale int, how rounding) (Dec, bool) {
	neg, m := d.mag()
	var q, r u128
	var half bool
	if k < len(pow10) {
		q, r = m.quoRem(pow10[k])
		half = !r.less(pow10[k].sub(r))
	} else { // 10^39 is more than twice any coefficient
		r = m
	}
	ok := true
	if how.away(neg, r.isZero(), half) {
		q, ok = q.inc()
	}
	if scale < 0 && ok {
		q, ok = q.shift10(-scale)
	}
	if !ok {
		return Dec{}, false
	}
	return fromMag(neg, q, max(scale, 0))
}

func (d Dec) dropBig(k, scale int, how rounding) (Dec, error) {
	z, p := d.coef(), bigPow10(k)
	q, r := new(big.Int).QuoRem(z, p, new(big.Int))
	exact := r.Sign() == 0
	half := r.Lsh(r, 1).CmpAbs(p) >= 0
	if how.away(z.Sign() < 0, exact, half) {
		q.Add(q, big.NewInt(int64(z.Sign())))
	}
	if scale < 0 {
		q.Mul(q, bigPow10(-scale))
	}
	return fromBig(q, max(scale, 0))
}

// Fit assigns d to a numeric(precision, scale): it rounds half away from zero to scale, which may be negative or exceed precision, and checks
// the width. NaN fits every type. Errors: 22003 numeric field overflow, with PostgreSQL's detail, also for the infinities.
func Fit(d Dec, precision, scale int) (Dec, error) {
	if d.IsNaN() {
		return d, nil
	}
	if d.IsInf() {
		return Dec{}, errField().WithDetail("A field with precision %d, scale %d cannot hold an infinite value.", precision, scale)
	}
	width := precision - scale // digits before the point; negative ones are zeros after it
	r, err := d.rescale(scale, halfAway)
	if err == nil && !r.reaches(width) {
		return r, nil
	}
	limit := "1"
	if width != 0 {
		limit = fmt.Sprintf("10^%d", width)
	}
	return Dec{}, errField().WithDetail("A field with precision %d, scale %d must round to an absolute value less than %s.", precision, scale, limit)
}

// reaches reports |d| ≥ 10^k for a finite d.
func (d Dec) reaches(k int) bool {
	k += d.Scale()
	if d.Sign() == 0 {
		return false
	}
	if k <= 0 {
		return true
	}
	if d.small() {
		_, m := d.mag()
		return k < len(pow10) && !m.less(pow10[k])
	}
	return exceedsPow10(d.ext, k)
}

func errField() *sqlstate.Error {
	return sqlstate.New(sqlstate.NumericValueOutOfRange, "numeric field overflow")
}

// MinScale gives the smallest scale that shows d's value: SQL's min_scale(). It is 0 for NaN and the infinities, where SQL answers NULL.
func MinScale(d Dec) int { return TrimScale(d).Scale() }

// TrimScale gives d without the zeros at the end of its fraction: SQL's trim_scale().
func TrimScale(d Dec) Dec {
	if d.special() || d.Scale() == 0 {
		return d
	}
	if d.small() {
		neg, m := d.mag()
		m, scale := trimSmall(m, int(d.meta))
		r, _ := fromMag(neg, m, scale)
		return r
	}
	z, scale := new(big.Int).Set(d.ext), d.Scale()
	for step := 1 << 13; step > 0; step >>= 1 {
		if step > scale {
			continue
		}
		if q, r := new(big.Int).QuoRem(z, bigPow10(step), new(big.Int)); r.Sign() == 0 {
			z, scale = q, scale-step
		}
	}
	return unchecked(z, scale)
}

// trimSmall divides m and its scale by ten while the scale lasts and the division is exact.
func trimSmall(m u128, scale int) (u128, int) {
	if m.isZero() {
		return m, 0
	}
	for step := 32; step > 0; step >>= 1 {
		if step > scale || m.lo&(1<<min(step, 63)-1) != 0 { // 10^step divides only what 2^step divides
			continue
		}
		if q, r := m.quoRem(pow10[step]); r.isZero() {
			m, scale = q, scale-step
		}
	}
	return m, scale
}
