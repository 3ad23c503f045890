package torture

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa"
)

// TestDiskFull fills disks of a few megabytes, or takes their last inodes, while statements run, and frees them again: what does not fit is refused with 53100,
// reads go on, so do writes in the same process when there is room, nothing acknowledged is lost, and no file is left that does not belong to the database. Now
// and then the database is opened on the full disk. It needs the right to mount.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	start, n := time.Now(), count(5, 100)
	done, violations, totals := 0, 0, map[string]int{}
	for round := range n {
		if late(start) {
			break
		}
		d := &disk{t: t, rand: rand.New(rand.NewPCG(*seedFlag, uint64(round))), totals: totals}
		if err := d.mount(); err != nil {
			t.Skipf("no file system of one's own: %v", err)
		}
		if complaint := d.round(); complaint != "" {
			violations++
			t.Errorf("round %d: %s", round, complaint)
			break
		}
		d.unmount()
		done++
	}
	finished(t, start, Result{Count: done, Unit: "full disks", Violations: violations, Note: fmt.Sprint(totals)})
}

// disk is a small file system with a database on it.
type disk struct {
	t      *testing.T
	rand   *rand.Rand
	at     string
	dir    string
	inodes bool
	work   *Workload
	totals map[string]int
}

func (d *disk) mount() error {
	d.at = kept(d.t)
	d.dir = filepath.Join(d.at, "data")
	d.inodes = d.rand.IntN(4) == 0
	options := fmt.Sprintf("size=%dk", 2500+d.rand.IntN(4000))
	if d.inodes {
		options = "size=16m,nr_inodes=64"
	}
	if err := syscall.Mount("tmpfs", d.at, "tmpfs", 0, options); err != nil {
		return err
	}
	d.t.Cleanup(d.unmount)
	return nil
}

func (d *disk) unmount() { _ = syscall.Unmount(d.at, syscall.MNT_DETACH) }

// full tells of the error that a full disk is to give.
func full(line string) bool { return strings.Contains(line, "(SQLSTATE 53100)") }

// round fills the disk and frees it, several times.
func (d *disk) round() string {
	if o := program.Run(RunLimit, Setup, "sql", "--dir", d.dir); o.Code != 0 {
		return "no database: " + o.String()
	}
	d.work = NewWorkload(d.rand, SetUp())
	d.work.MaxRows = 150
	c, err := program.Start(d.dir, SetUp())
	if err != nil {
		return err.Error()
	}
	defer func() { c.Kill() }()
	for cycle := range 3 {
		c.Refusal = nil
		if complaint := d.feed(c, 12); complaint != "" {
			return fmt.Sprintf("cycle %d, with room: %s", cycle, complaint)
		}
		if err := d.fill(); err != nil {
			return err.Error()
		}
		c.Refusal = full
		refused := c.Refused
		for tries := 0; c.Refused < refused+3 && tries < 100; tries++ {
			if complaint := d.feed(c, 2); complaint != "" {
				return fmt.Sprintf("cycle %d, full: %s", cycle, complaint)
			}
		}
		d.totals["refused"] += c.Refused - refused
		if complaint := d.look(c.State(), true); complaint != "" {
			return fmt.Sprintf("cycle %d, read on a full disk: %s", cycle, complaint)
		}
		if d.rand.IntN(2) == 0 {
			if c, err = d.again(c); err != nil {
				return fmt.Sprintf("cycle %d, opened on a full disk: %v", cycle, err)
			}
		}
		if err := d.free(); err != nil {
			return err.Error()
		}
	}
	c.Refusal = nil
	if complaint := d.feed(c, 10); complaint != "" {
		return "with room again: " + complaint
	}
	state := c.State()
	c.EndInput()
	if c.End(); c.Wrong != "" {
		return c.Wrong
	}
	for _, readOnly := range []bool{true, false, true} {
		if complaint := d.look(state, readOnly); complaint != "" {
			return "in the end: " + complaint
		}
	}
	return orphans(d.dir)
}

