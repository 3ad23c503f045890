package parquetio

// ChunkBytes gives the bytes that a column's pages take in the file in one row group; 0 for a column that cannot be read.
func (f *File) ChunkBytes(rg, col int) int64 {
	if f.leaves[col].index < 0 {
		return 0
	}
	_, size := f.chunkRange(rg, f.leaves[col].index)
	return size
}
