// Package wal is the durable record log: a sequence of opaque records, each with a number and a type, that survives crashes as a prefix of
// what was appended, and whole up to what was synced.
//
// A log is a directory of segments, files named by the sequence of their first record in 20 digits. All integers are little-endian; every
// checksum is CRC-32C (Castagnoli). Format version 2 (1 had a salt of 0 and no seals; it is read, and gone on with):
//
//	segment      +--------+---------+-------+-----------+------+---------+-------+---------+---------+------+ ... +-------+
//	             | magic  | version | chain | first     | salt | CRC     | frame | frame   | frame   | seal |     | zeros |
//	             | 8      | 4       | 4     | 8         | 4    | 4       | 24+n  | 24+n    | 24+n    | 24   |     |       |
//	             +--------+---------+-------+-----------+------+---------+-------+---------+---------+------+ ... +-------+
//	             magic     "stoa.wal"
//	             chain     the CRC field of the last record before this segment; 0 in the first segment of a log
//	             first     the sequence of the segment's first record
//	             salt      a random number: bytes that stand in a payload, or come from another log, are not taken for frames
//	             CRC       of the 28 bytes before it
//
//	frame        +---------+---------+----------+-------+------+-----+---------------+
//	             | CRC     | length  | sequence | chain | type | lag | payload       |
//	             | 4       | 4       | 8        | 4     | 1    | 3   | n = length    |
//	             +---------+---------+----------+-------+------+-----+---------------+
//	             CRC       of the payload, then of the 20 header bytes behind this field, exclusive-or the segment's salt
//	             sequence  one more than the frame's before it
//	             chain     the CRC field of the record before it, in whichever segment
//	             lag       how many of the records before it were not known to be durable when it was appended; 2^24-1: at least so many
//
//	seal         a frame without payload that is no record: its length is 2^32-1, its sequence that of the record behind it, its lag 0.
//	             type      0: all before it is durable. If it is the last frame, the same 24 bytes stand again 512 bytes further, where
//	                       another sector has them
//	                       1: at the end of a segment: there is another
//
//	CLEAN        +--------+---------+-------+-------+------+------+-----+
//	             | magic  | version | chain | first | last | size | CRC |
//	             | 8      | 4       | 4     | 8     | 8    | 8    | 4   |
//	             +--------+---------+-------+-------+------+------+-----+
//	             magic     "stoa.end"; the rest is where the log ended: CRC field and sequence of the last record, first sequence and
//	                       size in bytes of the last segment
//
// Frames are not aligned to blocks: a record is found by its neighbour, and a record of any size has one header. A segment's header is
// durable before the segment has its name, and a segment is durable as a whole, without zeros, before the next one is made. The file CLEAN
// is written by Close, which cuts off the zeros, and removed by Open: while it stands, nothing in the log may be missing.
//
// Zeros are written ahead of the records, 4 to 256 KiB at a time. So a full disk refuses a record before it is accepted, and does the log no
// harm; and an fsync that finds the file's size unchanged writes the data and nothing else, which on a journaling file system takes half the
// time. A seal is written when an fsync has succeeded, before anybody is told. It is not synced itself: it becomes durable with the records
// behind it, or when the system writes it of its own accord.
//
// # Torn or damaged
//
// A crash may leave unsynced frames in any state, the later whole and the earlier not, because sectors reach a disk in any order. So a whole
// frame behind a bad one proves nothing by itself. What proves damage is the lag: a whole frame, most often a seal, that says "the bad one
// was durable when I was written". The rules for a frame that is not whole, or does not continue sequence and chain, are:
//
//   - It is in a segment that has a successor, or the log was closed cleanly, or a later whole frame says that it was durable: damage.
//     The log is not opened; the error is a *[CorruptError] with file and offset. The same holds for a segment that is missing: in the
//     middle, or the last one, if the seal of the one before speaks of it, or all of them, though the caller knows that there was a log.
//   - Nothing but zeros follows: it is the end of the log.
//   - Otherwise it is the torn end of an unclean log. [Open] cuts it off and says so in [Recovery].
//
// So damage to any record that a killed process had acknowledged is told from a torn write: it was synced, and the seal says so. What is
// left is a power cut: if it came before the system had written the seal of its own accord (Linux: 30 s), damage to the last group looks
// like a torn write, and is cut, and reported as that. So does a last segment whose file has become shorter, as that of a torn write is.
//
// # What the package is not
//
// It knows nothing of what records mean, keeps no index, and locks nothing against other processes: the one who opens a log for writing
// must hold the lock of its directory. [Replay] reads beside a writer.
package wal

