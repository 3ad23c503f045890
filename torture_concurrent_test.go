package stoa_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa"
	"github.com/stoadb/stoa/sql/exec"
	"github.com/stoadb/stoa/store"
	"github.com/stoadb/stoa/vfs"
)

var concurrentWrites = flag.Int("torture.writes", 16, "statements of each writer of TestTortureConcurrent")

// bank is a database with clients.
type bank struct {
	bankHistory
	db      *stoa.DB
	mem     *vfs.Mem
	logged  [bankWriters]atomic.Int64 // entries in the log that a writer has been told of
	begun   [bankWriters]atomic.Int64 // and that it has begun
	backups atomic.Int64
}

const bankWriters, bankReaders = 16, 32

// session is one client, with the newest version that it knows of.
type bankSession struct {
	*exec.Session
	bank   *bank
	number int
	random *rand.Rand
	newest int64
}

func (b *bank) session(number int) *bankSession {
	return &bankSession{Session: b.db.Session(), bank: b, number: number, random: rand.New(rand.NewPCG(*tortureSeed, uint64(number)))}
}

func newBank(t *testing.T) *bank {
	b := &bank{mem: vfs.NewMem()}
	b.open(t)
	b.fill(t)
	return b
}

// fill makes the tables.
func (b *bank) fill(t *testing.T) {
	s := b.db.Session()
	_, err := ask(context.Background(), s, "CREATE TABLE bank.accounts (id bigint PRIMARY KEY, user_id text, balance bigint, version bigint, created_at timestamp)")
	require.NoError(t, err)
	values := []string{"(0, 'bank', 0, 0, NULL)"}
	for i := range accounts {
		values = append(values, fmt.Sprintf("(%d, 'user%d', %d, 0, '2025-01-%02d')", i+1, i%3, openingBalance, 1+i%28))
	}
	_, err = ask(context.Background(), s, "INSERT INTO bank.accounts VALUES "+strings.Join(values, ", ")+
		"; CREATE TABLE bank.log (id bigint PRIMARY KEY, writer integer, n bigint, version bigint)")
	require.NoError(t, err)
}

func (b *bank) open(t *testing.T) {
	so := &store.Options{FS: b.mem, SegmentRows: 16, CheckpointBytes: 1 << 16, LogSegmentBytes: 1 << 15, KeyCacheBytes: 1, OpenFiles: 4}
	db, err := stoa.OpenStore(context.Background(), "/db", &stoa.Options{Workers: 3, BatchRows: 5, Node: "torture"}, so)
	require.NoError(t, err)
	b.db = db
}

// transfer moves money between accounts, or an account to another key, and raises the version: one statement.
func (s *bankSession) transfer(ctx context.Context) error {
	r := s.random
	from, to, sum := 1+r.IntN(accounts), 1+r.IntN(accounts), r.IntN(50)
	var sql string
	move := r.IntN(4) == 0
	if move {
		sql = fmt.Sprintf(`UPDATE bank.accounts SET version = version + CASE WHEN id = 0 THEN 1 ELSE 0 END,
			id = id + CASE WHEN id = %d THEN %d WHEN id = %d THEN -%[2]d ELSE 0 END WHERE id IN (0, %[1]d, %[3]d) RETURNING id, balance, version`, from, moved, from+moved)
	} else {
		sql = fmt.Sprintf(`UPDATE bank.accounts SET version = version + CASE WHEN id = 0 THEN 1 ELSE 0 END,
			balance = balance + CASE WHEN id %% %d = %d THEN -%d ELSE 0 END + CASE WHEN id %% %[1]d = %[4]d THEN %[3]d ELSE 0 END
			WHERE id IN (0, %[2]d, %[2]d + %[1]d, %[4]d, %[4]d + %[1]d) RETURNING id, balance, version`, moved, from, sum, to)
	}
	s.bank.invoked.Add(1)
	rows, err := ask(ctx, s.Session, sql)
	if err != nil {
		return err
	}
	c := bankChange{balances: map[int64]int64{}}
	for _, row := range rows {
		id := atoi(*row[0])
		if id == 0 {
			c.version = atoi(*row[2])
			continue
		}
		if c.balances[id] = atoi(*row[1]); move {
			c.gone = append(c.gone, map[bool]int64{true: id - moved, false: id + moved}[id > moved])
		}
	}
	if c.version <= s.newest {
		return fmt.Errorf("session %d made version %d after it had seen %d", s.number, c.version, s.newest)
	}
	s.newest = c.version
	s.bank.changed(c)
	return nil
}

// note adds to the log, with the newest version that the session knows of.
func (s *bankSession) note(ctx context.Context) error {
	n := s.bank.begun[s.number].Add(1)
	_, err := ask(ctx, s.Session, fmt.Sprintf("INSERT INTO bank.log (id, writer, n, version) VALUES (%d, %d, %d, %d)", int64(s.number)*1000000+n, s.number, n, s.newest))
	s.bank.logged[s.number].Store(n)
	return err
}

