package wal

import (
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"

	"github.com/stoadb/stoa/vfs"
)

// Open opens the log in dir for appending and hands the records from the sequence from on to replay (which may be nil), in order. from is
// what the caller's checkpoint leaves to be done: segments that lie wholly below it are not read. 0 means all that there is, and that a log
// is begun if there is none.
//
// The end of a log that was not closed is repaired: what is torn is cut off, and what was not certainly durable is written and synced anew,
// since the process before may have died of a sync that failed, after which the system takes unwritten pages for written. When Open
// returns, everything replayed is durable under every Durability. It can be interrupted anywhere and repeated.
//
// A log that is damaged or that lacks records from the sequence from on is refused with a *[CorruptError], and not touched. A log that ends
// before from-1 has lost records that the checkpoint has: also refused; call [Log.Flush] before a checkpoint is written.
func Open(dir string, from uint64, opts *Options, replay ReplayFunc) (*Log, Recovery, error) {
	o, err := opts.withDefaults()
	if err != nil {
		return nil, Recovery{}, err
	}
	if err := vfs.MkdirAllSync(o.FS, dir); err != nil {
		return nil, Recovery{}, err
	}
	w := &walk{fs: o.FS, dir: dir, replay: replay}
	if err := w.run(from); err != nil {
		return nil, w.found, err
	}
	if len(w.segments) == 0 {
		if err := w.begin(from, o.Begin); err != nil {
			return nil, w.found, err
		}
	}
	if w.last+1 < from {
		return nil, w.found, corrupt(w.path(w.segments[len(w.segments)-1]), w.end,
			"the log ends with record %d, though %d were applied", w.last, from-1)
	}
	f, err := w.repair()
	if err != nil {
		return nil, w.found, err
	}
	return newLog(o, w, f), w.found, nil
}

// begin makes the first segment of a log.
func (w *walk) begin(from uint64, permitted bool) error {
	if from > 0 && !permitted {
		return corrupt(w.path(from), 0, "there is no log, though one was begun and %d records were applied", from-1)
	}
	first, salt := max(from, 1), rand.Uint32()
	if err := createSegment(w.fs, w.dir, segmentHeader{first: first, salt: salt}); err != nil {
		return err
	}
	w.segments, w.last, w.salt, w.end = []uint64{first}, first-1, salt, headerSize
	w.found.First, w.found.Last, w.found.Segments = first, w.last, 1
	return nil
}

// createSegment makes an empty segment, of which a crash leaves nothing or all.
func createSegment(fsys vfs.FS, dir string, h segmentHeader) error {
	return vfs.AtomicCreate(fsys, filepath.Join(dir, segmentName(h.first)), func(f io.Writer) error {
		_, err := f.Write(h.encode())
		return err
	})
}

// repair makes the end of the log ready for appending, and durable, and returns the last segment.
func (w *walk) repair() (vfs.File, error) {
	if err := w.sweep(); err != nil {
		return nil, err
	}
	f, err := w.fs.OpenReadWrite(w.path(w.segments[len(w.segments)-1]))
	if err != nil {
		return nil, err
	}
	if !w.found.Clean {
		err = w.settle(f)
	} else if err = w.fs.Remove(filepath.Join(w.dir, markName)); err == nil {
		w.markBytes = nil
	}
	if err == nil {
		// Names that a killed process made and did not sync; and the mark must not come back once there are records behind it.
		err = w.fs.SyncDir(w.dir)
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// sweep removes files that a crash left half made.
func (w *walk) sweep() error {
	entries, err := w.fs.ReadDir(w.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !vfs.IsTemp(e.Name()) || e.IsDir() {
			continue
		}
		if err := removeIfThere(w.fs, filepath.Join(w.dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// settle cuts what is behind the records off the last segment and makes them durable by writing anew, in place and with the same bytes, the records
// that no later one certifies. Should a crash tear this, it leaves what one before it could have left.
func (w *walk) settle(f vfs.File) error {
	if w.behind > 0 {
		if err := f.Truncate(w.end); err != nil {
			return err
		}
	}
	off, err := w.offsetOf(f, w.certified+1)
	if err != nil {
		return err
	}
	buf := make([]byte, min(1<<20, w.end-off))
	for off < w.end {
		part := buf[:min(int64(len(buf)), w.end-off)]
		if _, err := io.ReadFull(io.NewSectionReader(f, off, int64(len(part))), part); err != nil {
			return fmt.Errorf("wal: reading %s at byte %d: %w", f.Name(), off, err)
		}
		if _, err := f.WriteAt(part, off); err != nil {
			return err
		}
		off += int64(len(part))
	}
	return f.Sync()
}

// offsetOf returns where in the last segment, whose frames are known to be good up to w.end, the record seq begins, or its first record if
// seq is in an earlier segment.
func (w *walk) offsetOf(f vfs.File, seq uint64) (int64, error) {
	head := make([]byte, headerSize)
	if _, err := io.ReadFull(io.NewSectionReader(f, 0, headerSize), head); err != nil {
		return 0, fmt.Errorf("wal: reading %s: %w", f.Name(), err)
	}
	h, _, _ := decodeSegmentHeader(head) // checked by the walk
	s := newScanner(f, headerSize, w.end, h.first, h.chain, h.salt)
	for s.next < seq && s.off < w.end {
		if _, _, err := s.scan(); err != nil {
			return 0, fmt.Errorf("wal: reading %s again at byte %d: %w", f.Name(), s.off, err)
		}
	}
	return s.off, nil
}
