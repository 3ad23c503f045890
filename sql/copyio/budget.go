package copyio

import (
	"sync/atomic"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

const (
	// baseMemory and timesFile are what the rows of a file may take in memory: baseMemory bytes, and timesFile times the file. The rows of sound files take two
	// to seven times their bytes, those of files with few distinct values more; a bomb of a kilobyte can hold 2^31 rows. A collector of garbage lets a
	// program take twice of what it uses. What a file has beyond largeFile bytes may be timesLarge times as much: bombs are small, and histories are not.
	baseMemory = 96 << 20
	timesFile  = 10
	largeFile  = 4 << 20
	timesLarge = 40
	// rowMemory is what a row takes beside its values.
	rowMemory = 8
)

// budget bounds the memory that the rows of one file may take, those that were handed on included. It is used by several goroutines.
type budget struct {
	left  atomic.Int64
	limit int64
	grown bool            // only what has grown beyond the file's text is counted: the rows justify the rest
	row   int64           // what each row takes beside the values of the columns that are handed on
	full  *sqlstate.Error // what to say when nothing is left
	next  exprs.Memory    // the statement's budget, which is asked by conversions; nil for none
}

// newBudget gives the budget of a file of size bytes, whose rows have others beside the columns that are handed on.
func newBudget(path string, size int64, others []Column) *budget {
	limit := baseMemory + timesFile*min(size, largeFile) + timesLarge*max(0, size-largeFile)
	b := &budget{limit: limit, row: rowMemory}
	for i := range others {
		b.row += width(others[i].Type)
	}
	b.left.Store(limit)
	b.full = sqlstate.New(sqlstate.ProgramLimitExceeded, "the rows of file \"%s\" need too much memory", path).
		WithDetail("They need more than %d bytes, which a file of %d bytes does not justify.", limit, size)
	return b
}

// Reserve implements exprs.Memory and parquetio.Memory.
func (b *budget) Reserve(n int64) error {
	if b.left.Add(-n) < 0 {
		b.left.Add(n)
		return b.full
	}
	return nil
}

// Release implements exprs.Memory and parquetio.Memory.
func (b *budget) Release(n int64) { b.left.Add(n) }

// converting is the budget as conversions see it: behind it stands that of the statement.
type converting struct{ *budget }

func (c converting) Reserve(n int64) error {
	if err := c.budget.Reserve(n); err != nil {
		return err
	}
	if c.next == nil {
		return nil
	}
	err := c.next.Reserve(n)
	if err != nil {
		c.budget.Release(n)
	}
	return err
}

func (c converting) Release(n int64) {
	c.budget.Release(n)
	if c.next != nil {
		c.next.Release(n)
	}
}

// charge makes a context for conversions that are within the budget.
func (b *budget) charge(ectx *exprs.Ctx) *exprs.Ctx {
	if b == nil || ectx == nil {
		return ectx
	}
	b.next = ectx.Memory
	c := ectx.Fork()
	c.Memory = converting{b}
	return c
}

// hand accounts for rows that are handed on, for good.
func (b *budget) hand(rows *vec.Batch) error {
	if b == nil {
		return nil
	}
	n := int64(0)
	for _, v := range rows.Cols {
		n += longBytes(v)
		if !b.grown && !v.Const {
			n += fixedBytes(v)
		}
	}
	if !b.grown {
		n += b.row * int64(rows.N)
	}
	return b.Reserve(n)
}

// width gives what an element of a type takes, texts as the codes of a dictionary, in bytes.
func width(t arrowschema.Type) int64 {
	switch t.Physical() {
	case arrowschema.Strings:
		return 2
	case arrowschema.Bools:
		return 1
	case arrowschema.UUIDs, arrowschema.Intervals:
		return 16
	case arrowschema.Decs:
		return 32
	}
	return 8
}

// fixedBytes gives what the elements of a vector take, whatever their values are.
func fixedBytes(v *vec.Vec) int64 {
	return int64(2*len(v.Codes) + 8*len(v.Ints) + 8*len(v.Floats) + len(v.Bools) + 16*len(v.UUIDs) + 32*len(v.Decs) + 16*len(v.Intervals) + 16*len(v.Strs))
}

// longBytes gives what the values of a vector take beside their elements, the texts of a dictionary once for each row that has them: so they are written to
// the log.
func longBytes(v *vec.Vec) (n int64) {
	for _, s := range v.Strs {
		n += int64(len(s))
	}
	for i := range v.Decs {
		n += v.Decs[i].Bytes()
	}
	if v.Dict != nil && !v.Const && len(v.Dict.Strs) > 0 {
		for i, c := range v.Codes {
			if !v.IsNull(i) {
				n += int64(len(v.Dict.Strs[c]))
			}
		}
	}
	return n
}
