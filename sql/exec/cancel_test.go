package exec_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/sql/exec"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

// How long a statement may go on after it is cancelled: 100 ms is the promise, on an idle machine; the quick form asks for less, for machines that are not.
func cancelForm() (rows, rounds int, late time.Duration) {
	if n, err := strconv.Atoi(os.Getenv("STOA_HOSTILE_ROWS")); err == nil {
		return n, 20, 100 * time.Millisecond
	}
	return 20_000, 2, 3 * time.Second
}

// cancelAfter runs a statement in a session of its own and cancels it after a while. It gives its error, and the time that it took to end since then, 0 if
// it had ended before.
func cancelAfter(db *database, in io.Reader, sql string, after time.Duration) (late time.Duration, err error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var at time.Time
	var mu sync.Mutex
	timer := time.AfterFunc(after, func() {
		mu.Lock()
		defer mu.Unlock()
		at = time.Now()
		cancel()
	})
	defer timer.Stop()
	s := db.engine.NewSession()
	s.In, s.Out = in, io.Discard
	stmts, err := s.Parse(ctx, sql)
	if err == nil {
		err = consume(ctx, s, stmts[0])
	}
	end := time.Now()
	mu.Lock()
	defer mu.Unlock()
	if !at.IsZero() {
		late = end.Sub(at)
	}
	return late, err
}

// cancelled asserts that a statement ended because it was cancelled, and soon.
func cancelled(t *testing.T, err error, late, most time.Duration, what string) {
	t.Helper()
	require.Equal(t, sqlstate.QueryCanceled, sqlstate.CodeOf(err), "%s: %v", what, err)
	require.LessOrEqual(t, late, most, what)
}

// What waits for the writer's lock stops waiting.
func TestCancelWaitingForWriter(t *testing.T) {
	t.Parallel()
	_, _, most := cancelForm()
	db := newDatabase(t, nil)
	db.must("CREATE TABLE a.w (n int, x text)")
	db.must("INSERT INTO a.w VALUES (1, 'one')")
	held, free := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- db.store.Update(context.Background(), func(*store.Tx) error { close(held); <-free; return nil })
	}()
	<-held
	for _, sql := range []string{
		"INSERT INTO a.w VALUES (2, 'two')", "UPDATE a.w SET n = 5", "DELETE FROM a.w", "TRUNCATE a.w", "DROP TABLE a.w", "CREATE TABLE a.v (n int)",
		"ALTER TABLE a.w ADD PRIMARY KEY (n)", "CREATE INDEX ON a.w (n)", "COPY a.w FROM STDIN (FORMAT csv)", "CALL system.flush(all_rows => true)",
		"CALL system.compact()", "CALL system.backup('/copy')",
	} {
		late, err := cancelAfter(db, strings.NewReader("3,three\n"), sql, 5*time.Millisecond)
		if strings.Contains(sql, "compact") && err == nil {
			continue // there was nothing to do
		}
		cancelled(t, err, late, most, sql)
	}
	require.Equal(t, []string{"1|one"}, db.rows("SELECT * FROM a.w"), "a reader waits for nobody")
	close(free)
	require.NoError(t, <-done)
	db.must("INSERT INTO a.w VALUES (2, 'two')")
	require.Equal(t, []string{"1|one", "2|two"}, db.rows("SELECT * FROM a.w ORDER BY n"))
}

// gate is a disk whose fsyncs wait while it is shut.
type gate struct {
	mu   sync.Mutex
	shut chan struct{} // nil while it is open
	came chan struct{} // one for each fsync that waits
}

func (g *gate) inject(op vfs.Op) error {
	g.mu.Lock()
	shut := g.shut
	g.mu.Unlock()
	if op.Kind == vfs.OpSync && shut != nil {
		g.came <- struct{}{}
		<-shut
	}
	return nil
}

func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = make(chan struct{})
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	close(g.shut)
	g.shut = nil
}

