//go:build duckdb_arrow

package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/stoadb/stoa/bench/embedded"
	"github.com/stoadb/stoa/bench/measure"
)

// The engines that -resident knows.
const (
	residentStoa = "stoa"
	residentDuck = "duckdb"
)

// memory notes what is resident of the process after loading the jobs, of either engine in a process of its own.
func (b *bench) memory(ctx context.Context) error {
	if !b.writes {
		return nil
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	var sizes [2]float64
	for i, e := range []string{residentStoa, residentDuck} {
		out, err := exec.CommandContext(ctx, self, "-resident", e, "-threads", strconv.Itoa(b.threads), b.jobs).Output()
		if err != nil {
			return fmt.Errorf("resident memory of %s: %w", e, err)
		}
		if sizes[i], err = strconv.ParseFloat(strings.TrimSpace(string(out)), 64); err != nil {
			return err
		}
	}
	b.note("resident after loading the jobs and one query over all columns: Stoa %.2f GB, DuckDB %.2f GB: %.2f ×", sizes[0]/1e9, sizes[1]/1e9, sizes[0]/sizes[1])
	return nil
}

// printResident loads jobs and prints the bytes that are resident.
func printResident(ctx context.Context, engine, jobs string, threads int) error {
	if engine == residentStoa {
		dir, err := os.MkdirTemp("", "resident")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		db, err := embedded.Open(ctx, dir, time.Now())
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, "COPY system.jobs FROM "+quoted(jobs)+" (FORMAT parquet)"); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, "SELECT count(result), count(trace), count(parameters), sum(memory_used), max(created_at), max(error) FROM system.jobs"); err != nil {
			return err
		}
		fmt.Println(rss())
		return db.Close()
	}
	d, err := openDuck(duckNative, "", threads)
	if err != nil {
		return err
	}
	if err := d.exec("CREATE TABLE sys.jobs AS SELECT * FROM read_parquet(" + quoted(jobs) + "); " +
		"SELECT count(result), count(trace), count(parameters), sum(memory_used), max(created_at), max(error) FROM sys.jobs"); err != nil {
		return err
	}
	fmt.Println(rss())
	return d.close()
}

// rss gives the bytes of this process that are resident.
func rss() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kib << 10
		}
	}
	return 0
}

// writing measures the workloads that write, in turn.
func (b *bench) writing(ctx context.Context) error {
	if !b.writes {
		return nil
	}
	rounds := min(embedded.WriteRounds, b.rounds)
	theirs := []measure.Written{
		{Name: "load", Title: "Jobs by batch, durable", Unit: "rows", Note: "CREATE TABLE AS from Parquet, and CHECKPOINT"},
		{Name: "flush", Title: "Jobs flushed to Parquet", Unit: "rows", Note: "COPY TO, zstd"},
		{Name: "open", Title: "Openings of the flushed jobs, to count(*)", Unit: "openings", Note: "its database file"},
		{Name: "insert-1", Title: "Single-row commits, 1 writer", Unit: "rows"},
		{Name: "insert-16", Title: "Single-row commits, 16 writers", Unit: "rows"},
		{Name: "status-1", Title: "Status updates by key, 1 writer", Unit: "updates"},
		{Name: "lookup-2", Title: "Jobs by primary key, typed API, 2 readers", Unit: "look-ups", Note: "prepared statements"},
	}
	for range rounds {
		ours, err := embedded.Writes(ctx, embedded.WriteOptions{Rounds: 1, Rows: b.rows, Singles: b.singles, Scratch: b.dir, End: b.history.Options().End})
		if err != nil {
			return err
		}
		b.add(ours)
		if err := b.duckWrites(ctx, theirs); err != nil {
			return err
		}
	}
	for i := range theirs {
		theirs[i].Engine = "DuckDB"
	}
	b.add(theirs)
	return nil
}

// add joins rates to those of earlier rounds.
func (b *bench) add(list []measure.Written) {
next:
	for _, w := range list {
		for i := range b.result.Writes {
			if known := &b.result.Writes[i]; known.Name == w.Name && known.Engine == w.Engine {
				known.Rates = append(known.Rates, w.Rates...)
				continue next
			}
		}
		b.result.Writes = append(b.result.Writes, w)
	}
}

