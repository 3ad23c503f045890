package wal

import (
	"bufio"
	"bytes"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/stoadb/stoa/vfs"
)

// readBuffer is what a segment is read by. Records that fit are handed out where they lie in it.
const readBuffer = 256 << 10

// badFrame says why the bytes at a scanner's offset are not the record that belongs there.
type badFrame struct{ reason string }

func (b *badFrame) Error() string { return b.reason }

func bad(format string, args ...any) error { return &badFrame{fmt.Sprintf(format, args...)} }

// scanner reads the frames of a segment one after the other. It stands at off, where the record next should be.
type scanner struct {
	file  vfs.File
	r     *bufio.Reader
	off   int64
	size  int64 // what the file had when it was opened
	next  uint64
	chain uint32
	salt  uint32
	// certified is what frames and seals so far say was durable, and seal the last of these, which begins at sealed, 0 if there was none.
	certified uint64
	sealed    int64
	seal      frame
	large     []byte // for records that do not fit into the reader's buffer; as large as the largest, until the segment has been read
	// fields are the header's bytes behind the checksum. What is given to crc32 escapes: a local array would be an allocation for each record.
	fields [frameSize - 4]byte
}

// newScanner returns a scanner that stands at off. Its buffer holds readBuffer bytes or all that is left.
func newScanner(file vfs.File, off, size int64, next uint64, chain, salt uint32) *scanner {
	return &scanner{
		file: file, r: bufio.NewReaderSize(io.NewSectionReader(file, off, size-off), int(min(readBuffer, size-off))),
		off: off, size: size, next: next, chain: chain, salt: salt,
	}
}

// scan returns the next record and steps over it, and over the seals before it. The payload is valid until the next call. The error is
// io.EOF at the very end of the file, a *badFrame if there is no whole record that continues the log, and otherwise an error of reading,
// which says nothing of the file.
func (s *scanner) scan() (frame, []byte, error) {
	for {
		f, err := s.header()
		if err != nil {
			return frame{}, nil, err
		}
		payload, err := s.payload(int(f.payload()))
		if err != nil {
			return frame{}, nil, s.readError(err)
		}
		if checksum(crc32.Checksum(payload, castagnoli), s.fields[:], s.salt) != f.crc {
			return frame{}, nil, bad("the checksum of record %d is wrong", f.seq)
		}
		s.certified = max(s.certified, f.durable())
		if f.seal() {
			s.seal, s.sealed = f, s.off
			s.off += frameSize
			continue
		}
		s.off += frameSize + f.payload()
		s.next, s.chain = f.seq+1, f.crc
		return f, payload, nil
	}
}

// header returns the header at which the scanner stands, if it is that of the next record or of a seal here, and keeps its fields.
func (s *scanner) header() (frame, error) {
	left := s.size - s.off
	if left == 0 {
		return frame{}, io.EOF
	}
	if left < frameSize {
		return frame{}, bad("a record's header is cut")
	}
	head, err := s.r.Peek(frameSize)
	if err != nil {
		return frame{}, s.readError(err)
	}
	f := decodeFrame(head)
	switch {
	case f.payload() > MaxRecord || f.payload() > left-frameSize: // before anything is allocated for it
		return f, bad("a record is cut, or its length is wrong")
	case f.seq != s.next:
		return f, bad("record %d should be here", s.next)
	case f.chain != s.chain:
		return f, bad("record %d does not follow the one before it", f.seq)
	}
	copy(s.fields[:], head[4:])
	return f, nil
}

// endsSealed says whether what the scanner has last stepped over is a seal.
func (s *scanner) endsSealed() bool { return s.sealed > 0 && s.sealed+frameSize == s.off }

// payload returns the n bytes behind the header at which the reader stands.
func (s *scanner) payload(n int) ([]byte, error) {
	if frameSize+n <= readBuffer {
		b, err := s.r.Peek(frameSize + n)
		if err != nil {
			return nil, err
		}
		_, _ = s.r.Discard(frameSize + n) // cannot fail: it is buffered, and stays in place until the next read
		return b[frameSize:], nil
	}
	if _, err := s.r.Discard(frameSize); err != nil {
		return nil, err
	}
	if cap(s.large) < n {
		s.large = make([]byte, n)
	}
	s.large = s.large[:n]
	_, err := io.ReadFull(s.r, s.large)
	return s.large, err
}