import (
	"errors"
	"fmt"
	"time"

	"github.com/stoadb/stoa/vfs"
)

// MaxRecord is the size in bytes above which a record is refused.
const MaxRecord = 1 << 30

var (
	// ErrFailed is matched by the errors of a log that has failed to write or to sync. They also match the first cause. The log refuses
	// everything until it is opened again, because after a failed sync nobody knows what the disk has. A full disk alone is no failure.
	ErrFailed = errors.New("wal: the log has failed and must be opened again")
	// ErrClosed is the error of using a log after Close.
	ErrClosed = errors.New("wal: the log is closed")
	// ErrTooLarge refuses a record of more than MaxRecord bytes.
	ErrTooLarge = errors.New("wal: record of more than 1 GiB")
	// ErrVersion refuses a log written by a newer version of the format.
	ErrVersion = errors.New("wal: unknown format version")
)

// CorruptError says where a log is damaged.
type CorruptError struct {
	File   string
	Offset int64 // of the first byte that cannot be relied on
	Reason string
}

// Error names file, offset and reason.
func (e *CorruptError) Error() string {
	return fmt.Sprintf("wal: %s is damaged at byte %d: %s", e.File, e.Offset, e.Reason)
}

// Durability says what a nil error of [Log.Sync] promises.
type Durability uint8

const (
	// Full: the record survives a power cut. Records whose writers wait at the same time share one fsync.
	Full Durability = iota
	// Interval: the record survives the death of the process at once, and a power cut after Options.Interval at the latest (and the time
	// that the fsync takes). What a power cut takes is the end of the log, never something in its middle.
	Interval
	// Off: the record survives the death of the process; after a power cut the log ends somewhere after its last full segment.
	Off
)

// Options of a log. nil means the defaults.
type Options struct {
	// FS is the file system; nil means vfs.OS().
	FS vfs.FS
	// SegmentBytes is the size at which a new segment is begun, at most 1 GiB; 0 means 64 MiB. A record that is larger has one of its own.
	SegmentBytes int64
	// Durability is what Sync promises; the default is Full.
	Durability Durability
	// Interval is the time between fsyncs under Durability Interval; 0 means 200 ms.
	Interval time.Duration
	// Begin lets Open begin a new log at any sequence where there is none at all, as after the restore of a backup. Without it that is an
	// error if Open is given a sequence, since who has one had a log.
	Begin bool
}

func (o *Options) withDefaults() (Options, error) {
	var out Options
	if o != nil {
		out = *o
	}
	if out.FS == nil {
		out.FS = vfs.OS()
	}
	if out.SegmentBytes == 0 {
		out.SegmentBytes = 64 << 20
	}
	if out.Interval == 0 {
		out.Interval = 200 * time.Millisecond
	}
	if out.SegmentBytes < 0 || out.SegmentBytes > MaxRecord || out.Interval < 0 || out.Durability > Off {
		return out, fmt.Errorf("wal: invalid options: segments of %d bytes, interval %v, durability %d", out.SegmentBytes, out.Interval, out.Durability)
	}
	return out, nil
}

// Recovery says what was found when a log was read.
type Recovery struct {
	// First and Last are the sequences that the log holds; Last is First-1 if it holds none. First may be below the sequence asked for.
	First, Last uint64
	// Segments is the number of segment files, Records and Bytes what was read of them, also below the sequence asked for.
	Segments int
	Records  int64
	Bytes    int64
	// Clean: the log had been closed.
	Clean bool
	// TornBytes is how much was, or for a reader would be, cut off the end of TornFile, at TornOffset, and TornReason why. Seals and zeros
	// are not counted.
	TornBytes  int64
	TornFile   string
	TornOffset int64
	TornReason string
}

// ReplayFunc is given the records in order. The payload is valid only during the call. An error ends the replay and is returned as it is.
type ReplayFunc func(seq uint64, kind byte, payload []byte) error
