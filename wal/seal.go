package wal

import (
	"bytes"
	"fmt"
	"io"

	"github.com/stoadb/stoa/vfs"
)

// Behind the last record of an open log stand a seal, its copy, and zeros, which the next record leaves, overwrites, and overwrites.

const (
	// The zeros that are written ahead are as many bytes as the segment has, between these bounds: a small log stays small, and in a large
	// one nearly every fsync finds the file's size as it was, and so has no metadata to write.
	minPad = 4 << 10
	maxPad = 256 << 10
	// sealRoom is what is kept free behind the records that have been accepted: for the seal of those before them, and their own.
	sealRoom = frameSize + sealSize
)

// zeros is what padding is written from.
var zeros [64 << 10]byte

// grow sees that there is room for frames up to the offset end. The caller holds the turn.
func (l *Log) grow(end int64) error {
	need := end + sealRoom
	if need <= l.padded {
		return nil
	}
	target := (need + min(max(end, minPad), maxPad) + minPad - 1) / minPad * minPad
	target = max(min(target, l.opts.SegmentBytes+sealRoom), need)
	var err error
	for err == nil && l.padded < target {
		var n int
		n, err = l.file.WriteAt(zeros[:min(int64(len(zeros)), target-l.padded)], l.padded)
		l.padded += int64(n)
	}
	l.mu.Lock()
	l.room = l.padded - sealRoom
	l.mu.Unlock()
	if l.padded >= need {
		return nil
	}
	return err
}

// growAhead makes room for some more records, so that those who append need not wait for their turn to do it. If that fails they will be
// told. The caller holds the turn.
func (l *Log) growAhead() {
	ahead := min(max(l.offset, minPad), maxPad) / 4
	_ = l.grow(min(l.offset+ahead, l.opts.SegmentBytes))
}

// seal notes behind the last record, which is durable, that it is, so that damage to it is not taken for a torn write. It is not synced
// itself: it will be with the next records, or when the system writes it of its own accord. If it cannot be written an alarm is lost and
// nothing else: what is wrong with the file the next record tells. The caller holds the turn, or has the only reference.
func (l *Log) seal() {
	encodeSealed(l.image, l.end.last+1, l.end.chain, l.end.salt)
	n, _ := l.file.WriteAt(l.image, l.offset)
	l.sealed = l.offset + int64(n)
	l.padded = max(l.padded, l.sealed)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.room = l.padded - sealRoom
	if n >= frameSize {
		l.offset += frameSize
		l.position += frameSize
	}
}

// sealContinued notes at the end of a full segment, after which it is not used any more, that there is another.
func (l *Log) sealContinued() {
	encodeSeal(l.image, sealContinued, l.end.last+1, l.end.chain, l.end.salt)
	_, _ = l.file.WriteAt(l.image[:frameSize], l.offset)
}

// sealCopyEnd returns where a seal that stands at off ends: behind its copy, if that is there and as it should be.
func sealCopyEnd(f vfs.File, off, size int64, seal frame, salt uint32) (int64, error) {
	if seal.kind != sealDurable {
		return off + frameSize, nil
	}
	b, want := make([]byte, min(sealSize, size-off)), make([]byte, sealSize)
	if _, err := io.ReadFull(io.NewSectionReader(f, off, int64(len(b))), b); err != nil {
		return 0, fmt.Errorf("wal: reading %s at byte %d: %w", f.Name(), off, err)
	}
	encodeSealed(want, seal.seq, seal.chain, salt)
	if bytes.Equal(b, want[:len(b)]) {
		return off + int64(len(b)), nil
	}
	return off + frameSize, nil
}
