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
	if len(w.segments) == 0 && w.markBytes != nil {
		path = w.path(w.mark.first)
	}
	for i, first := range w.segments {
		if i == 0 {
			s.last = first - 1
		}
		path = w.path(first)
		if err := s.segment(o.FS, path, first); err != nil {
			return s.damages, err
		}
	}
	switch {
	case s.more && path != "":
		to := s.last
		if w.markBytes != nil {
			to = max(to, w.mark.last)
		}
		s.note(w.path(s.last+1), 0, 0, "the segment is missing: the one before it says that there was one", to)
	case w.markBytes != nil && s.last < w.mark.last:
		s.note(path, s.end, 0, "the log ends here, but was closed later", w.mark.last)
	case w.markBytes != nil && len(s.damages) == 0 && (s.last != w.mark.last || s.chain != w.mark.chain || s.size != w.mark.size):
		s.note(path, s.end, s.size-s.end, "the log ends here, but was closed elsewhere", s.last)
	}
	return s.damages, nil
}

type salvage struct {
	replay  ReplayFunc
	last    uint64 // the last record handed out
	chain   uint32
	known   bool  // chain is that of the record last
	end     int64 // behind it and its seal
	size    int64 // of its segment
	more    bool  // a seal says that there is another segment
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
	case reason == "" && h.chain == 0 && first > 1 && size == headerSize:
		s.chain, s.known = 0, false // made by Renew, and nothing has been appended
	case reason == "" && s.known && first == s.last+1 && h.chain != s.chain:
		reason = "the segment does not follow the one before it"
	}
	switch {
	case reason != "":
		s.note(path, 0, int64(len(head)), reason, max(first, 1)-1)
	case first > s.last+1:
		s.note(path, 0, 0, "records before this segment are missing", first-1)
	}
	s.last, s.size, s.more = max(s.last, first-1), size, false
	if reason != "" || len(head) < headerSize {
		return s.headless(f, int64(len(head)), head)
	}
	return s.frames(newScanner(f, headerSize, size, s.last+1, h.chain, h.salt))
}

// headless reads a segment whose header is damaged. What the first record follows nobody knows: it is taken as it comes. The salt may be
// what the header says, or else is the one that makes the first record whole, if it makes whole what stands behind that as well.
func (s *salvage) headless(f vfs.File, off int64, head []byte) error {
	if s.size < off+frameSize {
		return s.frames(newScanner(f, off, s.size, s.last+1, 0, 0))
	}
	b := make([]byte, frameSize)
	if _, err := io.ReadFull(io.NewSectionReader(f, off, frameSize), b); err != nil {
		return fmt.Errorf("wal: reading %s at byte %d: %w", f.Name(), off, err)
	}
	first, salt := decodeFrame(b), le.Uint32(head[24:])
	if first.seq != s.last+1 || first.payload() > s.size-off-frameSize {
		return s.frames(newScanner(f, off, s.size, s.last+1, 0, salt))
	}
	look := newFinder(f, s.size, 0)
	whole, err := look.sum(first, b[4:], off)
	if err != nil {
		return err
	}
	if implied := whole ^ first.crc; implied != salt {
		next, chain := first.seq+1, first.crc
		if first.seal() {
			next, chain = first.seq, first.chain
		}
		behind := newScanner(f, off+frameSize+first.payload(), s.size, next, chain, implied)
		if _, _, err := behind.scan(); err == nil || behind.sealed > 0 {
			salt = implied
		}
	}
	return s.frames(newScanner(f, off, s.size, s.last+1, first.chain, salt))
}

// frames hands out the whole records of a segment. Where one is bad it looks for the next whole one of a later sequence.
func (s *salvage) frames(r *scanner) error {
	look := newFinder(r.file, r.size, r.salt)
	for {
		fr, payload, err := r.scan()
		s.end, s.more = r.off, r.endsSealed() && r.seal.kind == sealContinued
		if err == nil {
			s.last, s.chain, s.known = fr.seq, fr.crc, true
			if err := s.replay(fr.seq, fr.kind, payload); err != nil {
				return err
			}
			continue
		}
		bad := (*badFrame)(nil)
		switch {
		case err == io.EOF:
			return nil
		case !errors.As(err, &bad):
			return err
		}
		if r, err = s.skip(r, look, bad); r == nil || err != nil {
			return err
		}
	}
}

// skip notes what cannot be read and returns a scanner behind it, or nil if nothing follows.
func (s *salvage) skip(r *scanner, look *finder, bad *badFrame) (*scanner, error) {
	from := r.off
	if r.endsSealed() {
		var err error
		if from, err = sealCopyEnd(r.file, r.sealed, r.size, r.seal, r.salt); err != nil {
			return nil, err
		}
	}
	used, err := look.used(from)
	if err != nil || used == from {
		return nil, err
	}
	next, at, found, _, err := look.find(from, s.last+1, 0)
	switch {
	case err != nil:
		return nil, err
	case !found:
		s.note(r.file.Name(), r.off, used-r.off, bad.reason, s.last)
		s.known = false
		return nil, nil
	}
	s.note(r.file.Name(), r.off, at-r.off, bad.reason, next.seq-1)
	if next.seal() {
		s.last = next.seq - 1
	}
	return newScanner(r.file, at, r.size, next.seq, next.chain, r.salt), nil
}
