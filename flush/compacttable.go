package flush

import (
	"context"
	"io"
	"path"
	"runtime"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/tables"
)

const (
	// A wave is what is written before one commit: not so much that a kill costs long work, and not so little that 100,000 directories of users take as
	// many commits.
	waveRows, waveGroups = 2 * targetRows, 1 << 10
	// maxPasses bounds how often a run looks at what it has merged for what can be merged again: more files than a merge can take, which is seldom.
	maxPasses = 4
	// largeMerges is the number of large merges at a time, each of which holds what a merge does.
	largeMerges = 2
)

// compaction is the compaction of one table.
type compaction struct {
	db       *store.DB
	req      *CompactRequest
	table    uint32
	progress *progress

	meter   *meter
	at      time.Time
	job     *tables.Job
	name    schemahistory.Name
	bases   *storageBases
	names   map[string]int // the last number in a file's name, by directory
	targets []*target      // of the wave that is written

	before      int
	bytesBefore int64
	rows        int64
	made        map[string]int64 // files that were written and not merged again, with their sizes
}

// run carries out a plan, and those that follow from it, as one job.
func (c *compaction) run(ctx context.Context, plan *tablePlan) (TableCompaction, error) {
	start := time.Now()
	c.meter = newMeter()
	defer c.meter.close()
	c.at, c.name = timeOf(c.req.Now, c.db), plan.name
	c.names, c.made = map[string]int{}, map[string]int64{}
	partition := c.partition(plan)
	if err := c.begin(ctx, partition); err != nil {
		return TableCompaction{}, err
	}
	report := TableCompaction{Table: c.name, Partition: partition, JobID: c.job.JobID}
	if err := c.work(ctx, plan.groups, &report); err != nil {
		return TableCompaction{}, c.fail(ctx, err)
	}
	report.Duration = time.Since(start)
	return report, nil
}

// partition names what is compacted: its directory, or the table when there are several.
func (c *compaction) partition(plan *tablePlan) string {
	snap := c.db.Snapshot()
	defer snap.Close()
	c.bases = basesOf(c.db, snap)
	first := plan.groups[0]
	if slices.ContainsFunc(plan.groups, func(g *mergeGroup) bool { return g.dir != first.dir }) {
		return plan.name.String()
	}
	return c.bases.partition(first.files[0])
}

func (c *compaction) begin(ctx context.Context, partition string) error {
	trace := traceOf(c.req.Node, c.req.Actor, "compact-actor-1", c.req.Thread)
	job, err := newJob(compactJob, "["+jsontext.Quote(partition)+"]", trace, c.at)
	if err != nil {
		return err
	}
	if err := c.db.Update(ctx, func(tx *store.Tx) error { return insertJob(tx, job) }); err != nil {
		return err
	}
	c.job = job
	return nil
}

// work merges in waves, and ends the job.
func (c *compaction) work(ctx context.Context, groups []*mergeGroup, report *TableCompaction) (err error) {
	defer recovered(&err)
	for pass := 0; len(groups) > 0 && pass < maxPasses; pass++ {
		for len(groups) > 0 {
			n, rows := 0, int64(0)
			for n < len(groups) && n < waveGroups && (n == 0 || rows+groups[n].liveRows() <= waveRows) {
				rows += groups[n].liveRows()
				n++
			}
			if err := c.wave(ctx, groups[:n]); err != nil {
				return err
			}
			groups = groups[n:]
		}
		groups = c.again()
		for _, g := range groups {
			c.progress.more(g.liveRows())
		}
	}
	return c.complete(ctx, report)
}

// again plans what can be merged further of what this run has written.
func (c *compaction) again() []*mergeGroup {
	snap := c.db.Snapshot()
	defer snap.Close()
	view, ok := snap.TableByID(c.table)
	if !ok {
		return nil
	}
	dirs := map[string]bool{}
	for p := range c.made {
		dirs[path.Dir(p)] = true
	}
	groups := planMerges(view.Files, len(view.Def.Columns), c.req.limits, func(f *store.FileRef) bool { return dirs[path.Dir(f.Path)] })
	return slices.DeleteFunc(groups, func(g *mergeGroup) bool {
		return !slices.ContainsFunc(g.files, func(f *store.FileRef) bool { _, ours := c.made[f.Path]; return ours })
	})
}

