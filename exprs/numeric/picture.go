package numeric

import (
	"strings"
	"unicode/utf8"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
)

// picture is to_char's format of a number, read (documentation, table 9.29).
type picture struct {
	items      []pictureItem
	length     int // of the format, in bytes
	pre, post  int // digit positions before and after the point
	zeroStart  int // the first 0 before the point, counted from 1; 0 when there is none
	zeroEnd    int // the last 0
	multiply   int // digits behind V
	signAt     int // digits before S
	sign       signPlace
	decimal    bool // a point or a D
	zero       bool
	fill       bool // FM
	brackets   bool // PR
	minus      bool // MI, or SG
	plus       bool // PL, or SG
	scientific bool // EEEE
	roman      bool
	shifted    bool // V
	blank      bool // B
}

type signPlace uint8

const (
	noSign signPlace = iota
	signBefore
	signBehind
)

// pictureItem is a keyword, or literal text.
type pictureItem struct {
	key, literal string
}

// pictureKeys is the keywords, longer ones before their beginnings; each may be written in small letters too.
var pictureKeys = [...]string{"EEEE", "FM", "MI", "PL", "PR", "RN", "SG", "SP", "TH", ",", ".", "0", "9", "B", "C", "D", "G", "L", "S", "V"}

// keyAt gives the keyword with which a format begins, "" for none.
func keyAt(format string) string {
	for _, k := range pictureKeys {
		if len(format) < len(k) || format[0]&^0x20 != k[0]&^0x20 {
			continue
		}
		if written := format[:len(k)]; written == k || strings.ToUpper(written) == k && strings.ToLower(written) == written {
			return k
		}
	}
	return ""
}

func errPicture(format string, args ...any) error {
	return sqlstate.New(sqlstate.SyntaxError, format, args...)
}

const (
	// itemBytes is what an item of a picture takes in memory.
	itemBytes = 32
	// itemsBetween is the number of items between two looks at the context: well below a millisecond.
	itemsBetween = 4096
	// printedBytes is what one byte of a format takes while a number is printed, beside the result: the buffer that it is made in, digits.
	printedBytes = 2
)

// readPicture parses a format, which may be long.
func readPicture(ctx *exprs.Ctx, format string) (*picture, error) {
	p := &picture{length: len(format)}
	if len(format) > itemsBetween {
		if err := ctx.Reserve(int64(len(format)) * printedBytes); err != nil {
			return nil, err
		}
	}
	for format != "" {
		if len(p.items)%itemsBetween == itemsBetween-1 {
			if err := p.room(ctx); err != nil {
				return nil, err
			}
		}
		key := keyAt(format)
		switch {
		case key != "":
			written := format[:len(key)]
			format = format[len(key):]
			if err := p.add(key); err != nil {
				return nil, err
			}
			p.items = append(p.items, pictureItem{key: written})
		case format[0] == '"':
			text, rest := quoted(format[1:])
			p.items, format = append(p.items, pictureItem{literal: text}), rest
		case strings.HasPrefix(format, `\"`):
			p.items, format = append(p.items, pictureItem{literal: `"`}), format[2:]
		default:
			_, size := utf8.DecodeRuneInString(format)
			p.items, format = append(p.items, pictureItem{literal: format[:size]}), format[size:]
		}
	}
	return p, nil
}

// room makes room for as many items more as are worked on between two looks at the context. The old items stay counted, as long as the context counts, for the
// collector may find them late.
func (p *picture) room(ctx *exprs.Ctx) error {
	if cap(p.items)-len(p.items) > itemsBetween {
		return ctx.Check()
	}
	n := 2*len(p.items) + 2*itemsBetween
	if err := ctx.Reserve(int64(n) * itemBytes); err != nil {
		return err
	}
	p.items = append(make([]pictureItem, 0, n), p.items...)
	return nil
}

// quoted reads text up to a double quote; a backslash lets the next character stand for itself.
func quoted(s string) (text, rest string) {
	end := strings.IndexAny(s, `"\`)
	switch {
	case end < 0:
		return s, ""
	case s[end] == '"':
		return s[:end], s[end+1:]
	}
	var b strings.Builder
	b.WriteString(s[:end])
	for i := end; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:]
		case s[i] == '\\' && i+1 < len(s):
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String(), ""
}

// add notes what a keyword means for the whole, and refuses what does not go together.
func (p *picture) add(key string) error {
	if p.scientific && key != "EEEE" && key != "," && key != "TH" && key != "SP" && key != "C" && key != "L" && key != "G" {
		return errPicture("\"EEEE\" must be the last pattern used")
	}
	switch key {
	case "9", "0":
		return p.digit(key)
	case "B":
		p.blank = p.blank || p.pre == 0 && p.post == 0 && !p.zero
	case ".", "D":
		switch {
		case p.decimal:
			return errPicture("multiple decimal points")
		case p.shifted:
			return errPicture("cannot use \"V\" and decimal point together")
		}
		p.decimal = true
	case "FM":
		p.fill = true
	case "S":
		return p.signKey()
	case "MI", "PL", "SG":
		if p.sign != noSign {
			return errPicture("cannot use \"S\" and \"%s\" together", key)
		}
		p.minus, p.plus = p.minus || key != "PL", p.plus || key != "MI"
	case "PR":
		if p.sign != noSign || p.plus || p.minus {
			return errPicture("cannot use \"PR\" and \"S\"/\"PL\"/\"MI\"/\"SG\" together")
		}
		p.brackets = true
	case "RN":
		p.roman = true
	case "V":
		if p.decimal {
			return errPicture("cannot use \"V\" and decimal point together")
		}
		p.shifted = true
	case "EEEE":
		if p.scientific {
			return errPicture("cannot use \"EEEE\" twice")
		}
		if p.blank || p.fill || p.sign != noSign || p.brackets || p.minus || p.plus || p.roman || p.shifted {
			return errPicture("\"EEEE\" is incompatible with other formats")
		}
		p.scientific = true
	}
	return nil
}

func (p *picture) digit(key string) error {
	if p.brackets {
		return errPicture("\"%s\" must be ahead of \"PR\"", key)
	}
	switch {
	case key == "9" && p.shifted:
		p.multiply++
	case p.decimal:
		p.post++
	default:
		if key == "0" && !p.zero {
			p.zero, p.zeroStart = true, p.pre+1
		}
		p.pre++
	}
	if key == "0" {
		p.zeroEnd = p.pre + p.post
	}
	return nil
}

func (p *picture) signKey() error {
	switch {
	case p.sign != noSign:
		return errPicture("cannot use \"S\" twice")
	case p.plus || p.minus || p.brackets:
		return errPicture("cannot use \"S\" and \"PL\"/\"MI\"/\"SG\"/\"PR\" together")
	case p.decimal:
		p.sign = signBehind
	default:
		p.sign, p.signAt = signBefore, p.pre
	}
	return nil
}
