package stoa_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/stoadb/stoa"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// errMissing stands for stoa.ErrNotFound where errors are compared by code.
const errMissing sqlstate.Code = "missing"

func codeOf(err error) sqlstate.Code {
	if errors.Is(err, stoa.ErrNotFound) {
		return errMissing
	}
	return sqlstate.Code(stoa.CodeOf(err))
}

// The contract's tables in the model. Jobs of the engine's own are left out; those of the operations have a type of their own.
const (
	modelJobs = "system.jobs"
	modelLive = "system.live_queries"
	lifeJob   = "import"
)

// systemModel gives the state of a new database.
func systemModel() *modelState {
	columns := func(names ...string) (out []modelColumn) {
		for _, n := range names {
			out = append(out, modelColumn{name: n, typ: "text"})
		}
		return out
	}
	return &modelState{map[string]*modelTable{
		modelJobs: {columns: columns("job_id", "job_type", "status", "parameters", "result", "trace", "memory_used", "cpu_used", "created_at", "started_at",
			"completed_at", "error"), rows: map[string]modelRow{}},
		modelLive: {columns: columns("live_id", "user_id", "namespace_id", "table_name", "query", "options", "changes", "node", "created_at", "last_update"),
			rows: map[string]modelRow{}},
	}}
}

// slotID gives the UUID of a job or a subscription of the operations.
func slotID(kind byte, n int) uuid.UUID {
	return uuid.UUID{0: byte(n * 37), 6: 0x40, 8: 0x80, 14: kind, 15: byte(n)}
}

func timestampText(t time.Time) *string {
	return ptr(strings.TrimSuffix(strings.TrimRight(t.UTC().Format("2006-01-02 15:04:05.000000"), "0"), "."))
}

// systemStep gives the operations of the typed writers.
func (o op) systemStep(s *modelState) (step, bool) {
	now := timestampText(goldenNow.Add(o.at))
	switch o.kind {
	case "job":
		id := slotID('j', o.a%24)
		row := modelRow{ptr(id.String()), ptr(lifeJob), ptr("pending"), ptr(fmt.Sprintf(`["ns", %d]`, o.b)), nil, ptr("n:a:t"), nil, nil, now, nil, nil, nil}
		next, code := s.tables[modelJobs].insert([]modelRow{row}, conflictRule{})
		st := step{code: code, table: modelJobs, do: func(ctx context.Context, l *tortured) error {
			_, err := l.db.Jobs().Create(ctx, stoa.NewJob{ID: id, Type: lifeJob, Parameters: []any{"ns", o.b}, Trace: "n:a:t"})
			return err
		}}
		if code == "" {
			st.next = s.with(modelJobs, next)
		}
		return st, true
	case "jobstep":
		return o.jobStep(s, now), true
	case "live":
		id := slotID('l', o.a%8)
		row := modelRow{ptr(id.String()), ptr("jamal"), ptr("chat"), ptr("t0"), ptr("SELECT 1"), ptr(fmt.Sprintf(`{"last_rows": %d}`, o.b)), ptr("0"), nil, now, now}
		next, code := s.tables[modelLive].insert([]modelRow{row}, conflictRule{})
		st := step{code: code, table: modelLive, do: func(ctx context.Context, l *tortured) error {
			_, err := l.db.LiveQueries().Open(ctx, stoa.NewLiveQuery{
				ID: id, UserID: "jamal", NamespaceID: "chat", TableName: "t0", Query: "SELECT 1", Options: map[string]any{"last_rows": o.b}})
			return err
		}}
		if code == "" {
			st.next = s.with(modelLive, next)
		}
		return st, true
	case "notify", "unlive":
		return o.liveStep(s, now), true
	}
	return step{}, false
}