// feed sends statements one at a time.
func (d *disk) feed(c *Client, n int) string {
	for range n {
		st := d.statement()
		c.Send(st)
		if !c.Wait(RunLimit) {
			if c.Wrong == "" {
				return "no answer, or the process has died: " + cut(st.SQL)
			}
			return c.Wrong
		}
		d.work.Resume(c.ledger)
		d.totals["statements"]++
	}
	return ""
}

// statement makes one, often a large one.
func (d *disk) statement() *Statement {
	switch n := d.rand.IntN(10); {
	case n < 2 && len(d.work.state.Tables[Events].Rows) < d.work.MaxRows:
		return d.work.InsertLarge(1+d.rand.IntN(3), 1+d.rand.IntN(60_000))
	case n == 2 && d.rand.IntN(3) == 0:
		return &Statement{SQL: "CALL system.flush(all_rows => true);", Prints: []string{"CALL"}}
	}
	return d.work.Next()
}

// again ends the process, in one way or another, and starts another one on the full disk.
func (d *disk) again(c *Client) (*Client, error) {
	state, refusal, refused := c.State(), c.Refusal, c.Refused
	if d.rand.IntN(2) == 0 {
		c.Kill()
	}
	c.EndInput()
	if c.End(); c.Wrong != "" {
		return c, errors.New(c.Wrong)
	}
	d.totals["opened while full"]++
	if complaint := d.look(state, false); complaint != "" {
		return c, errors.New(complaint)
	}
	c, err := program.Start(d.dir, state)
	if err == nil {
		c.Refusal, c.Refused = refusal, refused
	}
	return c, err
}

// fill takes all room but a little, or all inodes but a few.
func (d *disk) fill() error {
	if d.inodes {
		var made []string
		for i := 0; ; i++ {
			name := filepath.Join(d.at, fmt.Sprintf("ballast-%d", i))
			if err := os.WriteFile(name, nil, 0o600); err != nil {
				break
			}
			made = append(made, name)
		}
		for range min(d.rand.IntN(3), len(made)) {
			if err := os.Remove(made[len(made)-1]); err != nil {
				return err
			}
			made = made[:len(made)-1]
		}
		return nil
	}
	f, err := os.Create(filepath.Join(d.at, "ballast"))
	if err != nil {
		return err
	}
	size, block := int64(0), make([]byte, 4096)
	for {
		n, err := f.Write(block)
		size += int64(n)
		if err != nil {
			break
		}
	}
	if err := f.Truncate(max(0, size-d.rand.Int64N(100_000)*d.rand.Int64N(2))); err != nil {
		return errors.Join(err, f.Close())
	}
	return f.Close()
}

// free takes the ballast away.
func (d *disk) free() error {
	made, err := filepath.Glob(filepath.Join(d.at, "ballast*"))
	for _, name := range made {
		err = errors.Join(err, os.Remove(name))
	}
	return err
}

// look compares all rows, by a process of its own.
func (d *disk) look(s *State, readOnly bool) string {
	records, o := program.Contents(d.dir, readOnly)
	return s.Complaint(records, o)
}

// orphans complains of files in the storage that the database does not know, and of unfinished ones.
func orphans(dir string) string {
	if left := unfinished(dir); len(left) > 0 {
		return fmt.Sprintf("unfinished files: %v", left)
	}
	known, err := liveFiles(dir)
	if err != nil {
		return err.Error()
	}
	complaint := ""
	_ = filepath.WalkDir(filepath.Join(dir, "storage"), func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() && !known[path] {
			complaint += "an orphan: " + path + "\n"
		}
		return nil
	})
	return complaint
}

