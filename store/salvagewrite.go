package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stoadb/stoa/vfs"
	"github.com/stoadb/stoa/wal"
)

// write makes the new state the database's. The originals are kept first; then come the checkpoint, and where the old log cannot be gone on with a new one; what
// was there is as it was until the manifest is renamed.
func (s *salvage) write() error {
	log := filepath.Join(s.dir, logDir)
	if !s.rescue.logBad {
		// What a crash left at the end of a sound log is put in order as by an opening: the checkpoint must not have what the log may still lose.
		from := uint64(0)
		if s.rescue.named {
			from = s.rescue.manifest.log
		}
		l, _, err := wal.Open(log, from, s.db.opts.log(), nil)
		if err != nil {
			return err
		}
		if err := l.Close(); err != nil {
			return err
		}
	}
	if err := s.keep(); err != nil {
		return err
	}
	for _, f := range s.gone {
		s.db.reserved[f.Path] = true // so that they are removed when no reader needs them
	}
	next := manifest{format: formatVersion, checkpoint: s.rescue.last + 1, log: s.rescue.logNext}
	c := s.db.capture()
	var err error
	next.sum, err = s.db.writeCheckpoint(s.ctx, next.checkpoint, c)
	c.snap.Close()
	if err != nil {
		return err
	}
	if s.rescue.logBad {
		if err := wal.Renew(log, next.log, s.db.opts.log()); err != nil {
			return err
		}
	}
	if err := writeManifest(s.opts.FS, s.dir, next); err != nil {
		return err
	}
	// From here on the database is the new one. What is left to do the next opening would do as well, but for the old log, which does no harm.
	if s.rescue.logBad {
		if err := wal.RemoveBefore(log, next.log, s.db.opts.log()); err != nil {
			return err
		}
	}
	return nil
}

// keep gives what is replaced a second name, or a copy, in a directory of its own, durably.
func (s *salvage) keep() error {
	dir, err := s.keepDir()
	if err != nil {
		return err
	}
	paths, err := s.originals()
	if err != nil {
		return err
	}
	changed := map[string]bool{}
	for _, path := range paths {
		to := filepath.Join(dir, s.keptName(path))
		if !changed[filepath.Dir(to)] {
			if err := vfs.MkdirAllSync(s.opts.FS, filepath.Dir(to)); err != nil {
				return err
			}
			changed[filepath.Dir(to)] = true
		}
		if err := keepFile(s.ctx, s.opts.FS, path, to); err != nil {
			return fmt.Errorf("keeping %s: %w", path, err)
		}
	}
	for d := range changed {
		if err := s.opts.FS.SyncDir(d); err != nil {
			return err
		}
	}
	s.report.Kept = dir
	return nil
}

// keepDir makes the directory.
func (s *salvage) keepDir() (string, error) {
	stamp := s.opts.Now().UTC().Format("20060102-150405")
	for n := 1; ; n++ {
		name := salvagedPrefix + stamp
		if n > 1 {
			name = fmt.Sprintf("%s-%d", name, n)
		}
		dir := filepath.Join(s.dir, name)
		there, err := vfs.Exists(s.opts.FS, dir)
		if err != nil && !isMissing(err) {
			return "", err
		}
		if !there {
			return dir, vfs.MkdirAllSync(s.opts.FS, dir)
		}
	}
}

// originals lists the files that are kept: the manifest, checkpoints, damaged flushed files, and a log that is not gone on with.
func (s *salvage) originals() ([]string, error) {
	var paths []string
	entries, err := s.opts.FS.ReadDir(s.dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if _, ok := parseCheckpointName(e.Name()); !e.IsDir() && (ok || e.Name() == manifestName) {
			paths = append(paths, filepath.Join(s.dir, e.Name()))
		}
	}
	if s.rescue.logBad {
		entries, err := s.opts.FS.ReadDir(filepath.Join(s.dir, logDir))
		if err != nil && !isMissing(err) {
			return nil, err
		}
		for _, e := range entries {
			if !e.IsDir() && !vfs.IsTemp(e.Name()) {
				paths = append(paths, filepath.Join(s.dir, logDir, e.Name()))
			}
		}
	}
	for _, f := range s.gone {
		path := s.db.Path(f.Path)
		there, err := vfs.Exists(s.opts.FS, path)
		if err != nil && !isMissing(err) {
			return nil, err
		}
		if there && !irregular(s.opts.FS, path) && !slices.Contains(paths, path) { // a directory in its place stays where it is
			paths = append(paths, path)
		}
	}
	return paths, nil
}

// keptName gives the name that a file has among those that are kept: what is outside the database's directory is below outside.
func (s *salvage) keptName(path string) string {
	if rel, err := filepath.Rel(filepath.Clean(s.dir), path); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	name := strings.TrimPrefix(filepath.ToSlash(path), filepath.ToSlash(filepath.VolumeName(path)))
	return filepath.Join("outside", filepath.FromSlash(strings.TrimLeft(name, "/")))
}

// keepFile links a file to another name, or copies it there durably.
func keepFile(ctx context.Context, fsys vfs.FS, from, to string) (err error) {
	if vfs.Link(fsys, from, to) == nil {
		return nil
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
	defer func() { err = errors.Join(err, out.Close()) }()
	size, err := vfs.Size(in)
	if err != nil {
		return err
	}
	buf := bufio.NewWriterSize(struct{ io.Writer }{out}, int(min(size+1, 1<<20)))
	if _, err := io.Copy(buf, readerOf(ctx, in)); err != nil {
		return err
	}
	if err := buf.Flush(); err != nil {
		return err
	}
	return out.Sync()
}

// readerFunc is a function that reads.
type readerFunc func(p []byte) (int, error)

// Read implements io.Reader.
func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// readerOf reads until ctx ends.
func readerOf(ctx context.Context, in io.Reader) io.Reader {
	return readerFunc(func(p []byte) (int, error) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		return in.Read(p)
	})
}
