package wal

import (
	"context"
	"fmt"
	"hash/crc32"
	"path/filepath"
	"sync"
	"time"

	"github.com/stoadb/stoa/vfs"
)

const (
	// maxQueued is how much is kept in memory before an append writes it out itself, unsynced. More gains nothing: at 1 MiB a write call
	// costs less than a hundredth of the copying.
	maxQueued = 1 << 20
	// largeRecord is the payload from which on a record is written straight from the caller's memory instead of being copied.
	largeRecord = 256 << 10
)

// Log is a log that is open for appending. Its methods may be called by any number of goroutines at once.
type Log struct {
	fs   vfs.FS
	dir  string
	opts Options

	// turn is the right to write, sync and change the file: who has put something in holds it. A channel, and not a mutex, because those
	// who want it also wait for their record to be synced by somebody else, and for their context.
	turn   chan struct{}
	file   vfs.File // of the last segment; nil when closed
	offset int64    // its size
	first  uint64   // of the last segment

	stop, stopped chan struct{} // of the goroutine of Interval; nil without

	mu       sync.Mutex
	queue    []chunk // appended and not written
	queued   int     // bytes in it that are ours
	spare    []byte  // an empty buffer for the next chunk
	next     uint64
	chain    uint32
	position int64 // where the next frame comes to lie in its segment
	written  uint64
	durable  uint64
	progress chan struct{} // closed, and replaced, when written, durable or failed have changed
	failed   error
	closed   bool
	segments []uint64
	stats    Stats

	truncating sync.Mutex
}

// chunk is a step of what is to be written: bytes, or the beginning of a new segment.
type chunk struct {
	data   []byte
	ours   bool // data is a buffer of the log: may be appended to, and used again
	rotate bool
	header segmentHeader
}

// Stats counts what a log has done since it was opened.
type Stats struct {
	Records int64 // appended
	Bytes   int64 // of their frames
	Writes  int64 // write calls
	Syncs   int64 // fsyncs of segments
}

func newLog(o Options, w *walk, f vfs.File) *Log {
	l := &Log{
		fs: o.FS, dir: w.dir, opts: o, turn: make(chan struct{}, 1), file: f, offset: w.end, first: w.segments[len(w.segments)-1],
		next: w.last + 1, chain: w.chain, position: w.end, written: w.last, durable: w.last,
		progress: make(chan struct{}), segments: w.segments,
	}
	if o.Durability == Interval {
		l.stop, l.stopped = make(chan struct{}), make(chan struct{})
		go l.syncEvery(o.Interval)
	}
	return l
}

// Append adds a record, whose payload is the parts joined, and returns its sequence. Concurrent calls get sequences in the order in which
// they are served. The parts are read during the call only; a large payload is written straight from them. Nothing is promised before
// [Log.Sync] returns.
func (l *Log) Append(kind byte, parts ...[]byte) (uint64, error) {
	length, crc := 0, uint32(0)
	for _, p := range parts {
		length += len(p)
		crc = crc32.Update(crc, castagnoli, p) // before the lock: this is the bulk of the work
	}
	if length > MaxRecord {
		return 0, ErrTooLarge
	}
	l.mu.Lock()
	if err := l.refusal(); err != nil {
		l.mu.Unlock()
		return 0, err
	}
	seq, size := l.next, int64(frameSize+length)
	if l.position > headerSize && l.position+size > l.opts.SegmentBytes {
		l.queue = append(l.queue, chunk{rotate: true, header: segmentHeader{first: seq, chain: l.chain}})
		l.position = headerSize
	}
	f := frame{length: uint32(length), seq: seq, chain: l.chain, kind: kind, lag: lagOf(seq, l.durable)}
	l.chain = l.enqueue(f, crc, parts, length >= largeRecord)
	l.next, l.position = seq+1, l.position+size
	l.stats.Records++
	l.stats.Bytes += size
	mustWrite := length >= largeRecord || l.queued >= maxQueued
	l.mu.Unlock()
	if mustWrite { // if large: before the caller gets its memory back
		return seq, l.write()
	}
	return seq, nil
}

// enqueue adds a frame, of whose payload it is given the checksum, to the queue, and returns the frame's. The caller holds mu.
func (l *Log) enqueue(f frame, payloadCRC uint32, parts [][]byte, large bool) uint32 {
	n := len(l.queue)
	if n == 0 || !l.queue[n-1].ours {
		l.queue = append(l.queue, chunk{data: l.spare[:0], ours: true})
		l.spare = nil
		n++
	}
	tail := &l.queue[n-1]
	before := len(tail.data)
	tail.data = append(tail.data, make([]byte, frameSize)...)
	crc := f.encode(tail.data[before:], payloadCRC)
	if !large {
		for _, p := range parts {
			tail.data = append(tail.data, p...)
		}
	}
	l.queued += len(tail.data) - before
	if large {
		for _, p := range parts {
			if len(p) > 0 {
				l.queue = append(l.queue, chunk{data: p})
			}
		}
	}
	return crc
}

// refusal says why the log takes no more. The caller holds mu.
func (l *Log) refusal() error {
	if l.failed != nil {
		return l.failed
	}
	if l.closed {
		return ErrClosed
	}
	return nil
}

