package wal

import (
	"errors"
	"fmt"
	"io"

	"github.com/stoadb/stoa/vfs"
)

// Damage is a part of a log that cannot be read, or records that are not there.
type Damage struct {
	CorruptError
	// Bytes is how many bytes were skipped at Offset.
	Bytes int64
	// From and To are the sequences that are missing because of it; To is below From if none is known to be.
	From, To uint64
}

// Salvage reads all that is whole of a log, damaged or not, without changing anything: it hands out every whole record once, in ascending
// order of sequences, and returns what it had to step over. It is the way out when Open refuses: the caller decides what records with gaps
// between them are worth. A record behind damage is believed for its own checksum; that it follows the lost ones cannot be checked.
//
// The error is one of reading, or of replay. Nobody may be writing the log.
func Salvage(dir string, opts *Options, replay ReplayFunc) ([]Damage, error) {
	o, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	w := &walk{fs: o.FS, dir: dir}
	s := &salvage{replay: replay}
	if err := w.readMark(); err != nil {
		var c *CorruptError
		if !errors.As(err, &c) {
			return nil, err
		}
		s.damages = append(s.damages, Damage{CorruptError: *c, From: 1})
	}
	if w.segments, err = listSegments(o.FS, dir); err != nil {
		return nil, err
	}
	path := ""
	for i, first := range w.segments {
		if i == 0 {
			s.last = first - 1
		}
		path = w.path(first)
		if err := s.segment(o.FS, path, first); err != nil {
			return s.damages, err
		}
	}
	if w.markBytes != nil && s.last < w.mark.last {
		s.note(path, s.end, 0, "the log ends here, but was closed later", w.mark.last)
	}
	return s.damages, nil
}

type salvage struct {
	replay  ReplayFunc
	last    uint64 // the last record handed out
	chain   uint32
	known   bool  // chain is that of the record last
	end     int64 // behind it
	damages []Damage
}

// note records a damage behind which the log goes on after the record to.
func (s *salvage) note(path string, off, n int64, reason string, to uint64) {
	s.damages = append(s.damages, Damage{CorruptError{path, off, reason}, n, s.last + 1, to})
}

func (s *salvage) segment(fsys vfs.FS, path string, first uint64) error {
	f, err := fsys.Open(path)
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
	case reason == "" && h.first != first:
		reason = "the segment has the name of another"
	case reason == "" && s.known && first == s.last+1 && h.chain != s.chain:
		reason = "the segment does not follow the one before it"
	}
	switch {
	case reason != "":
		s.note(path, 0, int64(len(head)), reason, max(first, 1)-1)
	case first > s.last+1:
		s.note(path, 0, 0, "records before this segment are missing", first-1)
	}
	s.last = max(s.last, first-1)
	if reason != "" || len(head) < headerSize {
		return s.frames(f, int64(len(head)), size, 0, false)
	}
	return s.frames(f, headerSize, size, h.chain, true)
}

// frames hands out the whole records of a segment. Where one is bad it looks for the next whole one of a later sequence.
func (s *salvage) frames(f vfs.File, off, size int64, chain uint32, known bool) error {
	look := newFinder(f, size)
	if !known { // nobody knows what the first record follows: take it as it comes
		next, at, found, _, err := look.find(off, s.last+1, 0)
		if err != nil {
			return err
		}
		if found && at == off && next.seq == s.last+1 {
			chain = next.chain
		}
	}
	r := newScanner(f, off, size, s.last+1, chain)
	for {
		fr, payload, err := r.scan()
		if err == nil {
			s.last, s.chain, s.known, s.end = fr.seq, fr.crc, true, r.off
			if err := s.replay(fr.seq, fr.kind, payload); err != nil {
				return err
			}
			continue
		}
		bad := (*badFrame)(nil)
		switch {
		case err == io.EOF:
			s.end = size
			return nil
		case !errors.As(err, &bad):
			return err
		}
		next, at, found, _, err := look.find(r.off, s.last+1, 0)
		if err != nil {
			return err
		}
		if !found {
			s.note(f.Name(), r.off, size-r.off, bad.reason, s.last)
			s.end, s.known = size, false
			return nil
		}
		s.note(f.Name(), r.off, at-r.off, bad.reason, next.seq-1)
		r = newScanner(f, at, size, next.seq, next.chain)
	}
}
