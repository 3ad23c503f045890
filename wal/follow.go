package wal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/stoadb/stoa/vfs"
)

// Follower reads a log beside its writer and goes on where it stopped. It holds nothing open between its calls. It is for one goroutine.
type Follower struct{ w *walk }

// Follow reads a log as [Replay] does, and gives what it takes to go on.
func Follow(dir string, from uint64, opts *Options, replay ReplayFunc) (*Follower, Recovery, error) {
	o, err := opts.withDefaults()
	if err != nil {
		return nil, Recovery{}, err
	}
	w := &walk{fs: o.FS, dir: dir, live: true, replay: replay}
	if err := w.run(from); err != nil {
		return nil, w.found, err
	}
	if len(w.segments) == 0 {
		return nil, w.found, &fs.PathError{Op: "follow", Path: dir, Err: fs.ErrNotExist}
	}
	return &Follower{w}, w.found, nil
}

// Last gives the sequence of the last record that was handed out.
func (f *Follower) Last() uint64 { return f.w.last }

// Next hands out the records that have been appended since: all that were acknowledged before the call, and perhaps some more. Where there are none it costs
// the opening of a file and two small reads.
//
// An error that matches fs.ErrNotExist says that the writer has removed what comes next, or that it is another log by now: then the reader needs the writer's
// newer checkpoint. After an error of the function that is given the records, that record counts as handed out. After every other but those the follower can
// be asked again.
func (f *Follower) Next() error {
	for {
		if more, err := f.step(); err != nil || !more {
			return err
		}
	}
}

// step reads on in the segment where the follower stands, and goes on to the next if there is one.
func (f *Follower) step() (more bool, err error) {
	w := f.w
	w.segments = w.segments[len(w.segments)-1:]
	current := w.segments[0]
	w.found.TornBytes, w.found.TornFile, w.found.TornOffset, w.found.TornReason = 0, "", 0, ""
	if err := f.readOn(); err != nil {
		return false, err
	}
	next := w.last + 1
	if next == current {
		return false, nil
	}
	there, err := vfs.Exists(w.fs, w.path(next))
	switch {
	case err != nil:
		return false, err
	case !there && w.continued:
		return false, f.gone(w.path(next))
	case !there:
		return false, nil
	}
	w.segments, w.behind = []uint64{current, next}, -1 // which stays until the next segment's header has been accepted
	err = w.segment(1, false)
	if w.behind < 0 {
		w.segments, w.behind = w.segments[:1], 0
	}
	return true, err
}

// readOn reads what is new in the current segment.
func (f *Follower) readOn() error {
	w := f.w
	file, err := w.fs.Open(w.path(w.segments[0]))
	if err != nil {
		return err
	}
	defer file.Close() // opened for reading: nothing is lost if that fails
	size, news, err := f.news(file)
	if err != nil || !news {
		return err
	}
	return w.read(file, size, true)
}

// news tells whether the segment is the one that was read, and whether there is something behind what was.
func (f *Follower) news(file vfs.File) (size int64, news bool, err error) {
	w := f.w
	var head [headerSize]byte
	if _, err := io.ReadFull(io.NewSectionReader(file, 0, headerSize), head[:]); err != nil {
		return 0, false, fmt.Errorf("wal: reading %s: %w", file.Name(), err)
	}
	h, reason, err := decodeSegmentHeader(head[:])
	if err != nil || reason != "" || h.first != w.segments[0] || h.salt != w.salt {
		return 0, false, errors.Join(err, f.gone(file.Name()))
	}
	if size, err = vfs.Size(file); err != nil {
		return 0, false, err
	}
	if size < w.end {
		return 0, false, f.gone(file.Name())
	}
	var next [frameSize]byte
	n, err := file.ReadAt(next[:], w.end)
	if err != nil && err != io.EOF {
		return 0, false, fmt.Errorf("wal: reading %s at byte %d: %w", file.Name(), w.end, err)
	}
	return size, n > 0 && next != [frameSize]byte{}, nil
}

// gone says that the log is not the one, or has not any more, what was being read.
func (f *Follower) gone(path string) error {
	return fmt.Errorf("wal: %s is not where record %d was: %w", path, f.w.last, fs.ErrNotExist)
}
