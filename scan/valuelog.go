package scan

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

// valueLog is a vector that grows in parts: what was appended is never copied while it grows, which of millions of values takes longer than adding them.
type valueLog struct {
	full []*vec.Vec // of logPart rows each
	last *vec.Builder
	n    int
}

// logPart is the number of rows of a part.
const logPart = 1 << 14

func newValueLog(t arrowschema.Type) *valueLog { return &valueLog{last: vec.NewBuilder(t, 0)} }

// tail gives the part to which one value is appended next.
func (l *valueLog) tail() *vec.Builder {
	if l.last.Len() == logPart {
		part := l.last.Vec()
		l.full, l.last = append(l.full, part), vec.NewBuilder(part.Type, logPart)
	}
	l.n++
	return l.last
}

// vector gives all values. The log goes on: what is appended later is not seen.
func (l *valueLog) vector() *vec.Vec {
	end := l.last.Snapshot()
	if len(l.full) == 0 {
		return end
	}
	return vec.Concat(end.Type, append(l.full[:len(l.full):len(l.full)], end))
}
