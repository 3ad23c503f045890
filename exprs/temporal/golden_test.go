package temporal

import (
	"errors"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// null is what a golden file has for NULL.
const null = `\N`

// goldenDir is where the golden files are; TEMPORAL_GOLDEN names another directory, for larger ones than those that are kept.
func goldenDir() string {
	if dir := os.Getenv("TEMPORAL_GOLDEN"); dir != "" {
		return dir
	}
	return "testdata"
}

// TestGolden compares every operation with what PostgreSQL 15 answered, byte for byte, errors included.
func TestGolden(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"parse_timestamp", "parse_interval", "arithmetic", "extract", "trunc", "zones", "to_char"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(goldenDir() + "/" + name + ".golden")
			require.NoError(t, err)
			lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
			require.NotEmpty(t, lines)
			failed := 0
			for i, line := range lines {
				columns := strings.Split(line, "\t")
				for j := range columns {
					columns[j] = unescape(columns[j])
				}
				op, args, want := columns[0], columns[1:len(columns)-1], columns[len(columns)-1]
				if got := answer(t, op, args); got != want && !differsOnPurpose(op, args, want, got) {
					t.Errorf("%s.golden:%d: %s %q: got %q, PostgreSQL says %q", name, i+1, op, args, got, want)
					if failed++; failed == 60 {
						t.FailNow()
					}
				}
			}
		})
	}
}

// posixSummer matches the refusal of a zone such as FOO5BAR, FOO5BAR-4 or, because PostgreSQL takes nearly everything for a name, foo12. too.
var posixSummer = regexp.MustCompile(`^!22023\|time zone "[^"0-9+,-]+[-+]?([0-9][0-9:]*[^"0-9+,:-].*|[0-9]+:[0-9]+:[0-9]+:[0-9]+)" not recognized\|\|$`)

// differsOnPurpose names the cases in which this package answers otherwise, as its documentation says.
func differsOnPurpose(op string, args []string, want, got string) bool {
	if posixSummer.MatchString(got) {
		return true // a zone with summer time in POSIX form
	}
	switch op {
	case "iv_char": // patterns of which PostgreSQL makes nonsense
		return strings.HasPrefix(got, "!0A000|format ")
	case "ts_sub": // where PostgreSQL 15 wraps around
		return got == "!22008|interval out of range||"
	case "iv_in_as", "iv_in_prec": // rounding beyond the largest interval, where PostgreSQL 15 wraps around
		return got == "!22008|interval out of range||" && strings.Contains(want, "2562047788:00:54")
	case "date_ts", "date_addiv", "date_subiv", "ts_add", "ts_subiv", "tstz_add", "tstz_subiv", "ts_in", "tstz_in", "to_timestamp", "date_tstz":
		// Years that microseconds since 1970 cannot hold.
		if year, err := strconv.Atoi(strings.SplitN(want, "-", 2)[0]); err == nil && year >= 294247 && !strings.Contains(want, "294247-01-0") {
			return true
		}
	case "at_zone", "local_at", "set_zone": // what LoadZone does not know
		return strings.HasPrefix(args[0], "right/") || (args[0] == "MSK" && op == "local_at")
	}
	return false
}

// unescape undoes the escapes of COPY.
func unescape(s string) string {
	if s == null {
		return s
	}
	return strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n", `\r`, "\r").Replace(s)
}

// failure writes an error as the golden files do.
func failure(err error) string {
	var e *sqlstate.Error
	if !errors.As(err, &e) {
		return "not an SQL error: " + err.Error()
	}
	return "!" + strings.Join([]string{string(e.Code), e.Message, e.Detail, e.Hint}, "|")
}

// goldenRun evaluates one case. The first error that a step meets is its answer.
type goldenRun struct {
	args []string
	zone *time.Location
	err  error
}

func (r *goldenRun) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

func check[T any](r *goldenRun, v T, err error) T {
	if err != nil {
		r.fail(err)
	}
	return v
}

func (r *goldenRun) ts(i int) int64 {
	v, err := ParseTimestamp(r.args[i])
	return check(r, v, err)
}

func (r *goldenRun) tstz(i int) int64 {
	v, err := ParseTimestampTZ(r.args[i], r.zone)
	return check(r, v, err)
}

func (r *goldenRun) date(i int) int64 {
	v, err := ParseDate(r.args[i])
	return check(r, v, err)
}

func (r *goldenRun) time(i int) int64 {
	v, err := ParseTime(r.args[i])
	return check(r, v, err)
}

func (r *goldenRun) interval(i int) Interval {
	v, err := ParseInterval(r.args[i])
	return check(r, v, err)
}

func (r *goldenRun) int(i int) int64 {
	v, err := strconv.ParseInt(r.args[i], 10, 64)
	return check(r, v, err)
}

func (r *goldenRun) float(i int) float64 {
	v, err := strconv.ParseFloat(r.args[i], 64)
	return check(r, v, err)
}

func printTS(v int64, err error) (string, error)   { return string(AppendTimestamp(nil, v)), err }
func printDate(v int64, err error) (string, error) { return string(AppendDate(nil, v)), err }
func printTime(v int64) (string, error)            { return string(AppendTime(nil, v)), nil }
func printIV(v Interval, err error) (string, error) {
	return string(AppendInterval(nil, v)), err
}

func (r *goldenRun) printTZ(v int64, err error) (string, error) {
	return string(AppendTimestampTZ(nil, v, r.zone)), err
}

func printNumber(n Number) (string, error) {
	if n.Kind == Null {
		return null, nil
	}
	return n.String(), nil
}

// answer gives the text of an operation's result, or its error.
func answer(t *testing.T, op string, args []string) string {
	r := &goldenRun{args: args, zone: time.UTC}
	if strings.Contains(op, "tstz") || op == "agetz" || op == "set_zone" {
		zone, err := SessionZone(args[0])
		if err != nil {
			return failure(err)
		}
		r.zone, r.args = zone, args[1:]
	}
	evaluate, ok := goldenOps[op]
	require.True(t, ok, "no operation %s", op)
	text, err := evaluate(r)
	if r.err != nil {
		err = r.err
	}
	if err != nil {
		return failure(err)
	}
	return text
}
