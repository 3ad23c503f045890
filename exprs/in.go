package exprs

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// In is arg [NOT] IN (list of constants), all of one type. Values are looked up in a set.
type In struct {
	Arg     Expr
	Negated bool
	List    []*Const            // nil of a list of many values
	many    *vec.Vec            // those of a list of many
	words   map[uint64]struct{} // of types with words
	uuids   map[[16]byte]struct{}
	texts   map[string]struct{} // of text
	lengths uint64              // a bit for each length of texts, modulo 64
	set     map[string]struct{} // keys of values of other types
	filter  *wordFilter         // of words and UUIDs, in long lists
	hasNull bool
}

// NewIn makes the set of the list's values. Every constant has the argument's type.
func NewIn(arg Expr, list []*Const, negated bool) *In {
	e := &In{Arg: arg, Negated: negated, List: list}
	e.begin(len(list))
	for _, c := range list {
		e.add(c.V.Resize(1))
	}
	return e
}

// NewInMany is NewIn for any number of values, a flat vector of the argument's type. It looks at the context as it goes, and accounts for the memory.
func NewInMany(ctx *Ctx, arg Expr, values *vec.Vec, negated bool) (*In, error) {
	const part, perEntry = 1024, 48
	e := &In{Arg: arg, Negated: negated, many: values}
	e.begin(values.N)
	for lo := 0; lo < values.N; lo += part {
		v := values.Slice(lo, min(lo+part, values.N))
		bytes := int64(v.N) * perEntry
		for _, s := range v.Strs {
			bytes += int64(len(s))
		}
		if err := ctx.Reserve(bytes); err != nil {
			return nil, err
		}
		e.add(v)
	}
	return e, nil
}

// Len gives the number of values in the list.
func (e *In) Len() int {
	if e.many != nil {
		return e.many.N
	}
	return len(e.List)
}

func (e *In) begin(n int) {
	switch t := e.Arg.Type(); {
	case vec.HasWords(t):
		e.words, e.filter = map[uint64]struct{}{}, newWordFilter(n)
	case t == arrowschema.UUID:
		e.uuids, e.filter = map[[16]byte]struct{}{}, newWordFilter(n)
	case plainText(t):
		e.texts = map[string]struct{}{}
	default:
		e.set = map[string]struct{}{}
	}
}

// add adds the values of a flat or constant vector.
func (e *In) add(v *vec.Vec) {
	var words []uint64
	if e.words != nil && !v.NullConst() {
		words = vec.AppendWords(nil, v)
	}
	for i := range v.N {
		switch {
		case v.IsNull(i):
			e.hasNull = true
		case words != nil:
			e.words[words[i]] = struct{}{}
			e.filter.add(words[i])
		case e.uuids != nil:
			u := v.UUIDs[v.At(i)]
			e.uuids[u] = struct{}{}
			e.filter.add(uuidWord(&u))
		case e.texts != nil:
			s := v.Strs[v.At(i)]
			e.texts[s] = struct{}{}
			e.lengths |= 1 << (len(s) & 63)
		default:
			e.set[string(vec.AppendKey(nil, v, i))] = struct{}{}
		}
	}
}

// plainText tells whether values of a type are equal when their texts are.
func plainText(t arrowschema.Type) bool {
	return t.Physical() == arrowschema.Strings && t != arrowschema.JSONB && t != arrowschema.JSON
}

// Type implements Expr.
func (*In) Type() arrowschema.Type { return arrowschema.Bool }

// Children implements Expr: the argument, then the list, so that Equal sees both.
func (e *In) Children() []Expr {
	kids := make([]Expr, 0, len(e.List)+1)
	kids = append(kids, e.Arg)
	for _, c := range e.List {
		kids = append(kids, c)
	}
	return kids
}

// With implements Expr. The list is constant: only the argument can change.
func (e *In) With(kids []Expr) Expr {
	n := *e
	n.Arg = kids[0]
	return &n
}

// Eval implements Expr, once per distinct value where the argument is dictionary-coded.
func (e *In) Eval(ctx *Ctx, b *vec.Batch) (*vec.Vec, error) {
	if v, ok := overCodes(ctx, e, b); ok {
		return v, nil
	}
	v, err := e.Arg.Eval(ctx, b)
	if err != nil {
		return nil, err
	}
	switch {
	case v.Dict != nil && v.Dict.N <= 4*v.N+16:
		return vec.NewDict(v.Codes, e.test(v.Dict), v.Valid), nil
	case v.Const:
		if v.N == 0 {
			return v.As(arrowschema.Bool), nil
		}
		out := e.test(v.Resize(1))
		out.Const = true
		return out.Resize(b.N), nil
	default:
		return e.test(v.Decoded()), nil
	}
}

// test looks for the values of a flat or constant vector of its elements.
func (e *In) test(v *vec.Vec) *vec.Vec {
	out := vec.New(arrowschema.Bool, v.N)
	if v.Valid != nil {
		out.Valid = v.Valid.Clone(v.N)
	}
	var words []uint64
	if e.words != nil {
		words = vec.AppendWords(nil, v)
	}
	var key []byte
	for i := range out.Bools {
		if !v.Valid.Get(i) {
			continue
		}
		found := false
		switch {
		case words != nil:
			if e.filter.mayHave(words[i]) {
				_, found = e.words[words[i]]
			}
		case e.uuids != nil:
			if u := &v.UUIDs[i]; e.filter.mayHave(uuidWord(u)) {
				_, found = e.uuids[*u]
			}
		case e.texts != nil:
			if s := v.Strs[i]; e.lengths>>(len(s)&63)&1 != 0 { // else no hash is needed
				_, found = e.texts[s]
			}
		default:
			key = vec.AppendKey(key[:0], v, i)
			_, found = e.set[string(key)]
		}
		if !found && e.hasNull {
			out.SetNull(i)
			continue
		}
		out.Bools[i] = found != e.Negated
	}
	return out
}
