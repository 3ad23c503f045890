package copyio

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// converter makes values of a column's type, by the casts that the registry has and with the column's modifier.
type converter struct {
	column *Column
	expr   exprs.Expr // nil: the vector is what it should be
	ctx    *exprs.Ctx
}

// newConverters gives the converters from text, as PostgreSQL's input functions are.
func newConverters(target []Column, reg *exprs.Registry, ectx *exprs.Ctx) ([]*converter, error) {
	out := make([]*converter, len(target))
	for i := range target {
		var err error
		if out[i], err = newConverter(&target[i], arrowschema.Text, reg, ectx); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// newConverter gives the converter from a type to a column.
//
// Errors: 42804 when SQL has no conversion that an assignment would use. From text everything goes that the type's input function accepts.
func newConverter(c *Column, from arrowschema.Type, reg *exprs.Registry, ectx *exprs.Ctx) (*converter, error) {
	conv := &converter{column: c, ctx: ectx}
	source := exprs.Expr(&exprs.Column{T: from, Name: c.Name})
	e := source
	if from != c.Type && !(c.Type == arrowschema.Varchar && from == arrowschema.Text) && !(c.Type == arrowschema.Text && from == arrowschema.Varchar) {
		cast, ok := reg.Cast(from, c.Type)
		if !ok || cast.Context > exprs.Assignment && from != arrowschema.Text && from != arrowschema.Varchar {
			return nil, sqlstate.New(sqlstate.DatatypeMismatch, "column \"%s\" is of type %s but the file's column is of type %s", sqlstate.SafeString(c.Name), c.Type, from)
		}
		e = exprs.NewCast(cast, e)
	} else if from != c.Type {
		e = exprs.NewCast(&exprs.Cast{From: from, To: c.Type}, e)
	}
	e, err := fit(e, c, reg)
	if err != nil {
		return nil, err
	}
	if e != source {
		conv.expr = e
	}
	return conv, nil
}

// fit makes values fit numeric(p, s), varchar(n) and the like by the registry's function "$fit", as an assignment does.
func fit(e exprs.Expr, c *Column, reg *exprs.Registry) (exprs.Expr, error) {
	if len(c.Modifier) == 0 {
		return e, nil
	}
	for _, f := range reg.Funcs("$fit") {
		if f.Args[0] != c.Type {
			continue
		}
		second := int32(0)
		if len(c.Modifier) > 1 {
			second = c.Modifier[1]
		}
		number := func(x int32) exprs.Expr { return exprs.NewConst(vec.NewConst(arrowschema.Int4, int64(x), 1)) }
		explicit := exprs.NewConst(vec.NewConst(arrowschema.Bool, false, 1))
		return exprs.NewCall(f, []exprs.Expr{e, number(c.Modifier[0]), number(second), explicit})
	}
	return e, nil
}

// run converts a vector.
func (c *converter) run(v *vec.Vec) (*vec.Vec, error) {
	if c.expr == nil {
		return v, nil
	}
	return c.expr.Eval(c.ctx, &vec.Batch{N: v.N, Cols: []*vec.Vec{v}})
}

// firstFailure finds the first row of v, of which the conversion failed as a whole, that fails alone, and its error; -1 when none does.
func (c *converter) firstFailure(v *vec.Vec) (int, error) {
	flat := v.Flat()
	for i := range flat.N {
		if flat.IsNull(i) {
			continue
		}
		if _, err := c.run(flat.Slice(i, i+1)); err != nil {
			return i, err
		}
	}
	return -1, nil
}

const shownBytes = 100 // MAX_COPY_DATA_DISPLAY

// clip shortens what a message shows, at the end of a character.
func clip[T string | []byte](s T) string {
	if len(s) <= shownBytes {
		return string(s)
	}
	end := shownBytes
	for end > 0 && s[end]&0xc0 == 0x80 {
		end--
	}
	return string(s[:end]) + "..."
}
