package parquetio

// VerifyBloom reads the bloom filter of a column chunk and compares its checksum, where that is known. It is no error that there is no filter.
func (f *File) VerifyBloom(rg, col int) error {
	if !f.HasBloom(rg, col) {
		return nil
	}
	_, err := f.bloom(rg, col)
	return err
}
