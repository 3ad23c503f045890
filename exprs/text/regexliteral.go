package text

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

// needed is texts of which every match of a regular expression has one: what has none of them need not be searched.
type needed struct {
	any  []string
	all  bool // what has one of them matches
	fold bool // they are in lower case, and are looked for in texts in lower case, if these are ASCII
}

const (
	maxNeeded = 16 // alternatives
	maxClass  = 4  // characters of a class that are taken for alternatives
)

// newNeeded reads a pattern; nil when nothing is known.
func newNeeded(source string) *needed {
	tree, err := syntax.Parse(source, syntax.Perl)
	if err != nil {
		return nil
	}
	r := literalReader{fold: folds(tree)}
	whole, some := r.read(tree)
	n := &needed{any: better(whole, some), fold: r.fold}
	if n.any == nil {
		return nil
	}
	n.all = !r.more && slices.Equal(n.any, whole)
	return n
}

func folds(re *syntax.Regexp) bool {
	return re.Op == syntax.OpLiteral && re.Flags&syntax.FoldCase != 0 || slices.ContainsFunc(re.Sub, folds)
}

// literalReader reads what must stand in a match.
type literalReader struct {
	fold bool
	more bool // there is more to a match than the literals: a place, or a case
}

// read gives the texts that re matches, when these are few, and texts of which each match has one; nil for what is not known.
func (r *literalReader) read(re *syntax.Regexp) (whole, some []string) {
	switch re.Op {
	case syntax.OpLiteral:
		return r.literal(string(re.Rune), re.Flags&syntax.FoldCase != 0), nil
	case syntax.OpCharClass:
		return r.class(re.Rune), nil
	case syntax.OpEmptyMatch:
		return []string{""}, nil
	case syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		r.more = true
		return []string{""}, nil
	case syntax.OpCapture:
		return r.read(re.Sub[0])
	case syntax.OpPlus:
		return nil, better(r.read(re.Sub[0]))
	case syntax.OpRepeat:
		if re.Min > 0 {
			return nil, better(r.read(re.Sub[0]))
		}
	case syntax.OpConcat:
		return r.concat(re.Sub)
	case syntax.OpAlternate:
		return r.alternate(re.Sub)
	}
	return nil, nil
}

func (r *literalReader) literal(s string, fold bool) []string {
	ascii := isASCII(s)
	if strings.ContainsRune(s, utf8.RuneError) || r.fold && !ascii {
		return nil
	}
	if r.fold {
		small := lower(s)
		r.more = r.more || !fold && (small != s || upper(s) != s)
		s = small
	}
	return []string{s}
}

func (r *literalReader) class(ranges []rune) []string {
	if r.fold && len(ranges) == 4 && ranges[0] == ranges[1] && ranges[2] == ranges[3] && ranges[0]|0x20 == ranges[2] && lower(string(ranges[0])) == string(ranges[2]) {
		return r.literal(string(ranges[2]), true) // a letter of ASCII in both cases
	}
	var out []string
	for i := 0; i+1 < len(ranges); i += 2 {
		if ranges[i+1]-ranges[i] >= maxClass {
			return nil
		}
		for c := ranges[i]; c <= ranges[i+1]; c++ {
			one := r.literal(string(c), false)
			if one == nil || len(out) == maxClass {
				return nil
			}
			if !slices.Contains(out, one[0]) {
				out = append(out, one[0])
			}
		}
	}
	return out
}

func (r *literalReader) concat(subs []*syntax.Regexp) (whole, some []string) {
	run, only := []string{""}, true
	for _, sub := range subs {
		texts, within := r.read(sub)
		if texts != nil && len(run)*len(texts) <= maxNeeded {
			var longer []string
			for _, a := range run {
				for _, b := range texts {
					longer = append(longer, a+b)
				}
			}
			run = longer
			continue
		}
		only = false
		some = better(better(some, run), within)
		if run = texts; run == nil {
			run = []string{""}
		}
	}
	if only {
		return run, nil
	}
	return nil, better(some, run)
}

func (r *literalReader) alternate(subs []*syntax.Regexp) (whole, some []string) {
	only, known := true, true
	for _, sub := range subs {
		texts, within := r.read(sub)
		only = only && texts != nil
		whole = append(whole, texts...)
		one := better(texts, within)
		known = known && one != nil
		some = append(some, one...)
	}
	if !only || len(whole) > maxNeeded {
		whole = nil
	}
	if !known || len(some) > maxNeeded {
		some = nil
	}
	return whole, some
}

// better gives those of two sets of texts of which the shortest is longer; nil when there is an empty one in both, or nothing.
func better(a, b []string) []string {
	if shortest(a) >= shortest(b) {
		a, b = b, a
	}
	if shortest(b) == 0 {
		return nil
	}
	return b
}

func shortest(texts []string) int {
	if len(texts) == 0 {
		return 0
	}
	n := len(texts[0])
	for _, s := range texts {
		n = min(n, len(s))
	}
	return n
}

// filter sets r to whether each text that is not NULL has one of the needed ones; ok is false, with r garbage, where they are not searched as one piece.
func (n *needed) filter(ctx *exprs.Ctx, texts *vec.Vec, valid vec.Bitmap, r []bool) (ok bool, err error) {
	strs := texts.Strs[:len(r)]
	if n.fold {
		small, l := make([]string, len(r)), toLower()
		if ok, err := l.column(ctx, texts, valid, small); !ok || err != nil {
			return false, err
		}
		strs = small
	}
	if !containing(strs, valid, n.any[:1], false, r, nil) {
		return false, nil
	}
	var one []bool
	for i := range n.any[1:] {
		if one == nil {
			one = make([]bool, len(r))
		}
		if !containing(strs, valid, n.any[i+1:i+2], false, one, nil) {
			return false, nil
		}
		for j, hit := range one {
			r[j] = r[j] || hit
		}
	}
	return true, nil
}
