package flush

import (
	"cmp"
	"math"
	"path"
	"slices"

	"github.com/stoadb/stoa/store"
)

const (
	// targetRows ends a merged file, of dozens of full row groups. A scan then opens a file for every four million rows, ten million rows of history still
	// are several files, which pruning by file can leave out, and a rewrite for the sake of deletes touches no more than that.
	targetRows = 4 << 20
	// targetBytes ends a merged file of wide rows: 256 MiB is copied, checked and rewritten in a second or two.
	targetBytes = 256 << 20
	// A file of half the target or more is large: merging it again would write it for little. Together with the targets it bounds how often a row is
	// rewritten.
	largeFileRows, largeFileBytes = targetRows / 2, targetBytes / 2
	// manyDeletes is the share of deleted rows, one in so many, from which on a file is worth rewriting for them alone: below it a scan loses less
	// than by reading the rest again now.
	manyDeletes = 5
	// A file that has at least lopsidedRows, and lopsidedShare times the rows of all others that it would be merged with, is left out: otherwise each small
	// flush would have everything before it written again.
	lopsidedRows, lopsidedShare = 1 << 20, 4
	// maxInputs bounds the files of one merge: its order is kept in 4 bytes a run, 10 bits of which name the file (see mergeOrder).
	maxInputs = 1 << 10
	// mergeMemory bounds what the files that are open at the same time in one merge hold, as far as that can be estimated before they are read.
	mergeMemory = 128 << 20
)

// mergeLimits are what one merge takes at most.
type mergeLimits struct {
	rows, bytes int64 // of the merged file
	files       int
	memory      int64
}

// withDefaults gives the limits, those above where none are set.
func (l mergeLimits) withDefaults() mergeLimits {
	return mergeLimits{cmp.Or(l.rows, targetRows), cmp.Or(l.bytes, targetBytes), cmp.Or(l.files, maxInputs), cmp.Or(l.memory, mergeMemory)}
}

// mergeGroup is files of one directory that are merged into one, or a single one that is rewritten without its deleted rows. They are ordered by the least
// value of the sort column.
type mergeGroup struct {
	dir   string // as a FileRef has it
	files []*store.FileRef
}

func (g *mergeGroup) liveRows() int64 {
	n := int64(0)
	for _, f := range g.files {
		n += f.LiveRows()
	}
	return n
}

// planMerges finds out which of a table's files are to be merged with which; keep tells of which directories. columns is the number of the table's columns.
func planMerges(files []*store.FileRef, columns int, limits mergeLimits, keep func(f *store.FileRef) bool) []*mergeGroup {
	limits = limits.withDefaults()
	type place struct {
		dir, storage, user string
		column             int32 // whose value the user is
	}
	byPlace := map[place][]*store.FileRef{}
	var places []place
	for _, f := range files {
		if !worthMerging(f) || !keep(f) {
			continue
		}
		p := place{path.Dir(f.Path), f.Storage, f.User, f.UserID}
		if byPlace[p] == nil {
			places = append(places, p)
		}
		byPlace[p] = append(byPlace[p], f)
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.dir, b.dir), cmp.Compare(a.storage, b.storage), cmp.Compare(a.user, b.user), cmp.Compare(a.column, b.column))
	})
	var out []*mergeGroup
	for _, p := range places {
		for _, bin := range bins(byPlace[p], columns, limits) {
			if bin = balanced(bin); len(bin) > 1 || len(bin) == 1 && dirty(bin[0]) {
				out = append(out, &mergeGroup{dir: p.dir, files: bin})
			}
		}
	}
	return out
}

func worthMerging(f *store.FileRef) bool {
	return dirty(f) || f.LiveRows() < largeFileRows && liveBytes(f) < largeFileBytes
}

// dirty tells whether a file has so many deleted rows that it is rewritten even alone.
func dirty(f *store.FileRef) bool {
	return f.Rows > 0 && (f.Rows-f.LiveRows())*manyDeletes >= f.Rows
}

// liveBytes estimates the size of the file without its deleted rows.
func liveBytes(f *store.FileRef) int64 {
	if f.Rows == 0 {
		return 0
	}
	return int64(float64(f.Size) * float64(f.LiveRows()) / float64(f.Rows))
}

// bins divides files of one directory, in the order of their least values, into what may be merged at once.
func bins(files []*store.FileRef, columns int, limits mergeLimits) (out [][]*store.FileRef) {
	slices.SortFunc(files, func(a, b *store.FileRef) int {
		return cmp.Or(cmp.Compare(leastOf(a), leastOf(b)), cmp.Compare(a.Number, b.Number))
	})
	var bin []*store.FileRef
	var rows, bytes int64
	for _, f := range files {
		fits := rows+f.LiveRows() <= limits.rows && bytes+liveBytes(f) <= limits.bytes &&
			len(bin) < limits.files && openMemory(bin, f, columns) <= limits.memory
		if len(bin) > 0 && !fits {
			out = append(out, bin)
			bin, rows, bytes = nil, 0, 0
		}
		bin, rows, bytes = append(bin, f), rows+f.LiveRows(), bytes+liveBytes(f)
	}
	return append(out, bin)
}

func leastOf(f *store.FileRef) int64 {
	if !f.HasSort {
		return math.MaxInt64
	}
	return f.SortMin
}

// openMemory estimates the bytes that f and those files of a bin hold that are open together with it: those whose rows reach into its range.
func openMemory(bin []*store.FileRef, f *store.FileRef, columns int) int64 {
	n := windowBytes(f, columns)
	for _, o := range bin {
		if !o.HasSort || !f.HasSort || o.SortMax >= f.SortMin {
			n += windowBytes(o, columns)
		}
	}
	return n
}

// balanced leaves out a file that outweighs all others.
func balanced(bin []*store.FileRef) []*store.FileRef {
	total, largest := int64(0), 0
	for i, f := range bin {
		total += f.LiveRows()
		if f.LiveRows() > bin[largest].LiveRows() {
			largest = i
		}
	}
	if len(bin) < 2 || dirty(bin[largest]) {
		return bin
	}
	if n := bin[largest].LiveRows(); n >= lopsidedRows && n >= lopsidedShare*(total-n) {
		return slices.Delete(slices.Clone(bin), largest, largest+1)
	}
	return bin
}
