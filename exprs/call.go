package exprs

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// Call applies a function, an operator or a cast to arguments of exactly its types.
type Call struct {
	Fn     *Func
	Args   []Expr
	kernel Kernel
	fused  Fused // nil when there is none
}

// NewCall binds fn to its arguments.
func NewCall(fn *Func, args []Expr) (*Call, error) {
	c := &Call{Fn: fn, Args: args, kernel: fn.Eval}
	if fn.Bind != nil {
		k, err := fn.Bind(args)
		if err != nil {
			return nil, err
		}
		c.kernel = k
	}
	c.fuse()
	return c, nil
}

func (c *Call) fuse() {
	if c.fused = nil; c.Fn.Fuse != nil {
		c.fused = c.Fn.Fuse(c.Args)
	}
}

// NewCast gives e converted by c.
func NewCast(c *Cast, e Expr) Expr {
	fn := &Func{Name: "cast", Args: []arrowschema.Type{c.From}, Result: c.To, Volatility: c.Volatility, Eval: c.Eval, Fuse: c.Fuse}
	call := &Call{Fn: fn, Args: []Expr{e}, kernel: c.Eval}
	call.fuse()
	return call
}

// Type implements Expr.
func (c *Call) Type() arrowschema.Type { return c.Fn.Result }

// Children implements Expr.
func (c *Call) Children() []Expr { return c.Args }

// With implements Expr. The kernel stays: what Bind looked at, constants, rewriting does not change in value.
func (c *Call) With(args []Expr) Expr {
	n := *c
	n.Args = args
	n.fuse()
	return &n
}

// IsCast tells whether the call is a cast.
func (c *Call) IsCast() bool { return c.Fn.Name == "cast" }

// Eval implements Expr. A function of one dictionary-coded argument, all others constant, is computed on the dictionary, once for all the batches
// that share it; one whose arguments are all constant is computed once for the batch.
func (c *Call) Eval(ctx *Ctx, b *vec.Batch) (*vec.Vec, error) {
	if err := ctx.Check(); err != nil { // an expression may have a hundred thousand of them
		return nil, err
	}
	if c.fused != nil {
		if v, ok, err := c.fused(ctx, b); ok || err != nil {
			return v, err
		}
	}
	args := make([]*vec.Vec, len(c.Args))
	coded, flat := -1, 0
	for i, a := range c.Args {
		v, err := a.Eval(ctx, b)
		if err != nil {
			return nil, err
		}
		args[i] = v
		switch {
		case v.Dict != nil && coded < 0:
			coded = i
		case !v.Const:
			flat++
		}
	}
	if c.kernel == nil {
		return args[0].As(c.Fn.Result), nil
	}
	if c.Fn.Volatility == Volatile {
		return c.runRows(ctx, args, b.N)
	}
	if coded < 0 && flat == 0 && len(args) > 0 {
		return c.runConst(ctx, args, b.N)
	}
	if coded >= 0 && flat == 0 && !c.Fn.NotStrict {
		if v := c.runDict(ctx, args, coded, b.N); v != nil {
			return v, nil
		}
	}
	return c.runRows(ctx, args, b.N)
}

// runRows computes a value for each row.
func (c *Call) runRows(ctx *Ctx, args []*vec.Vec, n int) (*vec.Vec, error) {
	if err := ctx.charge(n); err != nil {
		return nil, err
	}
	return c.run(ctx, args, ctx.vector(c.Fn.Result, n))
}

// runConst computes one row and lets it stand for all.
func (c *Call) runConst(ctx *Ctx, args []*vec.Vec, n int) (*vec.Vec, error) {
	if n == 0 {
		return vec.NewNull(c.Fn.Result, 0), nil
	}
	one := make([]*vec.Vec, len(args))
	for i, a := range args {
		one[i] = a.Resize(1)
	}
	out, err := c.run(ctx, one, vec.New(c.Fn.Result, 1))
	if err != nil {
		return nil, err
	}
	out.Const = true
	return out.Resize(n), nil
}

// runDict computes the function over the dictionary of argument coded. It gives nil where that does not pay or an entry fails: an entry
// that no row of this batch uses must not fail the statement, so the rows themselves decide. It pays when the dictionary is small beside the rows of it that
// have come so far: that more will come is likely then.
func (c *Call) runDict(ctx *Ctx, args []*vec.Vec, coded, n int) *vec.Vec {
	v := args[coded]
	for i, a := range args {
		if i != coded && a.NullConst() {
			return vec.NewNull(c.Fn.Result, n)
		}
	}
	keep := c.othersFixed(coded)
	before, known := ctx.cache[c]
	if known = known && keep && before.dict == v.Dict; known && before.done {
		if before.result == nil {
			return nil
		}
		return vec.NewDict(v.Codes, before.result, v.Valid)
	}
	rows := n
	if known {
		rows += before.rows
	}
	if v.Dict.N > 4*rows+16 || !keep && v.Dict.N > n {
		if keep {
			ctx.remember(c, dictResult{dict: v.Dict, rows: rows})
		}
		return nil
	}
	entries := make([]*vec.Vec, len(args))
	for i, a := range args {
		entries[i] = a.Resize(v.Dict.N)
	}
	entries[coded] = v.Dict
	held, out := ctx.held, vec.New(c.Fn.Result, v.Dict.N)
	err := ctx.Reserve(Bytes(out))
	if err == nil {
		out, err = c.run(ctx, entries, out)
	}
	if err != nil {
		out = nil
	}
	if keep {
		r := dictResult{dict: v.Dict, done: true, result: out}
		if out != nil {
			r.bytes = ctx.keep(held)
		}
		ctx.remember(c, r)
	}
	if out == nil {
		return nil
	}
	return vec.NewDict(v.Codes, out, v.Valid)
}

// remember puts what is known of a call and a dictionary in the place of what was known of another.
func (c *Ctx) remember(call *Call, r dictResult) {
	if c.cache == nil {
		c.cache = map[*Call]dictResult{}
	}
	if old := c.cache[call].bytes; old > 0 {
		c.Memory.Release(old)
	}
	c.cache[call] = r
}

// othersFixed tells whether the arguments other than the coded one have the same values in every batch. An argument that is constant in this batch need
// not: a column can be NULL throughout one segment, a CASE take one branch for all rows of a batch.
func (c *Call) othersFixed(coded int) bool {
	for i, a := range c.Args {
		if _, isConst := a.(*Const); !isConst && i != coded && !Fixed(a) {
			return false
		}
	}
	return true
}

// run calls the kernel on decoded arguments, to fill out.
func (c *Call) run(ctx *Ctx, args []*vec.Vec, out *vec.Vec) (*vec.Vec, error) {
	n := out.N
	decoded := make([]*vec.Vec, len(args))
	var valid vec.Bitmap
	for i, a := range args {
		a = a.Decoded()
		if !c.Fn.NotStrict {
			if a.NullConst() {
				return vec.NewNull(c.Fn.Result, n), nil
			}
			if !a.Const {
				valid = vec.And(valid, a.Valid, n)
			}
		}
		decoded[i] = a
	}
	if valid != nil {
		out.Valid = valid.Clone(n) // the kernel may clear bits of its own
	}
	if err := c.kernel(ctx, decoded, out); err != nil {
		return nil, err
	}
	return out, nil
}
