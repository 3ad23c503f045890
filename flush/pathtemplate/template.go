package pathtemplate

import (
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// Template is a path template that was found to be in order. It is immutable.
type Template struct {
	text     string
	elements []element
}

// element is one element of a path: literal text and variables.
type element struct {
	parts []part
	// limit is the longest that a value in this element may become, in bytes, and extra the characters that are escaped in it because they
	// separate values from one another.
	limit int
	extra string
}

// part is literal text, or a variable when kind is not literal.
type part struct {
	kind kind
	text string
}

type kind uint8

const (
	literal kind = iota
	storageLocation
	namespace
	tableName
	userID
	shard
)

var variables = map[string]kind{
	"storageLocation": storageLocation, "namespace": namespace, "tableName": tableName, "userId": userID, "shard": shard,
}

// maxElement is the longest name of a directory, in bytes: NAME_MAX of Linux, and the limit of NTFS and APFS (theirs is in characters, which are
// ASCII here).
const maxElement = 255

const hint = "A template is a relative path of {storageLocation}, {namespace}, {tableName}, {userId} and {shard}, " +
	"such as {storageLocation}/{namespace}/users/{userId}/{tableName}/{shard}/."

func refuse(template, format string, args ...any) error {
	return sqlstate.New(sqlstate.InvalidParameterValue, "invalid path_template %q", template).WithDetail(format, args...).WithHint(hint)
}

// Parse reads a template. The error is a *sqlstate.Error with code 22023 that says what is wrong with it.
func Parse(template string) (*Template, error) {
	if err := checkText(template); err != nil {
		return nil, err
	}
	t := &Template{text: template}
	rest := strings.TrimSuffix(template, "/")
	names := strings.Split(rest, "/")
	for i, name := range names {
		e, err := parseElement(template, name)
		if err != nil {
			return nil, err
		}
		if at := e.index(storageLocation); at >= 0 {
			if i > 0 || len(e.parts) > 1 {
				return nil, refuse(template, "{storageLocation} may only stand alone at the beginning, before a slash.")
			}
			continue // it is where the path begins, not a part of it
		}
		if err := e.settle(template); err != nil {
			return nil, err
		}
		t.elements = append(t.elements, e)
	}
	if !t.uses(tableName) {
		return nil, refuse(template, "The variable {tableName} is missing.")
	}
	return t, nil
}

// checkText refuses what is wrong with the text as a whole.
func checkText(template string) error {
	switch {
	case template == "":
		return refuse(template, "It is empty.")
	case strings.ToValidUTF8(template, "") != template:
		return refuse(template, "It is not valid UTF-8.")
	case strings.HasPrefix(template, "/"):
		return refuse(template, "It is an absolute path.")
	case strings.Contains(template, ".."):
		return refuse(template, "It contains \"..\".")
	case strings.Contains(template, `\`):
		return refuse(template, "It contains a backslash. Elements are separated by slashes.")
	}
	for _, r := range template {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return refuse(template, "It contains the control character U+%04X.", r)
		}
	}
	return nil
}

// parseElement splits an element into literal text and variables.
func parseElement(template, name string) (element, error) {
	var e element
	for rest := name; rest != ""; {
		open := strings.IndexAny(rest, "{}")
		if open != 0 {
			if open < 0 {
				open = len(rest)
			}
			e.parts = append(e.parts, part{text: rest[:open]})
			rest = rest[open:]
			continue
		}
		end := strings.IndexAny(rest[1:], "{}") + 1
		if rest[0] == '}' || end == 0 || rest[end] == '{' {
			return e, refuse(template, "A brace has no partner.")
		}
		k, ok := variables[rest[1:end]]
		if !ok {
			return e, refuse(template, "There is no variable {%s}.", rest[1:end])
		}
		e.parts = append(e.parts, part{kind: k})
		rest = rest[end+1:]
	}
	return e, e.check(template, name)
}

// check refuses elements that are no names of directories, or not everywhere.
func (e *element) check(template, name string) error {
	switch {
	case name == "":
		return refuse(template, "It has an empty element: a path behind {storageLocation} or another element must be relative.")
	case name == ".":
		return refuse(template, "It has the element \".\".")
	case name[0] == ' ' || strings.HasSuffix(name, " ") || strings.HasSuffix(name, "."):
		return refuse(template, "The element %q begins or ends with a space or ends with a dot, which not every file system keeps.", name)
	case len(name) >= 2 && name[1] == ':' && isLetter(name[0]):
		return refuse(template, "The element %q begins with a drive letter.", name)
	}
	return nil
}

// settle decides how long values may become and which characters tell them apart from one another. Between two values there must be literal
// text with a character that values can do without: their first such character is escaped in all of this element's values, so that the
// element can be taken apart again from left to right.
func (e *element) settle(template string) error {
	fixed, values := 0, 0
	between := "" // the literal text since the last value
	for _, p := range e.parts {
		switch p.kind {
		case literal:
			fixed += len(p.text)
			between += p.text
		case shard:
			fixed++
		default:
			if values++; values > 1 {
				at := strings.IndexFunc(between, func(r rune) bool { return r != '%' && !(r < 0x80 && isAlphanumeric(byte(r))) })
				if at < 0 {
					return refuse(template, "Two values in one element need a character between them that is no letter, digit or percent sign.")
				}
				e.extra += between[at : at+1]
			}
			between = ""
		}
	}
	if values == 0 {
		if fixed > maxElement {
			return refuse(template, "It has an element of more than %d bytes.", maxElement)
		}
		return nil
	}
	if e.limit = (maxElement - fixed) / values; e.limit < hashedLength {
		return refuse(template, "It has an element that would be longer than %d bytes.", maxElement)
	}
	return nil
}

func (e *element) index(k kind) int {
	for i, p := range e.parts {
		if p.kind == k {
			return i
		}
	}
	return -1
}

func (t *Template) uses(k kind) bool {
	for i := range t.elements {
		if t.elements[i].index(k) >= 0 {
			return true
		}
	}
	return false
}

// String gives the template's text.
func (t *Template) String() string { return t.text }

// UsesUser tells whether every user has a directory of their own.
func (t *Template) UsesUser() bool { return t.uses(userID) }

// UsesShard tells whether users are spread over directories by their shard.
func (t *Template) UsesShard() bool { return t.uses(shard) }

// Values are what the variables stand for.
type Values struct {
	Namespace, Table string
	// User is the user's id, nil for NULL. A table without a user column has the user SystemUser.
	User *string
}

// SystemUser is the user of tables that have no user column.
const SystemUser = "system"

// Expand gives the directory for values: relative to base_path, with slashes, without one at the end, each element a name of at most 255 bytes.
func (t *Template) Expand(v Values) string {
	out := make([]byte, 0, 64)
	for i := range t.elements {
		if i > 0 {
			out = append(out, '/')
		}
		out = t.elements[i].append(out, v)
	}
	return string(out)
}

func (e *element) append(dst []byte, v Values) []byte {
	for _, p := range e.parts {
		switch p.kind {
		case literal:
			dst = append(dst, p.text...)
		case namespace:
			dst = e.appendValue(dst, v.Namespace)
		case tableName:
			dst = e.appendValue(dst, v.Table)
		case shard:
			dst = append(dst, shardOf(v.User))
		case userID:
			if v.User == nil {
				dst = append(dst, nullValue...)
			} else {
				dst = e.appendValue(dst, *v.User)
			}
		}
	}
	return dst
}

// shardOf gives the letter of {shard}.
func shardOf(user *string) byte {
	if user == nil || *user == "" || !isLetter((*user)[0]) {
		return 'z'
	}
	return (*user)[0] | 0x20
}

// Shard gives what {shard} stands for: the user id's first letter in lower case if it is one of a to z, otherwise z.
func Shard(user string) string { return string(shardOf(&user)) }
