package parser

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// block is an input and PostgreSQL's answer to it, from a file that testdata/golden.py fills in.
type block struct{ input, answer string }

// readGolden reads the blocks of a file of testdata.
func readGolden(t *testing.T, name string) []block {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	var blocks []block
	for piece := range strings.SplitSeq(string(text), "\n\n") {
		input, answer, ok := strings.Cut(strings.Trim(piece, "\n"), "\n----")
		if !ok {
			require.True(t, strings.HasPrefix(input, "#"), "a block without an answer: %s", input)
			continue
		}
		blocks = append(blocks, block{input, strings.TrimPrefix(answer, "\n")})
	}
	require.NotEmpty(t, blocks)
	return blocks
}

// describe gives an error as golden.py writes it.
func describe(err error) string {
	if err == nil {
		return "ok"
	}
	var e *sqlstate.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	s := fmt.Sprintf("%s %d %s", e.Code, e.Position, e.Message)
	if e.Hint != "" {
		s += "\nHINT: " + e.Hint
	}
	return s
}

// TestSyntax compares what parses, and the errors with their positions, with PostgreSQL.
func TestSyntax(t *testing.T) {
	t.Parallel()
	for _, b := range readGolden(t, "syntax.txt") {
		_, err := Parse(b.input)
		if e, ok := errors.AsType[*sqlstate.Error](err); ok && e.Code == sqlstate.FeatureNotSupported && b.answer == "ok" {
			continue // refused knowingly
		}
		if got := describe(err); got != b.answer {
			t.Errorf("%s\nPostgreSQL: %s\n      here: %s", b.input, b.answer, got)
		}
	}
}

// TestOutputNames compares default column names with PostgreSQL.
func TestOutputNames(t *testing.T) {
	t.Parallel()
	for _, b := range readGolden(t, "names.txt") {
		stmts, err := Parse("SELECT " + b.input)
		if err != nil {
			if got := describe(shift(err, -len("SELECT "))); got != b.answer {
				t.Errorf("%s\nPostgreSQL: %s\n      here: %s", b.input, b.answer, got)
			}
			continue
		}
		var names []string
		for _, item := range stmts[0].Node.(*Query).Body.(*Select).Items {
			name := item.Alias
			if name == "" {
				name = OutputName(item.Expr)
			}
			if star, ok := item.Expr.(*Star); ok {
				name = star.Table[0] // the test's t.* have one column, named like the table
			}
			names = append(names, name)
		}
		require.Equal(t, b.answer, strings.Join(names, "\n"), b.input)
	}
}

// shift moves an error's position.
func shift(err error, by int) error {
	if e, ok := errors.AsType[*sqlstate.Error](err); ok && e.Position > 0 {
		moved := *e
		moved.Position += by
		return &moved
	}
	return err
}