// look reads the accounts in one of many ways.
func (s *bankSession) look(ctx context.Context) error {
	o := observation{session: s.number, lo: max(s.newest, s.bank.acknowledged.Load()), balances: map[int64]int64{}}
	if s.random.IntN(5) == 0 {
		return s.readLog(ctx)
	}
	o.ask(s.random)
	rows, err := ask(ctx, s.Session, o.what)
	if err != nil {
		return fmt.Errorf("%s: %w", o.what, err)
	}
	if err := o.read(rows); err != nil {
		return err
	}
	s.newest = o.version
	s.bank.saw(o)
	return nil
}

// ask draws a query: an aggregate of everything at once or by way of groups, some accounts by key, or all of them.
func (o *observation) ask(r *rand.Rand) {
	switch r.IntN(4) {
	case 0:
		o.what = "SELECT max(version), count(*) - 1, sum(balance)::bigint, sum(balance * id)::bigint FROM bank.accounts"
	case 1:
		o.what = "SELECT max(v), sum(c)::bigint - 1, sum(b)::bigint, sum(w)::bigint FROM (SELECT user_id, max(version) AS v, count(*) AS c, sum(balance) AS b, " +
			"sum(balance * id) AS w FROM bank.accounts GROUP BY user_id) AS g"
	case 2:
		o.what = "SELECT id, balance, version FROM bank.accounts WHERE id IN (0"
		for range 1 + r.IntN(6) {
			k := int64(1 + r.IntN(accounts) + moved*r.IntN(2))
			o.asked = append(o.asked, k)
			o.what += fmt.Sprintf(", %d", k)
		}
		o.what += ")"
	default:
		o.what = "SELECT id, balance, version FROM bank.accounts" + []string{"", " ORDER BY balance", " WHERE created_at IS NULL OR created_at > '2024-01-01'"}[r.IntN(3)]
	}
}

// read fills the observation with the rows that its query gave.
func (o *observation) read(rows []modelRow) error {
	if strings.HasPrefix(o.what, "SELECT max") {
		o.version = atoi(*rows[0][0])
		o.sums = &sums{atoi(*rows[0][1]), atoi(*rows[0][2]), atoi(*rows[0][3])}
		return nil
	}
	o.version = -1
	for _, row := range rows {
		id := atoi(*row[0])
		if _, twice := o.balances[id]; twice || id == 0 && o.version >= 0 {
			return fmt.Errorf("%s: account %d is there twice", o.what, id)
		}
		if id == 0 {
			o.version = atoi(*row[2])
		} else {
			o.balances[id] = atoi(*row[1])
		}
	}
	return nil
}

// readLog reads the log, and the version with it: each writer's entries are there up to some number, what was acknowledged among them, and nothing in the log is
// newer than the accounts.
func (s *bankSession) readLog(ctx context.Context) error {
	var lo [bankWriters]int64
	for w := range lo {
		lo[w] = s.bank.logged[w].Load()
	}
	rows, err := ask(ctx, s.Session, "SELECT writer, count(*), max(n), sum(n)::bigint, max(version), (SELECT version FROM bank.accounts WHERE id = 0) FROM bank.log GROUP BY writer")
	if err != nil {
		return err
	}
	var seen [bankWriters]int64
	for _, row := range rows {
		w, count, last, sum, logged, version := atoi(*row[0]), atoi(*row[1]), atoi(*row[2]), atoi(*row[3]), atoi(*row[4]), atoi(*row[5])
		if seen[w] = count; count != last || sum != last*(last+1)/2 || logged > version || version < s.newest || last > s.bank.begun[w].Load() {
			return fmt.Errorf("the log of writer %d: %s, and session %d had seen version %d", w, rowLine(row), s.number, s.newest)
		}
	}
	for w, n := range lo {
		if seen[w] < n {
			return fmt.Errorf("the log of writer %d has %d entries, and %d were acknowledged", w, seen[w], n)
		}
	}
	return nil
}

// upkeep gives what goes on beside the clients.
func (b *bank) upkeep() map[string]func(ctx context.Context, n int) error {
	sql := func(texts ...string) func(ctx context.Context, n int) error {
		return func(ctx context.Context, n int) error {
			_, err := ask(ctx, b.db.Session(), texts[n%len(texts)])
			return err
		}
	}
	return map[string]func(ctx context.Context, n int) error{
		"flush":      sql("CALL system.flush('bank.accounts', all_rows => true)", "CALL system.flush(all_rows => true)", "CALL system.flush('bank.log')"),
		"compact":    sql("CALL system.compact()"),
		"checkpoint": func(ctx context.Context, _ int) error { return b.db.Store().Checkpoint(ctx) },
		"alter": sql("ALTER TABLE bank.accounts ADD COLUMN x integer DEFAULT 7", "ALTER TABLE bank.log ADD COLUMN y text NOT NULL DEFAULT 'y'",
			"ALTER TABLE bank.accounts ALTER COLUMN x TYPE text", "ALTER TABLE bank.accounts DROP COLUMN x", "ALTER TABLE bank.log DROP COLUMN y"),
		"backup": b.backUp,
	}
}