// liveFiles gives the paths of a database's flushed files.
func liveFiles(dir string) (map[string]bool, error) {
	db, err := stoa.Open(context.Background(), dir, &stoa.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	snap := db.Store().Snapshot()
	known := map[string]bool{}
	for _, table := range snap.Tables() {
		for _, f := range table.Files {
			known[db.Store().Path(f.Path)] = true
		}
	}
	snap.Close()
	return known, db.Close()
}

// TestFileSizeLimit runs the program under limits on the size of a file: what does not fit is an error, not a death by SIGXFSZ.
func TestFileSizeLimit(t *testing.T) {
	t.Parallel()
	start := time.Now()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip(err)
	}
	base := kept(t)
	runs := 0
	for _, blocks := range []int{0, 1, 4, 16, 64, 128} {
		dir := filepath.Join(base, fmt.Sprint(blocks))
		require.Zero(t, program.Run(RunLimit, Setup, "sql", "--dir", dir).Code)
		w := NewWorkload(rand.New(rand.NewPCG(*seedFlag, uint64(blocks))), SetUp())
		var text strings.Builder
		for range 40 {
			text.WriteString(w.InsertLarge(2, 2000).SQL)
		}
		o := program.RunLimited(RunLimit, fmt.Sprintf("ulimit -f %d", blocks), text.String(), "sql", "--dir", dir, "--on-error", "continue")
		require.False(t, o.Died(), "ulimit -f %d: %s", blocks, o)
		acked := strings.Count(o.Out, "INSERT 0 2\n")
		if blocks < 128 {
			require.Equal(t, 1, o.Code, "ulimit -f %d: %s", blocks, o)
			require.Contains(t, o.Err, "(SQLSTATE 53100)", "ulimit -f %d", blocks)
		}
		o = program.Run(RunLimit, "", "sql", "--dir", dir, "--format", "csv", "-c", "SELECT count(*) FROM chat.events; INSERT INTO chat.events (id, kind) VALUES (-1, 'last')")
		require.Equal(t, fmt.Sprintf("count\n%d\nINSERT 0 1\n", 2*acked), o.Out, "ulimit -f %d: %s", blocks, o)
		runs++
	}
	finished(t, start, Result{Count: runs, Unit: "limits on the size of a file"})
}

// TestNoRights opens databases that may not be written, or not even read: by rights, and because the disk is mounted so.
func TestNoRights(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("needs root, to become somebody who has no rights")
	}
	start := time.Now()
	base := kept(t)
	require.NoError(t, os.Chmod(base, 0o755))
	dir := filepath.Join(base, "data")
	require.Zero(t, program.Run(RunLimit, Setup+"INSERT INTO chat.events (id, kind) VALUES (1, 'red');", "sql", "--dir", dir).Code)
	const query = "SELECT id FROM chat.events"
	nobody := func(args ...string) *Outcome {
		cmd := exec.Command(program.Path, args...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		return run(context.Background(), cmd, "")
	}
	o := nobody("version")
	if o.Code != 0 {
		t.Skipf("the program cannot be run by others where it was built: %s", o)
	}
	readable := func(mode os.FileMode) {
		require.NoError(t, filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
			if e.IsDir() {
				return errors.Join(err, os.Chmod(path, mode|0o111))
			}
			return errors.Join(err, os.Chmod(path, mode))
		}))
	}
	readable(0o644)
	o = nobody("sql", "--dir", dir, "--read-only", "--format", "csv", "-c", query)
	require.Equal(t, "id\n1\n", o.Out, "%s", o)
	o = nobody("sql", "--dir", dir, "-c", query)
	require.Equal(t, 1, o.Code, "%s", o)
	require.Contains(t, o.Err, "permission denied")
	require.NoError(t, os.Chmod(filepath.Join(dir, "MANIFEST"), 0o600))
	o = nobody("sql", "--dir", dir, "--read-only", "-c", query)
	require.Equal(t, 1, o.Code, "%s", o)
	require.Contains(t, o.Err, "permission denied")
	require.Contains(t, o.Err, "MANIFEST")
	readable(0o644)
	tried := 3
	if err := syscall.Mount(dir, dir, "", syscall.MS_BIND, ""); err == nil {
		t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
		require.NoError(t, syscall.Mount("", dir, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
		o = program.Run(RunLimit, "", "sql", "--dir", dir, "--read-only", "--format", "csv", "-c", query)
		require.Equal(t, "id\n1\n", o.Out, "%s", o)
		o = program.Run(RunLimit, "", "sql", "--dir", dir, "-c", query)
		require.Equal(t, 1, o.Code, "%s", o)
		require.Contains(t, o.Err, "read-only file system")
		tried += 2
	}
	finished(t, start, Result{Count: tried, Unit: "openings without rights"})
}
