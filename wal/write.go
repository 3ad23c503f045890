package wal

import (
	"errors"
	"math/rand/v2"
	"path/filepath"

	"github.com/stoadb/stoa/vfs"
)

// lockWithRoom locks mu when the next frame, of size bytes, has its place in the last segment: space on the disk is taken before a record is
// accepted, so that a full disk refuses records, and takes none that it cannot keep. If it returns an error mu is not locked.
func (l *Log) lockWithRoom(size int64) error {
	for {
		l.mu.Lock()
		err := l.refusal()
		if err == nil && !l.full(size) && l.position+size <= l.room {
			return nil
		}
		l.mu.Unlock()
		if err != nil {
			return err
		}
		l.turn <- struct{}{}
		err = l.makeRoom(size)
		<-l.turn
		if err != nil {
			return err
		}
	}
}

// full says whether a frame belongs in a new segment. The caller holds mu.
func (l *Log) full(size int64) bool {
	return l.rotating || l.next > l.segments[len(l.segments)-1] && l.position+size > l.opts.SegmentBytes
}

// makeRoom makes room for a frame. The caller holds the turn.
func (l *Log) makeRoom(size int64) error {
	l.mu.Lock()
	err, full := l.refusal(), l.full(size)
	l.mu.Unlock()
	if err != nil {
		return err
	}
	if full {
		if err := l.rotate(); err != nil {
			return l.soften(err)
		}
	}
	l.mu.Lock()
	need := l.position + size
	l.mu.Unlock()
	if err := l.grow(need); err != nil {
		return l.soften(err)
	}
	return nil
}

// soften returns an error of taking space, which has done no harm if the disk was full; every other is the log's failure.
func (l *Log) soften(err error) error {
	if vfs.IsFull(err) && !errors.Is(err, ErrFailed) {
		return err
	}
	return l.fail(err)
}

// write writes the queue, in its turn.
func (l *Log) write() error {
	l.turn <- struct{}{}
	defer func() { <-l.turn }()
	return l.writeQueue()
}

// writeQueue writes what was appended so far. The caller holds the turn.
func (l *Log) writeQueue() error {
	l.mu.Lock()
	if l.failed != nil {
		defer l.mu.Unlock()
		return l.failed
	}
	queue, last, chain := l.queue, l.next-1, l.chain
	l.queue, l.queued = nil, 0
	l.mu.Unlock()
	for i, c := range queue {
		if err := l.writeChunk(c, i == len(queue)-1); err != nil {
			return l.fail(err)
		}
	}
	l.end.last, l.end.chain = last, chain
	l.mu.Lock()
	defer l.mu.Unlock()
	l.written = last
	l.stats.Writes += int64(len(queue))
	for _, c := range queue {
		if c.ours && cap(c.data) > cap(l.spare) && cap(c.data) <= 2*maxQueued {
			l.spare = c.data[:0]
		}
	}
	return nil
}

// writeChunk writes a chunk, and behind the last of several zeros over what may remain there of a seal.
func (l *Log) writeChunk(c chunk, last bool) error {
	data, size := c.data, int64(len(c.data))
	if rest := l.sealed - l.offset - size; last && c.ours && rest > 0 {
		data = append(data, zeros[:rest]...)
	}
	n, err := l.file.WriteAt(data, l.offset)
	l.offset += min(int64(n), size)
	return err
}

// rotate makes the last segment durable and begins the next. Because it does so under every durability, only the last segment of a log can
// be torn. If the disk is full the last segment stays what it was. The caller holds the turn.
func (l *Log) rotate() error {
	l.mu.Lock()
	l.rotating = true // from here on nobody appends
	h := segmentHeader{first: l.next, chain: l.chain, salt: rand.Uint32()}
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		l.rotating = false
		l.mu.Unlock()
	}()
	if err := l.writeQueue(); err != nil {
		return err
	}
	if err := l.syncFile(); err != nil {
		return err
	}
	if err := l.finish(); err != nil {
		return err
	}
	f, err := l.nextSegment(h)
	if err != nil {
		return err
	}
	l.sealContinued()
	_ = l.file.Close() // it is durable but for the seal, which nobody needs
	l.file, l.offset, l.padded, l.sealed = f, headerSize, headerSize, 0
	l.end.first, l.end.salt = h.first, h.salt
	l.mu.Lock()
	defer l.mu.Unlock()
	l.segments = append(l.segments, h.first)
	l.salt, l.position, l.room = h.salt, headerSize, headerSize
	return nil
}

// nextSegment makes a segment and opens it. Once its name is there, whatever fails is the log's failure: it cannot be made again.
func (l *Log) nextSegment(h segmentHeader) (vfs.File, error) {
	name := filepath.Join(l.dir, segmentName(h.first))
	if err := createSegment(l.fs, l.dir, h); err != nil {
		if there, serr := vfs.Exists(l.fs, name); there || serr != nil {
			return nil, l.fail(err)
		}
		return nil, err
	}
	f, err := l.fs.OpenReadWrite(name)
	if err != nil {
		return nil, l.fail(err)
	}
	return f, nil
}

// finish cuts off what is behind the last record and its seal, and makes the segment, all of which is written, durable.
func (l *Log) finish() error {
	if err := l.file.Truncate(l.offset); err != nil {
		return l.fail(err)
	}
	l.padded, l.sealed = l.offset, l.offset
	l.mu.Lock()
	target := l.written
	l.room = l.padded - sealRoom
	l.stats.Syncs++
	l.mu.Unlock()
	if err := l.file.Sync(); err != nil {
		return l.fail(err)
	}
	l.advance(target)
	return nil
}
