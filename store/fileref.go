package store

import (
	"encoding/binary"

	"github.com/RoaringBitmap/roaring/v2"
)

// appendFile appends the description of a file, in the order of the struct's fields; the deletes as a roaring bitmap in its portable format, with its length
// before it, 0 for none. Version 2 has SortID and UserID; version 1 is of a file of which neither is known.
func appendFile(dst []byte, f *FileRef) []byte {
	version := byte(1)
	if f.SortID != 0 || f.UserID != 0 {
		version = 2
	}
	dst = append(dst, version)
	dst = binary.AppendUvarint(dst, uint64(f.Number))
	dst = appendText(dst, f.Path)
	for _, n := range []int64{f.Rows, f.Size, f.SchemaVersion} {
		dst = binary.AppendVarint(dst, n)
	}
	dst = le.AppendUint32(dst, f.FooterCRC)
	dst = binary.AppendUvarint(dst, uint64(len(f.ChunkCRCs)))
	for _, group := range f.ChunkCRCs {
		dst = binary.AppendUvarint(dst, uint64(len(group)))
		for _, crc := range group {
			dst = le.AppendUint32(dst, crc)
		}
	}
	dst = binary.AppendVarint(binary.AppendVarint(dst, f.SortMin), f.SortMax)
	dst = appendText(appendText(appendBool(dst, f.HasSort), f.Storage), f.User)
	if version > 1 {
		dst = binary.AppendVarint(binary.AppendVarint(dst, int64(f.SortID)), int64(f.UserID))
	}
	dst = binary.AppendVarint(dst, f.CreatedAt)
	return appendPositions(dst, f.Deletes)
}

func appendPositions(dst []byte, b *roaring.Bitmap) []byte {
	if b == nil || b.IsEmpty() {
		return append(dst, 0)
	}
	raw, err := b.ToBytes()
	if err != nil { // writing to memory does not fail
		return append(dst, 0)
	}
	return append(binary.AppendUvarint(dst, uint64(len(raw))), raw...)
}

func readPositions(d *wire) *roaring.Bitmap {
	raw := d.take(d.count(1))
	if len(raw) == 0 {
		return nil
	}
	b := roaring.New()
	if err := unmarshalBitmap(b, raw); err != nil {
		d.fail("a bitmap of positions: %v", err)
		return nil
	}
	return b
}

// unmarshalBitmap reads a bitmap that fills raw, into memory of its own, and checks it.
func unmarshalBitmap(b *roaring.Bitmap, raw []byte) (err error) {
	defer func() { // roaring trusts its input more than we do
		if r := recover(); r != nil {
			err = badRecord("%v", r)
		}
	}()
	if err := b.UnmarshalBinary(raw); err != nil {
		return err
	}
	return b.Validate()
}

func readFile(d *wire) *FileRef {
	version := d.byte()
	if version < 1 || version > 2 {
		d.fail("the description of a file, of version %d", version)
		return nil
	}
	f := &FileRef{Number: uint32(d.uvarint()), Path: d.text(), Rows: d.varint(), Size: d.varint(), SchemaVersion: d.varint(), FooterCRC: d.uint32()}
	if groups := d.count(1); groups > 0 {
		f.ChunkCRCs = make([][]uint32, groups)
		for i := range f.ChunkCRCs {
			f.ChunkCRCs[i] = make([]uint32, d.count(4))
			for j := range f.ChunkCRCs[i] {
				f.ChunkCRCs[i][j] = d.uint32()
			}
		}
	}
	f.SortMin, f.SortMax, f.HasSort = d.varint(), d.varint(), d.bool()
	f.Storage, f.User = d.text(), d.text()
	if version > 1 {
		f.SortID, f.UserID = int32(d.varint()), int32(d.varint())
	}
	f.CreatedAt = d.varint()
	f.Deletes = readPositions(d)
	return f
}
