package datetime

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// picture is to_char's format of a time, read (documentation, table 9.26).
type picture []pictureItem

// pictureItem is a keyword with its modifiers, or literal text.
type pictureItem struct {
	key     string // in capitals, "" for literal text
	written string // as it was written: DAY, Day or day
	literal string
	fill    bool // FM: no padding
	// translated is set by TM, which in the locale C only takes the padding from names.
	translated bool
	th         string
}

// numberKeys may be written in capitals or in small letters, nameKeys also with the first letter a capital.
var (
	numberKeys = []string{
		"A.D.", "A.M.", "AD", "AM", "B.C.", "BC", "CC", "DDD", "DD", "D", "FF1", "FF2", "FF3", "FF4", "FF5", "FF6", "HH24", "HH12", "HH", "IDDD", "ID", "IW",
		"IYYY", "IYY", "IY", "I", "J", "MI", "MM", "MS", "OF", "P.M.", "PM", "Q", "RM", "SSSSS", "SSSS", "SS", "TZH", "TZM", "TZ", "US", "WW", "W", "Y,YYY",
		"YYYY", "YYY", "YY", "Y",
	}
	nameKeys = []string{"DAY", "DY", "MONTH", "MON"}
)

// pictureKeys gives what is written for which key, the longest first.
func pictureKeys() []pictureItem {
	var keys []pictureItem
	for _, k := range numberKeys {
		keys = append(keys, pictureItem{key: k, written: k}, pictureItem{key: k, written: strings.ToLower(k)})
	}
	for _, k := range nameKeys {
		small := strings.ToLower(k)
		keys = append(keys, pictureItem{key: k, written: k}, pictureItem{key: k, written: small}, pictureItem{key: k, written: k[:1] + small[1:]})
	}
	sort.SliceStable(keys, func(i, j int) bool { return len(keys[i].written) > len(keys[j].written) })
	return keys
}

// readPicture parses a format. What is no keyword stands for itself; text in double quotes does so whatever it is.
func readPicture(format string) picture {
	var p picture
	keys := pictureKeys()
	for format != "" {
		if item, rest, ok := readKey(keys, format); ok {
			p, format = append(p, item), rest
			continue
		}
		text, rest := format[:1], format[1:]
		switch {
		case format[0] == '"':
			text, rest = quoted(rest)
		case strings.HasPrefix(format, `\"`):
			text, rest = `"`, format[2:]
		default:
			_, size := utf8.DecodeRuneInString(format)
			text, rest = format[:size], format[size:]
		}
		p, format = append(p, pictureItem{literal: text}), rest
	}
	return p
}

// readKey reads prefixes, a keyword and its suffixes. The prefix FX changes nothing in output.
func readKey(keys []pictureItem, format string) (item pictureItem, rest string, ok bool) {
	fill, translated, prefixed := false, false, false
	rest = format
	for again := true; again; {
		again = false
		for _, prefix := range []string{"FM", "fm", "FX", "fx", "TM", "tm"} {
			if strings.HasPrefix(rest, prefix) && !again {
				rest, again, prefixed = rest[2:], true, true
				fill = fill || prefix == "FM" || prefix == "fm"
				translated = translated || prefix == "TM" || prefix == "tm"
			}
		}
	}
	for _, k := range keys {
		if !strings.HasPrefix(rest, k.written) {
			continue
		}
		item, rest = k, rest[len(k.written):]
		item.fill, item.translated = fill, translated
		for _, suffix := range []string{"TH", "th", "SP"} {
			if strings.HasPrefix(rest, suffix) {
				rest = rest[2:]
				if suffix != "SP" {
					item.th = suffix
				}
				break
			}
		}
		return item, rest, true
	}
	if prefixed { // a prefix of nothing is dropped
		return pictureItem{}, rest, true
	}
	return pictureItem{}, format, false
}

// quoted reads text up to a double quote; a backslash lets the next character stand for itself.
func quoted(s string) (text, rest string) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
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
