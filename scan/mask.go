package scan

import (
	"encoding/binary"
	"math"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/kernels"
	"github.com/stoadb/stoa/exprs/vec"
)

// A mask is a byte for each row, 1 for those that are kept and 0 for the others. Bytes need no shifting where one row is looked at; where all are, eight of
// them make a word.

// ones has bit 0 of each byte set.
const ones = 0x0101010101010101

// passes remembers which entries of a few dictionaries pass, while conditions on them take turns.
type passes struct {
	known [4]entryPasses
	next  int // to be forgotten
}

// entryPasses is which entries of a dictionary pass.
type entryPasses struct {
	dict  *vec.Vec
	entry []uint8 // at least byteCodes of them
}

// byteCodes is the number of codes that fit a byte: with as many entries a loop needs no check of bounds.
const byteCodes = 256

// begin gives a mask of the rows at which the condition v is true, in the memory of keep, and counts them.
func (p *passes) begin(keep []uint8, v *vec.Vec) int {
	switch {
	case v.Const || v.Dict != nil && v.Dict.N == 0:
		vec.SetBytes(keep)
		return p.narrow(keep, v)
	case v.Dict != nil:
		entry, codes := p.learn(v.Dict), v.Codes[:len(keep)]
		if v.Dict.N > byteCodes {
			for i, c := range codes {
				keep[i] = entry[c]
			}
			break
		}
		few := (*[byteCodes]uint8)(entry)
		for i, c := range codes {
			keep[i] = few[uint8(c)]
		}
	default:
		copy(keep, vec.BoolBytes(v.Bools))
	}
	if v.Valid != nil {
		vec.AndBits(keep, v.Valid)
	}
	return count(keep)
}

// narrow clears the rows of keep at which the condition v is not true, and counts those that are left.
func (p *passes) narrow(keep []uint8, v *vec.Vec) int {
	switch {
	case v.Const:
		if !v.Valid.Get(0) || !v.Bools[0] {
			clear(keep)
		}
		return count(keep)
	case v.Dict != nil && v.Dict.N == 0: // all rows are NULL
		clear(keep)
		return 0
	case v.Dict != nil:
		entry, codes := p.learn(v.Dict), v.Codes[:len(keep)]
		if v.Dict.N > byteCodes {
			for i, c := range codes {
				keep[i] &= entry[c]
			}
			break
		}
		few := (*[byteCodes]uint8)(entry)
		for i, c := range codes {
			keep[i] &= few[uint8(c)]
		}
	default:
		andBools(keep, v.Bools[:len(keep)])
	}
	if v.Valid != nil {
		vec.AndBits(keep, v.Valid)
	}
	return count(keep)
}

// learn gives which entries of a dictionary pass.
func (p *passes) learn(dict *vec.Vec) []uint8 {
	for i := range p.known {
		if p.known[i].dict == dict {
			return p.known[i].entry
		}
	}
	k := &p.known[p.next]
	p.next = (p.next + 1) % len(p.known)
	k.dict, k.entry = dict, append(k.entry[:0], make([]uint8, max(dict.N, byteCodes))...)
	for i, x := range dict.Bools {
		if x && dict.Valid.Get(i) {
			k.entry[i] = 1
		}
	}
	return k.entry
}

// andBools clears the bytes at which b is false.
func andBools(keep []uint8, b []bool) {
	if len(b) == 0 {
		return
	}
	bytes := vec.BoolBytes(b)
	for len(keep) >= 8 {
		binary.LittleEndian.PutUint64(keep, binary.LittleEndian.Uint64(keep)&binary.LittleEndian.Uint64(bytes))
		keep, bytes = keep[8:], bytes[8:]
	}
	for i := range keep {
		keep[i] &= bytes[i]
	}
}

// count counts the ones of a mask.
func count(keep []uint8) int {
	n := 0
	for len(keep) >= 8 {
		n += int(binary.LittleEndian.Uint64(keep) * ones >> 56)
		keep = keep[8:]
	}
	for _, k := range keep {
		n += int(k)
	}
	return n
}

