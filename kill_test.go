package stoa_test

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa"
)

var (
	kills    = flag.Int("kills", 5, "how often TestKillAlter and TestKillMigrate kill their process")
	killSeed = flag.Uint64("killseed", 20251021, "seed of the moments at which processes are killed")
)

// killed says what the process that is to be killed does: "alter DIR FIRST" or "migrate DIR HOW". It is this test binary, started again.
const killed = "STOA_KILLED_PROCESS"

// TestKilledProcess is no test: it is the process that the other tests of this file kill. Before each statement it says "begin N", after it "done N".
func TestKilledProcess(t *testing.T) {
	words := strings.SplitN(os.Getenv(killed), "\n", 3)
	if len(words) < 3 {
		t.Skip("only for the tests that kill it")
	}
	opened, err := stoa.Open(context.Background(), words[1], nil)
	require.NoError(t, err)
	db := &database{t: t, session: opened.Session()}
	fmt.Println("ready")
	_, err = bufio.NewReader(os.Stdin).ReadString('\n')
	require.NoError(t, err)
	do := func(i int, sql string) {
		fmt.Println("begin", i)
		db.must(sql)
		fmt.Println("done", i)
	}
	switch words[0] {
	case "alter":
		first, err := strconv.Atoi(words[2])
		require.NoError(t, err)
		for i := first; ; i++ {
			do(i, killStep(i))
		}
	case "migrate":
		for i, sql := range migrateSteps(t, words[2]) {
			do(i, sql)
		}
	}
	require.NoError(t, opened.Close())
}

// migrateSteps gives the statements of one of the two ways to migrate.
func migrateSteps(t testing.TB, how string) []string {
	if how == "call" {
		return []string{"CALL system.migrate()"}
	}
	var out []string
	for _, st := range migrationStatements(t) {
		out = append(out, st.Text)
	}
	return out
}

// killStep gives statement i of an endless life of the table chat.events and its neighbours. Each changes something, and none says now().
func killStep(i int) string {
	if i == 0 {
		return "CREATE TABLE chat.events (id bigint PRIMARY KEY, kind varchar(4), n smallint)"
	}
	i--
	k, rows := i/20, func(first, n int, more string) string {
		var values []string
		for r := range n {
			values = append(values, fmt.Sprintf("(%d, 'k%d', %d%s)", i*100+first+r, r%3, r, more))
		}
		return "INSERT INTO chat.events (id, kind, n" + map[bool]string{true: ", d" + strconv.Itoa(i/20)}[more != ""] + ") VALUES " + strings.Join(values, ", ")
	}
	steps := []string{
		rows(0, 20, ""),
		fmt.Sprintf("ALTER TABLE chat.events ADD COLUMN c%d int NOT NULL DEFAULT %d", k, k),
		"CALL system.flush('chat.events', all_rows => true)",
		rows(30, 10, ""),
		fmt.Sprintf("ALTER TABLE chat.events RENAME COLUMN c%d TO d%d", k, k),
		fmt.Sprintf("ALTER TABLE chat.events ALTER COLUMN d%d TYPE bigint", k),
		rows(50, 5, ", 5000000000"),
		fmt.Sprintf("UPDATE chat.events SET d%d = id WHERE id %% 3 = %d", k, k%3),
		fmt.Sprintf("ALTER TABLE chat.events ALTER COLUMN d%d DROP DEFAULT, ALTER COLUMN d%d TYPE text USING d%d || '!'", k, k, k),
		fmt.Sprintf("ALTER TABLE chat.events ADD COLUMN e%d text DEFAULT 'it''s', DROP COLUMN n", k),
		"CALL system.flush('chat.events', all_rows => true)",
		"ALTER TABLE chat.events RENAME TO chat.log",
		fmt.Sprintf("DELETE FROM chat.log WHERE id %% 5 <> %d", k%5),
		"ALTER TABLE chat.log RENAME TO chat.events",
		fmt.Sprintf("ALTER TABLE chat.events DROP COLUMN e%d, DROP COLUMN d%d, ADD COLUMN n smallint", k, k),
		"CREATE TABLE chat.passing (a int, b text)",
		"INSERT INTO chat.passing VALUES (1, 'x'), (2, 'y')",
		fmt.Sprintf("INSERT INTO system.table_schemas (schema_id, namespace_id, table_name, schema_version, schema_json) VALUES (gen_random_uuid(), 'import', 'imported', %d, '{\"fields\": []}')", k+1),
		"TRUNCATE chat.passing",
		"DROP TABLE chat.passing",
	}
	return steps[i%20]
}

// momentText finds what a version says of the time when it came, which is another one in every run.
var momentText = regexp.MustCompile(`"created_at": "[^"]*", `)

