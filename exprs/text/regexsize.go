package text

import (
	"regexp/syntax"
	"strings"

	"github.com/stoadb/stoa/exprs"
)

// Compiling takes time and memory that nothing can stop, so that what would take much is refused before, as PostgreSQL refuses automata of more than some
// hundred thousand states.
const (
	// maxInstructions of an automaton: some ten milliseconds, and perInstruction bytes each with the tree that it is made of.
	maxInstructions = 1 << 17
	perInstruction  = 250
	// maxRanges is the number of ranges of characters in classes such as \w, of which each is made of its tables again.
	maxRanges = 1 << 19
	// maxCaptures is the memory for the places of parentheses that a search may need, in bytes: each state of the automaton has them all.
	maxCaptures = 64 << 20
)

func errTooComplex() error { return errRegex("regular expression is too complex") }

// classRanges is about the number of ranges that a class of the translator's makes.
var classRanges = map[string]int{"w": 1050, "d": 70, "alpha": 660, "digit": 70, "alnum": 730, "upper": 650, "lower": 660, "word": 1050}

// checkSize refuses a translated pattern that would make a large automaton, and gives the number of its instructions, about.
func checkSize(source string, repeats bool) (int, error) {
	if len(source) > 2*maxInstructions {
		return 0, errTooComplex()
	}
	most := 2*len(source) + 8
	if repeats {
		most *= 1000 // the most that Go's package takes
	}
	if groups := strings.Count(source, "("); most <= maxInstructions && most*16*(1+groups) <= maxCaptures {
		return most, nil
	}
	tree, err := syntax.Parse(source, syntax.Perl)
	if err != nil {
		return 0, regexError(err)
	}
	n := instructions(tree)
	if n > maxInstructions || n*16*(1+tree.MaxCap()) > maxCaptures {
		return 0, errTooComplex()
	}
	return n, nil
}

// instructions gives the size of an expression's automaton, about. Trees are no deeper than Go's package allows.
func instructions(re *syntax.Regexp) int {
	n := max(1, len(re.Rune))
	if re.Op == syntax.OpCharClass {
		n = 1
	}
	for _, sub := range re.Sub {
		n += min(instructions(sub), 2*maxInstructions)
	}
	switch re.Op {
	case syntax.OpRepeat:
		n *= max(1, re.Max, re.Min+1)
	case syntax.OpCapture, syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpAlternate:
		n += 2
	}
	return min(n, 2*maxInstructions)
}

// compileWithin compiles a pattern within the statement's memory.
func compileWithin(ctx *exprs.Ctx, pattern string, fold, lineMode bool) (*compiledRegex, error) {
	if err := ctx.Check(); err != nil {
		return nil, err
	}
	if len(pattern) > small {
		if err := ctx.Reserve(int64(min(len(pattern), maxInstructions)) * perInstruction); err != nil {
			return nil, err
		}
	}
	re, err := compileRegex(pattern, fold, lineMode)
	if err == nil && re.instructions > small {
		err = ctx.Reserve(int64(re.instructions) * perInstruction)
	}
	return re, err
}

// small is the length of patterns, and the size of automata, that are not worth counting.
const small = 1 << 12
