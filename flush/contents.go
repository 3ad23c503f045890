package flush

import (
	"bufio"
	"context"
	"io"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

// contents is what a copy of a database is to have: tables of one snapshot, and where their files are in it.
type contents struct {
	db      *store.DB
	snap    *store.Snapshot
	copy    store.Copy
	counted func(t *store.TableView) bool // of the tables that it has: is it told of; nil means that it is
}

// copyOptions say how a copy is made.
type copyOptions struct {
	link     bool
	meter    *meter
	progress func(done, total int64)
}

// has tells whether the copy has a table.
func (c *contents) has(t *store.TableView) bool { return c.copy.Name == nil || c.copy.Name(t.Def.Name) }

// copiedFile is a flushed file that the copy has.
type copiedFile struct {
	ref  *store.FileRef
	path string // in the copy
}

const (
	// outsideDirectory is where in a copy the files are that were outside the database's directory.
	outsideDirectory = "outside"
	// copyWorkers copy files, each of which mostly waits for the disk.
	copyWorkers = 4
	// copyBuffer is the memory that each has at most.
	copyBuffer = 1 << 20
)

// files gives the files of the copy, and has c.copy know their paths. A file outside the database's directory is below one of the copy's own that no other file is in.
func (c *contents) files() (out []*copiedFile, bytes int64) {
	places := map[string]string{}
	outside := outsideDirectory
	for taken := true; taken; {
		taken = false
		for f := range c.eachFile {
			taken = taken || within(f.Path, outside)
		}
		if taken {
			outside += "-"
		}
	}
	for f := range c.eachFile {
		place := f.Path
		if isAbs(f.Path) {
			place = path.Join(outside, strings.ReplaceAll(strings.TrimLeft(f.Path, "/"), ":", "")) // of a Windows drive
		}
		places[f.Path] = place
		out = append(out, &copiedFile{ref: f, path: place})
		bytes += f.Size
	}
	c.copy.Path = func(f *store.FileRef) string { return places[f.Path] }
	return out, bytes
}

// eachFile gives the files that the copy has.
func (c *contents) eachFile(yield func(f *store.FileRef) bool) {
	for _, t := range c.snap.Tables() {
		if !c.has(t) || c.copy.Rows != nil && !c.copy.Rows(t) {
			continue
		}
		for _, f := range t.Files {
			if !yield(f) {
				return
			}
		}
	}
}

func isAbs(name string) bool { return filepath.IsAbs(filepath.FromSlash(name)) }

// write makes the copy under its name: files, then the rest, in a directory that gets its name at the end.
func (c *contents) write(ctx context.Context, dest string, opts *copyOptions) (report CopyReport, err error) {
	files, bytes := c.files()
	report = CopyReport{Dir: dest, Files: len(files), Bytes: bytes, Seq: c.snap.Seq()}
	c.count(&report)
	err = stage(c.db.FS(), dest, func(dir string) error {
		if err := c.copyFiles(ctx, dir, files, bytes, opts); err != nil {
			return err
		}
		rest, err := c.snap.WriteCopy(ctx, dir, &c.copy)
		report.Bytes += rest
		return err
	})
	return report, err
}

// count counts what the copy has.
func (c *contents) count(report *CopyReport) {
	namespaces := map[string]bool{}
	for _, t := range c.snap.Tables() {
		if !c.has(t) || c.counted != nil && !c.counted(t) {
			continue
		}
		namespaces[t.Def.Name.Namespace] = true
		report.Tables++
		report.Rows += t.Rows()
	}
	report.Namespaces = len(namespaces)
}

// copyFiles copies the flushed files, durably, and verifies them.
func (c *contents) copyFiles(ctx context.Context, dir string, files []*copiedFile, bytes int64, opts *copyOptions) error {
	p := &progress{tell: opts.progress, total: bytes}
	dirs := &directories{fs: c.db.FS(), base: dir}
	var mu sync.Mutex
	changed := map[string]bool{}
	err := inParallel(ctx, opts.meter, max(copyWorkers, runtime.GOMAXPROCS(0)), files, func(ctx context.Context, f *copiedFile) error {
		to := filepath.Join(dir, filepath.FromSlash(f.path))
		if err := dirs.make(filepath.Dir(to)); err != nil {
			return err
		}
		mu.Lock()
		changed[filepath.Dir(to)] = true
		mu.Unlock()
		if !opts.link || vfs.Link(c.db.FS(), c.db.Path(f.ref.Path), to) != nil {
			buffer := int(min(f.ref.Size+1, copyBuffer))
			opts.meter.held(buffer)
			if err := copyFile(ctx, c.db.FS(), c.db.Path(f.ref.Path), to, buffer); err != nil {
				return err
			}
		}
		if err := f.ref.Verify(ctx, c.db.FS(), to); err != nil {
			return err
		}
		opts.meter.look()
		p.add(int(f.ref.Size))
		return nil
	})
	if err != nil {
		return err
	}
	for name := range changed {
		if err := c.db.FS().SyncDir(name); err != nil {
			return err
		}
	}
	return dirs.sync(ctx)
}

// copyFile copies a file to a new one, durably but for its name, by a buffer of so many bytes.
func copyFile(ctx context.Context, fsys vfs.FS, from, to string, buffer int) (err error) {
	if err := store.Ordinary(fsys, from); err != nil {
		return err
	}
	in, err := fsys.Open(from)
	if err != nil {
		return err
	}
	defer in.Close() // opened for reading: nothing is lost
	out, err := fsys.CreateNew(to)
	if err != nil {
		return err
	}
	defer func() { err = also(err, out.Close()) }()
	w := bufio.NewWriterSize(onlyWriter{out}, buffer)
	if _, err := io.Copy(w, &stoppable{ctx, in}); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return out.Sync()
}

// onlyWriter hides what else a file can do: every byte goes through Write.
type onlyWriter struct{ io.Writer }

// stoppable reads until its context ends.
type stoppable struct {
	ctx context.Context
	in  io.Reader
}

func (s *stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.in.Read(p)
}
