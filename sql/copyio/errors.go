package copyio

// OpenError gives an error of opening a Parquet file its SQLSTATE: 58P01 when there is none, 42501 when it may not be read, 22P04 when it is damaged or no
// Parquet file, 58030 otherwise.
func OpenError(err error, path string) error { return openError(err, path) }

// ReadError gives an error of reading a Parquet file its SQLSTATE. The errors of a context stay as they are.
func ReadError(err error, path string) error { return readError(err, path) }
