package exprs

import (
	"context"
	"math"
	"sort"
	"strings"
	"time"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// Volatility says when two calls with equal arguments give equal results.
type Volatility uint8

// The volatilities, as pg_proc has them.
const (
	Immutable Volatility = iota // always
	Stable                      // within one statement
	Volatile                    // never to be relied on
)

// Kernel computes a function on vectors.
//
// args are decoded (flat or constant) and out.N rows long; out is flat, of the function's result type, with its elements allocated and zero.
// Of a strict function out.Valid is already the intersection of the arguments': a kernel may compute on what lies under a NULL but must not fail
// because of it, and may turn further rows NULL with out.SetNull. A non-strict kernel looks at the arguments' NULLs and sets out.Valid itself.
type Kernel func(ctx *Ctx, args []*vec.Vec, out *vec.Vec) error

// Func is one overload of a function or operator: a table entry.
type Func struct {
	Name       string // lower case; an operator by its symbol, a prefix operator with one argument
	Args       []arrowschema.Type
	Variadic   bool // the last argument type may repeat, at least once
	Result     arrowschema.Type
	Volatility Volatility
	NotStrict  bool // sees NULL arguments; a strict function (the default) is NULL when an argument is
	Eval       Kernel

	// Bind, when set, is called once at plan time with the arguments, of which constants may be looked at, and gives the kernel to run:
	// a LIKE pattern compiled, a field name resolved. An error is an error of the statement.
	Bind func(args []Expr) (Kernel, error)

	// Scaled, when set, gives the scaled form of a call with these arguments, if it has one. The result is numeric, or an interval.
	Scaled func(args []Expr) (*Scaled, bool)
	// Fuse, when set, gives a way to compute a call with these arguments without evaluating them one by one; nil when there is none.
	Fuse func(args []Expr) Fused
}

// Signature gives name(type, type), as error messages have it.
func (f *Func) Signature() string {
	names := make([]string, len(f.Args))
	for i, t := range f.Args {
		names[i] = t.String()
	}
	return f.Name + "(" + strings.Join(names, ", ") + ")"
}

// CastContext says where a cast may be used: a cast is usable in its own context and in the stronger ones.
type CastContext uint8

// The contexts, from the weakest demand: Implicit casts happen anywhere, Assignment ones also when storing into a column, Explicit ones only when written.
const (
	Implicit CastContext = iota
	Assignment
	Explicit
)

// Cast is a conversion between two types. A nil Eval relabels the value: the physical form is the same.
type Cast struct {
	From, To   arrowschema.Type
	Context    CastContext
	Volatility Volatility
	Eval       Kernel                  // strict, one argument
	Fuse       func(args []Expr) Fused // as with Func
}

// Aggregate is one overload of an aggregate function.
type Aggregate struct {
	Name   string
	Args   []arrowschema.Type // empty for count(*)
	Any    bool               // one argument of any type (count)
	Result arrowschema.Type
	// Ordered tells that the result depends on the order of the rows: they are then shown in the order of a single worker.
	Ordered bool
	New     func() State
	// WithinGroup is set for ordered-set aggregates, whose Args are those of WITHIN GROUP; New then comes from it.
	WithinGroup *OrderedSet
	// Direct tells ordered-set aggregates of the same overload apart: the direct arguments, as text.
	Direct string
}

// OrderedSet is what makes an ordered-set aggregate of its direct arguments, which are constants here.
type OrderedSet struct {
	Direct []arrowschema.Type
	// Make checks the direct arguments, decoded constants of the types, and gives the states for values that are sorted in that order.
	Make func(direct []*vec.Vec, order AggregateOrder) (func() State, error)
}

// State accumulates one aggregate for many groups, which are numbered from 0. It belongs to one goroutine.
type State interface {
	// Grow makes room for groups [0, n).
	Grow(n int)
	// Update adds n rows: row i of args to groups[i]; with nil groups, every row to group 0. args are decoded or dictionary-coded, constants included.
	Update(groups []uint32, args []*vec.Vec, n int) error
	// Merge adds the groups of other, of the same kind: its group i to group into[i].
	Merge(other State, into []uint32) error
	// Result gives the values of groups [lo, hi).
	Result(lo, hi int) (*vec.Vec, error)
	// Bytes estimates the memory held.
	Bytes() int64
}

// NoGroup stands for the group of a row that is to be left out.
const NoGroup = math.MaxUint32

// FilteredState is a State that leaves rows out by itself, which spares copying those that stay.
type FilteredState interface {
	State
	// UpdateFiltered is Update for the rows whose group is not NoGroup, or, with nil groups, at which keep is 1 and not 0.
	UpdateFiltered(groups []uint32, keep []uint8, args []*vec.Vec, n int) error
}

type castKey struct{ from, to arrowschema.Type }

// Registry is the table of all functions, operators, casts and aggregates. It is filled once and then only read.
type Registry struct {
	funcs map[string][]*Func
	casts map[castKey]*Cast
	aggs  map[string][]*Aggregate
}

// NewRegistry gives an empty table.
func NewRegistry() *Registry {
	return &Registry{funcs: map[string][]*Func{}, casts: map[castKey]*Cast{}, aggs: map[string][]*Aggregate{}}
}

// AddFuncs adds overloads.
func (r *Registry) AddFuncs(fs ...Func) {
	for i := range fs {
		r.funcs[fs[i].Name] = append(r.funcs[fs[i].Name], &fs[i])
	}
}

// AddCasts adds casts.
func (r *Registry) AddCasts(cs ...Cast) {
	for i := range cs {
		r.casts[castKey{cs[i].From, cs[i].To}] = &cs[i]
	}
}

// AddAggregates adds aggregate overloads.
func (r *Registry) AddAggregates(as ...Aggregate) {
	for i := range as {
		r.aggs[as[i].Name] = append(r.aggs[as[i].Name], &as[i])
	}
}

// Funcs gives the overloads of a function or operator.
func (r *Registry) Funcs(name string) []*Func { return r.funcs[name] }

// Aggregates gives the overloads of an aggregate.
func (r *Registry) Aggregates(name string) []*Aggregate { return r.aggs[name] }

// Cast finds the cast between two types.
func (r *Registry) Cast(from, to arrowschema.Type) (*Cast, bool) {
	c, ok := r.casts[castKey{from, to}]
	return c, ok
}

// FuncNames gives the names of all functions and aggregates, without the operators, sorted: for completion in a shell.
func (r *Registry) FuncNames() []string {
	var names []string
	for n := range r.funcs {
		if n[0] >= 'a' && n[0] <= 'z' {
			names = append(names, n)
		}
	}
	for n := range r.aggs {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// Ctx is what an evaluation may know beyond its arguments. It belongs to one goroutine.
type Ctx struct {
	Context context.Context
	Now     int64          // the statement's now(), microseconds since 1970-01-01 UTC
	Zone    *time.Location // the session's time zone
	Session Session
	Memory  Memory // the statement's budget; nil when nothing is counted
	held    int64  // of Memory, until Settle
	vectors int64  // bytes of vectors that are not worth being reserved yet
	cache   map[*Call]dictResult
	scratch *scratch // nil when results are to be kept

	perCodes map[Expr]*perCode
	kept     map[any]any        // by Kept
	branches map[*Case]*vec.Vec // the constants that it chooses from, nil when these are not all
}

// Session is what functions such as current_user and version may ask for.
type Session struct {
	User, Database, Schema, Version string
}

// dictResult remembers a function computed over a dictionary, for the following batches with the same dictionary.
type dictResult struct {
	dict   *vec.Vec
	rows   int      // of batches with this dictionary, while it was too large
	done   bool     // it was computed
	result *vec.Vec // nil when an entry failed
	bytes  int64    // reserved for the result
}

// NewCtx gives a context for one goroutine.
func NewCtx(ctx context.Context, now int64, zone *time.Location) *Ctx {
	return &Ctx{Context: ctx, Now: now, Zone: zone}
}

// Fork gives an independent copy for another goroutine.
func (c *Ctx) Fork() *Ctx {
	return &Ctx{Context: c.Context, Now: c.Now, Zone: c.Zone, Session: c.Session, Memory: c.Memory}
}
