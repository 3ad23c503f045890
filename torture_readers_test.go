package stoa_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa"
)

// readingProcess says to a process of TestTortureReaders which directory it reads, and how: "long DIR" keeps the database open, "short DIR" opens it for each query.
const readingProcess = "STOA_TORTURE_READER"

// report is what a reading process tells of a query.
type report struct {
	What     string
	Rows     []modelRow
	Problems string
}

// TestTortureReaderProcess is no test: it is a process that reads beside the writer. For each line that it gets, a query, it gives a line with the answer.
func TestTortureReaderProcess(t *testing.T) {
	how, dir, found := strings.Cut(os.Getenv(readingProcess), " ")
	if !found {
		t.Skip("only for the test that starts it")
	}
	ctx := context.Background()
	var db *stoa.DB
	answer := func(sql string) (rows []modelRow, err error) {
		if db == nil {
			if db, err = stoa.Open(ctx, dir, &stoa.Options{ReadOnly: true, Workers: 2}); err != nil {
				return nil, err
			}
		}
		if rows, err = ask(ctx, db.Session(), sql); err != nil || how == "long" {
			return rows, err
		}
		err = db.Close()
		db = nil
		return rows, err
	}
	fmt.Println("ready")
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		r := report{What: lines.Text()}
		var err error
		if r.Rows, err = answer(r.What); err != nil {
			r.Problems = err.Error()
		}
		text, err := json.Marshal(r)
		require.NoError(t, err)
		fmt.Println(string(text))
	}
}

// readerProcess is such a process.
type readerProcess struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
}

func startReader(t *testing.T, how, dir string) *readerProcess {
	p := &readerProcess{cmd: exec.Command(os.Args[0], "-test.run=^TestTortureReaderProcess$", "-test.v=false")}
	p.cmd.Env = append(os.Environ(), readingProcess+"="+how+" "+dir)
	p.cmd.Stderr = os.Stderr
	var err error
	p.in, err = p.cmd.StdinPipe()
	require.NoError(t, err)
	out, err := p.cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.cmd.Start())
	t.Cleanup(func() { _ = p.cmd.Process.Kill(); _ = p.cmd.Wait() })
	p.lines = bufio.NewScanner(out)
	p.lines.Buffer(nil, 1<<20)
	require.True(t, p.lines.Scan())
	require.Equal(t, "ready", p.lines.Text())
	return p
}

// ask has the process run a query.
func (p *readerProcess) ask(sql string) ([]modelRow, error) {
	if _, err := io.WriteString(p.in, strings.Join(strings.Fields(sql), " ")+"\n"); err != nil {
		return nil, err
	}
	if !p.lines.Scan() {
		return nil, fmt.Errorf("the process has ended: %w", p.lines.Err())
	}
	var r report
	if err := json.Unmarshal(p.lines.Bytes(), &r); err != nil {
		return nil, fmt.Errorf("%w: %s", err, p.lines.Text())
	}
	if r.Problems != "" {
		return nil, fmt.Errorf("%s: %s", r.What, r.Problems)
	}
	return r.Rows, nil
}

// writeAndMaintain runs statements, and does one thing or another after every third.
func (b *bank) writeAndMaintain(ctx context.Context, statements int) error {
	s := b.session(0)
	upkeep := []string{"CALL system.flush('bank.accounts', all_rows => true)", "CALL system.compact()", "", "CALL system.flush()"}
	for n := range statements {
		if err := s.transfer(ctx); err != nil {
			return err
		}
		if n%3 > 0 {
			continue
		}
		var err error
		if sql := upkeep[n/3%len(upkeep)]; sql == "" {
			err = b.db.Store().Checkpoint(ctx)
		} else {
			_, err = ask(ctx, s.Session, sql)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// TestTortureReaders has processes read a directory beside the one that writes, flushes, compacts and makes checkpoints in it: some open it for each query, some
// keep it open. Each query reads one committed state whole, with everything that was acknowledged when it began.
func TestTortureReaders(t *testing.T) {
	t.Parallel()
	ctx, dir := context.Background(), filepath.Join(t.TempDir(), "data")
	db, err := stoa.Open(ctx, dir, nil)
	require.NoError(t, err)
	b := &bank{db: db}
	b.fill(t)
	var reading sync.WaitGroup
	over := make(chan struct{})
	problems := make(chan error, 100)
	for i, how := range []string{"long", "short", "long"} {
		p := startReader(t, how, dir)
		random := rand.New(rand.NewPCG(*tortureSeed, uint64(i)))
		reading.Go(func() {
			defer p.in.Close()
			for {
				select {
				case <-over:
					return
				default:
				}
				o := observation{session: 100 + i, lo: b.acknowledged.Load(), balances: map[int64]int64{}}
				o.ask(random)
				rows, err := p.ask(o.what)
				if err == nil {
					err = o.read(rows)
				}
				if err != nil {
					problems <- fmt.Errorf("%s reader: %w", how, err)
					return
				}
				b.saw(o)
			}
		})
	}
	if err := b.writeAndMaintain(ctx, 3**concurrentWrites); err != nil {
		problems <- fmt.Errorf("the writer: %w", err)
	}
	close(over)
	reading.Wait()
	select {
	case err := <-problems:
		t.Fatalf("seed %d: %v", *tortureSeed, err)
	default:
	}
	require.NoError(t, db.Close())
	require.NoError(t, b.check(), "seed "+strconv.FormatUint(*tortureSeed, 10))
	t.Logf("seed %d: %d changes, %d observations by 3 processes", *tortureSeed, len(b.changes), len(b.observations))
}
