package swf

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Header is what the header lines of a log say, as far as it matters here.
type Header struct {
	Installation, Computer string
	Start                  int64 // UnixStartTime, seconds since 1970-01-01 UTC
	HasStart               bool
	Queues, Partitions     map[int64]string // names by number
}

// line takes a header line: `; Key: value`. What is not understood is a remark.
func (h *Header) line(text string) {
	key, value, ok := strings.Cut(strings.TrimLeft(text, "; \t"), ":")
	if !ok {
		return
	}
	value = strings.TrimSpace(readable(value))
	switch strings.TrimSpace(key) {
	case "Installation":
		h.Installation = value
	case "Computer":
		h.Computer = value
	case "UnixStartTime":
		first, _, _ := strings.Cut(value, " ")
		if n, err := strconv.ParseInt(first, 10, 64); err == nil && n > -maxSeconds && n < maxSeconds {
			h.Start, h.HasStart = n, true
		}
	case "Queue":
		h.Queues = name(h.Queues, value)
	case "Partition":
		h.Partitions = name(h.Partitions, value)
	}
}

// name enters `<number> <name>`.
func name(to map[int64]string, value string) map[int64]string {
	number, rest, _ := strings.Cut(strings.ReplaceAll(value, "\t", " "), " ")
	n, err := strconv.ParseInt(number, 10, 64)
	if rest = strings.TrimSpace(rest); err != nil || rest == "" {
		return to
	}
	if to == nil {
		to = map[int64]string{}
	}
	if len(to) < maxNames {
		to[n] = rest
	}
	return to
}

// maxNames bounds the names that a header can make us keep: no machine has so many queues.
const maxNames = 1 << 20

// readable gives text that is not UTF-8 as Latin-1, which is what older logs are written in. Zero bytes are dropped.
func readable(s string) string {
	if !utf8.ValidString(s) {
		var b strings.Builder
		for i := range len(s) {
			b.WriteRune(rune(s[i]))
		}
		s = b.String()
	}
	return strings.ReplaceAll(s, "\x00", "")
}
