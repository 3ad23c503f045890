// Package badfiles makes malformed Parquet files, for the tests of all who open files that they did not write.
//
// A [File] is a Parquet file taken apart: its footer and page headers as trees of Thrift values that a test changes, its pages as bytes. [File.Bytes] puts
// it together again, with offsets, sizes and page checksums that fit, so that a lie is the only lie in the file. [Mutations] makes many such lies of one good
// file, by a seed; [Crafted] gives files that are built from nothing: bombs, cycles, claims of gigabytes.
//
// It promises that the same arguments give the same bytes. It is used by tests only, and reads no hostile file itself: what it takes apart must be good.
package badfiles

// Case is one malformed file.
type Case struct {
	// Name says what is wrong with it; names are unique within a list.
	Name string
	Data []byte
}
