package wal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/stoadb/stoa/vfs"
)

// Replay reads a log without changing anything, beside a writer if there is one: it hands out the records from the sequence from on (0: all
// that the log holds) up to the first that is not whole. Recovery tells of an unclean end as Open would; beside a writer that end may be a
// record in the making. Damage is a *[CorruptError]. An error that matches fs.ErrNotExist means that there is no log, or that its writer
// has removed the records asked for: then the reader needs the writer's newer checkpoint.
func Replay(dir string, from uint64, opts *Options, replay ReplayFunc) (Recovery, error) {
	o, err := opts.withDefaults()
	if err != nil {
		return Recovery{}, err
	}
	w := &walk{fs: o.FS, dir: dir, live: true, replay: replay}
	if err := w.run(from); err != nil {
		return w.found, err
	}
	if len(w.segments) == 0 {
		return w.found, &fs.PathError{Op: "replay", Path: dir, Err: fs.ErrNotExist}
	}
	return w.found, nil
}

// walk is one reading of a log from a segment to its end.
type walk struct {
	fs     vfs.FS
	dir    string
	live   bool // a writer may be at work
	replay ReplayFunc
	from   uint64

	segments  []uint64 // first sequences, ascending
	mark      mark
	markBytes []byte // nil: not closed cleanly

	// Where the log ends, how many bytes of its last segment are behind that, and what of it is said to be durable.
	last      uint64
	chain     uint32
	salt      uint32
	end       int64
	behind    int64
	certified uint64
	seal      frame // the last seal of the last segment, and where it begins
	sealed    int64
	continued bool // the last segment says that there is another
	found     Recovery
}

// listSegments returns the first sequences of the segments in a directory, ascending.
func listSegments(fsys vfs.FS, dir string) ([]uint64, error) {
	entries, err := fsys.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var firsts []uint64
	for _, e := range entries { // in the order of names, which is the order of the numbers in them
		if first, ok := parseSegmentName(e.Name()); ok && !e.IsDir() {
			firsts = append(firsts, first)
		}
	}
	return firsts, nil
}

// list fills in the segments. Beside a writer it lists until nothing changes: a listing may have a new name and lack an older one.
func (w *walk) list() (err error) {
	for {
		before := w.segments
		if w.segments, err = listSegments(w.fs, w.dir); err != nil || !w.live || slices.Equal(before, w.segments) {
			return err
		}
	}
}

func (w *walk) path(first uint64) string { return filepath.Join(w.dir, segmentName(first)) }

func corrupt(file string, off int64, format string, args ...any) error {
	return &CorruptError{File: file, Offset: off, Reason: fmt.Sprintf(format, args...)}
}

// run reads the log. It returns nil, with no segments, where there are none.
func (w *walk) run(from uint64) (err error) {
	w.from = from
	if err := w.readMark(); err != nil {
		return err
	}
	if err := w.list(); err != nil {
		return err
	}
	if len(w.segments) == 0 {
		if w.markBytes != nil {
			return corrupt(w.path(w.mark.first), 0, "the log was closed after record %d, and its segments are gone", w.mark.last)
		}
		return nil
	}
	start := 0
	for start+1 < len(w.segments) && from > 0 && w.segments[start+1] <= from {
		start++
	}
	if first := w.segments[start]; from > 0 && first > from {
		if w.live {
			return fmt.Errorf("wal: %s begins with record %d, and the records from %d on are gone: %w", w.dir, first, from, fs.ErrNotExist)
		}
		return corrupt(w.path(first), 0, "the log begins with record %d, and the records from %d on are missing", first, from)
	}
	w.found.First, w.found.Segments = w.segments[0], len(w.segments)
	for i := start; i < len(w.segments); i++ {
		if err := w.segment(i, i == start); err != nil {
			return err
		}
		if i == len(w.segments)-1 && w.continued {
			if i, err = w.more(); err != nil {
				return err
			}
		}
	}
	w.found.First, w.found.Segments, w.found.Last = w.segments[0], len(w.segments), w.last
	return w.checkMark()
}

