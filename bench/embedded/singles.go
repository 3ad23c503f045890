package embedded

import (
	"context"
	"encoding/binary"
	"errors"

	"github.com/google/uuid"

	stoa "github.com/stoadb/stoa"
	"github.com/stoadb/stoa/bench/measure"
)

// singles is the workloads of single rows. Workers own their rows: worker 0 is the single writer, workers 1 to 16 are the sixteen.
type singles struct {
	db   *stoa.DB
	jobs *stoa.Jobs
	live []uuid.UUID
	done [17]struct{ created, started, looked uint64 } // each for its worker alone
}

// singles runs them.
func (w *workloads) singles(ctx context.Context, dir string) (err error) {
	db, err := Open(ctx, dir, w.End)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	s := &singles{db: db, jobs: db.Jobs()}
	for range 2000 {
		id, err := db.LiveQueries().Open(ctx, stoa.NewLiveQuery{UserID: "jamal", NamespaceID: "chat", TableName: "messages", Query: "SELECT * FROM chat.messages"})
		if err != nil {
			return err
		}
		s.live = append(s.live, id)
	}
	for _, l := range []struct {
		name     string
		from, to int // workers
		do       func(ctx context.Context, worker int) error
	}{
		{"insert-1", 0, 1, s.create}, {"insert-16", 1, 17, s.create}, {"status-1", 0, 1, s.start}, {"status-16", 1, 17, s.start},
		{"notify-16", 1, 17, s.notify}, {"lookup-2", 1, 3, s.lookup},
	} {
		w.step(l.name)
		n, took, err := measure.During(ctx, w.Singles, l.from, l.to, l.do)
		if err != nil {
			return err
		}
		w.done(l.name, n, took)
	}
	return nil
}

// Numbered gives a job's id, spread as random ones are.
func Numbered(worker int, n uint64) (id uuid.UUID) {
	binary.BigEndian.PutUint64(id[:], (n<<8|uint64(worker))*0x9e3779b97f4a7c15)
	binary.BigEndian.PutUint64(id[8:], n<<8|uint64(worker))
	return id
}

func (s *singles) create(ctx context.Context, worker int) error {
	d := &s.done[worker]
	d.created++
	_, err := s.jobs.Create(ctx, stoa.NewJob{ID: Numbered(worker, d.created), Type: "flush", Parameters: []any{"chat", "messages"}, Trace: "node-1:bench:thread-0"})
	return err
}

// start sets a job running: an update of its status by key.
func (s *singles) start(ctx context.Context, worker int) error {
	d := &s.done[worker]
	if d.started == d.created {
		return measure.ErrEnough
	}
	d.started++
	return s.jobs.Start(ctx, Numbered(worker, d.started), "")
}

func (s *singles) notify(ctx context.Context, worker int) error {
	d := &s.done[worker]
	d.looked++
	return s.db.LiveQueries().Notify(ctx, s.live[(d.looked*17+uint64(worker))%uint64(len(s.live))], 1)
}

func (s *singles) lookup(ctx context.Context, worker int) error {
	d := &s.done[worker]
	d.looked++
	_, err := s.jobs.Get(ctx, Numbered(worker, 1+d.looked*0x9e3779b1%d.created))
	return err
}
