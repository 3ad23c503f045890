package text

import (
	"regexp/syntax"
	"slices"
	"strings"
)

// Limits of a table: 128 states of at most 128 classes each have their places in 16 bits, and are made in a millisecond or two.
const (
	maxTableStates = 128
	maxTableInsts  = 256
)

// table is a regular expression as a deterministic automaton over ASCII: a step for each byte, whatever the pattern. Package regexp takes some ten times as long
// for a step, but knows all characters, all patterns and parentheses: what a table does not know is left to it.
//
// A state is named by the place of its row in next. Row 0 is that of the dead state, from which there is no match; the rows up to lastHit are of states
// in which there is a match already.
type table struct {
	class   [128]uint8 // of bytes that no instruction tells apart
	width   int        // number of classes
	next    []uint16
	lastHit uint16
	atEnd   []bool // by number of the state: whether there is a match if the text ends here
	// Where to begin: with a search anywhere, with a match at the start of the text, and with a match at another place.
	search, first, other uint16
}

// tableState is a set of instructions of the automaton that Go's package makes, those that take a character or wait for the end.
type tableState struct {
	insts     []uint32
	hit       bool // it has the instruction that ends a match
	beginning bool // nothing has been read
	searching bool // a match may begin after each character
}

func (s *tableState) key() string {
	var b strings.Builder
	for _, i := range s.insts {
		b.WriteByte(byte(i))
		b.WriteByte(byte(i >> 8))
	}
	for _, f := range []bool{s.hit, s.beginning, s.searching} {
		if b.WriteByte(0); f {
			b.WriteByte(1)
		}
	}
	return b.String()
}

type tableMaker struct {
	prog    *syntax.Prog
	takes   [][]bool // by class and instruction
	states  []tableState
	numbers map[string]int
	steps   [][]int // by state and class
}

// newTable gives nil for what tables do not know: word and line boundaries, and large automata.
func newTable(source string) *table {
	tree, err := syntax.Parse(source, syntax.Perl)
	if err != nil {
		return nil
	}
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil || len(prog.Inst) > maxTableInsts {
		return nil
	}
	for i := range prog.Inst {
		if in := &prog.Inst[i]; in.Op == syntax.InstEmptyWidth && syntax.EmptyOp(in.Arg)&^(syntax.EmptyBeginText|syntax.EmptyEndText) != 0 {
			return nil
		}
	}
	m := &tableMaker{prog: prog, numbers: map[string]int{}}
	t := &table{}
	m.classify(t)
	m.number(tableState{}) // the dead one
	start := []uint32{uint32(prog.Start)}
	search, first, other := m.number(m.closure(start, true, true)), m.number(m.closure(start, true, false)), m.number(m.closure(start, false, false))
	for at := 0; at < len(m.states); at++ {
		if len(m.states) > maxTableStates {
			return nil
		}
		m.expand(at)
	}
	m.lay(t, search, first, other)
	return t
}

// classify gives bytes that the same instructions take the same class.
func (m *tableMaker) classify(t *table) {
	seen := map[string]uint8{}
	for b := range t.class {
		takes, key := make([]bool, len(m.prog.Inst)), make([]byte, len(m.prog.Inst))
		for i := range m.prog.Inst {
			if takes[i] = takesByte(&m.prog.Inst[i], rune(b)); takes[i] {
				key[i] = 1
			}
		}
		c, ok := seen[string(key)]
		if !ok {
			c = uint8(len(m.takes))
			seen[string(key)] = c
			m.takes = append(m.takes, takes)
		}
		t.class[b] = c
	}
	t.width = len(m.takes)
}

func takesByte(in *syntax.Inst, r rune) bool {
	switch in.Op {
	case syntax.InstRune, syntax.InstRune1:
		return in.MatchRune(r)
	case syntax.InstRuneAny:
		return true
	case syntax.InstRuneAnyNotNL:
		return r != '\n'
	}
	return false
}

// closure follows what takes no character.
func (m *tableMaker) closure(from []uint32, beginning, searching bool) tableState {
	s := tableState{beginning: beginning, searching: searching}
	s.insts, s.hit = m.follow(from, beginning, false)
	return s
}

