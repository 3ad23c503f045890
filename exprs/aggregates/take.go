package aggregates

// What the states take from a Tally.

func (*count) wants() (sum, extreme, scaled bool) { return false, false, false }

func (*count) accepts(int) bool { return true }

func (s *count) take(group int, l *lane) { s.n[group+1] += l.n }

func (*intSum) wants() (sum, extreme, scaled bool) { return true, false, false }

func (*intSum) accepts(int) bool { return true }

func (s *intSum) take(group int, l *lane) { s.totals.flush(group+1, partial{l.sum, l.n}) }

func (*decSum) wants() (sum, extreme, scaled bool) { return true, false, true }

func (s *decSum) accepts(scale int) bool { return s.scale.takes(scale) }

func (s *decSum) take(group int, l *lane) { s.scaled.flush(group+1, partial{l.sum, l.n}) }

func (*intExtreme) wants() (sum, extreme, scaled bool) { return false, true, false }

func (*intExtreme) accepts(int) bool { return true }

func (s *intExtreme) take(group int, l *lane) { s.bests.take(group, l) }

func (*extreme) wants() (sum, extreme, scaled bool) { return false, true, true }

func (s *extreme) accepts(scale int) bool { return s.takesScaled(scale) }

func (s *extreme) take(group int, l *lane) { s.scaled.take(group, l) }

func (t *intBests) take(group int, l *lane) {
	x := l.least
	if t.sign > 0 {
		x = l.greatest
	}
	t.group(group).offer(x, t.sign)
}
