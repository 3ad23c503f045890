package main

import (
	"fmt"
	"io"
	"sync"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/bench/history"
	"github.com/stoadb/stoa/exprs/vec"
)

// fingerprint makes the fingerprint of the jobs that a command makes, beside what else is done with them. A nil one makes none.
type fingerprint struct {
	history *history.History
	sum     *history.Hasher
	working sync.WaitGroup // for the batch that was added last
	err     error
}

// fingerprint gives the one of a history's jobs; nil when none is asked for, or when the jobs lose columns.
func (o *genOptions) fingerprint(h *history.History) (*fingerprint, error) {
	if o.noHash || o.legacy || o.rows == 0 {
		return nil, nil
	}
	sum, err := history.NewHasher()
	return &fingerprint{history: h, sum: sum}, err
}

// add adds a batch, which must not change any more.
func (f *fingerprint) add(b *vec.Batch) error {
	if f == nil {
		return nil
	}
	if err := f.wait(); err != nil {
		return err
	}
	f.working.Go(func() { f.err = f.sum.Write(b) })
	return nil
}

// wait waits until nothing works any more.
func (f *fingerprint) wait() error {
	if f == nil {
		return nil
	}
	f.working.Wait()
	return f.err
}

// tell prints the fingerprint, and whether it is the published one. Another one is an error.
func (f *fingerprint) tell(w io.Writer) error {
	if f == nil {
		return nil
	}
	if err := f.wait(); err != nil {
		return err
	}
	got, err := f.sum.Sum()
	if err != nil {
		return err
	}
	want, known := f.history.Published()
	switch {
	case !known:
		_, err = fmt.Fprintf(w, "fingerprint %s (none is published for these options)\n", got)
	case got == want:
		_, err = fmt.Fprintf(w, "fingerprint %s (as published)\n", got)
	default:
		return sqlstate.New(sqlstate.InternalError, "the jobs are not those of the published history: their fingerprint is %s, not %s", got, want)
	}
	return err
}