// runs counts the runs of ones of a mask.
func runs(keep []uint8) int {
	n, last := 0, uint64(0) // last is the byte before
	for len(keep) >= 8 {
		w := binary.LittleEndian.Uint64(keep)
		n += int((w &^ (w<<8 | last)) * ones >> 56)
		last, keep = w>>56, keep[8:]
	}
	for _, k := range keep {
		n += int(uint64(k) &^ last)
		last = uint64(k)
	}
	return n
}

// bitTest is a condition that cannot fail and that is told of all rows of a window, as bits, at so little cost that rows which another condition left out need
// no sparing.
type bitTest interface {
	// pass sets the bits of the rows of b at which the condition is true, and clears the others. ok is false, and the bits mean nothing, when b has not the
	// form for it: the condition is to be evaluated.
	pass(ctx *exprs.Ctx, b *vec.Batch, out []uint64) (ok bool, err error)
}

// bitTestOf makes a test of a condition, or of its negation: where a condition is NULL neither passes. It gives nil where there is none. A test has memory of
// its own, for one worker.
func bitTestOf(e exprs.Expr, negated bool) bitTest {
	switch n := e.(type) {
	case *exprs.Not:
		return bitTestOf(n.Arg, !negated)
	case *exprs.And:
		return junctionTestOf(n.Args, negated, negated)
	case *exprs.Or:
		return junctionTestOf(n.Args, !negated, negated)
	case *exprs.IsNull:
		if c, ok := n.Arg.(*exprs.Column); ok {
			return &nullTest{column: c.Index, null: n.Negated == negated}
		}
	case *exprs.In:
		if t := inTestOf(n, negated); t != nil {
			return t
		}
	case *exprs.Call:
		if t := rangeTestOf(n, negated); t != nil {
			return t
		}
	}
	return codeTestOf(e, negated)
}

// junctionTest is the conjunction or, with any, the disjunction of tests.
type junctionTest struct {
	args []bitTest
	any  bool
	bits []uint64
}

func junctionTestOf(args []exprs.Expr, any, negated bool) bitTest {
	t := &junctionTest{any: any}
	for _, a := range args {
		arg := bitTestOf(a, negated)
		if arg == nil {
			return nil
		}
		t.args = append(t.args, arg)
	}
	return t
}

func (t *junctionTest) pass(ctx *exprs.Ctx, b *vec.Batch, out []uint64) (ok bool, err error) {
	if len(t.bits) < len(out) {
		t.bits = make([]uint64, len(out))
	}
	for i, arg := range t.args {
		if i == 0 {
			ok, err = arg.pass(ctx, b, out)
		} else if ok, err = arg.pass(ctx, b, t.bits[:len(out)]); ok {
			join(out, t.bits, t.any)
		}
		if !ok {
			return false, err
		}
	}
	return true, nil
}

// join makes of bits their union, or else their intersection, with others.
func join(out, others []uint64, union bool) {
	others = others[:len(out)]
	for i, w := range others {
		if union {
			out[i] |= w
		} else {
			out[i] &= w
		}
	}
}

// nullTest is IS NULL, or IS NOT NULL, of a column.
type nullTest struct {
	column int
	null   bool
}

func (t *nullTest) pass(_ *exprs.Ctx, b *vec.Batch, out []uint64) (ok bool, err error) {
	v := b.Cols[t.column]
	if v.Const || v.Dict != nil && (v.Dict.N == 0 || v.Dict.Valid != nil) {
		return false, nil
	}
	for i := range out {
		if out[i] = ^uint64(0); v.Valid != nil {
			out[i] = v.Valid[i]
		}
		if t.null {
			out[i] = ^out[i]
		}
	}
	return true, nil
}

// rangeTest is that a column of integers lies in a range, or with except that it does not.
type rangeTest struct {
	column int
	lo, hi int64 // within it; lo is not greater
	except bool
}

