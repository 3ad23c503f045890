package wal

import (
	"hash/crc32"
	"sync"

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
	offset int64    // where the next frame is written
	padded int64    // how long the file is: behind offset there are zeros
	sealed int64    // where the last seal's copy ends
	image  []byte   // that of a seal
	end    logEnd   // of what is written
	group  group    // what is known of commits

	stop, stopped chan struct{} // of the goroutine of Interval; nil without

	mu       sync.Mutex
	queue    []chunk // appended and not written
	queued   int     // bytes in it that are ours
	spare    []byte  // an empty buffer for the next chunk
	next     uint64
	chain    uint32
	salt     uint32
	position int64 // where the next frame comes to lie
	room     int64 // where it must end: then there is room behind it for a seal
	rotating bool  // the segment takes no more
	written  uint64
	durable  uint64
	progress chan struct{} // closed, and replaced, when written, durable or failed have changed
	failed   error
	closed   bool
	segments []uint64
	stats    Stats
	// waiting are the records whose writers wait for their being durable, and committers how many such there were when the last fsync ended,
	// with those that it served.
	waiting    []uint64
	committers int

	truncating sync.Mutex
}

// chunk is a part of what is to be written.
type chunk struct {
	data []byte
	ours bool // data is a buffer of the log: may be appended to, and used again
}

// logEnd is where a log ends: the last segment and its salt, and the sequence and checksum of the last record.
type logEnd struct {
	first, last uint64
	chain, salt uint32
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
		fs: o.FS, dir: w.dir, opts: o, turn: make(chan struct{}, 1), file: f, offset: w.end, padded: w.end,
		image: make([]byte, sealSize),
		end:   logEnd{first: w.segments[len(w.segments)-1], last: w.last, chain: w.chain, salt: w.salt},
		next:  w.last + 1, chain: w.chain, salt: w.salt, position: w.end, room: w.end, written: w.last, durable: w.last,
		progress: make(chan struct{}), segments: w.segments,
	}
	if w.sealed > 0 && w.sealed+frameSize == w.end { // it is written again, for its copy, which may be gone
		l.offset, l.position = l.offset-frameSize, l.position-frameSize
	}
	l.seal()
	if o.Durability == Interval {
		l.stop, l.stopped = make(chan struct{}), make(chan struct{})
		go l.syncEvery(o.Interval)
	}
	return l
}

// Append adds a record, whose payload is the parts joined, and returns its sequence. Concurrent calls get sequences in the order in which
// they are served. The parts are read during the call only; a large payload is written straight from them. Nothing is promised before
// [Log.Sync] returns. If the disk is full (vfs.IsFull) nothing has been appended and the log has not failed: it goes on when there is room.
func (l *Log) Append(kind byte, parts ...[]byte) (uint64, error) {
	length, crc := 0, uint32(0)
	for _, p := range parts {
		length += len(p)
		crc = crc32.Update(crc, castagnoli, p) // before the lock: this is the bulk of the work
	}
	if length > MaxRecord {
		return 0, ErrTooLarge
	}
	size := int64(frameSize + length)
	if err := l.lockWithRoom(size); err != nil {
		return 0, err
	}
	seq := l.next
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
	crc := f.encode(tail.data[before:], payloadCRC, l.salt)
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
