package store

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/stoadb/stoa/tables"
)

// A record of the log, and a block of a checkpoint, is a list of operations. Format version 1; varint means unsigned LEB128:
//
//	record     +---------+-------+--------+------+------+------+ ...
//	           | version | flags | commit | time | op 0 | op 1 |
//	           | 1       | 1     | varint | 8    |      |      |
//	           +---------+-------+--------+------+------+------+ ...
//	           flags     bit 0: the statement goes on in the next record; bit 1: it began in an earlier one
//	           commit    the number of the commit, the same in all records of a statement
//	           time      the clock at the commit, microseconds since 1970-01-01 UTC, little-endian
//
//	op         +------+--------+------+
//	           | kind | length | body |
//	           | 1    | 4      |      |
//	           +------+--------+------+
//
// Tables are named by ID, hot rows by serial number (see tables.Table.Serial), since segments are not the same after a recovery. The bodies:
//
//	rows        table | runs | for each: serial of its first row less the end of the run before, rows | a row batch (package rowcodec)
//	kill        table | runs | for each: serial of its first row less the end of the run before, rows
//	delete      table | file | a roaring bitmap of positions in the file, in roaring's portable format
//	add file    table | the file's description (see fileref.go)
//	remove file table | file
//	define      the definition (see definition.go): a new table, or the next version of one
//	drop        table
//	reserve     paths of files about to be made, of which those that no commit adds are removed at the next recovery
//	release     paths for which that does not hold any more
//	clear       table | a file number: all rows that are hot or in files with lower numbers
//	version     name | version of the schema under it (see versionrecord.go), the next one; also a row of system.table_schemas
//	move        name | name: the versions under the first are those of the second from now on
//
// A name is two strings, namespace and table. Rows of system.table_schemas are written as versions alone.
type opKind byte

const (
	opRows opKind = iota + 1
	opKill
	opDelete
	opAddFile
	opRemoveFile
	opDefine
	opDrop
	opReserve
	opRelease
	opClear
	opVersion
	opMoveVersions
)

const (
	recordVersion = 1
	recordMore    = 1
	recordGoesOn  = 2
	opHeader      = 5
)

// The types of records in the log.
const recordEdit byte = 1

// ErrRecord says that a record of the log or a block of a checkpoint, whose checksum is right, does not mean anything.
var ErrRecord = errors.New("store: a record that has no meaning")

func badRecord(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrRecord, fmt.Sprintf(format, args...))
}

var le = binary.LittleEndian

// recordHeader is what a record begins with.
type recordHeader struct {
	flags  byte
	commit uint64
	time   int64
}

func (h recordHeader) append(dst []byte) []byte {
	dst = append(dst, recordVersion, h.flags)
	dst = binary.AppendUvarint(dst, h.commit)
	return le.AppendUint64(dst, uint64(h.time))
}

func readHeader(d *wire) (recordHeader, error) {
	if v := d.byte(); v != recordVersion {
		return recordHeader{}, badRecord("version %d", v)
	}
	h := recordHeader{flags: d.byte(), commit: d.uvarint()}
	h.time = d.int64()
	return h, d.err
}

// beginOp begins an operation, and endOp, given where it began, notes its length.
func beginOp(dst []byte, kind opKind) ([]byte, int) {
	return append(dst, byte(kind), 0, 0, 0, 0), len(dst)
}

func endOp(dst []byte, at int) []byte {
	le.PutUint32(dst[at+1:], uint32(len(dst)-at-opHeader))
	return dst
}

// eachOp calls fn with the operations that follow the header.
func eachOp(d *wire, fn func(kind opKind, body *wire) error) error {
	for len(d.src) > 0 && d.err == nil {
		kind := opKind(d.byte())
		body := &wire{src: d.take(int(d.uint32()))}
		if d.err != nil {
			return d.err
		}
		if err := fn(kind, body); err != nil {
			return err
		}
		if body.err != nil {
			return body.err
		}
	}
	return d.err
}

// serialRun is rows with consecutive serial numbers.
type serialRun = tables.SerialRun

// appendRuns appends runs, which are ascending.
func appendRuns(dst []byte, runs []serialRun) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(runs)))
	end := uint64(0)
	for _, r := range runs {
		dst = binary.AppendUvarint(dst, r.First-end)
		dst = binary.AppendUvarint(dst, uint64(r.Rows))
		end = r.First + uint64(r.Rows)
	}
	return dst
}

// readRuns reads runs and the number of rows in them.
func readRuns(d *wire) (runs []serialRun, rows uint64) {
	n := d.uvarint()
	if n > uint64(len(d.src))/2 {
		d.fail("%d runs in %d bytes", n, len(d.src))
		return nil, 0
	}
	runs = make([]serialRun, n)
	end := uint64(0)
	for i := range runs {
		first, count := end+d.uvarint(), d.uvarint()
		if first < end || count == 0 || count > 1<<40 || first+count < first {
			d.fail("a run of %d rows", count)
			return nil, 0
		}
		runs[i] = serialRun{First: first, Rows: int(count)}
		end = first + count
		rows += count
	}
	return runs, rows
}

// wire reads bytes from the front. After the first shortage it gives zeros, and err stays.
type wire struct {
	src []byte
	err error
}

func (d *wire) fail(format string, args ...any) {
	if d.err == nil {
		d.err = badRecord(format, args...)
	}
	d.src = nil
}

func (d *wire) take(n int) []byte {
	if n < 0 || n > len(d.src) {
		d.fail("%d bytes where %d are left", n, len(d.src))
		return nil
	}
	out := d.src[:n:n]
	d.src = d.src[n:]
	return out
}

func (d *wire) byte() byte {
	if b := d.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (d *wire) uint32() uint32 {
	if b := d.take(4); b != nil {
		return le.Uint32(b)
	}
	return 0
}

func (d *wire) int64() int64 {
	if b := d.take(8); b != nil {
		return int64(le.Uint64(b))
	}
	return 0
}

func (d *wire) uvarint() uint64 {
	x, n := binary.Uvarint(d.src)
	if n <= 0 {
		d.fail("a number is cut")
		return 0
	}
	d.src = d.src[n:]
	return x
}

func (d *wire) varint() int64 {
	x, n := binary.Varint(d.src)
	if n <= 0 {
		d.fail("a number is cut")
		return 0
	}
	d.src = d.src[n:]
	return x
}

// count reads a number of things that take at least size bytes each.
func (d *wire) count(size int) int {
	n := d.uvarint()
	if n > uint64(len(d.src)/size) {
		d.fail("%d things in %d bytes", n, len(d.src))
		return 0
	}
	return int(n)
}

func (d *wire) bool() bool { return d.byte() != 0 }

// text reads a string into memory of its own.
func (d *wire) text() string { return string(d.take(d.count(1))) }

func appendText(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

func appendBool(dst []byte, b bool) []byte {
	if b {
		return append(dst, 1)
	}
	return append(dst, 0)
}
