package scan

// folds gives an aggregation that can take some morsels from what their files say of them; nil when there is nothing to take.
func (a *Aggregate) folds(env *Env) *fold {
	f := &fold{}
	if zones, ok := a.foldsZones(env); ok {
		f.table, f.zones = zones.table, zones
	}
	if footers, ok := a.foldsFooters(env); ok {
		f.table, f.footers = footers.table, footers
	}
	if f.table == nil {
		return nil
	}
	return f
}

// fold is an aggregation of a table that statistics may answer, or the aggregates in the footers of files, or both.
type fold struct {
	table   *Table
	zones   *zoneFold
	footers *footerFold
}

// open adds to w what needs no reading, and gives streams of the morsels that have to be read.
func (f *fold) open(env *Env, w *aggWorker) ([]Stream, error) {
	var left []unit
	counters := f.table.counters(env)
	for _, u := range f.table.units(env) {
		if err := env.cancelled(); err != nil {
			return nil, err
		}
		m, err := u.open(nil)
		if err != nil {
			return nil, err
		}
		if m == nil || m.rows() == 0 {
			continue
		}
		why, err := f.add(m, u.number, w)
		if err != nil {
			return nil, err
		}
		if why == notSkipped {
			left = append(left, u)
			continue
		}
		counters.unit(m, why)
	}
	return f.table.streams(env, left, f.workers(env)), nil
}

func (f *fold) workers(env *Env) int {
	if f.footers != nil {
		return f.footers.plan.workers(env)
	}
	return env.Workers
}

// add takes a morsel, if something answers for it, and says what.
func (f *fold) add(m morsel, number int, w *aggWorker) (means, error) {
	if f.zones != nil && f.zones.add(m, w) {
		return fromStats, nil
	}
	if f.footers == nil || len(f.table.Conds) > 0 && (&pruner{table: f.table, stats: m.stats, zone: w.ctx.Zone}).neverAll() {
		return notSkipped, nil // what the statistics rule out is skipped by the scan, which counts it
	}
	taken, err := f.footers.add(m, number, w)
	if taken {
		return fromFooters, err
	}
	return notSkipped, err
}
