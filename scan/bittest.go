package scan

import (
	"math"
	"math/bits"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/kernels"
	"github.com/stoadb/stoa/exprs/vec"
)

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

	dict  *vec.Vec // of which entry tells which entries pass
	entry []uint8
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
	v := b.Cols[t.column]
	switch {
	case v.Const || v.Dict != nil && v.Dict.N == 0:
		return false, nil
	case v.Dict != nil:
		look(out, v.Codes[:b.N], v.Valid, t.learn(v.Dict))
		return true, nil
	}
	if t.look(out, v.Ints[:b.N]); v.Valid != nil {
		join(out, v.Valid, false)
	}
	return true, nil
}

// look does values of which none is NULL.
func (t *rangeTest) look(out []uint64, values []int64) {
	kernels.Within(out, values, t.lo, t.hi)
	if t.except {
		for i := range out {
			out[i] = ^out[i]
		}
	}
}

// learn gives which entries of a dictionary pass.
func (t *rangeTest) learn(dict *vec.Vec) []uint8 {
	if t.dict == dict {
		return t.entry
	}
	passed := make([]uint64, (dict.N+63)/64)
	if t.look(passed, dict.Ints[:dict.N]); dict.Valid != nil {
		join(passed, dict.Valid, false)
	}
	t.dict, t.entry = dict, make([]uint8, dict.N)
	kernels.Spread(t.entry, passed)
	return t.entry
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
	look(out, v.Codes[:b.N], v.Valid, t.known.learn(v.Dict)[:v.Dict.N])
	return true, nil
}

// look sets the bits of the rows that are not NULL and of whose code pass has 1, and clears the others. Where most rows are NULL only the others are looked at.
func look(out []uint64, codes []uint16, valid vec.Bitmap, pass []uint8) {
	if valid == nil || len(pass) <= quickCodes || valid.Count(len(codes))*sparseCodes > len(codes) {
		if kernels.Look(out, codes, pass); valid != nil {
			join(out, valid, false)
		}
		return
	}
	for i, left := range valid[:len(out)] {
		part, w := codes[i*64:], uint64(0)
		if len(part) < 64 {
			left &= 1<<uint(len(part)) - 1
		}
		for ; left != 0; left &= left - 1 {
			row := bits.TrailingZeros64(left)
			w |= uint64(pass[part[row]]) << uint(row)
		}
		out[i] = w
	}
}

const (
	// sparseCodes is the share of rows with a value up to which these are looked at one by one, as a divisor.
	sparseCodes = 6
	// quickCodes is the number of codes up to which kernels.Look has assembly.
	quickCodes = 64
)

// bitTests are the tests of the first conditions, with memory for what they tell of a window.
type bitTests struct {
	tests      []bitTest
	bits, next []uint64 // of the rows that are kept, and of those that pass the next test
}

// bitTestsOf gives the tests of the first conditions, up to one of which there is none: what that fails on must not depend on those behind it.
func bitTestsOf(conds []exprs.Expr) (out bitTests) {
	for _, c := range conds {
		t := bitTestOf(c, false)
		if t == nil {
			break
		}
		out.tests = append(out.tests, t)
	}
	return out
}

// byTests does the first conditions, as far as they are told by bits, and gives how many. keep and kept are as in filter. Of a row group it stops where the rows
// that are left cost less by themselves.
func (s *tableStream) byTests(lo, hi int, keep []uint8, kept int) (_ []uint8, left, done int, err error) {
	t, n := &s.bits, hi-lo
	_, cold := s.cur.(*coldMorsel)
	enough := 0
	if cold && !s.env.NoPruning {
		enough = (n - 1) / fewRanges
	}
	if !kernels.Quick(n) || len(t.tests) == 0 || kept <= enough {
		return keep, kept, 0, nil
	}
	if words := (n + 63) / 64; len(t.bits) < words {
		t.bits, t.next = make([]uint64, words), make([]uint64, words)
	}
	bits, next := t.bits[:(n+63)/64], t.next[:(n+63)/64]
	all := keep == nil
	if !all {
		kernels.Pack(bits, keep)
	}
	for kept > enough && done < len(t.tests) {
		b, err := s.window(lo, hi, nil, s.needs[done])
		if err != nil {
			return nil, 0, 0, err
		}
		if cold && done > 0 && mostEntries(b) > kept {
			break
		}
		ok, err := t.tests[done].pass(s.ctx, b, next)
		if err != nil {
			return nil, 0, 0, err
		}
		if !ok {
			break
		}
		if all {
			bits, next, all = next, bits, false
		} else {
			join(bits, next, false)
		}
		kept, done = vec.Bitmap(bits).Count(n), done+1
	}
	if done > 0 {
		if keep == nil {
			keep = s.room(n)
		}
		kernels.Spread(keep, bits)
	}
	return keep, kept, done, nil
}

// mostEntries gives the size of the largest dictionary of a batch.
func mostEntries(b *vec.Batch) (n int) {
	for _, v := range b.Cols {
		if v != nil && v.Dict != nil {
			n = max(n, v.Dict.N)
		}
	}
	return n
}
