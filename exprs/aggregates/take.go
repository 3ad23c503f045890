package aggregates

import "github.com/stoadb/stoa/exprs/kernels"

// What the states take from a Tally.

// wish says what a state takes beside the number of values, and whether of values in scaled form.
type wish struct{ sum, least, greatest, scaled bool }

func (*count) wants() wish { return wish{} }

func (*count) accepts(int) bool { return true }

func (s *count) take(group int, l *kernels.Cell) { s.n[group+1] += l.N }

func (*intSum) wants() wish { return wish{sum: true} }

func (*intSum) accepts(int) bool { return true }

func (s *intSum) take(group int, l *kernels.Cell) { s.totals.flush(group+1, partial{l.Sum, l.N}) }

func (*decSum) wants() wish { return wish{sum: true, scaled: true} }

func (s *decSum) accepts(scale int) bool { return s.scale.takes(scale) }

func (s *decSum) take(group int, l *kernels.Cell) { s.scaled.flush(group+1, partial{l.Sum, l.N}) }

func (s *intExtreme) wants() wish { return s.bests.wants(false) }

func (*intExtreme) accepts(int) bool { return true }

func (s *intExtreme) take(group int, l *kernels.Cell) { s.bests.take(group, l) }

func (s *extreme) wants() wish { return s.scaled.wants(true) }

func (s *extreme) accepts(scale int) bool { return s.takesScaled(scale) }

func (s *extreme) take(group int, l *kernels.Cell) { s.scaled.take(group, l) }

func (t *intBests) wants(scaled bool) wish {
	return wish{least: t.sign < 0, greatest: t.sign > 0, scaled: scaled}
}

func (t *intBests) take(group int, l *kernels.Cell) {
	x := l.Least
	if t.sign > 0 {
		x = l.Greatest
	}
	t.group(group).offer(x, t.sign)
}