// Sync waits until the record seq, and so every one before it, is as safe as Options.Durability says. Under Full one of those who wait
// makes the fsync for all of them. If ctx ends first its error is returned, and the record may or may not survive; who is making an fsync
// finishes it. After a failure every record that is not yet safe gets the same error, matching [ErrFailed] and the cause.
func (l *Log) Sync(ctx context.Context, seq uint64) error {
	return l.reach(ctx, seq, l.opts.Durability == Full)
}

// Flush waits until everything appended so far is on the disk, whatever the durability. It is to be called before a checkpoint that
// contains these records is made durable.
func (l *Log) Flush(ctx context.Context) error { return l.reach(ctx, l.Last(), true) }

// reach waits until seq is durable (hard) or written.
func (l *Log) reach(ctx context.Context, seq uint64, hard bool) error {
	for {
		done, progress, err := l.reached(seq, hard)
		if done || err != nil {
			return err
		}
		select {
		case <-progress:
		case <-ctx.Done():
			return ctx.Err()
		case l.turn <- struct{}{}:
			err := l.lead(seq, hard)
			<-l.turn
			if err != nil {
				return err
			}
		}
	}
}

// reached says whether seq is safe, and if not, which channel will tell that something has changed.
func (l *Log) reached(seq uint64, hard bool) (bool, <-chan struct{}, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case seq <= l.durable:
		return true, nil, nil
	case l.failed != nil:
		return false, nil, l.failed
	case !hard && seq <= l.written:
		return true, nil, nil
	case seq >= l.next:
		return false, nil, fmt.Errorf("wal: record %d was not appended", seq)
	}
	return false, l.progress, nil
}

// lead writes, and if hard syncs, everything appended so far, for all who wait. The caller holds the turn.
func (l *Log) lead(seq uint64, hard bool) error {
	if done, _, err := l.reached(seq, hard); done || err != nil {
		return err // while we waited for our turn somebody did it for us
	}
	if err := l.writeQueue(); err != nil {
		return err
	}
	if hard {
		return l.syncFile()
	}
	l.advance(0)
	return nil
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
	queue, last := l.queue, l.next-1
	l.queue, l.queued = nil, 0
	l.mu.Unlock()
	for _, c := range queue {
		if err := l.writeChunk(c); err != nil {
			return l.fail(err)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.written = last
	for _, c := range queue {
		if c.ours && cap(c.data) > cap(l.spare) && cap(c.data) <= 2*maxQueued {
			l.spare = c.data[:0]
		}
	}
	return nil
}

func (l *Log) writeChunk(c chunk) error {
	if c.rotate {
		return l.rotate(c.header)
	}
	n, err := l.file.WriteAt(c.data, l.offset)
	l.offset += int64(n)
	l.mu.Lock()
	l.stats.Writes++
	l.mu.Unlock()
	return err
}

// rotate makes the last segment durable and begins the next. Because it does so under every durability, only the last segment of a log can
// be torn.
func (l *Log) rotate(h segmentHeader) error {
	l.mu.Lock()
	l.written = h.first - 1
	l.mu.Unlock()
	if err := l.syncFile(); err != nil {
		return err
	}
	err := l.file.Close()
	l.file = nil
	if err != nil {
		return err
	}
	if err := createSegment(l.fs, l.dir, h); err != nil {
		return err
	}
	if l.file, err = l.fs.OpenReadWrite(filepath.Join(l.dir, segmentName(h.first))); err != nil {
		l.file = nil
		return err
	}
	l.offset, l.first = headerSize, h.first
	l.mu.Lock()
	l.segments = append(l.segments, h.first)
	l.mu.Unlock()
	return nil
}

// syncFile makes what is written durable. The caller holds the turn: of two fsyncs at once only one would be told of an error.
func (l *Log) syncFile() error {
	l.mu.Lock()
	target, need := l.written, l.durable < l.written
	if need {
		l.stats.Syncs++
	}
	l.mu.Unlock()
	if !need {
		return nil
	}
	if err := l.file.Sync(); err != nil {
		return l.fail(err)
	}
	l.advance(target)
	return nil
}

// advance notes what is durable and wakes those who wait.
func (l *Log) advance(durable uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.durable = max(l.durable, durable)
	close(l.progress)
	l.progress = make(chan struct{})
}

// fail makes the log refuse everything from now on, wakes those who wait, and returns the first failure.
func (l *Log) fail(cause error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.failed == nil {
		l.failed = fmt.Errorf("%w: %w", ErrFailed, cause)
		l.queue, l.queued, l.spare = nil, 0, nil
		close(l.progress)
		l.progress = make(chan struct{})
	}
	return l.failed
}

// syncEvery is the goroutine of Interval: it ends at Close, or with the log's failure, which the next call is told of.
func (l *Log) syncEvery(interval time.Duration) {
	defer close(l.stopped)
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-l.stop:
			return
		case <-tick.C:
		}
		select {
		case <-l.stop:
			return
		case l.turn <- struct{}{}:
		}
		err := l.writeQueue()
		if err == nil {
			err = l.syncFile()
		}
		<-l.turn
		if err != nil {
			return
		}
	}
}
