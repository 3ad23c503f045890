package jsontext

import "unicode/utf8"

// spaced gives the canonical form of JSON text that differs from it by no more than white space. It stops at the first byte that speaks against that.
func spaced(s string) (doc string, ok bool) {
	c := checker{s: s}
	i := c.value(c.trim(0))
	if i < 0 || c.trim(i) != len(s) || c.high >= utf8.RuneSelf && !utf8.ValidString(s) {
		return "", false
	}
	if doc = s; c.buf != nil {
		doc = view(append(c.buf, s[c.done:]...))
	}
	return doc, len(doc) <= MaxSize
}

// checker reads text that is canonical but for its white space. Its methods take the index at which something begins and give the index behind it, or -1 when
// there is more to change.
type checker struct {
	s     string
	depth int
	high  byte   // all bytes of the strings or-ed: whether UTF-8 has to be checked
	buf   []byte // the canonical form of s[:done], from the first change on
	done  int
}

// change puts other text in the place of s[from:to].
func (c *checker) change(from, to int, by string) {
	if c.buf == nil {
		c.buf = make([]byte, 0, len(c.s)+len(c.s)/4+16)
	}
	c.buf = append(append(c.buf, c.s[c.done:from]...), by...)
	c.done = to
}

// white gives the index behind the white space at i.
func (c *checker) white(i int) int {
	for i < len(c.s) && (c.s[i] == ' ' || c.s[i] == '\n' || c.s[i] == '\t' || c.s[i] == '\r') {
		i++
	}
	return i
}

// trim takes the white space at i away.
func (c *checker) trim(i int) int {
	end := c.white(i)
	if end > i {
		c.change(i, end, "")
	}
	return end
}

// separator reads a comma or a colon, and makes the white space around it what by has.
func (c *checker) separator(i int, by string) int {
	end := i + len(by)
	if end < len(c.s) && c.s[i:end] == by && c.s[end] > ' ' {
		return end
	}
	mark := c.white(i)
	if mark >= len(c.s) || c.s[mark] != by[0] {
		return -1
	}
	end = c.white(mark + 1)
	c.change(i, end, by)
	return end
}

// closed gives the index behind the bracket that ends a list at i, and 0 when something else stands there.
func (c *checker) closed(i int, bracket byte) int {
	if c.s[i] == bracket {
		return i + 1
	}
	if end := c.white(i); end > i && end < len(c.s) && c.s[end] == bracket {
		c.change(i, end, "")
		return end + 1
	}
	return 0
}

func (c *checker) value(i int) int {
	if i >= len(c.s) {
		return -1
	}
	switch c.s[i] {
	case '"':
		return c.str(i)
	case '[', '{':
		if c.depth++; c.depth > MaxDepth {
			return -1
		}
		if c.s[i] == '[' {
			i = c.array(i + 1)
		} else {
			i = c.object(i + 1)
		}
		c.depth--
		return i
	case 't':
		return c.literal(i, "true")
	case 'f':
		return c.literal(i, "false")
	case 'n':
		return c.literal(i, "null")
	}
	return canonicalNumberEnd(c.s, i)
}

func (c *checker) literal(i int, word string) int {
	if end := i + len(word); end <= len(c.s) && c.s[i:end] == word {
		return end
	}
	return -1
}

// str reads a string. Whether its bytes are UTF-8 is left to the end.
func (c *checker) str(i int) int {
	high := c.high
	for i++; i < len(c.s); i++ {
		switch b := c.s[i]; {
		case b == '"':
			c.high = high
			return i + 1
		case b == '\\':
			n := canonicalEscape(c.s[i:])
			if n == 0 {
				return -1
			}
			i += n - 1
		case b < ' ':
			return -1
		default:
			high |= b
		}
	}
	return -1
}

func (c *checker) array(i int) int {
	if i = c.trim(i); i < len(c.s) && c.s[i] == ']' {
		return i + 1
	}
	for {
		if i = c.value(i); i < 0 || i >= len(c.s) {
			return -1
		}
		if end := c.closed(i, ']'); end > 0 {
			return end
		}
		if i = c.separator(i, ", "); i < 0 {
			return -1
		}
	}
}

func (c *checker) object(i int) int {
	if i = c.trim(i); i < len(c.s) && c.s[i] == '}' {
		return i + 1
	}
	for last, first := "", true; ; first = false {
		if i >= len(c.s) || c.s[i] != '"' {
			return -1
		}
		end := c.str(i)
		if end < 0 {
			return -1
		}
		key := c.s[i+1 : end-1]
		if !first && compareKeys(last, key) >= 0 {
			return -1
		}
		last = key
		if i = c.separator(end, ": "); i < 0 {
			return -1
		}
		if i = c.value(i); i < 0 || i >= len(c.s) {
			return -1
		}
		if end := c.closed(i, '}'); end > 0 {
			return end
		}
		if i = c.separator(i, ", "); i < 0 {
			return -1
		}
	}
}
