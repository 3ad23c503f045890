package exprs

import (
	"context"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
)

// Memory is the budget of a statement. Reserve takes n bytes or fails with 53200; Release gives them back.
type Memory interface {
	Reserve(n int64) error
	Release(n int64)
}

// Guarded is a State of which a single step can take long, or much memory: it looks at the context that Guard gives it as it goes.
type Guarded interface {
	State
	Guard(ctx *Ctx)
}

// Cancelled gives the error of a statement whose context has ended, in PostgreSQL's words; nil while it has not.
func Cancelled(ctx context.Context) error {
	err := ctx.Err()
	if err == nil {
		return nil
	}
	words := "canceling statement due to user request"
	if err == context.DeadlineExceeded {
		words = "canceling statement due to statement timeout"
	}
	return &sqlstate.Error{Code: sqlstate.QueryCanceled, Message: words, Cause: err}
}

// Check gives the error of a statement that is to end. It takes some nanoseconds: what takes longer than a millisecond calls it as it goes.
func (c *Ctx) Check() error {
	if c == nil || c.Context == nil {
		return nil
	}
	return Cancelled(c.Context)
}

// Reserve accounts for n bytes of values that are about to be made, and looks at the context. They count until Settle.
func (c *Ctx) Reserve(n int64) error {
	if err := c.Check(); err != nil || c == nil || c.Memory == nil || n <= 0 {
		return err
	}
	c.held += n
	return c.Memory.Reserve(n)
}

// Settle ends the account of the values that evaluations with this context have given since it was last called: they are gone, or somebody else counts
// them. Operators call it before they evaluate the next batch.
func (c *Ctx) Settle() {
	c.vectors = 0
	if c.held > 0 {
		c.Memory.Release(c.held)
		c.held = 0
	}
}

// charge accounts for a vector of n rows: a list of a thousand expressions makes a thousand of them.
func (c *Ctx) charge(n int) error {
	const much, wide = 4 << 20, 12
	if c.vectors += int64(n) * wide; c.vectors < much {
		return nil
	}
	bytes := c.vectors
	c.vectors = 0
	return c.Reserve(bytes)
}

// Release ends the account of everything that this context counts, also what it remembers from batch to batch: no more is evaluated with it.
func (c *Ctx) Release() {
	c.Settle()
	for call, r := range c.cache {
		if r.bytes > 0 {
			c.Memory.Release(r.bytes)
		}
		delete(c.cache, call)
	}
}

// keep takes what was reserved beyond before out of the account that Settle ends, and gives its size.
func (c *Ctx) keep(before int64) int64 {
	n := c.held - before
	c.held = before
	return n
}

// Row is what a kernel with a loop of its own calls when it has computed row i of out: it accounts for a text or a long number, and looks at the context
// now and then, at once after a long text.
func (c *Ctx) Row(out *vec.Vec, i int) error {
	if i%pace == 0 || out.Strs != nil && len(out.Strs[i]) >= small || out.Decs != nil && out.Decs[i].Large() {
		return c.step(out, i, i+1)
	}
	return nil
}

// paced has compute fill rows [lo, hi) of out, few at a time.
func (c *Ctx) paced(args []*vec.Vec, out *vec.Vec, compute func(lo, hi int) error) error {
	rows := paceOf(args)
	for lo := 0; lo < out.N; lo += rows {
		hi := min(lo+rows, out.N)
		if err := compute(lo, hi); err != nil {
			return err
		}
		if err := c.step(out, lo, hi); err != nil {
			return err
		}
	}
	return nil
}

// Bytes estimates the memory that a vector holds on to, its dictionary left out.
func Bytes(v *vec.Vec) int64 {
	if v == nil || v.Const {
		return 0
	}
	n := int64(len(v.Codes)*2 + len(v.Ints)*8 + len(v.Floats)*8 + len(v.Bools) + len(v.UUIDs)*16 + len(v.Decs)*32 + len(v.Intervals)*16 + len(v.Valid)*8)
	for _, s := range v.Strs {
		n += 16 + int64(len(s))
	}
	for i := range v.Decs {
		n += v.Decs[i].Bytes()
	}
	return n
}

const (
	// pace is the number of rows between two looks at the context: single calls of functions take less than a millisecond or two, unless a number has
	// tens of thousands of digits.
	pace = 32
	// small is the size of texts, in bytes, that are not worth being counted, and of which many can be worked on before the context is looked at.
	small = 16 << 10
)

// paceOf gives the number of rows of which a kernel may compute the results before it looks at the context.
func paceOf(args []*vec.Vec) int {
	for _, a := range args {
		for i := range a.Decs {
			if a.Decs[i].Large() {
				return 1
			}
		}
		for _, s := range a.Strs {
			if len(s) > small {
				return 1
			}
		}
	}
	return pace
}

// step looks at the context after rows [lo, hi) of out have been computed, and accounts for texts and long numbers among them.
func (c *Ctx) step(out *vec.Vec, lo, hi int) error {
	var n int64
	switch out.Type.Physical() {
	case arrowschema.Strings:
		for _, s := range out.Strs[lo:hi] {
			n += int64(len(s))
		}
	case arrowschema.Decs:
		for i := lo; i < hi; i++ {
			if d := &out.Decs[i]; d.Large() {
				n += d.Bytes()
			}
		}
	}
	if n < small {
		return c.Check()
	}
	return c.Reserve(n)
}
