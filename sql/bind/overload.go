package bind

import (
	"strings"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/sql/parser"
)

// candidate is an overload under consideration, its variadic argument repeated to the call's length.
type candidate struct {
	fn   *exprs.Func
	args []arrowschema.Type
}

// resolve picks the overload for argument types by PostgreSQL's rules (documentation, chapter 10: "Operators" and "Functions"): the exact match, else
// among those whose arguments can be reached by implicit casts the one with the most exact matches, then the most preferred types, then by the
// category of the unknown arguments, then by taking the unknown ones for the type of the known ones. It gives nil when there is none, and
// ambiguous when several are left.
func (b *Binder) resolve(fns []*exprs.Func, types []arrowschema.Type, operator bool) (best *candidate, ambiguous bool) {
	cands := expand(fns, len(types))
	if exact := exactMatch(cands, types); exact != nil {
		return exact, false
	}
	if operator && len(types) == 2 && (types[0] == arrowschema.Unknown) != (types[1] == arrowschema.Unknown) {
		same := types[0]
		if same == arrowschema.Unknown {
			same = types[1]
		}
		if exact := exactMatch(cands, []arrowschema.Type{same, same}); exact != nil {
			return exact, false
		}
	}
	cands = b.reachable(cands, types)
	if len(cands) == 1 {
		return cands[0], false
	}
	if len(cands) == 0 {
		return nil, false
	}
	cands = most(cands, func(c *candidate) int { return countExact(c, types) })
	if len(cands) > 1 {
		cands = most(cands, func(c *candidate) int { return countPreferred(c, types) })
	}
	if len(cands) > 1 {
		cands = byUnknownCategory(cands, types)
	}
	if len(cands) > 1 {
		cands = b.byKnownType(cands, types)
	}
	if len(cands) == 1 {
		return cands[0], false
	}
	return nil, true
}

func expand(fns []*exprs.Func, n int) []*candidate {
	var out []*candidate
	for _, f := range fns {
		args := f.Args
		if f.Variadic && n >= len(args) {
			args = append([]arrowschema.Type{}, args...)
			for len(args) < n {
				args = append(args, args[len(args)-1])
			}
		}
		if len(args) == n {
			out = append(out, &candidate{f, args})
		}
	}
	return out
}

func exactMatch(cands []*candidate, types []arrowschema.Type) *candidate {
	for _, c := range cands {
		if countExact(c, types) == len(types) {
			return c
		}
	}
	return nil
}

func (b *Binder) reachable(cands []*candidate, types []arrowschema.Type) []*candidate {
	var out []*candidate
next:
	for _, c := range cands {
		for i, t := range types {
			if !b.canCoerce(t, c.args[i], exprs.Implicit) {
				continue next
			}
		}
		out = append(out, c)
	}
	return out
}

// most keeps the candidates with the highest score.
func most(cands []*candidate, score func(*candidate) int) []*candidate {
	best, out := -1, []*candidate(nil)
	for _, c := range cands {
		switch s := score(c); {
		case s > best:
			best, out = s, []*candidate{c}
		case s == best:
			out = append(out, c)
		}
	}
	return out
}

func countExact(c *candidate, types []arrowschema.Type) int {
	n := 0
	for i, t := range types {
		if c.args[i] == t {
			n++
		}
	}
	return n
}

// countPreferred counts exact matches and, where a cast is needed, the preferred type of the argument's category.
func countPreferred(c *candidate, types []arrowschema.Type) int {
	n := 0
	for i, t := range types {
		if t != arrowschema.Unknown && (c.args[i] == t || (c.args[i].Preferred() && c.args[i].Category() == t.Category())) {
			n++
		}
	}
	return n
}

// byUnknownCategory takes each unknown argument for a string if a candidate accepts one there, otherwise for the category that all accept, and of
// that category prefers the preferred type.
func byUnknownCategory(cands []*candidate, types []arrowschema.Type) []*candidate {
	for i, t := range types {
		if t != arrowschema.Unknown {
			continue
		}
		category, conflict := cands[0].args[i].Category(), false
		for _, c := range cands {
			if got := c.args[i].Category(); got == arrowschema.CategoryString {
				category, conflict = got, false
				break
			} else if got != category {
				conflict = true
			}
		}
		if conflict {
			return cands
		}
		kept := most(cands, func(c *candidate) int {
			switch {
			case c.args[i].Category() != category:
				return 0
			case c.args[i].Preferred():
				return 2
			default:
				return 1
			}
		})
		cands = kept
	}
	return cands
}

