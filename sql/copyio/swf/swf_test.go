package swf

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
)

// sums are what testdata/sums.py computes of a log, without this package.
type sums struct {
	File                                               string
	Rows, Memory, CPU, Measured, Duration, First, Last int64
	Status, Types                                      map[string]int64
	Traces                                             int
	SHA256                                             string
}

// openLog opens a log of testdata, or one of the real ones: those are data beside the project, found by STOA_HISTORIES or at ../shared/histories
// from the repository's root.
func openLog(t *testing.T, name string) io.Reader {
	t.Helper()
	path := filepath.Join("testdata", name)
	if strings.HasSuffix(name, ".gz") {
		dir := os.Getenv("STOA_HISTORIES")
		if dir == "" {
			dir = filepath.Join("..", "..", "..", "..", "shared", "histories")
		}
		path = filepath.Join(dir, name)
		if _, err := os.Stat(path); err != nil {
			t.Skipf("the log %s is not here (set STOA_HISTORIES to its directory): %v", name, err)
		}
	}
	f, err := os.Open(path)
	require.NoError(t, err)
	t.Cleanup(func() { f.Close() })
	if !strings.HasSuffix(name, ".gz") {
		return f
	}
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	return z
}

// TestSums compares every value of every row, by a digest and by sums that say more when it differs.
func TestSums(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join("testdata", "sums.json"))
	require.NoError(t, err)
	var expected []sums
	require.NoError(t, json.Unmarshal(data, &expected))
	require.Len(t, expected, 3)
	for _, want := range expected {
		t.Run(want.File, func(t *testing.T) {
			t.Parallel()
			r := NewReader(openLog(t, want.File), "jobs")
			got := sums{File: want.File, Status: map[string]int64{}, Types: map[string]int64{}, First: math.MaxInt64}
			digest, traces := sha256.New(), map[string]bool{}
			for n := 1; ; n += 1000 {
				b, lines, err := r.Read(n)
				require.NoError(t, err)
				if b == nil {
					break
				}
				require.LessOrEqual(t, b.N, n)
				require.Len(t, lines, b.N)
				got.add(b, traces)
				for i := range b.N {
					digest.Write(line(b, i))
				}
			}
			got.Traces, got.SHA256 = len(traces), hex.EncodeToString(digest.Sum(nil))
			require.Equal(t, want, got)
		})
	}
}

// line gives a row as the script writes it.
func line(b *vec.Batch, i int) []byte {
	var out []byte
	for c, v := range b.Cols {
		if c > 0 {
			out = append(out, '\t')
		}
		switch {
		case v.IsNull(i):
			out = append(out, `\N`...)
		case v.Type == arrowschema.Timestamp:
			out = strconv.AppendInt(out, v.Ints[i], 10)
		default:
			out = vec.AppendText(out, v, i, time.UTC)
		}
	}
	return append(out, '\n')
}

func (s *sums) add(b *vec.Batch, traces map[string]bool) {
	for i := range b.N {
		text := func(c int) string { v, at := b.Cols[c].Value(i); return v.Strs[at] }
		number := func(c int) int64 {
			if b.Cols[c].IsNull(i) {
				return 0
			}
			return b.Cols[c].Ints[i]
		}
		s.Rows++
		s.Types[text(1)]++
		s.Status[text(2)]++
		trace := strings.Split(text(5), ":")
		traces[strings.Join(trace[:len(trace)-2], ":")] = true
		s.Memory, s.CPU = s.Memory+number(6), s.CPU+number(7)
		if !b.Cols[6].IsNull(i) {
			s.Measured++
		}
		if !b.Cols[10].IsNull(i) {
			s.Duration += number(10) - number(9)
		}
		s.First, s.Last = min(s.First, number(8)), max(s.Last, number(8))
	}
}

// TestColumns compares the columns with those of system.jobs.
func TestColumns(t *testing.T) {
	t.Parallel()
	def := schemahistory.Contract()[0]
	for i, c := range def.Columns {
		at, typ, ok := Column(c.Name)
		require.True(t, ok)
		require.Equal(t, i, at)
		require.Equal(t, c.Type, typ)
	}
	require.Len(t, columnTypes, len(def.Columns))
	_, _, ok := Column("user_id")
	require.False(t, ok)
}

