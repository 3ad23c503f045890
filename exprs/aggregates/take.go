package aggregates

import "github.com/stoadb/stoa/exprs/kernels"

// What the states take from a Tally.

func (*count) wants() (sum, extreme, scaled bool) { return false, false, false }

func (*count) accepts(int) bool { return true }

func (s *count) take(group int, l *kernels.Cell) { s.n[group+1] += l.N }

func (*intSum) wants() (sum, extreme, scaled bool) { return true, false, false }

func (*intSum) accepts(int) bool { return true }

func (s *intSum) take(group int, l *kernels.Cell) { s.totals.flush(group+1, partial{l.Sum, l.N}) }

func (*decSum) wants() (sum, extreme, scaled bool) { return true, false, true }

func (s *decSum) accepts(scale int) bool { return s.scale.takes(scale) }

func (s *decSum) take(group int, l *kernels.Cell) { s.scaled.flush(group+1, partial{l.Sum, l.N}) }

func (*intExtreme) wants() (sum, extreme, scaled bool) { return false, true, false }

func (*intExtreme) accepts(int) bool { return true }

func (s *intExtreme) take(group int, l *kernels.Cell) { s.bests.take(group, l) }

func (*extreme) wants() (sum, extreme, scaled bool) { return false, true, true }

func (s *extreme) accepts(scale int) bool { return s.takesScaled(scale) }

func (s *extreme) take(group int, l *kernels.Cell) { s.scaled.take(group, l) }

func (t *intBests) take(group int, l *kernels.Cell) {
	x := l.Least
	if t.sign > 0 {
		x = l.Greatest
	}
	t.group(group).offer(x, t.sign)
}