// more lists the segments again when the last one that was listed says that there is another. A writer makes it before it says so. It
// returns the index of the segment that has been read.
func (w *walk) more() (int, error) {
	final := w.segments[len(w.segments)-1]
	if w.live {
		if err := w.list(); err != nil {
			return 0, err
		}
	}
	i, there := slices.BinarySearch(w.segments, final)
	switch {
	case !there:
		return 0, fmt.Errorf("wal: %s was removed while it was read: %w", w.path(final), fs.ErrNotExist)
	case i == len(w.segments)-1:
		return 0, corrupt(w.path(w.last+1), 0, "the segment is missing: the one before it says that there was one")
	}
	return i, nil
}

// readMark reads CLEAN, if there is one.
func (w *walk) readMark() error {
	path := filepath.Join(w.dir, markName)
	b, err := vfs.ReadFile(w.fs, path, 1<<10)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if errors.Is(err, vfs.ErrTooLarge) {
		return corrupt(path, 0, "it is longer than any mark")
	}
	if err != nil {
		return err
	}
	m, reason, err := decodeMark(b)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if reason != "" {
		return corrupt(path, 0, "%s", reason)
	}
	w.mark, w.markBytes = m, b
	return nil
}

// checkMark compares the end of the log with where a clean close left it. Beside a writer the mark may be outdated; it is then not the same
// any more when it is read again.
func (w *walk) checkMark() error {
	if w.markBytes == nil {
		return nil
	}
	final := w.segments[len(w.segments)-1]
	here := mark{chain: w.chain, first: final, last: w.last, size: w.end}
	if here == w.mark && w.behind == 0 {
		w.found.Clean = true
		return nil
	}
	if w.live {
		again := &walk{fs: w.fs, dir: w.dir}
		if err := again.readMark(); err != nil {
			return err
		}
		if !bytes.Equal(again.markBytes, w.markBytes) {
			return nil
		}
	}
	if w.found.TornBytes > 0 {
		return corrupt(w.found.TornFile, w.found.TornOffset, "%s, though the log was closed after record %d", w.found.TornReason, w.mark.last)
	}
	if here == w.mark {
		return corrupt(w.path(final), w.end, "%d bytes stand behind the end of a log that was closed", w.behind)
	}
	return corrupt(w.path(final), w.end, "the log ends with record %d, but was closed after record %d", w.last, w.mark.last)
}

// segment reads segment i. The first one that is read is believed what it follows; the others must follow the one before.
func (w *walk) segment(i int, first bool) error {
	path := w.path(w.segments[i])
	f, err := w.fs.Open(path)
	if err != nil {
		return err
	}
	defer f.Close() // opened for reading: nothing is lost if that fails
	size, err := vfs.Size(f)
	if err != nil {
		return err
	}
	head := make([]byte, min(headerSize, size))
	if _, err := io.ReadFull(io.NewSectionReader(f, 0, size), head); err != nil {
		return fmt.Errorf("wal: reading %s: %w", path, err)
	}
	h, reason, err := decodeSegmentHeader(head)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", path, err)
	case reason != "":
		return corrupt(path, 0, "%s", reason)
	case h.first != w.segments[i]:
		return corrupt(path, 0, "the segment begins with record %d and has the name of another", h.first)
	case !first && h.first != w.last+1:
		return corrupt(w.path(w.segments[i-1]), w.end, "the segment ends with record %d, and the next one begins with %d", w.last, h.first)
	case !first && h.chain != w.chain:
		return corrupt(path, 0, "the segment does not follow the one before it")
	}
	w.last, w.chain, w.salt, w.end = h.first-1, h.chain, h.salt, headerSize
	w.behind, w.sealed, w.continued = 0, 0, false
	return w.read(f, size, i == len(w.segments)-1)
}

// maxRetries is how often a reader reads on in a segment that its writer has changed meanwhile.
const maxRetries = 100