// groupMerge is a group that is being merged.
type groupMerge struct {
	db     *store.DB
	def    *schemahistory.TableDefinition
	files  []*store.FileRef // as they were when they were read
	order  mergeOrder
	target *target // nil when no row is left
	done   bool    // the commit has replaced the files
}

// wave writes and commits some merges. Their files are looked up anew, and stay on the disk until the wave has ended; a group of which one is gone is
// given up, and so is one of which one goes meanwhile.
func (c *compaction) wave(ctx context.Context, groups []*mergeGroup) error {
	snap := c.db.Snapshot()
	defer snap.Close()
	view, ok := snap.TableByID(c.table)
	if !ok {
		return nil
	}
	var merges []*groupMerge
	c.targets = nil
	listed := listed(c.db, c.at)
	for _, g := range groups {
		files, ok := refreshed(view.Files, g.files)
		if !ok {
			continue
		}
		m := &groupMerge{db: c.db, def: view.Def, files: files}
		if m.liveRows() > 0 {
			m.target = &target{group: &group{user: files[0].User}, dir: g.dir}
			if err := m.target.choose(c.db, listed, c.at, c.names[g.dir]+1); err != nil {
				return err
			}
			c.names[g.dir] = m.target.n
			c.targets = append(c.targets, m.target)
		}
		merges = append(merges, m)
	}
	if len(merges) == 0 {
		return nil
	}
	if err := reserve(ctx, c.db, c.targets); err != nil {
		return err
	}
	if err := c.write(ctx, merges); err != nil {
		return err
	}
	if err := c.commit(ctx, merges); err != nil {
		return err
	}
	for _, m := range merges {
		if m.target != nil {
			m.target.kept = m.done && m.target.added
		}
	}
	c.count(merges)
	discard(context.WithoutCancel(ctx), c.db, c.targets)
	c.targets = nil
	return nil
}

// refreshed gives files of a table as they are now; ok is false when one is gone.
func refreshed(files, then []*store.FileRef) (now []*store.FileRef, ok bool) {
	view := store.TableView{Files: files}
	for _, f := range then {
		n, ok := view.File(f.Number)
		if !ok || n.Path != f.Path {
			return nil, false
		}
		now = append(now, n)
	}
	return now, true
}

func (m *groupMerge) liveRows() int64 { return (&mergeGroup{files: m.files}).liveRows() }

// write writes the merged files: long ones one after the other, large ones by few workers.
func (c *compaction) write(ctx context.Context, merges []*groupMerge) error {
	var long, large, small []*groupMerge
	for _, m := range merges {
		switch rows := m.liveRows(); {
		case m.target == nil:
		case rows >= longRows:
			long = append(long, m)
		case rows >= largeRows:
			large = append(large, m)
		default:
			small = append(small, m)
		}
	}
	if err := inParallel(ctx, c.meter, 1, long, c.merge); err != nil {
		return err
	}
	if err := inParallel(ctx, c.meter, min(largeMerges, runtime.GOMAXPROCS(0)), large, c.merge); err != nil {
		return err
	}
	return inParallel(ctx, c.meter, max(smallWorkers, runtime.GOMAXPROCS(0)), small, c.merge)
}

// merge writes one merged file.
func (c *compaction) merge(ctx context.Context, m *groupMerge) (err error) {
	if m.order, err = orderOf(ctx, c.db, m.def, m.files); err != nil {
		return err
	}
	c.meter.held(4*len(m.order) + fileBuffer)
	t := m.target
	metadata, template := map[string]string{keyJob: c.job.JobID.String()}, ""
	if first, err := c.db.OpenFile(m.files[0]); err == nil { // else reading its rows will fail
		template = first.Metadata()[keyTemplate]
	}
	for key, value := range map[string]string{keyStorage: m.files[0].Storage, keyTemplate: template, keyUser: m.files[0].User} {
		if value != "" && utf8.ValidString(value) {
			metadata[key] = value
		}
	}
	info, err := t.write(ctx, c.db, c.at, m.liveRows(), c.meter, func(to io.Writer) (parquetio.Info, error) {
		return m.fill(ctx, to, writeOptions(ctx, m.def, metadata, m.liveRows(), c.meter), func(rows int) {
			c.meter.look()
			c.progress.add(rows)
		})
	})
	if err != nil {
		return err
	}
	t.ref = store.FileRef{
		Path: t.path, Rows: info.Rows, Size: info.Bytes, SchemaVersion: m.def.Version, FooterCRC: info.FooterCRC, ChunkCRCs: info.ChunkCRCs,
		SortMin: info.SortMin, SortMax: info.SortMax, HasSort: info.HasSort, Storage: m.files[0].Storage, User: m.files[0].User, CreatedAt: c.at.UnixMicro(),
		SortID: m.def.IDAt(m.def.SortColumn), UserID: m.files[0].UserID,
	}
	return nil
}

