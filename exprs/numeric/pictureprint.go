package numeric

import (
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
)

// printer writes one number into a picture. What is printed where follows PostgreSQL's formatting.c in every quirk that its tests or ours show.
type printer struct {
	p        *picture
	out      []byte
	number   string // digits with a point, without a sign; # where it does not fit
	at       int    // the next byte of number
	position int    // the digit position of the picture that comes next
	pad      int    // positions before the number's first digit
	last     int    // with FM, the last byte of number worth printing; -1 without
	sign     byte   // '+' or '-'
	place    signPlace
	brackets bool
	signDone bool
	started  bool // the position before wrote a digit
	count    int
}

// print writes a number, given as its digits, rounded to p.post places, and a sign. pre is the number of positions before the point, V's included.
func (p *picture) print(ctx *exprs.Ctx, sign byte, digits string, pre int) (string, error) {
	w := &printer{p: p, out: make([]byte, 0, p.length+len(`<>`)), number: digits, sign: sign, last: -1, place: p.sign, brackets: p.brackets}
	whole := strings.IndexByte(digits, '.')
	if whole < 0 {
		whole = len(digits)
	}
	switch {
	case whole < pre:
		w.pad = pre - whole
	case whole > pre:
		overflow := []byte(strings.Repeat("#", pre+p.post+1))
		overflow[pre] = '.'
		w.number = string(overflow)
	}
	w.prepare(pre)
	for i, item := range p.items {
		if i%itemsBetween == itemsBetween-1 {
			if err := ctx.Check(); err != nil {
				return "", err
			}
		}
		if item.key == "" {
			w.out = append(w.out, item.literal...)
			continue
		}
		if err := w.key(item.key); err != nil {
			return "", err
		}
	}
	return string(w.out), nil
}

func (w *printer) prepare(pre int) {
	p := w.p
	switch {
	case p.plus || p.minus:
		w.signDone = !(p.plus && !p.minus)
	default:
		if w.sign != '-' && p.fill {
			w.brackets = false
		}
		w.signDone = w.sign == '+' && p.fill && p.sign == noSign
		if w.place == signBefore && p.pre == p.signAt {
			w.place = signBehind
		}
	}
	if p.fill && p.decimal {
		w.last = lastRelevant(w.number)
		if w.last >= 0 && p.zeroEnd > w.pad {
			// A 0 in the picture shows its digit.
			w.last = max(w.last, min(p.zeroEnd-w.pad, len(w.number)-1))
		}
	}
	w.count = pre + p.post - 1
	if !w.signDone && w.pad == 0 {
		w.count++
	}
}

// lastRelevant gives the place of the last digit behind the point that is not zero, or the point's; -1 when there is no point.
func lastRelevant(number string) int {
	point := strings.IndexByte(number, '.')
	if point < 0 {
		return -1
	}
	last := point
	for i := point + 1; i < len(number); i++ {
		if number[i] != '0' {
			last = i
		}
	}
	return last
}

func (w *printer) key(key string) error {
	fill := func(c byte) {
		if !w.p.fill {
			w.out = append(w.out, c)
		}
	}
	switch upper := strings.ToUpper(key); upper {
	case "9", "0", ".", "D":
		w.digit(upper == "0")
	case ",", "G":
		if w.started {
			w.out = append(w.out, ',')
		} else {
			fill(' ')
		}
	case "L":
		w.out = append(w.out, ' ') // the locale C has no currency symbol
	case "TH":
		if w.number[0] == '#' || w.sign == '-' || w.p.decimal {
			return nil
		}
		if last := w.number[len(w.number)-1]; last < '0' || last > '9' {
			return sqlstate.New(sqlstate.InvalidTextRepresentation, "\"%s\" is not a number", w.number)
		}
		w.out = append(w.out, ordinal(w.number, key == "TH")...)
	case "MI":
		if w.sign == '-' {
			w.out = append(w.out, '-')
		} else {
			fill(' ')
		}
	case "PL":
		if w.sign == '+' {
			w.out = append(w.out, '+')
		} else {
			fill(' ')
		}
	case "SG":
		w.out = append(w.out, w.sign)
	}
	return nil
}

// digit writes one position. zero is set for a 0 of the picture.
func (w *printer) digit(zero bool) {
	p := w.p
	w.started = false
	if w.at >= len(w.number) { // the positions behind the point, of NaN and the infinities
		return
	}
	zeroFrom := p.zeroStart - 1
	inZeros := p.zero && zeroFrom <= w.position
	atPoint := w.last >= 0 && w.number[w.last] == '.'
	leadingZero := !p.zero && w.at == 0 && w.number[0] == '0' && p.post != 0 // 0.5 is printed as .5
	if !w.signDone && (w.position >= w.pad || p.zero && zeroFrom == w.position) && (!leadingZero || atPoint) {
		w.leadingSign()
	}
	switch {
	case w.position < w.pad && !inZeros:
		if !p.fill {
			w.out = append(w.out, ' ')
		}
	case w.position < w.pad:
		w.out = append(w.out, '0')
		w.started = true
	default:
		w.numberDigit(zero, leadingZero, atPoint)
	}
	end := w.count
	if w.pad > 0 {
		end++
	}
	if p.decimal {
		end++
	}
	if w.last >= 0 && w.last == w.at {
		end = w.position
	}
	if w.position+1 == end {
		w.trailingSign()
	}
	w.position++
}

func (w *printer) numberDigit(zero, leadingZero, atPoint bool) {
	switch c := w.number[w.at]; {
	case c == '.':
		w.out = append(w.out, '.')
	case w.last >= 0 && w.at > w.last && !zero:
	case leadingZero && !w.p.fill:
		w.out = append(w.out, ' ')
	case leadingZero && atPoint:
		w.out = append(w.out, '0')
	case leadingZero:
	default:
		w.out = append(w.out, c)
		w.started = true
	}
	w.at++
}

func (w *printer) leadingSign() {
	switch {
	case w.place == signBefore:
		w.out = append(w.out, w.sign)
	case w.place == signBehind:
		return
	case w.brackets:
		w.out = append(w.out, map[byte]byte{'+': ' ', '-': '<'}[w.sign])
	case w.sign == '-':
		w.out = append(w.out, '-')
	case !w.p.fill:
		w.out = append(w.out, ' ')
	}
	w.signDone = true
}

func (w *printer) trailingSign() {
	switch {
	case w.signDone && w.brackets:
		w.out = append(w.out, map[byte]byte{'+': ' ', '-': '>'}[w.sign])
	case w.place == signBehind:
		w.out = append(w.out, w.sign)
	}
}

// ordinal gives st, nd, rd or th for a number in digits.
func ordinal(digits string, upper bool) string {
	s := "th"
	n := len(digits)
	if n < 2 || digits[n-2] != '1' {
		switch digits[n-1] {
		case '1':
			s = "st"
		case '2':
			s = "nd"
		case '3':
			s = "rd"
		}
	}
	if upper {
		return strings.ToUpper(s)
	}
	return s
}
