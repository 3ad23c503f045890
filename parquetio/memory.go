package parquetio

// Memory is a budget that the reads of a file share. It is called from several goroutines.
type Memory interface {
	// Reserve takes n bytes, or fails when they are not there.
	Reserve(n int64) error
	Release(n int64)
}

// ErrMemory says that reading would take more memory than [ReadOptions] allows.
var ErrMemory = errTooMuch

// account is what one reader has taken of a file's Memory.
type account struct {
	memory  Memory // nil: nothing is counted
	spent   int64
	kept    int64 // of spent: what stays from page to page
	scratch int64 // of spent: what the reader uses again
}

func (a *account) take(n int64) error {
	if a.memory == nil || n <= 0 {
		return nil
	}
	if err := a.memory.Reserve(n); err != nil {
		return err
	}
	a.spent += n
	return nil
}

// takeScratch takes n bytes for memory that is used again.
func (a *account) takeScratch(n int64) error {
	err := a.take(n)
	if err == nil && a.memory != nil {
		a.scratch += max(n, 0)
	}
	return err
}

// keep makes what was taken so far stay: it is a dictionary.
func (a *account) keep() { a.kept = a.spent - a.scratch }

// settle gives back what was taken for a page that is gone.
func (a *account) settle() { a.giveBack(a.spent - a.kept - a.scratch) }

// close gives back everything.
func (a *account) close() {
	a.giveBack(a.spent)
	a.kept, a.scratch = 0, 0
}

func (a *account) giveBack(n int64) {
	if a.memory != nil && n > 0 {
		a.memory.Release(n)
		a.spent -= n
	}
}

// convertedBytes is what a value takes beside that in the leaf's slot when it has been converted.
func (l *leaf) convertedBytes() int64 {
	switch l.kind {
	case kindUint64, kindDecimalInt, kindNumericText:
		return 32
	case kindDecimalBytes:
		return 32 + 2*int64(max(l.width, 0))
	case kindIntervalText, kindIntervalBin, kindUUIDText, kindJSONB:
		return 16
	case kindTimeText, kindFloat16:
		return 8
	}
	return 0
}

// digitsOf estimates the bytes of the digits that the text of a number stands for: nine characters can be fifty kilobytes of zeros.
func digitsOf(s string) int64 {
	for i := range len(s) {
		if s[i]|0x20 != 'e' {
			continue
		}
		exp := int64(0)
		for _, c := range []byte(s[i+1:]) {
			if c >= '0' && c <= '9' && exp < maxDigits {
				exp = exp*10 + int64(c-'0')
			}
		}
		return int64(len(s)) + min(exp, maxDigits)/2
	}
	return int64(len(s)) / 2
}

// maxDigits bounds what digitsOf expects: no numeric has more digits before the point.
const maxDigits = 131072