// readError names the file. An end before the size that the file had is an error of reading as well, not an end of the log.
func (s *scanner) readError(err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("wal: reading %s at byte %d: %w", s.file.Name(), s.off, err)
}

// finder looks for whole frames, and seals, at any offset of a segment.
type finder struct {
	file vfs.File
	size int64
	salt uint32
	// budget bounds the bytes that may be read to check candidates: content made for it could offer one at every byte.
	budget int64
	buf    []byte // what is searched
	part   []byte // what is checked
}

func newFinder(file vfs.File, size int64, salt uint32) *finder {
	return &finder{file: file, size: size, salt: salt, budget: 64<<20 + 4*size, buf: make([]byte, min(readBuffer, size))}
}

// find returns the first whole frame at or behind off whose sequence is at least minSeq and which says that minDurable was durable. Its
// chain is not checked. If the budget runs out, exhausted is true: what lies there is not the work of a crash.
func (d *finder) find(off int64, minSeq, minDurable uint64) (f frame, at int64, found, exhausted bool, err error) {
	for off+frameSize <= d.size {
		n := int(min(int64(len(d.buf)), d.size-off))
		window := d.buf[:n]
		if _, err := io.ReadFull(io.NewSectionReader(d.file, off, int64(n)), window); err != nil {
			return f, 0, false, false, fmt.Errorf("wal: reading %s at byte %d: %w", d.file.Name(), off, err)
		}
		for i := 0; i+frameSize <= n; i++ {
			if le.Uint64(window[i+8:])-minSeq >= 1<<32 { // nearly always, and wraps below minSeq
				continue
			}
			f, at := decodeFrame(window[i:]), off+int64(i)
			if f.payload() > MaxRecord || f.payload() > d.size-at-frameSize || f.durable() < minDurable {
				continue
			}
			if d.budget -= frameSize + f.payload(); d.budget < 0 {
				return f, 0, false, true, nil
			}
			if whole, err := d.check(f, window[i+4:i+frameSize], at); err != nil || whole {
				return f, at, whole && err == nil, false, err
			}
		}
		off += int64(n - frameSize + 1)
	}
	return f, 0, false, false, nil
}

// check says whether the frame at an offset is whole. fields are the header's bytes behind the checksum.
func (d *finder) check(f frame, fields []byte, at int64) (bool, error) {
	sum, err := d.sum(f, fields, at)
	return sum == f.crc, err
}

// sum computes the checksum of the frame at an offset.
func (d *finder) sum(f frame, fields []byte, at int64) (uint32, error) {
	crc, length := uint32(0), int(f.payload())
	if length > 0 && d.part == nil {
		d.part = make([]byte, min(64<<10, d.size))
	}
	for done := 0; done < length; {
		part := d.part[:min(len(d.part), length-done)]
		if _, err := io.ReadFull(io.NewSectionReader(d.file, at+frameSize+int64(done), int64(len(part))), part); err != nil {
			return 0, fmt.Errorf("wal: reading %s at byte %d: %w", d.file.Name(), at, err)
		}
		crc = crc32.Update(crc, castagnoli, part)
		done += len(part)
	}
	return checksum(crc, fields, d.salt), nil
}

// used returns where, at or behind off, the last byte that is not zero ends, or off if there is none.
func (d *finder) used(off int64) (int64, error) {
	end := off
	for off < d.size {
		n := int(min(int64(len(d.buf)), d.size-off))
		window := d.buf[:n]
		if _, err := io.ReadFull(io.NewSectionReader(d.file, off, int64(n)), window); err != nil {
			return 0, fmt.Errorf("wal: reading %s at byte %d: %w", d.file.Name(), off, err)
		}
		if at := len(bytes.TrimRight(window, "\x00")); at > 0 {
			end = off + int64(at)
		}
		off += int64(n)
	}
	return end, nil
}
