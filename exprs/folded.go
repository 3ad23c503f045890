package exprs

// Folded is what some values come to: how many they are, and their sum as integers of one scale. The sum is 128 bits in two's complement.
type Folded struct {
	Count int64
	SumHi int64
	SumLo uint64
	Scale int // x stands for x × 10^-Scale; of intervals the integers are microseconds
}

// FoldedState is a State of a count, a sum or an average that takes what many values come to, as if it had been given them one by one. Of a sum of intervals
// none of the values may have days.
type FoldedState interface {
	State
	Fold(group uint32, f Folded) error
}
