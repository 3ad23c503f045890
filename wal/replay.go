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

	// Where the log ends, and what the last frame says was durable.
	last      uint64
	chain     uint32
	end       int64
	certified uint64
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
	}
	w.found.Last = w.last
	return w.checkMark()
}

// readMark reads CLEAN, if there is one.
func (w *walk) readMark() error {
	path := filepath.Join(w.dir, markName)
	b, err := vfs.ReadFile(w.fs, path, 1<<10)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
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
	if here == w.mark && w.found.TornBytes == 0 {
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
	w.last, w.chain, w.end = h.first-1, h.chain, headerSize
	return w.frames(f, size, i == len(w.segments)-1)
}

// frames reads the records of a segment.
func (w *walk) frames(f vfs.File, size int64, final bool) error {
	s := newScanner(f, w.end, size, w.last+1, w.chain)
	retried := int64(-1)
	for {
		fr, payload, err := s.scan()
		if err == nil {
			w.certified = max(w.certified, fr.durable())
			w.found.Records++
			w.found.Bytes += s.off - w.end
			w.last, w.chain, w.end = fr.seq, fr.crc, s.off
			if fr.seq >= w.from && w.replay != nil {
				if err := w.replay(fr.seq, fr.kind, payload); err != nil {
					return err
				}
			}
			continue
		}
		bad := (*badFrame)(nil)
		switch {
		case err == io.EOF:
			return nil
		case !errors.As(err, &bad):
			return err
		case !final:
			return corrupt(f.Name(), s.off, "%s", bad.reason)
		default:
			if err = w.tail(f, size, bad); err == nil {
				return nil
			}
			damage := (*CorruptError)(nil)
			if w.live && retried != s.off && errors.As(err, &damage) {
				// The writer may have completed the frame between our reading it and our reading of those behind it.
				retried = s.off
				s = newScanner(f, s.off, size, s.next, s.chain)
				continue
			}
			return err
		}
	}
}

// tail decides whether a bad frame at the end of what is good is a torn write (nil) or damage.
func (w *walk) tail(f vfs.File, size int64, bad *badFrame) error {
	seq := w.last + 1
	_, at, found, exhausted, err := newFinder(f, size).find(w.end, seq+1, seq)
	switch {
	case err != nil:
		return err
	case found:
		return corrupt(f.Name(), w.end, "%s; record %d was durable when the one at byte %d was written", bad.reason, seq, at)
	case exhausted:
		return corrupt(f.Name(), w.end, "%s; what follows is not what a torn write leaves", bad.reason)
	}
	w.found.TornFile, w.found.TornOffset, w.found.TornBytes, w.found.TornReason = f.Name(), w.end, size-w.end, bad.reason
	return nil
}
