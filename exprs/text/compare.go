package text

import (
	"bytes"
	"encoding/binary"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

func uuidComparisons() []exprs.Func {
	out := exprs.Comparisons(arrowschema.UUID, arrowschema.UUID, func(a, b [16]byte) int { return bytes.Compare(a[:], b[:]) })
	for i := range out {
		switch out[i].Name {
		case "=":
			out[i].Eval = equalUUIDs(false)
		case "<>":
			out[i].Eval = equalUUIDs(true)
		}
	}
	return out
}

// equalUUIDs compares with a constant as two words.
func equalUUIDs(negated bool) exprs.Kernel {
	generic := exprs.Binary(func(a, b [16]byte) bool { return (a == b) != negated })
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		if args[0].Const || !args[1].Const {
			return generic(ctx, args, out)
		}
		u := args[1].UUIDs[0]
		hi, lo := binary.LittleEndian.Uint64(u[:8]), binary.LittleEndian.Uint64(u[8:])
		r := out.Bools
		for i := range args[0].UUIDs[:len(r)] {
			v := &args[0].UUIDs[i]
			r[i] = ((binary.LittleEndian.Uint64(v[:8])^hi)|(binary.LittleEndian.Uint64(v[8:])^lo) == 0) != negated
		}
		return nil
	}
}

// boolComparisons orders false below true.
func boolComparisons() []exprs.Func {
	b := arrowschema.Bool
	op := func(name string, f func(x, y bool) bool) exprs.Func { return fn(name, b, exprs.Binary(f), b, b) }
	return []exprs.Func{
		op("=", func(x, y bool) bool { return x == y }), op("<>", func(x, y bool) bool { return x != y }),
		op("<", func(x, y bool) bool { return !x && y }), op("<=", func(x, y bool) bool { return !x || y }),
		op(">", func(x, y bool) bool { return x && !y }), op(">=", func(x, y bool) bool { return x || !y }),
	}
}