// dump gives everything that an ALTER must keep together: rows, columns, keys as far as they show, histories, and their deprecated face.
func (db *database) dump() string {
	var b strings.Builder
	show := func(sql string) {
		a := db.must(sql)
		b.WriteString(sql + "\n" + queryText(&a, !strings.Contains(sql, "ORDER BY")))
	}
	show("SELECT table_schema, table_name, column_name, ordinal_position, data_type, is_nullable, column_default FROM information_schema.columns WHERE table_schema <> 'information_schema'")
	if db.run("SELECT 1 FROM system.table_schemas").err == nil { // the older form has none
		show("SELECT namespace_id, table_name, schema_version, schema_json FROM system.table_schemas")
	}
	tables := db.must("SELECT table_schema, table_name, coalesce(schema_version, 0), schema_history FROM information_schema.tables WHERE table_schema NOT IN ('information_schema', 'system') ORDER BY 1, 2")
	for _, row := range tables.rows {
		fmt.Fprintf(&b, "%s.%s %s\n%s\n", *row[0], *row[1], *row[2], momentText.ReplaceAllString(strings.ReplaceAll(*row[3], "}, {\"changes\"", "},\n{\"changes\""), ""))
		show("SELECT * FROM " + *row[0] + "." + *row[1])
	}
	return b.String()
}

// dumpMigration is dump with the rows of the contract's tables, as far as a migration must not change them, and the jobs of the migration.
func (db *database) dumpMigration() string {
	var b strings.Builder
	show := func(sql string) {
		a := db.must(sql)
		b.WriteString(sql + "\n" + queryText(&a, true))
	}
	show("SELECT job_id, job_type, status, error FROM system.jobs WHERE job_type = 'old'")
	show("SELECT count(*) FROM system.jobs WHERE job_type = 'migrate' AND status = 'completed'")
	show("SELECT count(*) FROM system.live_queries")
	return b.String() + db.dump()
}

// process is a running TestKilledProcess.
type process struct {
	t     *testing.T
	cmd   *exec.Cmd
	stdin io.WriteCloser
	lines *bufio.Scanner
}

func startProcess(t *testing.T, words ...string) *process {
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledProcess$", "-test.v=false")
	cmd.Env = append(os.Environ(), killed+"="+strings.Join(words, "\n"))
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	cmd.Stderr = os.Stderr
	require.NoError(t, cmd.Start())
	p := &process{t, cmd, stdin, bufio.NewScanner(stdout)}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	require.True(t, p.lines.Scan())
	require.Equal(t, "ready", p.lines.Text())
	return p
}

// killAfter lets the process begin, kills it after a while, and gives the numbers of the last statements that it said it had begun and done, -1 for none.
// The process may have ended by itself before.
func (p *process) killAfter(d time.Duration) (begun, done int) {
	_, err := io.WriteString(p.stdin, "\n")
	require.NoError(p.t, err)
	timer := time.AfterFunc(d, func() { _ = p.cmd.Process.Kill() })
	defer timer.Stop()
	begun, done = -1, -1
	var other []string
	for p.lines.Scan() {
		var i int
		switch line := p.lines.Text(); {
		case scanned(line, "begin %d", &i):
			begun = i
		case scanned(line, "done %d", &i):
			done = i
		default:
			other = append(other, line)
		}
	}
	if err := p.cmd.Wait(); err != nil && p.cmd.ProcessState.Exited() { // it failed, and was not killed
		p.t.Fatalf("the process failed: %v\n%s", err, strings.Join(other, "\n"))
	}
	return begun, done
}

func scanned(line, format string, i *int) bool {
	n, err := fmt.Sscanf(line, format, i)
	return n == 1 && err == nil
}

// reopened opens the database that a killed process left and gives its dump.
func reopened(t *testing.T, dir string, dump func(*database) string, more func(db *database)) string {
	opened, err := stoa.Open(context.Background(), dir, &stoa.Options{MustExist: true})
	require.NoError(t, err)
	db := &database{t: t, session: opened.Session()}
	out := dump(db)
	more(db)
	require.NoError(t, opened.Close())
	return out
}

