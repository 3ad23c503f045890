package store

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"path/filepath"

	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/vfs"
)

// salvageCheckpoint takes from a damaged checkpoint the blocks that are whole. cause is why it cannot be read as it is.
func (r *rescue) salvageCheckpoint(number uint64, cause error) (err error) {
	path := filepath.Join(r.db.dir, checkpointName(number))
	f, err := r.db.opts.FS.Open(path)
	if isMissing(err) {
		r.found = append(r.found, findingIn(path, "the checkpoint is missing"))
		r.catalogueLost = true
		return r.defineContract()
	}
	if err != nil {
		return err
	}
	defer f.Close() // opened for reading: nothing is lost
	size, err := vfs.Size(f)
	if err != nil {
		return err
	}
	b := &blockFinder{file: f, size: size, budget: 64<<20 + 4*size}
	if err := r.readBlocks(path, b, cause); err != nil {
		return err
	}
	return r.defineContract()
}

// readBlocks applies the whole blocks of a checkpoint.
func (r *rescue) readBlocks(path string, b *blockFinder, cause error) error {
	r.catalogueLost = true // until the end of the catalogue is seen with nothing missing before it
	ended, damaged := false, false
	damage := func(off, n int64, what string) {
		damaged = true
		f := findingIn(path, "%s", what)
		f.Offset = off
		r.found = append(r.found, f)
		if n > 0 {
			r.lose(findingIn(path, "the %d bytes from byte %d on are lost: rows that were not flushed, definitions, versions of schemas or descriptions of files", n, off))
		}
	}
	if head, err := b.read(0, checkpointHeader); err != nil {
		return err
	} else if len(head) < checkpointHeader || string(head[:8]) != checkpointMagic || le.Uint32(head[8:]) != checkpointVersion {
		damage(0, 0, "the checkpoint does not begin as one")
		damaged = false // nothing is lost by it
	}
	for off := int64(checkpointHeader); off < b.size; {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		payload, err := b.block(off)
		if err != nil {
			return err
		}
		if payload == nil {
			next, err := b.next(off)
			if err != nil {
				return err
			}
			damage(off, next-off, "the checksum of a block is wrong")
			off = next
			continue
		}
		more, catalogue, err := r.block(payload)
		if err != nil {
			damage(off, int64(len(payload)), "a block has no meaning: "+recordWords(err))
		}
		if catalogue && !damaged {
			r.catalogueLost = false
		}
		ended = !more
		off += blockHeader + int64(len(payload))
	}
	if !ended && !damaged {
		damage(b.size, 0, "the checkpoint is cut")
	}
	if len(r.found) == 0 || r.found[len(r.found)-1].File != path {
		r.found = append(r.found, findingOf(path, cause))
	}
	if !r.replay.pending {
		return nil
	}
	if err := r.replay.finish(); err != nil && !isDamage(err) {
		return err
	}
	return nil
}

// block applies the operations of a block. catalogue says that the catalogue ends in it.
func (r *rescue) block(payload []byte) (more, catalogue bool, err error) {
	d := &wire{src: payload}
	h, err := readHeader(d)
	if err != nil {
		return false, false, err
	}
	if r.replay.pending && h.commit != r.replay.running {
		return false, false, badRecord("a block of commit %d among those of commit %d", h.commit, r.replay.running)
	}
	r.replay.pending, r.replay.running = true, h.commit
	err = eachOp(d, func(kind opKind, body *wire) error {
		catalogue = catalogue || kind == opReserve
		return r.op(kind, body)
	})
	return h.flags&recordMore != 0, catalogue, err
}

// defineContract makes the contract's tables that are not there because the definitions are lost.
func (r *rescue) defineContract() error {
	if !r.catalogueLost {
		return nil
	}
	f := findingIn(filepath.Join(r.db.dir, checkpointName(r.base)),
		"the definitions of tables, or some of them, are lost; the contract's own are as the contract has them")
	r.lose(f)
	r.replay.pending, r.replay.running = true, r.replay.commit
	for _, def := range schemahistory.Contract() {
		if r.db.tables[def.ID] != nil {
			continue
		}
		now := r.db.Now().UnixMicro()
		def.CreatedAt, def.UpdatedAt = now, now
		if err := r.define(def); err != nil {
			return err
		}
	}
	commits := r.replay.commits
	err := r.replay.finish()
	r.replay.commits = commits
	return err
}

// blockFinder reads the blocks of a checkpoint, and finds those behind a damaged one.
type blockFinder struct {
	file   vfs.File
	size   int64
	budget int64 // bytes that may be read to try what could be a block
	buf    []byte
}

// read reads up to n bytes.
func (b *blockFinder) read(off int64, n int64) ([]byte, error) {
	n = min(n, b.size-off)
	if n <= 0 {
		return nil, nil
	}
	if int64(cap(b.buf)) < n {
		b.buf = make([]byte, n)
	}
	out := b.buf[:n]
	if k, err := b.file.ReadAt(out, off); k < len(out) && err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading %s at byte %d: %w", b.file.Name(), off, err)
	}
	return out, nil
}

// block gives the payload of the block at an offset, nil when there is no whole one.
func (b *blockFinder) block(off int64) ([]byte, error) {
	head, err := b.read(off, blockHeader)
	if err != nil || len(head) < blockHeader {
		return nil, err
	}
	sum, length := le.Uint32(head), int64(le.Uint32(head[4:]))
	if length > b.size-off-blockHeader || length < 10 { // version, flags, commit, time
		return nil, nil
	}
	b.budget -= length
	all, err := b.read(off, blockHeader+length)
	if err != nil || crc32.Checksum(all[4:], castagnoli()) != sum || all[blockHeader] != recordVersion {
		return nil, err
	}
	return all[blockHeader:], nil
}

// next gives the offset of the next whole block behind a damaged one, or the file's size. Where the damaged one says that it ends is tried first.
func (b *blockFinder) next(off int64) (int64, error) {
	head, err := b.read(off, blockHeader)
	if err != nil || len(head) < blockHeader {
		return b.size, err
	}
	if end := off + blockHeader + int64(le.Uint32(head[4:])); end < b.size {
		if payload, err := b.block(end); err != nil || payload != nil {
			return end, err
		}
	}
	const window = 1 << 20
	look := make([]byte, min(window, b.size))
	for at := off + 1; at < b.size && b.budget > 0; {
		n, err := b.file.ReadAt(look, at)
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, fmt.Errorf("reading %s at byte %d: %w", b.file.Name(), at, err)
		}
		for i := 0; i+blockHeader+2 <= n && b.budget > 0; i++ {
			// What every block has: a length that fits, the version and flags of its record.
			if int64(le.Uint32(look[i+4:])) > b.size-at-int64(i) || look[i+blockHeader] != recordVersion || look[i+blockHeader+1] > recordMore|recordGoesOn {
				continue
			}
			if payload, err := b.block(at + int64(i)); err != nil || payload != nil {
				return at + int64(i), err
			}
		}
		if n < len(look) {
			break
		}
		at += int64(n - blockHeader - 1)
	}
	return b.size, nil
}