func (m *tableMaker) follow(from []uint32, beginning, end bool) (insts []uint32, hit bool) {
	seen := make([]bool, len(m.prog.Inst))
	stack := slices.Clone(from)
	for len(stack) > 0 {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[at] {
			continue
		}
		seen[at] = true
		switch in := &m.prog.Inst[at]; in.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			stack = append(stack, in.Arg, in.Out)
		case syntax.InstCapture, syntax.InstNop:
			stack = append(stack, in.Out)
		case syntax.InstEmptyWidth:
			wants := syntax.EmptyOp(in.Arg)
			switch {
			case wants&syntax.EmptyBeginText != 0 && !beginning:
			case wants&syntax.EmptyEndText != 0 && !end:
				insts = append(insts, at)
			default:
				stack = append(stack, in.Out)
			}
		case syntax.InstMatch:
			hit = true
		case syntax.InstFail:
		default:
			insts = append(insts, at)
		}
	}
	slices.Sort(insts)
	return insts, hit
}

// number gives a state its number. In a search a hit is the end, so that all hits are one.
func (m *tableMaker) number(s tableState) int {
	if s.searching && s.hit {
		s = tableState{hit: true, searching: true}
	}
	key := s.key()
	n, ok := m.numbers[key]
	if !ok {
		n = len(m.states)
		m.numbers[key], m.states = n, append(m.states, s)
	}
	return n
}

func (m *tableMaker) expand(at int) {
	s := m.states[at]
	steps := make([]int, len(m.takes))
	for c, takes := range m.takes {
		var to []uint32
		for _, i := range s.insts {
			if takes[i] {
				to = append(to, m.prog.Inst[i].Out)
			}
		}
		switch {
		case s.searching && s.hit:
			steps[c] = at
			continue
		case s.searching:
			to = append(to, uint32(m.prog.Start))
		}
		next := m.closure(to, false, s.searching)
		if len(next.insts) > 0 || next.hit {
			steps[c] = m.number(next)
		}
	}
	m.steps = append(m.steps, steps)
}

// lay orders the states: the dead one, those that hit, the others.
func (m *tableMaker) lay(t *table, starts ...int) {
	order := make([]int, 1, len(m.states))
	for _, hit := range []bool{true, false} {
		for n := 1; n < len(m.states); n++ {
			if m.states[n].hit == hit {
				order = append(order, n)
			}
		}
		if hit {
			t.lastHit = uint16((len(order) - 1) * t.width)
		}
	}
	row := make([]uint16, len(order))
	for at, n := range order {
		row[n] = uint16(at * t.width)
	}
	for _, n := range order {
		for _, to := range m.steps[n] {
			t.next = append(t.next, row[to])
		}
		s := &m.states[n]
		_, end := m.follow(s.insts, s.beginning, true)
		t.atEnd = append(t.atEnd, s.hit || end)
	}
	t.search, t.first, t.other = row[starts[0]], row[starts[1]], row[starts[2]]
}

// matches tells whether there is a match in s; known is false where a character beyond ASCII comes before the answer.
func (t *table) matches(s string) (hit, known bool) {
	at, next := t.search, t.next
	if at <= t.lastHit {
		return at > 0, true
	}
	for i := 0; i < len(s); i++ {
		b := s[i]
		if b >= 0x80 {
			return false, false
		}
		if at = next[int(at)+int(t.class[b])]; at <= t.lastHit {
			return at > 0, true
		}
	}
	return t.atEnd[int(at)/t.width], true
}

// find gives the first match in s, of several at one place the longest; known is false for texts beyond ASCII, and where the search takes too many steps.
// There is a match if to is not negative.
func (t *table) find(s string) (from, to int, known bool) {
	if !isASCII(s) {
		return 0, -1, false
	}
	steps := 64*len(s) + 1024
	start := t.first
	for from = 0; from <= len(s); from++ {
		for from < len(s) && start > t.lastHit && t.next[int(start)+int(t.class[s[from]&0x7f])] == 0 { // nothing begins here
			from++
			start = t.other
		}
		if to, steps = t.longest(s, from, start, steps); to >= 0 || steps < 0 {
			return from, to, steps >= 0
		}
		start = t.other
	}
	return 0, -1, true
}

// longest gives the end of the longest match from a place on, -1 for none, and what is left of the steps.
func (t *table) longest(s string, from int, at uint16, steps int) (to, left int) {
	to = -1
	for i := from; at > 0; i++ {
		if at <= t.lastHit {
			to = i
		}
		if i == len(s) {
			if t.atEnd[int(at)/t.width] {
				to = i
			}
			return to, steps - (i - from)
		}
		at = t.next[int(at)+int(t.class[s[i]&0x7f])]
		if steps--; steps < 0 {
			break
		}
	}
	return to, steps
}
