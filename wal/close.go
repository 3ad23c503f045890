package wal

import (
	"errors"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/stoadb/stoa/vfs"
)

// Close writes and syncs what was appended, under every durability, and leaves the mark of a clean close. If the log has failed, or fails
// now, there is no mark, and the error says so. If there is no room for the mark that is no error: the log is left as a killed process
// leaves it, and nothing is missing. Closing twice is no error.
func (l *Log) Close() error {
	l.mu.Lock()
	again := l.closed
	l.closed = true
	l.mu.Unlock()
	if again {
		return nil
	}
	if l.stop != nil {
		close(l.stop)
		<-l.stopped
	}
	l.turn <- struct{}{}
	defer func() { <-l.turn }()
	err := l.writeQueue()
	if err == nil {
		err = l.finish()
	}
	if err == nil {
		err = l.leaveMark()
	}
	_ = l.file.Close() // what was to be durable is
	l.file = nil
	return err
}

// leaveMark leaves the mark of a clean close, or a seal.
func (l *Log) leaveMark() error {
	err := writeMark(l.fs, l.dir, mark{chain: l.end.chain, first: l.end.first, last: l.end.last, size: l.offset})
	if !vfs.IsFull(err) {
		return err
	}
	if there, serr := vfs.Exists(l.fs, filepath.Join(l.dir, markName)); there || serr != nil {
		return err
	}
	l.seal()
	return nil
}

// TruncateBefore removes the segments all of whose records are below seq: those that a durable checkpoint has made needless. The oldest
// goes first, durably before the next, so that a crash leaves no gap. The last segment always stays. An error leaves the log usable.
func (l *Log) TruncateBefore(seq uint64) error {
	l.truncating.Lock()
	defer l.truncating.Unlock()
	for {
		l.mu.Lock()
		err := l.refusal()
		needless := len(l.segments) > 1 && l.segments[1] <= seq
		oldest := l.segments[0]
		l.mu.Unlock()
		if err != nil || !needless {
			return err
		}
		if err := removeIfThere(l.fs, filepath.Join(l.dir, segmentName(oldest))); err != nil {
			return err
		}
		if err := l.fs.SyncDir(l.dir); err != nil {
			return err
		}
		l.mu.Lock()
		l.segments = l.segments[1:]
		l.mu.Unlock()
	}
}

// writeMark leaves the mark of a clean close.
func writeMark(fsys vfs.FS, dir string, m mark) error {
	return vfs.AtomicWrite(fsys, filepath.Join(dir, markName), func(f io.Writer) error {
		_, err := f.Write(m.encode())
		return err
	})
}

func removeIfThere(fsys vfs.FS, name string) error {
	if err := fsys.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Last returns the sequence of the last record appended, or one less than that of the first to come.
func (l *Log) Last() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.next - 1
}

// First returns the sequence of the first record that the log still holds.
func (l *Log) First() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.segments[0]
}

// Durable returns the sequence up to which everything is on the disk.
func (l *Log) Durable() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.durable
}

// Err returns the failure of the log, or nil.
func (l *Log) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.failed
}

// Stats returns the counts so far.
func (l *Log) Stats() Stats {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stats
}
