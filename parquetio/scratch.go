package parquetio

// scratch is what one goroutine encodes chunks with, one after the other: memory that holds nothing between two of them. The zero value is ready for use.
type scratch struct {
	zstd *compressor // nil before the first use
	ints intDictionary
	sort sortScratch

	lengths []int64
	rest    []byte // suffixes, on their way into a page
	sample  []byte // a page that is tried
	trial   []byte // and its compressed form
}

// begin makes it ready for a row group.
func (s *scratch) begin() (err error) {
	if s.zstd == nil {
		s.zstd, err = newCompressor()
	}
	return err
}