// read reads the records of a segment. Beside a writer the file may have been cut behind its records since its size was taken, and the
// writer may have completed the frame that is bad between our reading it and our reading those behind it: then it is read again from there.
func (w *walk) read(f vfs.File, size int64, final bool) error {
	damaged := int64(-1)
	for retry := 0; ; retry++ {
		s, bad, err := w.records(f, size)
		if failed := (*replayError)(nil); errors.As(err, &failed) {
			return failed.err
		}
		if err == nil {
			if !final {
				return w.between(f, size, bad)
			}
			err = w.tail(s, bad)
		}
		if err == nil || !final || !w.live || retry == maxRetries {
			return err
		}
		damage := (*CorruptError)(nil)
		switch {
		case errors.As(err, &damage) && damaged != w.end:
			damaged = w.end
		case !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
			return err
		}
		before := size
		var serr error
		if size, serr = vfs.Size(f); serr != nil || damage == nil && size >= before {
			return err
		}
		size = max(size, w.end)
	}
}

// replayError is an error of the function that is given the records.
type replayError struct{ err error }

func (e *replayError) Error() string { return e.err.Error() }

// records reads from w.end on what is whole. It returns where the scanner stopped, and why, nil at the very end of the file.
func (w *walk) records(f vfs.File, size int64) (*scanner, *badFrame, error) {
	s := newScanner(f, w.end, size, w.last+1, w.chain, w.salt)
	s.seal, s.sealed = w.seal, w.sealed
	for {
		fr, payload, err := s.scan()
		w.found.Bytes += s.off - w.end
		w.end, w.certified, w.seal, w.sealed = s.off, max(w.certified, s.certified), s.seal, s.sealed
		if err != nil {
			bad := (*badFrame)(nil)
			if err == io.EOF || errors.As(err, &bad) {
				return s, bad, nil
			}
			return s, nil, err
		}
		w.found.Records++
		w.last, w.chain = fr.seq, fr.crc
		if fr.seq >= w.from && w.replay != nil {
			if err := w.replay(fr.seq, fr.kind, payload); err != nil {
				return s, nil, &replayError{err}
			}
		}
	}
}

// between judges what is behind the last good record of a segment that has a successor: nothing, or what is left of two seals, the second
// of which was not synced and may be torn, or zeros. Whether a record is missing there the next segment's header tells.
func (w *walk) between(f vfs.File, size int64, bad *badFrame) error {
	if bad == nil || size-w.end <= 2*frameSize {
		return nil
	}
	if used, err := newFinder(f, size, w.salt).used(w.end); err != nil || used == w.end {
		return err
	}
	return corrupt(f.Name(), w.end, "%s", bad.reason)
}

// maxBehind is more than can be unsynced at the end of a log: a segment, a record, and zeros. A file may claim any size and have holes.
const maxBehind = 4 << 30

// tail decides whether what is behind the last good record of the last segment is a torn write, or padding (nil), or damage.
func (w *walk) tail(s *scanner, bad *badFrame) error {
	w.behind = s.size - w.end
	w.continued = s.endsSealed() && s.seal.kind == sealContinued
	switch {
	case bad == nil:
		return nil
	case w.behind > maxBehind:
		return corrupt(s.file.Name(), w.end, "%s; the %d bytes that follow are more than a torn write leaves", bad.reason, w.behind)
	}
	from := w.end
	if s.endsSealed() {
		var err error
		if from, err = sealCopyEnd(s.file, s.sealed, s.size, s.seal, s.salt); err != nil {
			return err
		}
	}
	look := newFinder(s.file, s.size, s.salt)
	used, err := look.used(from)
	if err != nil || used == from { // nothing but zeros: they were written ahead
		return err
	}
	seq := w.last + 1
	_, at, found, exhausted, err := look.find(from, seq+1, seq)
	switch {
	case err != nil:
		return err
	case found:
		return corrupt(s.file.Name(), w.end, "%s; record %d was durable when byte %d was written", bad.reason, seq, at)
	case exhausted:
		return corrupt(s.file.Name(), w.end, "%s; what follows is not what a torn write leaves", bad.reason)
	}
	w.found.TornFile, w.found.TornOffset, w.found.TornBytes, w.found.TornReason = s.file.Name(), w.end, used-w.end, bad.reason
	return nil
}
