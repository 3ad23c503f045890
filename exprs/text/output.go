package text

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// allTypes lists the types that columns can have.
var allTypes = [...]arrowschema.Type{
	arrowschema.Bool, arrowschema.Int2, arrowschema.Int4, arrowschema.Int8, arrowschema.Numeric, arrowschema.Float4, arrowschema.Float8,
	arrowschema.Varchar, arrowschema.Text, arrowschema.UUID, arrowschema.JSON, arrowschema.JSONB, arrowschema.Date, arrowschema.Time,
	arrowschema.Timestamp, arrowschema.TimestampTZ, arrowschema.Interval,
}

// outputCasts gives every type's cast to text and varchar, in assignments, and to Any.
func outputCasts() []exprs.Cast {
	out := []exprs.Cast{
		{From: arrowschema.Varchar, To: txt}, {From: txt, To: arrowschema.Varchar},
		{From: arrowschema.Unknown, To: Any, Volatility: exprs.Stable, Eval: Output},
	}
	for _, t := range allTypes {
		// To Any the cast is never folded into a constant: a function's Bind must be able to see the type (AnyType).
		out = append(out, exprs.Cast{From: t, To: Any, Volatility: exprs.Stable, Eval: Output})
		if t.Category() == arrowschema.CategoryString {
			continue
		}
		c := exprs.Cast{From: t, Context: exprs.Assignment, Eval: Output}
		switch t {
		case arrowschema.Date, arrowschema.Timestamp, arrowschema.TimestampTZ, arrowschema.Interval:
			c.Volatility = exprs.Stable // to PostgreSQL their form is a setting; TIMESTAMPTZ is shown in the session's time zone
		case arrowschema.Bool:
			c.Eval = exprs.Unary(boolWord)
		case arrowschema.JSON, arrowschema.JSONB:
			c.Eval = nil // a vector of json holds its text
		}
		for _, to := range []arrowschema.Type{txt, arrowschema.Varchar} {
			c.To = to
			out = append(out, c)
		}
	}
	return out
}

// boolWord is the cast of a boolean to text, which unlike the output function spells the word out.
func boolWord(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// Output is the kernel of a type's output function: text of any type.
func Output(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
	a := args[0]
	if a.Type.Physical() == arrowschema.Strings {
		for i := range out.Strs {
			out.Strs[i] = a.Strs[a.At(i)]
		}
		return nil
	}
	if a.Type == arrowschema.UUID && !a.Const {
		return uuidTexts(ctx, a.UUIDs, out)
	}
	// All rows are written into one buffer and cut out of it: one allocation for the batch instead of one for each row.
	buf, ends, counted := make([]byte, 0, 24*out.N), make([]int, out.N), 0
	for i := range ends {
		if out.Valid.Get(i) {
			buf = vec.AppendText(buf, a, i, ctx.Zone)
		}
		if ends[i] = len(buf); i%64 == 0 || len(buf)-counted > 1<<14 {
			if err := ctx.Reserve(int64(len(buf) - counted)); err != nil {
				return err
			}
			counted = len(buf)
		}
	}
	all, start := bytesAsText(buf), 0
	for i, end := range ends {
		out.Strs[i] = all[start:end]
		start = end
	}
	return nil
}

// uuidTexts is Output of uuids, all of which are written: what lies under a NULL is as good as any.
func uuidTexts(ctx *exprs.Ctx, uuids [][16]byte, out *vec.Vec) error {
	if err := ctx.Reserve(int64(out.N) * vec.UUIDLength); err != nil {
		return err
	}
	buf := make([]byte, out.N*vec.UUIDLength)
	all := bytesAsText(buf)
	for i := range out.Strs {
		at := i * vec.UUIDLength
		vec.PutUUID(buf[at:], uuids[i])
		out.Strs[i] = all[at : at+vec.UUIDLength]
	}
	return nil
}
