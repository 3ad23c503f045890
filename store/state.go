package store

import (
	"slices"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
)

// FileRef is a flushed file as the manifest knows it. It must not be changed once it is in a snapshot.
type FileRef struct {
	Number        uint32 // within its table, from 1, not given twice while the database is open; given by Tx.AddFile
	Path          string // relative to the database's directory, with slashes; absolute when it is outside it
	Rows          int64
	Size          int64 // bytes
	SchemaVersion int64 // of the definition under which it was written
	FooterCRC     uint32
	ChunkCRCs     [][]uint32 // CRC-32C of each column chunk, by row group and column; nil when unknown
	// SortMin and SortMax are the bounds of the definition's sort column, in microseconds; they mean nothing unless HasSort.
	SortMin, SortMax int64
	HasSort          bool
	Storage          string // name of the storage it was written to
	User             string // the value of {userId} in its path
	// SortID and UserID are the IDs of the columns whose bounds SortMin and SortMax, and whose one value User is; 0 when unknown. An ALTER may since have given
	// the table another sort or user column, and a column that is dropped never lends its ID to another.
	SortID, UserID int32
	CreatedAt      int64 // microseconds since 1970-01-01 UTC
	// Deletes are the positions of rows that are deleted; nil when there are none. Read-only.
	Deletes *roaring.Bitmap
}

// LiveRows counts the rows that are not deleted.
func (f *FileRef) LiveRows() int64 {
	if f.Deletes == nil {
		return f.Rows
	}
	return f.Rows - int64(f.Deletes.GetCardinality())
}

// TableView is a table at one commit: its definition, hot rows and files. It is immutable.
type TableView struct {
	Def   *schemahistory.TableDefinition
	Hot   *tables.View
	Files []*FileRef // in order of number
}

// File finds a file by its number.
func (t *TableView) File(number uint32) (*FileRef, bool) {
	i, ok := slices.BinarySearchFunc(t.Files, number, func(f *FileRef, n uint32) int { return int(int64(f.Number) - int64(n)) })
	if !ok {
		return nil, false
	}
	return t.Files[i], true
}

// Rows counts the rows, hot and cold.
func (t *TableView) Rows() int64 {
	n := int64(t.Hot.Rows())
	for _, f := range t.Files {
		n += f.LiveRows()
	}
	return n
}

// state is the database at one commit. It is immutable but for its references.
//
// A state is referred to by the snapshots on it, by the database while it is the current one, and by the state before it until that one is
// released. So states are released in order, and when one is, nobody can read the files that the next one does without.
type state struct {
	seq    uint64 // number of the commit
	logSeq uint64 // the commit's last record in the log
	views  []*TableView
	index  map[schemahistory.Name]int // into views; shared between states of the same set of tables

	histories histories // shared between states of the same versions

	refs     atomic.Int64
	next     *state
	obsolete []string // files that next does without
}

// newState makes a state that is referred to once, by the one before.
func newState(seq, logSeq uint64) *state {
	s := &state{seq: seq, logSeq: logSeq}
	s.refs.Store(1)
	return s
}

// indexViews sorts views by name and indexes them.
func indexViews(views []*TableView) map[schemahistory.Name]int {
	slices.SortFunc(views, func(a, b *TableView) int {
		return compareNames(a.Def.Name, b.Def.Name)
	})
	index := make(map[schemahistory.Name]int, len(views))
	for i, v := range views {
		index[v.Def.Name] = i
	}
	return index
}

// acquire refers to the state, unless it has been released.
func (s *state) acquire() bool {
	for {
		n := s.refs.Load()
		if n == 0 {
			return false
		}
		if s.refs.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// release drops a reference, and gives the files that nobody can read any more.
func (s *state) release() (obsolete []string) {
	for s != nil && s.refs.Add(-1) == 0 {
		obsolete = append(obsolete, s.obsolete...)
		s = s.next
	}
	return obsolete
}

// Snapshot is the database at one commit. It may be used by any number of goroutines. Close it: until then no file that it may read is removed.
type Snapshot struct {
	db     *DB
	state  *state
	held   *hold // a reader's, on the files that it may read; nil without
	closed atomic.Bool
}

// Tables gives the tables, in order of name.
func (s *Snapshot) Tables() []*TableView { return slices.Clone(s.state.views) }

// Table finds a table.
func (s *Snapshot) Table(name schemahistory.Name) (*TableView, bool) {
	i, ok := s.state.index[name]
	if !ok {
		return nil, false
	}
	return s.state.views[i], true
}

// Definition gives the definition of a table.
func (s *Snapshot) Definition(name schemahistory.Name) (*schemahistory.TableDefinition, bool) {
	if v, ok := s.Table(name); ok {
		return v.Def, true
	}
	return nil, false
}

// TableByID finds a table by its number, under whatever name: those of the contract's tables are in package tables.
func (s *Snapshot) TableByID(id uint32) (*TableView, bool) {
	for _, v := range s.state.views {
		if v.Def.ID == id {
			return v, true
		}
	}
	return nil, false
}

// Seq gives the number of the snapshot's commit; it grows by one from commit to commit.
func (s *Snapshot) Seq() uint64 { return s.state.seq }

// Close ends the use of the snapshot. Closing twice is no error.
func (s *Snapshot) Close() {
	if s != nil && s.closed.CompareAndSwap(false, true) {
		s.db.removeObsolete(s.state.release())
		s.db.dropHold(s.held)
	}
}