// backUp makes a backup and reads it: it is a moment as any other.
func (b *bank) backUp(ctx context.Context, n int) error {
	dir := fmt.Sprintf("/copies/%d", n)
	o := observation{what: "SELECT id, balance, version FROM bank.accounts", session: 1000, lo: b.acknowledged.Load(), balances: map[int64]int64{}}
	if _, err := b.db.Backup(ctx, dir, nil); err != nil {
		return err
	}
	copied, err := stoa.Open(ctx, dir, &stoa.Options{FS: b.mem, ReadOnly: true})
	if err != nil {
		return err
	}
	rows, err := ask(ctx, copied.Session(), o.what)
	if err := errors.Join(err, copied.Close()); err != nil {
		return err
	}
	if err := o.read(rows); err != nil {
		return err
	}
	b.saw(o)
	b.backups.Add(1)
	return vfs.RemoveAll(b.mem, dir)
}

// TestTortureConcurrent has 16 writers and 32 readers beside one that flushes, one that compacts, and others that make checkpoints, backups, and ALTERs. The
// history passes a check of snapshot isolation, of what each client has written and read before, and of backups as of any other moment.
func TestTortureConcurrent(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	b := newBank(t)
	failed := make(chan error, 100)
	fail := func(err error) {
		select {
		case failed <- err:
			cancel()
		default:
		}
	}
	var writing, beside sync.WaitGroup
	over := make(chan struct{})
	for w := range bankWriters {
		s := b.session(w)
		writing.Go(func() {
			for range *concurrentWrites {
				if err := errors.Join(s.transfer(ctx), s.note(ctx), s.look(ctx)); err != nil {
					fail(fmt.Errorf("writer %d: %w", w, err))
					return
				}
			}
		})
	}
	until := func(what string, do func(ctx context.Context, n int) error) {
		beside.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-over:
					return
				case <-ctx.Done():
					return
				default:
				}
				if err := do(ctx, n); err != nil {
					fail(fmt.Errorf("%s: %w", what, err))
					return
				}
				time.Sleep(time.Millisecond)
			}
		})
	}
	for r := range bankReaders {
		s := b.session(bankWriters + r)
		until(fmt.Sprintf("reader %d", r), func(ctx context.Context, _ int) error { return s.look(ctx) })
	}
	for what, do := range b.upkeep() {
		until(what, do)
	}
	writing.Wait()
	close(over)
	beside.Wait()
	select {
	case err := <-failed:
		t.Fatalf("seed %d: %v", *tortureSeed, err)
	default:
	}
	last := b.session(2000)
	require.NoError(t, last.look(ctx))
	require.NoError(t, b.db.Close())
	b.open(t)
	again := b.session(2000)
	for range 10 {
		require.NoError(t, again.look(ctx))
	}
	require.NoError(t, b.db.Close())
	require.NoError(t, b.check(), "seed %d", *tortureSeed)
	require.Len(t, b.changes, bankWriters**concurrentWrites)
	require.Positive(t, b.backups.Load())
	t.Logf("seed %d: %d changes, %d observations, %d backups", *tortureSeed, len(b.changes), len(b.observations), b.backups.Load())
}

// TestTortureHistory has the check find what it is there for.
func TestTortureHistory(t *testing.T) {
	t.Parallel()
	fresh := func() *bankHistory {
		h := &bankHistory{}
		h.invoked.Store(2)
		h.changed(bankChange{version: 1, balances: map[int64]int64{1: 990, 2: 1010}})
		h.changed(bankChange{version: 2, balances: map[int64]int64{moved + 1: 990}, gone: []int64{1}})
		return h
	}
	see := func(version int64, balances map[int64]int64) observation {
		return observation{what: "a query", version: version, asked: []int64{1, 2, moved + 1}, balances: balances}
	}
	h := fresh()
	h.saw(see(1, map[int64]int64{1: 990, 2: 1010}))
	h.saw(see(2, map[int64]int64{moved + 1: 990, 2: 1010}))
	require.NoError(t, h.check())
	for name, o := range map[string]observation{
		"half a statement": see(1, map[int64]int64{1: 990, 2: 1000}),
		"twice":            see(2, map[int64]int64{1: 990, moved + 1: 990, 2: 1010}),
		"too old":          {what: "a query", version: 1, lo: 2, asked: []int64{1}, balances: map[int64]int64{1: 990}},
		"too new":          see(3, nil),
		"sums":             {what: "a query", version: 0, sums: &sums{accounts, accounts*openingBalance - 10, 0}},
	} {
		h := fresh()
		h.saw(o)
		require.Error(t, h.check(), name)
	}
	h = fresh()
	h.saw(see(2, map[int64]int64{moved + 1: 990, 2: 1010}))
	h.saw(see(1, map[int64]int64{1: 990, 2: 1010}))
	require.Error(t, h.check(), "back in time")
	h = fresh()
	h.changed(bankChange{version: 2})
	require.Error(t, h.check(), "a lost update")
}