// gatedDatabase is on a disk whose fsyncs can be made to wait.
func gatedDatabase(t *testing.T) (*database, *gate) {
	g := &gate{came: make(chan struct{}, 1000)}
	db := &database{t: t, fs: vfs.NewMem()}
	st, err := store.Open(context.Background(), "/db", &store.Options{FS: vfs.WithFaults(db.fs, g.inject), SegmentRows: 32})
	require.NoError(t, err)
	t.Cleanup(func() { _ = st.Close() })
	db.use(st, &exec.Options{Workers: 2, Node: "test"})
	return db, g
}

// A statement whose commit is in the log waits for the fsync and says what became of it, cancelled or not, as PostgreSQL's commit does: an error would be
// a lie about a statement that is found when the database is opened again. Readers go on meanwhile, with what is durable.
func TestCancelDuringFsync(t *testing.T) {
	t.Parallel()
	db, g := gatedDatabase(t)
	db.must("CREATE TABLE f (n int)")
	g.close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := make(chan error, 1)
	s := db.engine.NewSession()
	go func() {
		stmts, err := s.Parse(ctx, "INSERT INTO f VALUES (1)")
		if err == nil {
			err = consume(ctx, s, stmts[0])
		}
		done <- err
	}()
	<-g.came
	cancel()
	require.Empty(t, db.rows("SELECT n FROM f"), "not yet durable")
	g.open()
	require.NoError(t, <-done)
	require.Equal(t, []string{"1"}, db.rows("SELECT n FROM f"))
}

// A flush ends with the fsync that it waits for, and leaves the rows where they were.
func TestCancelFlushDuringFsync(t *testing.T) {
	t.Parallel()
	_, _, most := cancelForm()
	db, g := gatedDatabase(t)
	db.must("CREATE TABLE a.f (n int)")
	db.must("INSERT INTO a.f VALUES (1), (2)")
	for nth := 1; ; nth++ {
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error, 1)
		s := db.engine.NewSession()
		g.close()
		go func() {
			stmts, err := s.Parse(ctx, "CALL system.flush('a.f')")
			if err == nil {
				err = consume(ctx, s, stmts[0])
			}
			done <- err
		}()
		waited := 0
		var err error
		for ended := false; !ended; {
			select {
			case err = <-done:
				ended = true
			case <-g.came:
				if waited++; waited == nth {
					cancel()
				}
				g.open()
				if waited < nth {
					g.close()
					continue
				}
				at := time.Now()
				err, ended = <-done, true
				require.LessOrEqual(t, time.Since(at), most, "fsync %d", nth)
			}
		}
		cancel()
		require.Equal(t, []string{"2"}, db.rows("SELECT count(*) FROM a.f"), "fsync %d", nth)
		if err == nil { // it was cancelled in the fsync of its last commit, or not at all
			require.Greater(t, nth, 2)
			return
		}
		require.Equal(t, sqlstate.QueryCanceled, sqlstate.CodeOf(err), "fsync %d: %v", nth, err)
	}
}

// silence is a client that sends some lines and then nothing.
type silence struct {
	lines io.Reader
	done  <-chan struct{}
}

func (s *silence) Until(done <-chan struct{}) { s.done = done }

func (s *silence) Read(p []byte) (int, error) {
	if n, _ := s.lines.Read(p); n > 0 {
		return n, nil
	}
	<-s.done
	return 0, io.ErrClosedPipe
}

// COPY FROM of a client that sends nothing ends, and lets go of the writer's lock.
func TestCancelCopyFromSilence(t *testing.T) {
	t.Parallel()
	_, _, most := cancelForm()
	db := newDatabase(t, nil)
	db.must("CREATE TABLE c (n int, x text)")
	for _, c := range []struct{ sql, lines string }{
		{"COPY c FROM STDIN (FORMAT csv)", "1,one\n"}, {"COPY c FROM STDIN", "1\tone\n"}, {"COPY c FROM STDIN (FORMAT ndjson)", "{\"n\": 1}\n"},
	} {
		late, err := cancelAfter(db, &silence{lines: strings.NewReader(c.lines)}, c.sql, 10*time.Millisecond)
		cancelled(t, err, late, most, c.sql)
	}
	db.must("INSERT INTO c VALUES (2, 'two')")
	require.Equal(t, []string{"2|two"}, db.rows("SELECT * FROM c"))
}

// endless is a client that sends the same line for ever.
type endless struct{ line []byte }

