package copyio

import (
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/vfs"
)

// OpenParquet opens a Parquet file of others to be queried in place, within the limits for such files. Nothing that it says of its writer is believed. Its errors
// have their SQLSTATE: 58P01 when there is none, 42501 when it may not be read, 42809 when it is a directory or a pipe, 22P04 when it is damaged or no Parquet
// file, 58030 otherwise.
func OpenParquet(fsys vfs.FS, path string) (*parquetio.File, error) {
	size, err := parquetSize(fsys, path)
	if err != nil {
		return nil, err
	}
	f, err := parquetio.Open(fsys, path, &parquetio.ReadOptions{MaxMemory: newBudget(path, size, nil).limit, Foreign: true})
	if err != nil {
		return nil, openError(err, path)
	}
	return f, nil
}

// FileMemory bounds what reading a file of size bytes may take at a time to what a file of that size justifies; beyond it is 54000.
func FileMemory(path string, size int64) parquetio.Memory { return newBudget(path, size, nil) }

// ReadError gives an error of reading a Parquet file its SQLSTATE. The errors of a context stay as they are.
func ReadError(err error, path string) error { return readError(err, path) }
