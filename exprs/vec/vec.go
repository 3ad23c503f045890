// Package vec is the vector: a column of some thousand rows in a typed Go slice, the unit on which every kernel works.
//
// A vector is in one of three forms. Flat: row i is element i of the slice that belongs to its type. Constant: element 0 stands for all rows.
// Dictionary-coded: row i is the value of Dict at Codes[i], so that a function of one column is computed once per distinct value.
// Vectors are immutable once handed on, and share memory with the Arrow batch or the file page they came from; all of that memory belongs to
// Go's collector, so a vector stays valid for as long as somebody holds it. What lies under a NULL is garbage: kernels may compute on it but
// must not fail because of it.
//
// The package knows neither functions nor plans.
package vec

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/temporal"
)

// DefaultRows is the number of rows in a batch unless a caller asks otherwise: 2048 rows of 8 bytes are 16 KiB a column, so that the columns of
// a usual expression stay in the first-level cache or near it.
const DefaultRows = 2048

// MaxDict is the largest number of entries in a dictionary: codes are 16 bits wide. A segment or row group whose column has more distinct values is held flat.
const MaxDict = 1 << 16

// Vec is a column of N rows. See the package comment for its three forms.
type Vec struct {
	Type  arrowschema.Type
	N     int
	Valid Bitmap // nil: no NULLs; for a dictionary-coded vector the validity of the rows, on top of which an entry of Dict may be NULL
	Const bool   // element 0, and bit 0 of Valid, stand for all N rows

	Codes []uint16 // dictionary-coded when Dict is not nil
	Dict  *Vec     // flat

	// One of these holds the elements, by Type.Physical().
	Ints      []int64
	Floats    []float64
	Bools     []bool
	Strs      []string
	UUIDs     [][16]byte
	Decs      []decimal.Dec
	Intervals []temporal.Interval
}

// Batch is N rows of some columns. Ord orders batches that several workers produce: row i of the batch is row Ord+i of the order that a single
// worker would have given, gaps allowed.
type Batch struct {
	N    int
	Ord  uint64
	Cols []*Vec
}

// Elem is an element type of a vector's slices.
type Elem interface {
	int64 | float64 | bool | string | [16]byte | decimal.Dec | temporal.Interval
}

// slot gives the slice of v whose elements are T.
func slot[T Elem](v *Vec) *[]T {
	var zero *[]T
	switch any(zero).(type) {
	case *[]int64:
		return any(&v.Ints).(*[]T)
	case *[]float64:
		return any(&v.Floats).(*[]T)
	case *[]bool:
		return any(&v.Bools).(*[]T)
	case *[]string:
		return any(&v.Strs).(*[]T)
	case *[][16]byte:
		return any(&v.UUIDs).(*[]T)
	case *[]decimal.Dec:
		return any(&v.Decs).(*[]T)
	default:
		return any(&v.Intervals).(*[]T)
	}
}

// Of gives the elements of a flat or constant vector.
func Of[T Elem](v *Vec) []T { return *slot[T](v) }

// SetElems makes s the elements of v.
func SetElems[T Elem](v *Vec, s []T) { *slot[T](v) = s }

// New gives a flat vector of n zero elements, none NULL, to be filled.
func New(t arrowschema.Type, n int) *Vec {
	v := &Vec{Type: t, N: n}
	v.Make()
	return v
}

// Make gives v, which has a type and a number of rows and nothing else, its elements: zero, none NULL, to be filled.
func (v *Vec) Make() {
	n := v.N
	switch v.Type.Physical() {
	case arrowschema.Bools:
		v.Bools = make([]bool, n)
	case arrowschema.Ints:
		v.Ints = make([]int64, n)
	case arrowschema.Floats:
		v.Floats = make([]float64, n)
	case arrowschema.Strings:
		v.Strs = make([]string, n)
	case arrowschema.UUIDs:
		v.UUIDs = make([][16]byte, n)
	case arrowschema.Decs:
		v.Decs = make([]decimal.Dec, n)
	case arrowschema.Intervals:
		v.Intervals = make([]temporal.Interval, n)
	}
}

// NewFlat gives a flat vector over elems, which it keeps.
func NewFlat[T Elem](t arrowschema.Type, elems []T, valid Bitmap) *Vec {
	v := &Vec{Type: t, N: len(elems), Valid: valid}
	SetElems(v, elems)
	return v
}

// NewConst gives a vector whose n rows all are value.
func NewConst[T Elem](t arrowschema.Type, value T, n int) *Vec {
	v := &Vec{Type: t, N: n, Const: true}
	SetElems(v, []T{value})
	return v
}

// NewNull gives a vector of n NULLs.
func NewNull(t arrowschema.Type, n int) *Vec {
	v := New(t, 1)
	v.N, v.Const, v.Valid = n, true, Bitmap{0}
	return v
}

// NewDict gives a dictionary-coded vector. dict must be flat.
func NewDict(codes []uint16, dict *Vec, valid Bitmap) *Vec {
	return &Vec{Type: dict.Type, N: len(codes), Codes: codes, Dict: dict, Valid: valid}
}

// At gives the place of row i in the elements of a flat or constant vector.
func (v *Vec) At(i int) int {
	if v.Const {
		return 0
	}
	return i
}

// IsNull tells whether row i is NULL, whatever the form.
func (v *Vec) IsNull(i int) bool {
	if v.Const {
		return !v.Valid.Get(0)
	}
	if !v.Valid.Get(i) {
		return true
	}
	return v.Dict != nil && !v.Dict.Valid.Get(int(v.Codes[i]))
}

// NullConst tells whether v is a constant NULL.
func (v *Vec) NullConst() bool { return v.Const && !v.Valid.Get(0) }

// HasNulls tells whether a row can be NULL; it may say yes where none is.
func (v *Vec) HasNulls() bool { return v.Valid != nil || (v.Dict != nil && v.Dict.Valid != nil) }

// SetNull makes row i of a flat vector NULL. The vector must still belong to the caller.
func (v *Vec) SetNull(i int) {
	if v.Valid == nil {
		v.Valid = NewBitmap(v.N)
	}
	v.Valid.Clear(i)
}

// Value finds the vector and the place in it that hold row i: itself, or the dictionary.
func (v *Vec) Value(i int) (*Vec, int) {
	switch {
	case v.Const:
		return v, 0
	case v.Dict != nil:
		return v.Dict, int(v.Codes[i])
	default:
		return v, i
	}
}

// Resize gives a constant vector with another number of rows; other vectors as they are.
func (v *Vec) Resize(n int) *Vec {
	if !v.Const || v.N == n {
		return v
	}
	w := *v
	w.N = n
	return &w
}

// As gives v under another type of the same physical form.
func (v *Vec) As(t arrowschema.Type) *Vec {
	if v.Type == t {
		return v
	}
	w := *v
	w.Type = t
	if v.Dict != nil {
		w.Dict = v.Dict.As(t)
	}
	return &w
}
