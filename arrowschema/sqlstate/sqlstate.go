// Package sqlstate is the one error type that carries an SQLSTATE, and the list of the codes Stoa raises.
//
// Every error that a statement of a user can cause is an *Error: a message worded as PostgreSQL 15 words it, with its five-character code, and
// where they help a detail, a hint and a position in the statement. It sits on the lowest floor so that the value types, the tables and the SQL
// layer can all raise it. It is no home for errors of the file system or the log: those are plain wrapped errors.
package sqlstate

import "errors"

// Code is a five-character SQLSTATE (PostgreSQL 15, Appendix A).
type Code string

// The codes that Stoa raises.
const (
	FeatureNotSupported       Code = "0A000"
	CardinalityViolation      Code = "21000"
	StringDataRightTruncation Code = "22001"
	NumericValueOutOfRange    Code = "22003"
	InvalidDatetimeFormat     Code = "22007"
	DatetimeFieldOverflow     Code = "22008"
	DivisionByZero            Code = "22012"
	IntervalFieldOverflow     Code = "22015"
	InvalidEscapeSequence     Code = "22025"
	InvalidParameterValue     Code = "22023"
	InvalidTextRepresentation Code = "22P02"
	BadCopyFileFormat         Code = "22P04"
	UntranslatableCharacter   Code = "22P05"
	CharacterNotInRepertoire  Code = "22021"
	NotNullViolation          Code = "23502"
	UniqueViolation           Code = "23505"
	CheckViolation            Code = "23514"
	ReadOnlyTransaction       Code = "25006"
	SyntaxError               Code = "42601"
	AmbiguousColumn           Code = "42702"
	UndefinedColumn           Code = "42703"
	AmbiguousFunction         Code = "42725"
	GroupingError             Code = "42803"
	DatatypeMismatch          Code = "42804"
	WrongObjectType           Code = "42809"
	CannotCoerce              Code = "42846"
	UndefinedFunction         Code = "42883"
	UndefinedTable            Code = "42P01"
	UndefinedParameter        Code = "42P02"
	DuplicateTable            Code = "42P07"
	DuplicateColumn           Code = "42701"
	DuplicateAlias            Code = "42712"
	DuplicateObject           Code = "42710"
	UndefinedObject           Code = "42704"
	InvalidColumnReference    Code = "42P10"
	InvalidColumnDefinition   Code = "42611"
	InvalidSchemaName         Code = "3F000"
	IndeterminateDatatype     Code = "42P18"
	InvalidTableDefinition    Code = "42P16"
	OutOfMemory               Code = "53200"
	DiskFull                  Code = "53100"
	ProgramLimitExceeded      Code = "54000"
	StatementTooComplex       Code = "54001"
	ObjectNotInPrerequisite   Code = "55000"
	LockNotAvailable          Code = "55P03"
	QueryCanceled             Code = "57014"
	IOError                   Code = "58030"
	UndefinedFile             Code = "58P01"
	DuplicateFile             Code = "58P02"
	DataCorrupted             Code = "XX001"
	InternalError             Code = "XX000"
)

// Error is an error with an SQLSTATE. Message is in PostgreSQL's words where PostgreSQL has the error.
type Error struct {
	Code     Code
	Message  string
	Detail   string // more of what happened, a sentence
	Hint     string // what to do about it, a sentence
	Position int    // 1-based position in the statement, in characters; 0 when unknown
	Where    string // the context, as PostgreSQL's CONTEXT: "COPY jobs, line 3, column job_id: \"x\""
	Cause    error  // what it wraps, or nil

	plain unquoted // see Unquoted
	bare  bool     // it is what Unquoted gave
}

// New makes an Error with a formatted message. Of a text among the arguments that is longer than 256 KiB, the message quotes the beginning.
func New(code Code, format string, args ...any) *Error {
	e := &Error{Code: code, Message: formatted(format, args)}
	e.plain.message, _ = withoutData(format, args)
	return e
}

// Wrap makes an Error that carries cause, whose text is appended to the message.
func Wrap(code Code, cause error, format string, args ...any) *Error {
	e := &Error{Code: code, Message: clip(formatted(format, args)+": "+cause.Error(), maxText), Cause: cause}
	e.plain.message, _ = withoutData(format, args)
	return e
}

// Error gives the message with its code: `relation "x" does not exist (SQLSTATE 42P01)`.
func (e *Error) Error() string { return e.Message + " (SQLSTATE " + string(e.Code) + ")" }

// SQLState gives the code, as the drivers of PostgreSQL do.
func (e *Error) SQLState() string { return string(e.Code) }

// Unwrap gives the wrapped error.
func (e *Error) Unwrap() error { return e.Cause }

// At returns e with the position set, unless it has one already.
func (e *Error) At(pos int) *Error {
	if e.Position == 0 {
		e.Position = pos
	}
	return e
}

// WithHint returns e with the hint set.
func (e *Error) WithHint(format string, args ...any) *Error {
	e.Hint, e.plain.hint = formatted(format, args), wholly(format, args)
	return e
}

// WithDetail returns e with the detail set.
func (e *Error) WithDetail(format string, args ...any) *Error {
	e.Detail, e.plain.detail = formatted(format, args), wholly(format, args)
	return e
}

// InContext returns e with the context set.
func (e *Error) InContext(format string, args ...any) *Error {
	e.Where = formatted(format, args)
	return e
}

// CodeOf gives the SQLSTATE of err: that of the *Error it wraps, InternalError when it wraps none, "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return InternalError
}
