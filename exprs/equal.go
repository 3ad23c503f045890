package exprs

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// Equal tells whether two expressions are the same expression: the same functions of the same columns and constants.
func Equal(a, b Expr) bool {
	if a == b {
		return true
	}
	if a.Type() != b.Type() || !sameNode(a, b) {
		return false
	}
	x, y := a.Children(), b.Children()
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if !Equal(x[i], y[i]) {
			return false
		}
	}
	return true
}

// sameNode compares two nodes without their children.
func sameNode(a, b Expr) bool {
	switch a := a.(type) {
	case *Column:
		b, ok := b.(*Column)
		return ok && a.Index == b.Index
	case *Const:
		b, ok := b.(*Const)
		return ok && sameValue(a.V, b.V)
	case *Call:
		b, ok := b.(*Call)
		if !ok || a.Fn.Volatility == Volatile {
			return false
		}
		return a.Fn == b.Fn || (a.IsCast() && b.IsCast() && a.Fn.Args[0] == b.Fn.Args[0])
	case *And:
		_, ok := b.(*And)
		return ok
	case *Or:
		_, ok := b.(*Or)
		return ok
	case *Not:
		_, ok := b.(*Not)
		return ok
	case *IsNull:
		b, ok := b.(*IsNull)
		return ok && a.Negated == b.Negated
	case *Truth:
		b, ok := b.(*Truth)
		return ok && a.Negated == b.Negated && (a.Want == nil) == (b.Want == nil) && (a.Want == nil || *a.Want == *b.Want)
	case *Case:
		_, ok := b.(*Case)
		return ok
	case *Coalesce:
		_, ok := b.(*Coalesce)
		return ok
	case *In:
		b, ok := b.(*In)
		return ok && a.Negated == b.Negated && a.many == b.many
	}
	return false
}

// sameValue compares two constants of one type as they were written: 1.0 and 1.00 differ.
func sameValue(a, b *vec.Vec) bool {
	if a.NullConst() || b.NullConst() {
		return a.NullConst() && b.NullConst()
	}
	if a.Type.Physical() == arrowschema.Intervals {
		return a.Intervals[0] == b.Intervals[0]
	}
	return string(vec.AppendText(nil, a, 0, nil)) == string(vec.AppendText(nil, b, 0, nil))
}
