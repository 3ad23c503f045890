package numeric

import (
	"math"
	"strconv"
	"strings"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/vec"
)

// formats gives to_char of every number type.
func formats() []exprs.Func {
	var out []exprs.Func
	for _, t := range []arrowschema.Type{arrowschema.Int4, arrowschema.Int8, arrowschema.Numeric, f4, f8} {
		out = append(out, exprs.Func{
			Name: "to_char", Args: []arrowschema.Type{t, arrowschema.Text}, Result: arrowschema.Text, Volatility: exprs.Stable, Eval: formatKernel(t),
		})
	}
	return out
}

func formatKernel(t arrowschema.Type) exprs.Kernel {
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		var p *picture
		last := ""
		for i := range out.Strs {
			if !out.Valid.Get(i) {
				continue
			}
			format := args[1].Strs[args[1].At(i)]
			if p == nil || format != last {
				var err error
				if p, err = readPicture(ctx, format); err != nil {
					return err
				}
				last = format
			}
			var err error
			switch at := args[0].At(i); t {
			case arrowschema.Numeric:
				out.Strs[i], err = p.decimal128(ctx, args[0].Decs[at])
			case f4, f8:
				out.Strs[i], err = p.float(ctx, args[0].Floats[at], t)
			default:
				out.Strs[i], err = p.integer(ctx, args[0].Ints[at], t)
			}
			if err == nil {
				err = ctx.Row(out, i)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
}

// signed cuts the sign off a number's text.
func signed(text string) (sign byte, digits string) {
	if digits, negative := strings.CutPrefix(text, "-"); negative {
		return '-', digits
	}
	return '+', text
}

// decimal128 prints a numeric, rounded half away from zero.
func (p *picture) decimal128(ctx *exprs.Ctx, d decimal.Dec) (string, error) {
	if p.roman {
		n, err := d.Int32()
		return p.romanNumeral(int64(n)), err
	}
	if p.scientific {
		return p.exponent(d)
	}
	pre, err := p.pre, error(nil)
	if p.shifted {
		pre += p.multiply
		if d, err = decimal.Mul(d, powerOfTen(p.multiply)); err != nil {
			return "", err
		}
	}
	if d, err = decimal.Round(d, p.post); err != nil {
		return "", err
	}
	sign, digits := signed(d.String())
	return p.print(ctx, sign, digits, pre)
}

func powerOfTen(n int) decimal.Dec { return decimal.New(1, -n) }

// integer prints an integer, which has only zeros behind the point.
func (p *picture) integer(ctx *exprs.Ctx, x int64, t arrowschema.Type) (string, error) {
	switch {
	case p.roman:
		if x != int64(int32(x)) {
			return "", outOfRange(arrowschema.Int4)
		}
		return p.romanNumeral(x), nil
	case p.scientific:
		return p.exponent(decimal.FromInt64(x))
	}
	pre := p.pre
	if p.shifted {
		factor := math.Pow(10, float64(p.multiply))
		lo, hi := limits(t)
		shifted := float64(x) * factor
		if shifted < float64(lo) || shifted > float64(hi) {
			return "", outOfRange(t)
		}
		x = int64(shifted)
		pre += p.multiply
	}
	sign, digits := signed(strconv.FormatInt(x, 10))
	if p.post > 0 {
		digits += "." + strings.Repeat("0", p.post)
	}
	return p.print(ctx, sign, digits, pre)
}

// float prints a float with as many digits as its type is sure of.
func (p *picture) float(ctx *exprs.Ctx, x float64, t arrowschema.Type) (string, error) {
	const digits4, digits8 = 6, 15
	sure, size := digits8, 64
	if t == f4 {
		sure, size = digits4, 32
	}
	switch {
	case p.roman:
		n, err := floatToInteger(arrowschema.Int4)(x)
		if err != nil {
			n = 0 // no numeral, like all that is not from 1 to 3999
		}
		return p.romanNumeral(n), nil
	case p.scientific:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return p.noExponent(), nil
		}
		text := strconv.FormatFloat(x, 'e', p.post, 64)
		if !math.Signbit(x) {
			text = " " + text
		}
		return text, nil
	}
	pre := p.pre
	if p.shifted {
		x *= math.Pow(10, float64(p.multiply))
		if t == f4 {
			x = float64(float32(x))
		}
		pre += p.multiply
	}
	sign, digits := floatDigits(x, 0, size)
	cut := *p
	cut.post = max(0, min(p.post, sure-len(digits)))
	if !math.IsNaN(x) && !math.IsInf(x, 0) {
		sign, digits = floatDigits(x, cut.post, 64)
	}
	return cut.print(ctx, sign, digits, pre)
}

// floatDigits gives a float rounded to post digits behind the point, half to even.
func floatDigits(x float64, post, size int) (sign byte, digits string) {
	switch {
	case math.IsNaN(x):
		return '+', "NaN"
	case math.IsInf(x, 1):
		return '+', "Infinity"
	case math.IsInf(x, -1):
		return '-', "Infinity"
	}
	return signed(strconv.FormatFloat(x, 'f', post, size))
}

// exponent prints in scientific notation.
func (p *picture) exponent(d decimal.Dec) (string, error) {
	if d.IsNaN() || d.IsInf() {
		return p.noExponent(), nil
	}
	text := scientific(d, p.post)
	if text[0] != '-' {
		text = " " + text
	}
	return text, nil
}

// noExponent is what stands for NaN and the infinities, with one # for the sign and three for the exponent.
func (p *picture) noExponent() string {
	return " " + strings.Repeat("#", p.pre) + "." + strings.Repeat("#", p.post) + "####"
}

// scientific gives a finite numeric as d.ddde+dd with post digits behind the point. As in PostgreSQL 15, what rounds up to 10 stays 10.00e+02.
func scientific(d decimal.Dec, post int) string {
	sign, text := signed(d.String())
	prefix := ""
	if sign == '-' {
		prefix = "-"
	}
	whole, fraction, _ := strings.Cut(text, ".")
	digits := whole + fraction
	lead := strings.IndexFunc(digits, func(r rune) bool { return r != '0' })
	exponent := 0
	if lead < 0 {
		digits, lead = "0", 0
	} else {
		exponent = len(whole) - 1 - lead
		digits = digits[lead:]
	}
	mantissa := digits[:1]
	if post > 0 || len(digits) > 1 {
		rounded, err := decimal.Parse(digits[:1] + "." + digits[1:] + "0")
		if err == nil {
			rounded, err = decimal.Round(rounded, post)
		}
		if err == nil {
			mantissa = rounded.String()
		}
	}
	e := strconv.Itoa(max(exponent, -exponent))
	if len(e) < 2 {
		e = "0" + e
	}
	mark := "e+"
	if exponent < 0 {
		mark = "e-"
	}
	return prefix + mantissa + mark + e
}

// romanNumeral prints 1 to 3999 in 15 places, without blanks under FM.
func (p *picture) romanNumeral(n int64) string {
	const places = 15
	if n < 1 || n > 3999 {
		return strings.Repeat("#", places)
	}
	var b strings.Builder
	for _, r := range [...]struct {
		value int64
		text  string
	}{
		{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"},
	} {
		for ; n >= r.value; n -= r.value {
			b.WriteString(r.text)
		}
	}
	text := b.String()
	for _, item := range p.items {
		if item.key == "rn" {
			text = strings.ToLower(text)
		}
	}
	if p.fill {
		return text
	}
	return strings.Repeat(" ", max(0, places-len(text))) + text
}
