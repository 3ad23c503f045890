package client

import (
	"bytes"
	"context"
	"io"
	"os"
	"sync"

	"github.com/stoadb/stoa/sql/exec"
)

// pieceBytes is how much is read from an input at once.
const pieceBytes = 64 << 10

// Input is a stream of bytes that is read in pieces, as they come, and for which a reader can stop waiting. Nothing is read before it is asked for; after
// that, at most one piece ahead. It belongs to one goroutine.
type Input struct {
	r      io.Reader
	start  sync.Once
	pieces chan piece
	stop   chan struct{}
	rest   []byte // what has come and was not taken
	err    error  // what ended the stream, behind rest
}

type piece struct {
	data []byte
	err  error
}

// NewInput reads from r.
func NewInput(r io.Reader) *Input {
	return &Input{r: r, pieces: make(chan piece), stop: make(chan struct{})}
}

// Close ends the reading. A read that is under way ends when r lets it.
func (in *Input) Close() { close(in.stop) }

// pump reads ahead, so that whoever waits can wait for something else as well.
func (in *Input) pump() {
	for {
		buf := make([]byte, pieceBytes)
		n, err := in.r.Read(buf)
		select {
		case in.pieces <- piece{buf[:n], err}:
		case <-in.stop:
			return
		}
		if err != nil {
			return
		}
	}
}

// more waits for a further piece. The error is that of the stream, errIdle when an interrupt comes first, context.Canceled when done does. Both
// channels may be nil.
func (in *Input) more(interrupts <-chan os.Signal, done <-chan struct{}) error {
	if in.err != nil {
		return in.err
	}
	in.start.Do(func() { go in.pump() })
	select {
	case p := <-in.pieces:
		if len(in.rest) == 0 {
			in.rest = p.data
		} else {
			in.rest = append(in.rest[:len(in.rest):len(in.rest)], p.data...)
		}
		in.err = p.err
		return nil
	case <-interrupts:
		return errIdle
	case <-done:
		return context.Canceled
	}
}

// idle is more while nothing runs: what ends ctx is an interrupt then.
func (in *Input) idle(ctx context.Context, interrupts <-chan os.Signal) error {
	err := in.more(interrupts, ctx.Done())
	if err == context.Canceled {
		return errIdle
	}
	return err
}

// take gives what has come, up to the end of a line, and waits if that is nothing. At the end it gives io.EOF.
func (in *Input) take(ctx context.Context, interrupts <-chan os.Signal) (string, error) {
	for len(in.rest) == 0 {
		if err := in.idle(ctx, interrupts); err != nil {
			return "", err
		}
	}
	n := bytes.IndexByte(in.rest, '\n') + 1
	if n == 0 {
		n = len(in.rest)
	}
	text := string(in.rest[:n])
	in.rest = in.rest[n:]
	return text, nil
}

// line gives a line that begins with text, up to and with its line feed or to the end of the input.
func (in *Input) line(ctx context.Context, text string, interrupts <-chan os.Signal) (string, error) {
	for len(text) == 0 || text[len(text)-1] != '\n' {
		more, err := in.take(ctx, interrupts)
		if err == io.EOF {
			return text, nil
		}
		if err != nil {
			return text, err
		}
		if text += more; len(text) > maxStatement {
			return text, errLong
		}
	}
	return text, nil
}

// copyData is what follows COPY … FROM STDIN: the lines up to one that is `\.`, which is not part of them, or to the end of the input. As in psql, the
// marker ends the data wherever it stands, in a quoted field too.
type copyData struct {
	in    *Input
	run   context.Context // of the one who runs the statement
	done  <-chan struct{} // the statement's end
	part  []byte          // taken from the input, not handed on yet
	begun bool            // the line goes on: what comes next is not its beginning
	ended bool
}

// data implements DataSource.
func (in *Input) data(ctx context.Context) dataReader {
	return &copyData{in: in, run: ctx, done: ctx.Done()}
}

// Until implements exec.Waiting: a statement may end before the one who runs it wants that.
func (d *copyData) Until(done <-chan struct{}) { d.done = done }

// Read implements io.Reader.
func (d *copyData) Read(p []byte) (int, error) {
	for len(d.part) == 0 {
		if d.ended {
			return 0, io.EOF
		}
		err := d.next(func() error { return d.in.more(nil, d.done) })
		if err == context.Canceled && d.run.Err() == nil { // nobody wanted the end: the statement has had its time
			err = context.DeadlineExceeded
		}
		if err != nil {
			return 0, exec.Cancelled(err)
		}
	}
	n := copy(p, d.part)
	d.part = d.part[n:]
	return n, nil
}

// drain skips the data that a statement has not read.
func (d *copyData) drain(ctx context.Context, interrupts <-chan os.Signal) error {
	for !d.ended {
		if err := d.next(func() error { return d.in.idle(ctx, interrupts) }); err != nil {
			return err
		}
	}
	return nil
}

// next takes what has come, up to the end marker or to where more must come to tell whether it is one.
func (d *copyData) next(more func() error) error {
	for {
		n, marker, ok := d.scan()
		if ok {
			d.part = d.in.rest[:n]
			d.in.rest = d.in.rest[n+marker:]
			d.ended = marker > 0
			return nil
		}
		if err := more(); err == io.EOF {
			d.ended = true
			return nil
		} else if err != nil {
			return err
		}
	}
}

// scan looks for the end marker in what has come: n bytes are data and marker bytes behind them the marker. It is not ok when more must come.
func (d *copyData) scan() (n, marker int, ok bool) {
	rest := d.in.rest
	for n < len(rest) {
		if !d.begun {
			length, known := isMarker(rest[n:], d.in.err != nil)
			if !known {
				return n, 0, n > 0
			}
			if length > 0 {
				return n, length, true
			}
		}
		end := bytes.IndexByte(rest[n:], '\n')
		d.begun = end < 0
		if d.begun {
			return len(rest), 0, true
		}
		n += end + 1
	}
	return n, 0, n > 0
}

// isMarker gives the length of the end marker that a line begins with, 0 if it does not; it is not known when more must come to tell.
func isMarker(line []byte, last bool) (length int, known bool) {
	for _, marker := range []string{"\\.\n", "\\.\r\n"} {
		if bytes.HasPrefix(line, []byte(marker)) {
			return len(marker), true
		}
	}
	if len(line) >= len("\\.\r\n") || !bytes.HasPrefix([]byte("\\.\r\n"), line) {
		return 0, true
	}
	if last && len(line) >= len(`\.`) {
		return len(line), true
	}
	return 0, last
}