func TestErrors(t *testing.T) {
	t.Parallel()
	const start = "; UnixStartTime: 0\n"
	good := "1 0 0 1 1 -1 -1 -1 -1 -1 1 1 1 1 1 1 -1 -1"
	with := func(field int, value string) string {
		f := strings.Fields(good)
		f[field] = value
		return start + good + "\n" + strings.Join(f, " ") + "\n"
	}
	for _, c := range []struct{ name, log, code, message, where string }{
		{"no start", good, "22P04", "the log has no UnixStartTime", `COPY jobs, line 1: "` + good + `"`},
		{"too short", start + "1 2 3\n", "22P04", `missing data for field "run time"`, `COPY jobs, line 2: "1 2 3"`},
		{"too long", start + good + " 5\n", "22P04", `extra data after field "think time"`, `COPY jobs, line 2: "` + good + ` 5"`},
		{"a word", with(10, "done"), "22P04", `invalid number for field "status": "done"`, `COPY jobs, line 3, field status: "done"`},
		{"decimals where there are none", with(4, "1.5"), "22P04", `invalid number for field "allocated processors": "1.5"`, `COPY jobs, line 3, field allocated processors: "1.5"`},
		{"half a decimal", with(3, "1."), "22P04", `invalid number for field "run time": "1."`, `COPY jobs, line 3, field run time: "1."`},
		{"bad decimals", with(3, "1.x"), "22P04", `invalid number for field "run time": "1.x"`, `COPY jobs, line 3, field run time: "1.x"`},
		{"only a sign", with(3, "-"), "22P04", `invalid number for field "run time": "-"`, `COPY jobs, line 3, field run time: "-"`},
		{"huge", with(6, "99999999999999999999"), "22P04", `invalid number for field "used memory": "99999999999999999999"`, `COPY jobs, line 3, field used memory: "99999999999999999999"`},
		{"far future", with(3, "2000000000000"), "22008", "timestamp out of range", `COPY jobs, line 3, field run time: "2000000000000"`},
		{"no number", with(0, "-1"), "22P04", "the job number is unknown", `COPY jobs, line 3, field job number: "-1"`},
		{"no submit time", with(1, "-1"), "22P04", "the submit time is unknown", `COPY jobs, line 3, field submit time: "-1"`},
		{"product", strings.Replace(with(6, "9000000000000"), " 0 1 1 ", " 0 1 9000000000 ", 2), "22003", "bigint out of range", `COPY jobs, line 3, field used memory: "9000000000000"`},
		{"endless line", start + strings.Repeat("1", maxLine+1), "54000", "line is longer than 1048576 bytes", `COPY jobs, line 2: ""`},
		{"binary", start + "\xff\xfe", "22P04", `invalid number for field "job number": "ÿþ"`, "COPY jobs, line 2, field job number: \"ÿþ\""},
	} {
		r := NewReader(strings.NewReader(c.log), "jobs")
		_, _, err := r.Read(10)
		var e *sqlstate.Error
		require.ErrorAs(t, err, &e, c.name)
		require.Equal(t, []string{c.code, c.message, c.where}, []string{string(e.Code), e.Message, e.Where}, c.name)
		_, _, again := r.Read(10)
		require.Equal(t, err, again, c.name)
	}
}

// TestIdentity checks that a second import of a log has the same keys, and another installation others.
func TestIdentity(t *testing.T) {
	t.Parallel()
	log, err := os.ReadFile(filepath.Join("testdata", "small.swf"))
	require.NoError(t, err)
	read := func(log []byte) [][16]byte {
		b, _, err := NewReader(bytes.NewReader(log), "jobs").Read(100)
		require.NoError(t, err)
		return b.Cols[0].UUIDs
	}
	require.Equal(t, read(log), read(log))
	require.NotEqual(t, read(log)[0], read(bytes.Replace(log, []byte("Test Machine"), []byte("Other"), 1))[0])
	latin := bytes.Replace(log, []byte("ü"), []byte{0xfc}, 1)
	require.Equal(t, read(log), read(latin), "Latin-1 is read as what it means")
}

func FuzzRead(f *testing.F) {
	log, err := os.ReadFile(filepath.Join("testdata", "small.swf"))
	require.NoError(f, err)
	f.Add(log)
	f.Fuzz(func(t *testing.T, log []byte) {
		r := NewReader(bytes.NewReader(log), "jobs")
		for {
			b, _, err := r.Read(3)
			if err != nil || b == nil {
				return
			}
			for i := range b.N {
				line(b, i)
			}
		}
	})
}