// TestPrecedence compares trees with those of PostgreSQL's own rendering of the same expression, in which everything is in parentheses: read that
// without any knowledge of precedence, bring both to a common form, and they must be equal.
func TestPrecedence(t *testing.T) {
	t.Parallel()
	compared := 0
	for _, b := range readGolden(t, "precedence.txt") {
		got, err := ParseExpr(b.input)
		if len(b.answer) == 5 && b.answer[0] == '4' {
			if syntax := sqlstate.CodeOf(err) == sqlstate.SyntaxError; syntax != (b.answer == "42601") {
				t.Errorf("%s\nPostgreSQL: %s\n      here: %v", b.input, b.answer, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s\nPostgreSQL: %s\n      here: %v", b.input, b.answer, err)
			continue
		}
		want, err := ParseExpr(b.answer)
		require.NoError(t, err, b.answer)
		if g, w := Format(common(got)), Format(common(want)); g != w {
			t.Errorf("%s\nPostgreSQL: %s\n      i.e.: %s\n      here: %s", b.input, b.answer, w, g)
		}
		compared++
	}
	require.Greater(t, compared, 100)
}

// common rewrites an expression to the form in which PostgreSQL shows it: without the casts it adds, LIKE as ~~, IN as = ANY, BETWEEN as AND.
func common(e Expr) Expr {
	switch e := e.(type) {
	case *ColumnRef:
		return &ColumnRef{Parts: e.Parts[len(e.Parts)-1:]}
	case *StringLit:
		if n, err := strconv.ParseInt(e.Value, 10, 64); err == nil {
			return &IntLit{Value: n}
		}
		return e
	case *Cast:
		switch e.Type.Name {
		case "int8":
			return &Cast{Arg: common(e.Arg), Type: e.Type}
		}
		return common(e.Arg)
	case *UnaryOp:
		return &UnaryOp{Op: e.Op, Arg: common(e.Arg)}
	case *BinaryOp:
		return &BinaryOp{Op: e.Op, Left: common(e.Left), Right: common(e.Right)}
	case *Not:
		return &Not{Arg: common(e.Arg)}
	case *And:
		return &And{Args: flatten(commonList(e.Args))}
	case *Or:
		args := commonList(e.Args)
		if or, ok := args[0].(*Or); ok {
			args = append(append([]Expr{}, or.Args...), args[1:]...)
		}
		return &Or{Args: args}
	case *IsNull:
		return &IsNull{Arg: common(e.Arg), Not: e.Not}
	case *IsBool:
		return &IsBool{Arg: common(e.Arg), Truth: e.Truth, Not: e.Not}
	case *IsDistinct:
		return negated(&IsDistinct{Left: common(e.Left), Right: common(e.Right)}, e.Not)
	case *Like:
		return commonLike(e)
	case *Between:
		arg := common(e.Arg)
		low, high, both := ">=", "<=", func(a, b Expr) Expr { return &And{Args: []Expr{a, b}} }
		if e.Not {
			low, high, both = "<", ">", func(a, b Expr) Expr { return &Or{Args: []Expr{a, b}} }
		}
		return both(&BinaryOp{Op: low, Left: arg, Right: common(e.Low)}, &BinaryOp{Op: high, Left: arg, Right: common(e.High)})
	case *InList:
		op, all := "=", false
		if e.Not {
			op, all = "<>", true
		}
		return commonIn(common(e.Arg), op, all, commonList(e.List))
	case *Quantified:
		if e.Query != nil {
			return &Quantified{Op: e.Op, All: e.All, Arg: common(e.Arg), Query: commonQuery(e.Query)}
		}
		return &Quantified{Op: e.Op, All: e.All, Arg: common(e.Arg), Array: common(e.Array)}
	}
	return commonOther(e)
}

func commonOther(e Expr) Expr {
	switch e := e.(type) {
	case *FuncCall:
		return &FuncCall{Name: e.Name, Args: commonList(e.Args), SQLSyntax: e.SQLSyntax}
	case *Subquery:
		return &Subquery{Query: commonQuery(e.Query)}
	case *InQuery:
		return &InQuery{Arg: common(e.Arg), Not: e.Not, Query: commonQuery(e.Query)}
	case *Collate:
		return &Collate{Arg: common(e.Arg), Collation: e.Collation}
	case *Subscript:
		return &Subscript{Arg: common(e.Arg), Index: common(e.Index), Slice: e.Slice, Lo: common(e.Lo), Hi: common(e.Hi)}
	case *Array:
		return &Array{Elems: commonList(e.Elems)}
	case *Coalesce:
		return &Coalesce{Args: commonList(e.Args)}
	case *Row:
		return &Row{Explicit: true, Fields: commonList(e.Fields)}
	case *Case:
		c := &Case{Arg: common(e.Arg), Else: common(e.Else)}
		if c.Else == nil {
			c.Else = &NullLit{}
		}
		for _, w := range e.Whens {
			c.Whens = append(c.Whens, When{Cond: common(w.Cond), Result: common(w.Result)})
		}
		return c
	}
	return e
}

// commonQuery drops the qualification of columns that PostgreSQL adds; the queries of the test are simple.
func commonQuery(q *Query) *Query {
	stmts, err := Parse(strings.ReplaceAll(FormatQuery(q), "z.", ""))
	if err != nil {
		return q
	}
	return stmts[0].Node.(*Query)
}

// commonIn makes = ANY of an IN list of constants, and comparisons of one with variables.
func commonIn(arg Expr, op string, not bool, list []Expr) Expr {
	var each []Expr
	variable := false
	for _, e := range list {
		each = append(each, &BinaryOp{Op: op, Left: arg, Right: e})
		if _, ok := e.(*IntLit); !ok {
			variable = true
		}
	}
	switch {
	case len(each) == 1:
		return each[0]
	case !variable:
		return &Quantified{Op: op, All: not, Arg: arg, Array: &Array{Elems: list}}
	case not:
		return &And{Args: each}
	}
	return &Or{Args: each}
}

func commonList(list []Expr) []Expr {
	out := make([]Expr, len(list))
	for i, e := range list {
		out[i] = common(e)
	}
	return out
}

// flatten takes a leading AND apart, as the parser does and as BETWEEN's comes in unflattened.
func flatten(args []Expr) []Expr {
	if and, ok := args[0].(*And); ok {
		return append(append([]Expr{}, and.Args...), args[1:]...)
	}
	return args
}

func negated(e Expr, yes bool) Expr {
	if yes {
		return &Not{Arg: e}
	}
	return e
}

func commonLike(e *Like) Expr {
	op := map[LikeKind]string{LikeMatch: "~~", ILikeMatch: "~~*", SimilarTo: "~"}[e.Kind]
	if e.Not {
		op = "!" + op
	}
	pattern := common(e.Pattern)
	switch {
	case e.Kind == SimilarTo:
		pattern = &FuncCall{Name: "similar_to_escape", Args: []Expr{pattern}}
	case e.Escape != nil:
		pattern = &FuncCall{Name: "like_escape", Args: []Expr{pattern, common(e.Escape)}}
	}
	return &BinaryOp{Op: op, Left: common(e.Arg), Right: pattern}
}