// byKnownType assumes that unknown arguments have the type that all known ones share.
func (b *Binder) byKnownType(cands []*candidate, types []arrowschema.Type) []*candidate {
	known := arrowschema.Unknown
	for _, t := range types {
		if t == arrowschema.Unknown {
			continue
		}
		if known != arrowschema.Unknown && known != t {
			return cands
		}
		known = t
	}
	if known == arrowschema.Unknown {
		return cands
	}
	all := make([]arrowschema.Type, len(types))
	for i := range all {
		all[i] = known
	}
	if kept := b.reachable(cands, all); len(kept) == 1 {
		return kept
	}
	return cands
}

// call binds a function by name.
func (b *Binder) call(name string, args []exprs.Expr, at parser.Pos, argAt []parser.Pos) (exprs.Expr, error) {
	return b.callAs(name, name, args, at, argAt)
}

// callAs is call with another name for errors.
func (b *Binder) callAs(shown, name string, args []exprs.Expr, at parser.Pos, argAt []parser.Pos) (exprs.Expr, error) {
	c, ambiguous := b.resolve(b.Registry.Funcs(name), typesOf(args), false)
	if c == nil {
		return nil, noFunction(shown, typesOf(args), ambiguous, at)
	}
	return b.apply(c, args, at, argAt)
}

// noFunction words the refusal of a call that no overload, or more than one, would take.
func noFunction(name string, types []arrowschema.Type, ambiguous bool, at parser.Pos) error {
	if ambiguous {
		return sqlstate.New(sqlstate.AmbiguousFunction, "function %s is not unique", signature(name, types)).At(int(at)).
			WithHint("Could not choose a best candidate function. You might need to add explicit type casts.")
	}
	return sqlstate.New(sqlstate.UndefinedFunction, "function %s does not exist", signature(name, types)).At(int(at)).
		WithHint("No function matches the given name and argument types. You might need to add explicit type casts.")
}

// operator binds an operator by its symbol.
func (b *Binder) operator(op string, args []exprs.Expr, at parser.Pos, argAt []parser.Pos) (exprs.Expr, error) {
	types := typesOf(args)
	c, ambiguous := b.resolve(b.Registry.Funcs(op), types, true)
	if (op == "@>" || op == "<@") && len(types) == 2 && types[0] == arrowschema.Unknown && types[1] == arrowschema.Unknown {
		c, ambiguous = nil, true // PostgreSQL has them for arrays and ranges, too
	}
	if c != nil {
		return b.apply(c, args, at, argAt)
	}
	text, plural, casts := op+" "+types[0].String(), "", "an explicit type cast"
	if len(types) == 2 {
		text, plural, casts = types[0].String()+" "+op+" "+types[1].String(), "s", "explicit type casts"
	}
	if ambiguous {
		return nil, sqlstate.New(sqlstate.AmbiguousFunction, "operator is not unique: %s", text).At(int(at)).
			WithHint("Could not choose a best candidate operator. You might need to add explicit type casts.")
	}
	return nil, sqlstate.New(sqlstate.UndefinedFunction, "operator does not exist: %s", text).At(int(at)).
		WithHint("No operator matches the given name and argument type%s. You might need to add %s.", plural, casts)
}

// apply casts the arguments to the overload's types and makes the call.
func (b *Binder) apply(c *candidate, args []exprs.Expr, at parser.Pos, argAt []parser.Pos) (exprs.Expr, error) {
	cast := make([]exprs.Expr, len(args))
	for i, a := range args {
		var err error
		if cast[i], err = b.coerce(a, c.args[i], exprs.Implicit, argAt[i]); err != nil {
			return nil, err
		}
	}
	out, err := exprs.NewCall(c.fn, cast)
	if err != nil {
		return nil, atPos(err, at)
	}
	return out, nil
}

func typesOf(args []exprs.Expr) []arrowschema.Type {
	types := make([]arrowschema.Type, len(args))
	for i, a := range args {
		types[i] = a.Type()
	}
	return types
}

func signature(name string, types []arrowschema.Type) string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = t.String()
	}
	return name + "(" + strings.Join(names, ", ") + ")"
}
