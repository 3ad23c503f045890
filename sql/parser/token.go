package parser

import "github.com/stoadb/stoa/arrowschema/sqlstate"

// kind is the kind of a token.
type kind uint8

const (
	tokEnd     kind = iota
	tokError        // the lexer's error, which the parser reports when it comes here
	tokIdent        // text: the folded, or unquoted, name
	tokKeyword      // text: the word in lower case
	tokInt          // num: an integer that fits int64
	tokNumber       // text: any other number, as written
	tokString       // text: the content
	tokBits         // text: the digits of b'…'
	tokHex          // text: the digits of x'…'
	tokParam        // num
	tokSelf         // text: ( ) [ ] , ; : . .. :: := =>
	tokOp           // text: an operator, also + - * / % ^ < > = <= >= <>
)

// token is a token with its place in the source.
type token struct {
	kind       kind
	class      class // of a keyword
	bare       bool  // a keyword that can be a label without AS
	pos        Pos   // in characters
	start, end int   // in bytes
	text       string
	num        int64
}

// last reports whether no token follows.
func (t *token) last() bool { return t.kind == tokEnd || t.kind == tokError }

// is reports whether t is the keyword word, in lower case.
func (t *token) is(word string) bool { return t.kind == tokKeyword && t.text == word }

// isSelf reports whether t is the punctuation s.
func (t *token) isSelf(s string) bool { return t.kind == tokSelf && t.text == s }

// isOp reports whether t is the operator s.
func (t *token) isOp(s string) bool { return t.kind == tokOp && t.text == s }

// colID reports whether t can name a column or table.
func (t *token) colID() bool {
	return t.kind == tokIdent || t.kind == tokKeyword && (t.class == unreserved || t.class == columnName)
}

// funcName reports whether t can name a function or type when it is not qualified.
func (t *token) funcName() bool {
	return t.kind == tokIdent || t.kind == tokKeyword && (t.class == unreserved || t.class == typeFuncName)
}

// nonReserved reports whether t is a word that is not reserved.
func (t *token) nonReserved() bool {
	return t.kind == tokIdent || t.kind == tokKeyword && t.class != reserved
}

// label reports whether t can be a column label after AS, or a name after a dot: any word can.
func (t *token) label() bool { return t.kind == tokIdent || t.kind == tokKeyword }

// bareLabel reports whether t can be a column label without AS.
func (t *token) bareLabel() bool { return t.kind == tokIdent || t.kind == tokKeyword && t.bare }

// near makes a syntax error with PostgreSQL's ending: at or near a token, or at end of input.
func near(src string, start, end int, pos Pos, message string) *sqlstate.Error {
	if start >= len(src) {
		return sqlstate.New(sqlstate.SyntaxError, "%s at end of input", message).At(int(pos))
	}
	return sqlstate.New(sqlstate.SyntaxError, `%s at or near "%s"`, message, src[start:end]).At(int(pos))
}