// jobStep gives the operations that bring a job on in its life.
func (o op) jobStep(s *modelState, now *string) step {
	id := slotID('j', o.a%24)
	verb := []string{"start", "complete", "fail", "cancel", "start", "complete"}[o.b%6]
	used := int64(o.c)
	st := step{table: modelJobs, do: func(ctx context.Context, l *tortured) error {
		jobs, outcome := l.db.Jobs(), stoa.Outcome{Result: "done it", MemoryUsed: &used, CPUUsed: &used}
		switch verb {
		case "start":
			return jobs.Start(ctx, id, "n:b:t")
		case "complete":
			return jobs.Complete(ctx, id, outcome)
		case "fail":
			return jobs.Fail(ctx, id, "disk full", outcome)
		}
		return jobs.Cancel(ctx, id)
	}}
	jobs := s.tables[modelJobs]
	old, there := jobs.rows[id.String()]
	if !there {
		st.code = errMissing
		return st
	}
	row := append(modelRow{}, old...)
	to := map[string]string{"start": "running", "complete": "completed", "fail": "failed", "cancel": "cancelled"}[verb]
	legal := *row[2] == "pending" && verb != "complete" || *row[2] == "running" && verb != "start"
	if !legal {
		st.code = sqlstate.ObjectNotInPrerequisite
		return st
	}
	if row[2] = &to; verb == "start" {
		row[5], row[9] = ptr("n:b:t"), now
	} else if row[10] = now; verb != "cancel" {
		row[4], row[6], row[7] = ptr("done it"), ptr(itoa(o.c)), ptr(itoa(o.c))
		if verb == "fail" {
			row[11] = ptr("disk full")
		}
	}
	next, _ := jobs.remove(func(k string) bool { return k == *row[0] }).insert([]modelRow{row}, conflictRule{})
	st.next = s.with(modelJobs, next)
	return st
}

func (o op) liveStep(s *modelState, now *string) step {
	id := slotID('l', o.a%8)
	live := s.tables[modelLive]
	old, there := live.rows[id.String()]
	st := step{table: modelLive, do: func(ctx context.Context, l *tortured) error {
		if o.kind == "unlive" {
			return l.db.LiveQueries().Close(ctx, id)
		}
		if there { // a notification itself is counted, and durable some time later
			_, err := l.db.Exec(ctx, "UPDATE system.live_queries SET changes = changes + $1, last_update = now() WHERE live_id = $2", int64(1+o.b), id)
			return err
		}
		return l.db.LiveQueries().Notify(ctx, id, int64(1+o.b))
	}}
	if !there {
		st.code = errMissing
		return st
	}
	next := live.remove(func(k string) bool { return k == id.String() })
	if o.kind == "notify" {
		row := append(modelRow{}, old...)
		row[6], row[9] = ptr(fmt.Sprint(atoi(*row[6])+int64(1+o.b))), now
		next, _ = next.insert([]modelRow{row}, conflictRule{})
	}
	st.next = s.with(modelLive, next)
	return st
}

// maintenance gives the operations that change no row.
func (o op) maintenance(r *rand.Rand) (step, bool) {
	table := []string{lifeTable(o.a), lifeTable(o.a), modelJobs, modelLive}[r.IntN(4)]
	switch o.kind {
	case "flush":
		switch r.IntN(4) {
		case 0:
			return step{sql: "CALL system.flush()", table: table}, true
		case 1:
			return step{sql: "CALL system.flush(user_id => 'jamal', all_rows => true)", table: table}, true
		case 2:
			return step{table: table, do: func(ctx context.Context, l *tortured) error { return l.flushTable(ctx, table) }}, true
		}
		return step{sql: "CALL system.flush(all_rows => true)", table: table}, true
	case "compact":
		return step{sql: "CALL system.compact()", table: table}, true
	case "checkpoint":
		return step{table: table, do: func(ctx context.Context, l *tortured) error { return l.db.Store().Checkpoint(ctx) }}, true
	case "backup":
		return step{table: table, do: func(ctx context.Context, l *tortured) error { return l.backup(ctx, o) }}, true
	case "reopen":
		return step{do: func(ctx context.Context, l *tortured) error { return l.reopen(ctx) }}, true
	case "reader":
		return step{do: func(ctx context.Context, l *tortured) error { return l.reader(ctx) }}, true
	}
	return step{}, false
}