// commit puts the merged files in the place of those that they were made of. A merged file may have been written under a definition that has been changed
// since: it is then what every older file is.
func (c *compaction) commit(ctx context.Context, merges []*groupMerge) error {
	return c.db.Update(ctx, func(tx *store.Tx) error {
		if err := checkRunning(tx, c.job.JobID); err != nil {
			return errCompactEnded(c.name, err)
		}
		view, ok := tx.Snapshot().TableByID(c.table)
		for _, m := range merges {
			if err := tx.Context().Err(); err != nil {
				return err
			}
			m.done = false
			if !ok {
				continue // the table was dropped
			}
			now, there := refreshed(view.Files, m.files)
			if !there {
				continue
			}
			if err := m.replace(tx, view.Def.Name, now); err != nil {
				return err
			}
			m.done = true
		}
		return nil
	})
}

// replace replaces the files, which may have lost rows since they were read.
func (m *groupMerge) replace(tx *store.Tx, name schemahistory.Name, now []*store.FileRef) error {
	if t := m.target; t != nil {
		var dead uint64
		if t.ref.Deletes = m.order.deletesSince(m.files, now); t.ref.Deletes != nil {
			dead = t.ref.Deletes.GetCardinality()
		}
		if t.added = dead < uint64(t.ref.Rows); t.added {
			if _, err := tx.AddFile(name, t.ref); err != nil {
				return err
			}
		}
	}
	for _, f := range now {
		if err := tx.RemoveFile(name, f.Number); err != nil {
			return err
		}
	}
	return nil
}

// count counts what a wave has done.
func (c *compaction) count(merges []*groupMerge) {
	for _, m := range merges {
		if !m.done {
			continue
		}
		for _, f := range m.files {
			if _, ours := c.made[f.Path]; ours {
				delete(c.made, f.Path)
				c.rows -= f.Rows
				continue
			}
			c.before++
			c.bytesBefore += f.Size
		}
		if m.target != nil && m.target.added {
			c.made[m.target.path] = m.target.ref.Size
			c.rows += m.target.ref.Rows
		}
	}
}

// complete ends the job.
func (c *compaction) complete(ctx context.Context, report *TableCompaction) error {
	report.FilesBefore, report.BytesBefore, report.FilesAfter, report.Rows = c.before, c.bytesBefore, len(c.made), c.rows
	for _, size := range c.made {
		report.BytesAfter += size
	}
	report.Result = compactionText(report.FilesBefore, report.FilesAfter, report.BytesBefore-report.BytesAfter)
	report.MemoryUsed, report.CPUMicro = c.meter.read(0)
	err := c.db.Update(ctx, func(tx *store.Tx) error {
		return replaceJob(tx, c.job.JobID, func(j *tables.Job) {
			end(j, tables.Completed, timeOf(c.req.Now, c.db))
			j.Result, j.MemoryUsed, j.CPUUsed = &report.Result, report.MemoryUsed, report.CPUMicro
		})
	})
	return errCompactEnded(c.name, err)
}

// fail takes back what was not committed and ends the job.
func (c *compaction) fail(ctx context.Context, cause error) error {
	cause = worded(ctx, couldNotCompact, cause)
	if c.db.Err() != nil {
		return cause // as in a flush: the next opening finds out, and puts in order
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), failTime)
	defer cancel()
	discard(ctx, c.db, c.targets)
	memory, cpu := c.meter.read(0)
	return failJob(ctx, c.db, c.job.JobID, cause, timeOf(c.req.Now, c.db), memory, cpu)
}