// TestKillAlter kills a process that runs ALTERs among other statements, at random moments. What is found is the state after the last statement that was
// done, or after the one that had begun: rows, definition, history and its face together. The next process goes on from there.
func TestKillAlter(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	reference, steps := newDatabase(t, 0), 0
	random := rand.New(rand.NewPCG(*killSeed, 1))
	dumps := map[int]string{0: reference.dump()}
	after := func(n int) string { // the state after n statements
		for ; steps < n; steps++ {
			reference.must(killStep(steps))
		}
		if _, ok := dumps[n]; !ok {
			clear(dumps)
			dumps[n] = reference.dump()
		}
		return dumps[n]
	}
	first, half := 0, 0
	for range *kills {
		p := startProcess(t, "alter", dir, strconv.Itoa(first))
		begun, done := p.killAfter(time.Duration(random.Int64N(int64(60 * time.Millisecond))))
		done = max(done, first-1)
		found := reopened(t, dir, (*database).dump, func(db *database) { db.checkHistories(); db.checkCurrent() })
		switch {
		case found == after(done+1):
			first = done + 1
		case begun > done && found == after(begun+1):
			first, half = begun+1, half+1
		default:
			t.Fatalf("killed after %d was done and %d begun (%s): neither the old nor the new state\n%s", done, begun, killStep(max(begun, 0)), firstLines(after(max(begun, done)+1), found))
		}
	}
	t.Logf("killed %d times in %d statements; %d times the statement that had not been acknowledged was there", *kills, first, half)
}

// firstLines shows where two dumps part.
func firstLines(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return fmt.Sprintf("line %d\nwant %s\ngot  %s", i+1, w[i], g[i])
		}
	}
	return fmt.Sprintf("want %d lines, got %d", len(w), len(g))
}

// TestKillMigrate kills the migration of databases of the older form at random moments, by the contract's statements and by one command. After the command
// was killed the database has the older or the newer form, whole; in both ways, running it again ends in the new form.
func TestKillMigrate(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"call", "statements"} {
		t.Run(how, func(t *testing.T) {
			random := rand.New(rand.NewPCG(*killSeed, uint64(len(how))))
			legacy := legacyDirectory(t)
			states := migrationStates(t, legacy, how)
			longest, counts := 20*time.Millisecond, map[int]int{}
			for range *kills {
				dir := filepath.Join(t.TempDir(), "data")
				require.NoError(t, os.CopyFS(dir, os.DirFS(legacy)))
				p := startProcess(t, "migrate", dir, how)
				begun, done := p.killAfter(time.Duration(random.Int64N(int64(longest))))
				if done == len(states)-2 {
					longest = longest * 9 / 10 // it had time to end: aim earlier
				}
				found := reopened(t, dir, (*database).dumpMigration, func(db *database) { db.finishMigration(how, states[len(states)-1]) })
				if found == states[done+1] {
					counts[done+1]++
				} else if begun > done && found == states[begun+1] {
					counts[begun+1]++
				} else {
					t.Fatalf("killed after %d was done and %d begun: neither form\n%s", done, begun, firstLines(states[done+1], found))
				}
				require.NoError(t, os.RemoveAll(dir))
			}
			t.Logf("killed %d times; statements that were found done, and how often: %v", *kills, counts)
		})
	}
}

// legacyDirectory makes a database of the older form in a directory, half of it flushed.
func legacyDirectory(t *testing.T) string {
	dir := filepath.Join(t.TempDir(), "legacy")
	opened, err := stoa.Open(context.Background(), dir, &stoa.Options{Legacy: true})
	require.NoError(t, err)
	db := &database{t: t, session: opened.Session()}
	db.load(parsed(t, migrationText(t, "tables.sql")))
	for i := range 4 {
		for j := range 25 {
			db.must(fmt.Sprintf("INSERT INTO system.jobs (job_id, job_type, status) VALUES ('%08d-0000-4000-8000-%012d', 'old', 'pending')", i, j))
		}
		if i == 1 {
			db.must("CALL system.flush('system.jobs', all_rows => true)")
		}
	}
	require.NoError(t, opened.Close())
	return dir
}

// migrationStates gives the dump before the migration and after each of its statements.
func migrationStates(t *testing.T, legacy, how string) []string {
	dir := filepath.Join(t.TempDir(), "reference")
	require.NoError(t, os.CopyFS(dir, os.DirFS(legacy)))
	opened, err := stoa.Open(context.Background(), dir, nil)
	require.NoError(t, err)
	db := &database{t: t, session: opened.Session()}
	states := []string{db.dumpMigration()}
	for _, sql := range migrateSteps(t, how) {
		db.must(sql)
		states = append(states, db.dumpMigration())
	}
	require.NoError(t, opened.Close())
	return states
}

// finishMigration runs the migration again, and holds the database against the end of it. Statements that were done raise notices, only the back-fill fails
// if it was.
func (db *database) finishMigration(how, want string) {
	for _, sql := range migrateSteps(db.t, how) {
		if a := db.run(sql); a.err != nil {
			require.Contains(db.t, sql, "INSERT INTO system.table_schemas")
			require.Contains(db.t, errorLine(a.err), "(SQLSTATE 23505)")
		}
	}
	require.Equal(db.t, want, db.dumpMigration())
}
