package parquetio

import (
	"hash/crc32"
	"io"
)

// castagnoli is the polynomial of CRC-32C, which the processor computes.
func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// sink counts and sums the bytes on their way to w. It satisfies what arrow-go calls a WriterTell.
type sink struct {
	w     io.Writer
	table *crc32.Table
	pos   int64
	crc   uint32 // CRC-32C of the bytes since mark
	err   error  // the first failure: nothing is written after it
}

// Write passes p on.
func (s *sink) Write(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.w.Write(p)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	s.pos += int64(n)
	s.crc = crc32.Update(s.crc, s.table, p[:n])
	s.err = err
	return n, err
}

// Tell gives the number of bytes written.
func (s *sink) Tell() int64 { return s.pos }

// mark starts a checksum anew and gives the position at which it starts.
func (s *sink) mark() int64 {
	s.crc = 0
	return s.pos
}
