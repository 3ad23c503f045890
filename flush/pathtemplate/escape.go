package pathtemplate

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
)

// The forms of values that have no escaped form. Behind an escaped byte's % stand two hexadecimal digits; here there are none.
const (
	emptyValue = "%empty"
	nullValue  = "%null"
	hashMark   = "%sha%"
)

const (
	hashPrefix   = 20 // bytes of an escaped value that stay readable in front of its hash
	hashText     = 52 // SHA-256 in base32 without padding
	hashedLength = hashPrefix + len(hashMark) + hashText
)

const upperHex = "0123456789ABCDEF"

func isLetter(c byte) bool       { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isAlphanumeric(c byte) bool { return isLetter(c) || c >= '0' && c <= '9' }

// plain tells whether a byte stands for itself: what no file system, shell pattern, URL or Hive path gives a meaning.
func plain(c byte) bool { return isAlphanumeric(c) || c == '-' || c == '_' || c == '.' || c == '@' }

// appendValue appends a value in its escaped form.
func (e *element) appendValue(dst []byte, value string) []byte {
	if value == "" {
		return append(dst, emptyValue...)
	}
	at, cut := len(dst), len(dst) // cut: the end of the last whole escape within the prefix of a hashed value
	device := isDevice(value)
	for i := 0; i < len(value); i++ {
		if c := value[i]; e.escapes(value, i) || i == 0 && device {
			dst = append(dst, '%', upperHex[c>>4], upperHex[c&15])
		} else {
			dst = append(dst, c)
		}
		if len(dst)-at <= hashPrefix {
			cut = len(dst)
		}
		if len(dst)-at > e.limit {
			return appendHash(dst[:cut], value)
		}
	}
	return dst
}

// escapes tells whether byte i of a value is escaped.
func (e *element) escapes(value string, i int) bool {
	c := value[i]
	switch {
	case !plain(c) || strings.IndexByte(e.extra, c) >= 0:
		return true
	case i == 0:
		return !isAlphanumeric(c) && c != '@'
	default:
		return i == len(value)-1 && c == '.'
	}
}

// appendHash appends what stands for the rest of a value that is too long.
func appendHash(dst []byte, value string) []byte {
	sum := sha256.Sum256([]byte(value))
	dst = append(dst, hashMark...)
	return append(dst, strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:]))...)
}

// isDevice tells whether Windows takes a name for a device, whatever follows its first dot.
func isDevice(value string) bool {
	name, _, _ := strings.Cut(value, ".")
	switch name = strings.ToLower(name); name {
	case "con", "prn", "aux", "nul":
		return true
	default:
		return len(name) == 4 && (strings.HasPrefix(name, "com") || strings.HasPrefix(name, "lpt")) && name[3] >= '0' && name[3] <= '9'
	}
}
