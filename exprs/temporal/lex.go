package temporal

// fieldKind is the shape of a piece of the input, told by its first characters.
type fieldKind uint8

const (
	fieldNumber     fieldKind = iota // 12, 12.5, .5
	fieldDate                        // 2025-10-21, 21.10.2025, 21-oct-2025, america/new_york
	fieldClock                       // 14:30:22.5
	fieldWord                        // oct
	fieldSigned                      // +05:30, -1.5
	fieldSignedWord                  // -infinity
)

// field is a piece of the input, in lower case.
type field struct {
	kind fieldKind
	text string
}

const (
	maxFields = 25 // pieces of one input
	// What the pieces may hold together, a byte for the end of each included. Longer input is no date, time or interval.
	maxDateTimeBytes = 153
	maxTimeBytes     = 129
	maxIntervalBytes = 256
)

// lexer splits input into fields.
type lexer struct {
	in   string
	pos  int
	out  []byte
	room int
	full bool
}

// splitFields splits the input of a date, time or interval into its fields, in room bytes at most. White space and punctuation only separate.
func splitFields(in string, room int) ([]field, fault) {
	l := lexer{in: in, out: make([]byte, 0, 64), room: room}
	fields := make([]field, 0, 8)
	for {
		for isSpace(l.peek()) {
			l.pos++
		}
		if l.pos >= len(in) {
			return fields, noFault
		}
		if len(fields) == maxFields {
			return nil, badFormat
		}
		start := len(l.out)
		kind, some, ok := l.next()
		if !ok || l.full {
			return nil, badFormat
		}
		if !some {
			continue
		}
		l.room-- // the byte for the end
		fields = append(fields, field{kind, string(l.out[start:])})
	}
}

// next takes one field; some is false when it was only punctuation.
func (l *lexer) next() (kind fieldKind, some, ok bool) {
	switch c := l.peek(); {
	case isDigit(c):
		return l.fromDigit(), true, true
	case c == '.':
		l.take()
		l.takeWhile(isDigit)
		return fieldNumber, true, true
	case isLetter(c):
		return l.fromLetter(), true, true
	case c == '+' || c == '-':
		kind, ok = l.fromSign()
		return kind, true, ok
	case c > ' ' && c < 0x7f:
		l.pos++
		return 0, false, true
	}
	return 0, false, false
}

// fromDigit takes a number, a clock time, or a date, which has its separator twice or something other than a digit behind the first.
func (l *lexer) fromDigit() fieldKind {
	l.takeWhile(isDigit)
	separator := l.peek()
	switch separator {
	case ':':
		l.takeWhile(func(c byte) bool { return isDigit(c) || c == ':' || c == '.' })
		return fieldClock
	case '-', '/', '.':
	default:
		return fieldNumber
	}
	l.take()
	if !isDigit(l.peek()) {
		l.takeWhile(func(c byte) bool { return isDigit(c) || isLetter(c) || c == separator })
		return fieldDate
	}
	l.takeWhile(isDigit)
	if l.peek() == separator {
		l.takeWhile(func(c byte) bool { return isDigit(c) || c == separator })
		return fieldDate
	}
	if separator == '.' {
		return fieldNumber
	}
	return fieldDate
}

// fromLetter takes a word, or a date that begins with a month, or a zone's name. Digits or a plus sign belong to it only when the letters
// before them are no word of dates: oct21 are two fields, gmt+3 is one.
func (l *lexer) fromLetter() fieldKind {
	start := len(l.out)
	l.takeWhile(isLetter)
	switch c := l.peek(); {
	case c == '-' || c == '/' || c == '.':
	case c == '+' || isDigit(c):
		if _, known := findWord(dateWords, string(l.out[start:])); known {
			return fieldWord
		}
	default:
		return fieldWord
	}
	l.takeWhile(func(c byte) bool {
		return isDigit(c) || isLetter(c) || c == '+' || c == '-' || c == '/' || c == '_' || c == '.' || c == ':'
	})
	return fieldDate
}

// fromSign takes a signed number, offset or word; spaces may follow the sign.
func (l *lexer) fromSign() (fieldKind, bool) {
	l.take()
	for isSpace(l.peek()) {
		l.pos++
	}
	switch c := l.peek(); {
	case isDigit(c):
		l.takeWhile(func(c byte) bool { return isDigit(c) || c == ':' || c == '.' || c == '-' })
		return fieldSigned, true
	case isLetter(c):
		l.takeWhile(isLetter)
		return fieldSignedWord, true
	}
	return 0, false
}

// peek gives the next byte, 0 at the end.
func (l *lexer) peek() byte {
	if l.pos < len(l.in) {
		return l.in[l.pos]
	}
	return 0
}

// take moves a byte into the field, in lower case.
func (l *lexer) take() {
	c := l.in[l.pos]
	l.pos++
	if c >= 'A' && c <= 'Z' {
		c += 'a' - 'A'
	}
	if len(l.out)+1 >= l.room {
		l.full = true
		return
	}
	l.out = append(l.out, c)
}

func (l *lexer) takeWhile(wanted func(byte) bool) {
	for l.pos < len(l.in) && wanted(l.in[l.pos]) && !l.full {
		l.take()
	}
}

func isSpace(c byte) bool { return c == ' ' || (c >= '\t' && c <= '\r') }