// duckWrites runs every workload once.
func (b *bench) duckWrites(ctx context.Context, list []measure.Written) (err error) {
	path := filepath.Join(b.dir, "writes.duckdb")
	defer func() { err = errors.Join(err, os.RemoveAll(path), os.RemoveAll(path+".wal")) }()
	d, err := openDuck("DuckDB", path, b.threads)
	if err != nil {
		return err
	}
	done := func(name string, n int64, took time.Duration) {
		for i := range list {
			if list[i].Name == name {
				list[i].Rates = append(list[i].Rates, float64(n)/took.Seconds())
			}
		}
	}
	timed := func(name string, n int64, text string) error {
		start := time.Now()
		if err := d.exec(text); err != nil {
			return err
		}
		done(name, n, time.Since(start))
		return nil
	}
	// The key is declared as in the contract; its index is a part of the work on both sides.
	if err := d.exec("CREATE TABLE sys.jobs (job_id UUID PRIMARY KEY, job_type VARCHAR, status VARCHAR, parameters JSON, result VARCHAR, trace VARCHAR, memory_used BIGINT, cpu_used BIGINT, " +
		"created_at TIMESTAMP, started_at TIMESTAMP, completed_at TIMESTAMP, error VARCHAR)"); err != nil {
		return errors.Join(err, d.close())
	}
	const columns = "job_id, job_type, status, parameters, result, trace, memory_used, cpu_used, created_at, started_at, completed_at, error"
	if err := timed("load", b.rows, "INSERT INTO sys.jobs SELECT "+columns+" FROM read_parquet("+quoted(b.jobs)+"); CHECKPOINT"); err != nil {
		return errors.Join(err, d.close())
	}
	out := filepath.Join(b.dir, "writes.parquet")
	if err := timed("flush", b.rows, "COPY sys.jobs TO "+quoted(out)+" (FORMAT parquet, COMPRESSION zstd)"); err != nil {
		return errors.Join(err, d.close())
	}
	if err := errors.Join(d.close(), os.Remove(out)); err != nil {
		return err
	}
	start := time.Now()
	if d, err = openDuck("DuckDB", path, b.threads); err != nil {
		return err
	}
	var n int64
	if err := d.db.QueryRowContext(ctx, "SELECT count(*) FROM sys.jobs").Scan(&n); err != nil {
		return errors.Join(err, d.close())
	}
	done("open", 1, time.Since(start))
	return errors.Join(duckSingles(ctx, d, b.singles, done), d.close())
}

// duckSingles runs the workloads of single rows; each statement is a transaction, synced to the log.
func duckSingles(ctx context.Context, d *duckEngine, long time.Duration, done func(name string, n int64, took time.Duration)) error {
	var made [17]uint64
	id := func(worker int, n uint64) string { return embedded.Numbered(worker, n).String() }
	insert := func(st *sql.Stmt, worker int, n uint64) error {
		made[worker] = n
		_, err := st.ExecContext(ctx, id(worker, n), time.Now())
		return err
	}
	update := func(st *sql.Stmt, worker int, n uint64) error {
		if n > made[worker] {
			return measure.ErrEnough
		}
		_, err := st.ExecContext(ctx, time.Now(), id(worker, n))
		return err
	}
	lookup := func(st *sql.Stmt, worker int, n uint64) error {
		var key, status string
		return st.QueryRowContext(ctx, id(worker, 1+n*0x9e3779b1%made[worker])).Scan(&key, &status)
	}
	for _, w := range []struct {
		name, text string
		from, to   int
		do         func(st *sql.Stmt, worker int, n uint64) error
	}{
		{"insert-1", "INSERT INTO sys.jobs (job_id, job_type, status, parameters, trace, created_at) VALUES (?, 'flush', 'pending', '[\"chat\", \"messages\"]', 'node-1:bench:thread-0', ?)", 0, 1, insert},
		{"insert-16", "INSERT INTO sys.jobs (job_id, job_type, status, parameters, trace, created_at) VALUES (?, 'flush', 'pending', '[\"chat\", \"messages\"]', 'node-1:bench:thread-0', ?)", 1, 17, insert},
		{"status-1", "UPDATE sys.jobs SET status = 'running', started_at = ? WHERE job_id = ?", 0, 1, update},
		{"lookup-2", "SELECT job_id::VARCHAR, status FROM sys.jobs WHERE job_id = ?", 1, 3, lookup},
	} {
		n, took, err := during(ctx, d.db, w.text, long, w.from, w.to, w.do)
		if err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
		done(w.name, n, took)
	}
	return nil
}

// during is measure.During with a connection and a prepared statement for each worker.
func during(ctx context.Context, db *sql.DB, text string, long time.Duration, from, to int, do func(st *sql.Stmt, worker int, n uint64) error) (n int64, took time.Duration, err error) {
	statements, counts := make([]*sql.Stmt, to), make([]uint64, to)
	for worker := from; worker < to; worker++ {
		conn, err := db.Conn(ctx)
		if err != nil {
			return 0, 0, err
		}
		defer conn.Close()
		if statements[worker], err = conn.PrepareContext(ctx, text); err != nil {
			return 0, 0, err
		}
		defer statements[worker].Close()
	}
	return measure.During(ctx, long, from, to, func(_ context.Context, worker int) error {
		counts[worker]++
		return do(statements[worker], worker, counts[worker])
	})
}
