package aggregates

import (
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/decimal"
	"github.com/stoadb/stoa/exprs/temporal"
)

// Fold implements exprs.FoldedState.
func (s *count) Fold(group uint32, f exprs.Folded) error {
	s.n[group+1] += f.Count
	return nil
}

func (t *intTotals) fold(group uint32, f exprs.Folded) {
	c := &t.cells[group+1]
	c.sum.AddInt128(decimal.Int128{Hi: f.SumHi, Lo: f.SumLo})
	c.n += f.Count
}

// Fold implements exprs.FoldedState.
func (s *intSum) Fold(group uint32, f exprs.Folded) error {
	s.totals.fold(group, f)
	return nil
}

// Fold implements exprs.FoldedState.
func (s *decSum) Fold(group uint32, f exprs.Folded) error {
	if s.scale.takes(f.Scale) {
		s.scaled.fold(group, f)
		return nil
	}
	s.sums[group].Add(decimal.Int128{Hi: f.SumHi, Lo: f.SumLo}.Dec(f.Scale))
	s.counts[group] += f.Count
	return nil
}

// Fold implements exprs.FoldedState.
func (s *intervalSum) Fold(group uint32, f exprs.Folded) (err error) {
	micros := int64(f.SumLo)
	if f.SumHi != micros>>63 {
		return sqlstate.New(sqlstate.DatetimeFieldOverflow, "interval out of range")
	}
	if f.Count > 0 {
		s.sums[group], err = s.sums[group].Add(temporal.Interval{Micros: micros})
	}
	s.counts[group] += f.Count
	return err
}