func (e endless) Read(p []byte) (int, error) {
	return copy(p, bytes.Repeat(e.line, max(1, len(p)/len(e.line)))), nil
}

// Long statements that change much end soon, at whatever moment they are cancelled, and have then done all or nothing.
func TestCancelLongWork(t *testing.T) {
	if testing.Short() {
		t.Skip("it makes a table of many rows")
	}
	rows, rounds, most := cancelForm()
	db := hostileDatabase(t, rows)
	db.must("CREATE TABLE u (id bigint, name text)")
	db.must("INSERT INTO u SELECT id, name FROM h")
	db.must("CREATE TABLE c (id bigint, grp int, name text, doc jsonb, at timestamp, num numeric)")
	db.must("CREATE TABLE cold (id bigint PRIMARY KEY, name text, doc jsonb, at timestamp)")
	for part := range 4 {
		db.must(fmt.Sprintf("INSERT INTO cold SELECT id, name, doc, at FROM h WHERE id %% 4 = %d", part))
		db.must("CALL system.flush('public.cold', all_rows => true)")
	}
	db.must("COPY h TO '/h.csv' (FORMAT csv)")
	// Names that do not compress: COPY refuses a small file of many rows as a bomb.
	db.must("COPY (SELECT id, grp, md5(name) AS name, doc, at, num FROM h) TO '/h.parquet' (FORMAT parquet)")
	const state = "SELECT (SELECT count(*) FROM h), (SELECT count(*) FROM u), (SELECT count(*) FROM c), (SELECT count(*) FROM cold)"
	before := db.rows(state)
	for _, c := range []struct {
		name, sql string
		in        io.Reader
		undo      string // "" when the statement has nothing to do a second time
	}{
		{"COPY FROM a stream", "COPY c (id, name) FROM STDIN (FORMAT csv)", endless{[]byte("-1,twice\n")}, "none"},
		{"COPY FROM a CSV file", "COPY c FROM '/h.csv' (FORMAT csv)", nil, "TRUNCATE c"},
		{"COPY FROM a Parquet file", "COPY c FROM '/h.parquet' (FORMAT parquet)", nil, "TRUNCATE c"},
		{"ADD PRIMARY KEY", "ALTER TABLE u ADD PRIMARY KEY (name, id)", nil, "ALTER TABLE u DROP CONSTRAINT u_pkey"},
		{"ADD PRIMARY KEY to flushed rows", "ALTER TABLE cold ADD UNIQUE (name, id)", nil, "ALTER TABLE cold DROP CONSTRAINT cold_name_id_key"},
		{"ALTER TYPE", "ALTER TABLE u ALTER id TYPE int USING id + 1", nil, "ALTER TABLE u ALTER id TYPE bigint USING id - 1"},
		{"backup", "CALL system.backup('/backup')", nil, ""},
		{"compact", "CALL system.compact()", nil, ""},
		{"flush", "CALL system.flush(all_rows => true)", nil, ""},
	} {
		span := time.Duration(rows) * time.Microsecond // what is not measured takes about so long
		if c.undo != "" && c.in == nil {
			start := time.Now()
			db.must(c.sql)
			span = time.Since(start)
			db.must(c.undo)
		}
		worst, ends := time.Duration(0), 0
		for round := range rounds {
			sql := strings.Replace(c.sql, "/backup", fmt.Sprintf("/backup%d", round), 1) // one that was cancelled when it was done is there
			late, err := cancelAfter(db, c.in, sql, span*time.Duration(round+1)/time.Duration(rounds+1))
			if err == nil { // it was quicker
				ends++
				if c.undo == "" {
					break
				}
				db.must(c.undo)
			} else {
				require.Equal(t, sqlstate.QueryCanceled, sqlstate.CodeOf(err), "%s, round %d: %v", c.name, round, err)
				worst = max(worst, late)
			}
			require.Equal(t, before, db.rows(state), "%s, round %d", c.name, round)
		}
		t.Logf("%-32s %5d ms, cancelled %4d ms late at worst, %d of %d had ended", c.name, span.Milliseconds(), worst.Milliseconds(), ends, rounds)
		assert.LessOrEqual(t, worst, most, c.name)
	}
}