// rangeTestOf makes a test of the comparison of a column with a constant.
func rangeTestOf(c *exprs.Call, negated bool) bitTest {
	if len(c.Args) != 2 || c.Fn.Result != arrowschema.Bool {
		return nil
	}
	column, ok := c.Args[0].(*exprs.Column)
	limit, isConst := c.Args[1].(*exprs.Const)
	flipped := false
	if !ok {
		column, ok = c.Args[1].(*exprs.Column)
		limit, isConst = c.Args[0].(*exprs.Const)
		flipped = true
	}
	if !ok || !isConst || limit.IsNull() || column.T.Physical() != arrowschema.Ints {
		return nil
	}
	if t := limit.Type(); t != column.T && !(t.Integer() && column.T.Integer()) { // a date and a time count other units
		return nil
	}
	return rangeTestBy(c.Fn.Name, column.Index, limit.V.Ints[0], flipped, negated)
}

// rangeTestBy makes a test of an operator; nil for one that is no comparison.
func rangeTestBy(op string, column int, x int64, flipped, negated bool) bitTest {
	t := &rangeTest{column: column, lo: x, hi: x, except: negated}
	switch op {
	case "=":
		return t
	case "<>":
		t.except = !negated
		return t
	case "<", "<=", ">", ">=":
	default:
		return nil
	}
	below := (op[0] == '<') != flipped
	if len(op) == 1 { // what lies on this side of x is what does not lie on the other, x included
		below, t.except = !below, !negated
	}
	if below {
		t.lo = math.MinInt64
	} else {
		t.hi = math.MaxInt64
	}
	return t
}

func (t *rangeTest) pass(_ *exprs.Ctx, b *vec.Batch, out []uint64) (ok bool, err error) {
	v := b.Cols[t.column].Decoded()
	if v.Const {
		return false, nil
	}
	kernels.Within(out, v.Ints[:b.N], t.lo, t.hi)
	if t.except {
		for i := range out {
			out[i] = ^out[i]
		}
	}
	if v.Valid != nil {
		join(out, v.Valid, false)
	}
	return true, nil
}

// fewValues is the number of values of a list up to which each is compared with.
const fewValues = 8

// inTestOf makes a test of a column of integers being one of few constants, none of them NULL.
func inTestOf(e *exprs.In, negated bool) bitTest {
	column, ok := e.Arg.(*exprs.Column)
	if !ok || column.T.Physical() != arrowschema.Ints || len(e.List) == 0 || len(e.List) > fewValues {
		return nil
	}
	except := e.Negated != negated
	t := &junctionTest{any: !except}
	for _, c := range e.List {
		if c.IsNull() {
			return nil
		}
		t.args = append(t.args, &rangeTest{column: column.Index, lo: c.V.Ints[0], hi: c.V.Ints[0], except: except})
	}
	return t
}

// codeTest is a condition on one column that is found by the column's codes.
type codeTest struct {
	column int
	cond   exprs.Expr
	known  passes
}

func codeTestOf(e exprs.Expr, negated bool) bitTest {
	if negated {
		e = &exprs.Not{Arg: e}
	}
	set := map[int]bool{}
	if exprs.Columns(e, set); len(set) != 1 || exprs.MayFail(e) {
		return nil
	}
	t := &codeTest{cond: e}
	for t.column = range set {
	}
	return t
}

func (t *codeTest) pass(ctx *exprs.Ctx, b *vec.Batch, out []uint64) (ok bool, err error) {
	if b.Cols[t.column].Dict == nil {
		return false, nil
	}
	v, err := t.cond.Eval(ctx, b)
	if err != nil || v.Dict == nil || v.Dict.N == 0 {
		return false, err
	}
	kernels.Look(out, v.Codes[:b.N], t.known.learn(v.Dict)[:v.Dict.N])
	if v.Valid != nil {
		join(out, v.Valid, false)
	}
	return true, nil
}
