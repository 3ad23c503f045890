package plan

import (
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/store"
)

// Foreign are the Parquet files that a Scan reads in the place of a table's: those of read_parquet. The Scan's Table then describes their columns, under
// numbers that the files were given for the statement, and has a FileRef for each file.
type Foreign struct {
	Paths []string // of the files, in the order of Table.Files, as messages name them
	// Open gives a file, which stays open until the statement ends.
	Open func(*store.FileRef) (*parquetio.File, error)
	// Filename is the column that has the file's name, as an index into Table.Def.Columns; -1 when there is none.
	Filename int
	// Refused says of columns that cannot be read why not, by index into Table.Def.Columns. They may stand there as long as nobody reads them.
	Refused map[int]error
}
