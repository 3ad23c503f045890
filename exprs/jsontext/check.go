package jsontext

import "unicode/utf8"

// isCanonical tells whether Canonical would return s as it is. It stops at the first byte that speaks against it.
func isCanonical(s string) bool {
	c := checker{s: s}
	return len(s) <= MaxSize && c.value(0) == len(s) && (c.high < utf8.RuneSelf || utf8.ValidString(s))
}

// checker reads canonical text. Its methods take the index at which something begins and give the index behind it, or -1 when it is not canonical.
type checker struct {
	s     string
	depth int
	high  byte // all bytes of the strings or-ed: whether UTF-8 has to be checked
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
	if i < len(c.s) && c.s[i] == ']' {
		return i + 1
	}
	for {
		if i = c.value(i); i < 0 || i >= len(c.s) {
			return -1
		}
		if c.s[i] == ']' {
			return i + 1
		}
		if i = c.literal(i, ", "); i < 0 {
			return -1
		}
	}
}

func (c *checker) object(i int) int {
	if i < len(c.s) && c.s[i] == '}' {
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
		if i = c.literal(end, ": "); i < 0 {
			return -1
		}
		if i = c.value(i); i < 0 || i >= len(c.s) {
			return -1
		}
		if c.s[i] == '}' {
			return i + 1
		}
		if i = c.literal(i, ", "); i < 0 {
			return -1
		}
	}
}
