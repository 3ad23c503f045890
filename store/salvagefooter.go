package store

import (
	"hash/crc32"
	"io"
	"io/fs"

	"github.com/stoadb/stoa/vfs"
)

// mended is a file system in which one damaged file reads as it was written: what was appended to it is not there, and some bytes are put right. Files are
// only read through it.
type mended struct {
	vfs.FS
	path string
	size int64
	put  map[int64]byte
}

// Open implements vfs.FS.
func (m *mended) Open(name string) (vfs.File, error) {
	f, err := m.FS.Open(name)
	if err != nil || name != m.path {
		return f, err
	}
	return &mendedFile{File: f, mended: m}, nil
}

// mendedFile is the file. Of its methods ReadAt, Stat, Close and Name are for use.
type mendedFile struct {
	vfs.File
	*mended
}

// ReadAt implements io.ReaderAt.
func (f *mendedFile) ReadAt(p []byte, off int64) (int, error) {
	n, err := f.File.ReadAt(p[:max(0, min(int64(len(p)), f.size-off))], off)
	for at, b := range f.put {
		if at >= off && at < off+int64(n) {
			p[at-off] = b
		}
	}
	if err == nil && n < len(p) {
		err = io.EOF
	}
	return n, err
}

// Stat implements vfs.File.
func (f *mendedFile) Stat() (fs.FileInfo, error) {
	info, err := f.File.Stat()
	return mendedInfo{info, f.size}, err
}

type mendedInfo struct {
	fs.FileInfo
	size int64
}

// Size implements fs.FileInfo.
func (i mendedInfo) Size() int64 { return i.size }

// mend gives a file system in which a flushed file that cannot be read at all can be, nil when that cannot be done: the manifest knows its size and the
// checksum of its footer, and so what has been appended to it, and which byte of the footer must have been another one, if it is no more than one.
// Everything that is read by a mended footer is held against the checksums of the column chunks, which the manifest has as well.
func mend(fsys vfs.FS, path string, ref *FileRef) (vfs.FS, error) {
	if irregular(fsys, path) {
		return nil, nil
	}
	f, err := fsys.Open(path)
	if err != nil {
		if isMissing(err) {
			err = nil
		}
		return nil, err
	}
	defer f.Close() // opened for reading: nothing is lost
	size, err := vfs.Size(f)
	if err != nil || size < ref.Size || ref.Size < minParquet {
		return nil, err
	}
	m := &mended{FS: fsys, path: path, size: ref.Size, put: map[int64]byte{}}
	for i := range parquetMagic {
		m.put[int64(i)] = parquetMagic[i]
	}
	tail := make([]byte, min(ref.Size, maxMended))
	if _, err := f.ReadAt(tail, ref.Size-int64(len(tail))); err != nil {
		return nil, err
	}
	at, b, ok := mendTail(tail, ref.FooterCRC)
	if !ok {
		return nil, nil
	}
	if at >= 0 {
		m.put[ref.Size-int64(len(tail))+int64(at)] = b
	}
	return m, nil
}

const (
	parquetMagic = "PAR1"
	minParquet   = int64(4 + footerEnd)
	footerEnd    = 8 // the footer's length and the magic
	// maxMended is the longest footer that is mended, with all that stands behind it.
	maxMended = 16 << 20
)

// mendTail finds the one byte at the end of a file that must be another for the checksum of the footer, its length and the magic to be sum. ok says that
// there is one, or that none is needed: then at is -1.
func mendTail(tail []byte, sum uint32) (at int, b byte, ok bool) {
	length := len(tail) - footerEnd
	footer := func() []byte {
		n := int64(le.Uint32(tail[length:]))
		if n > int64(length) {
			return nil
		}
		return tail[length-int(n):]
	}
	if f := footer(); f != nil {
		at, change, ok := oneByte(f, sum)
		if ok && at < 0 {
			return -1, 0, true
		}
		if at += len(tail) - len(f); ok && (at < length || at >= length+4) { // not the length: that says where the footer begins
			return at, tail[at] ^ change, true
		}
	}
	for at := length; at < length+4; at++ { // the length itself
		was := tail[at]
		for change := range 256 {
			tail[at] = byte(change)
			if f := footer(); f != nil && crc32.Checksum(f, castagnoli()) == sum {
				tail[at] = was
				return at, byte(change), true
			}
		}
		tail[at] = was
	}
	return -1, 0, false
}

// oneByte finds the byte that must be changed, and by which difference (XOR), for the checksum of b to be sum. at is -1 when there is none; ok says that it is
// the sum already. A difference of the checksums is that of a byte, carried through the zeros behind it: it is carried back until a byte's remains. CRC-32C
// is linear (Peterson and Brown, Cyclic Codes for Error Detection, 1961); in 64 KiB one of 256 other damages looks like such a byte, and is then
// found out by what is read.
func oneByte(b []byte, sum uint32) (at int, change byte, ok bool) {
	table := castagnoli()
	s := crc32.Checksum(b, table) ^ sum
	if s == 0 {
		return -1, 0, true
	}
	var byTop [256]byte // the highest byte of an entry tells which it is
	for i, e := range table {
		byTop[e>>24] = byte(i)
	}
	for at := len(b) - 1; at >= 0; at-- {
		i := byTop[s>>24]
		if table[i] == s {
			return at, i, true
		}
		s = (s^table[i])<<8 | uint32(i)
	}
	return -1, 0, false
}
