package exec

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/scan"
	"github.com/stoadb/stoa/sql/parser"
)

// The settings that bound a statement: statement_timeout, as PostgreSQL has it, and memory_limit, the memory budget. What a client may set is read as
// PostgreSQL reads its settings with units (guc.c, parse_int and convert_to_base_unit).

// unit is a unit of a setting and how many base units it has.
type unit struct {
	name string
	size float64
}

var (
	// timeUnits are in milliseconds, the base unit.
	timeUnits = []unit{{"us", 0.001}, {"ms", 1}, {"s", 1000}, {"min", 60e3}, {"h", 3600e3}, {"d", 86400e3}}
	// memoryUnits are in kilobytes.
	memoryUnits = []unit{{"B", 1.0 / 1024}, {"kB", 1}, {"MB", 1 << 10}, {"GB", 1 << 20}, {"TB", 1 << 30}}
)

// minMemory is the least memory limit, in kilobytes: PostgreSQL's for work_mem.
const minMemory = 64

// quantity is a setting with units: an integer number of base units between bounds.
type quantity struct {
	units  []unit
	base   string // the name of the base unit
	lo, hi int64
	valid  string // the hint that lists the units
}

var quantities = map[string]quantity{
	"statement_timeout": {timeUnits, "ms", 0, math.MaxInt32, `Valid units for this parameter are "us", "ms", "s", "min", "h", and "d".`},
	"memory_limit":      {memoryUnits, "kB", -1, math.MaxInt32, `Valid units for this parameter are "B", "kB", "MB", "GB", and "TB".`},
}

// parse reads a value: a number, and after it perhaps a unit.
func (q *quantity) parse(name, value string) (int64, error) {
	invalid := func(hint string) error {
		return sqlstate.New(sqlstate.InvalidParameterValue, "invalid value for parameter %q: %q", name, value).WithHint("%s", hint)
	}
	text := strings.TrimSpace(value)
	end := len(text)
	for end > 0 && (text[end-1] >= 'a' && text[end-1] <= 'z' || text[end-1] >= 'A' && text[end-1] <= 'Z') {
		end--
	}
	number, suffix := strings.TrimSpace(text[:end]), text[end:]
	x, err := strconv.ParseFloat(number, 64)
	if err != nil || math.IsNaN(x) {
		if _, err := strconv.ParseFloat(strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ "), 64); err != nil {
			return 0, invalid("")
		}
		return 0, invalid(q.valid)
	}
	size := 1.0
	if suffix != "" {
		size = 0
		for _, u := range q.units {
			if u.name == suffix {
				size = u.size
			}
		}
		if size == 0 {
			return 0, invalid(q.valid)
		}
	}
	x = math.RoundToEven(x * size)
	if math.Abs(x) > math.MaxInt32 {
		return 0, invalid("Value exceeds integer range.")
	}
	if n := int64(x); n >= q.lo && n <= q.hi {
		return n, nil
	}
	return 0, sqlstate.New(sqlstate.InvalidParameterValue, "%d %s is outside the valid range for parameter %q (%d .. %d)", int64(x), q.base, name, q.lo, q.hi)
}

// format writes a number of base units in the largest unit that has a whole number of it.
func (q *quantity) format(n int64) string {
	if n <= 0 {
		return strconv.FormatInt(n, 10)
	}
	best := unit{q.base, 1}
	for _, u := range q.units {
		if u.size >= 1 && n%int64(u.size) == 0 {
			best = u
		}
	}
	return strconv.FormatInt(n/int64(best.size), 10) + best.name
}

// limit sets one of the settings that bound statements, and gives the value that is shown.
func (s *Session) limit(name, value string) (string, error) {
	q := quantities[name]
	n, err := q.parse(name, value)
	if err != nil {
		return "", err
	}
	switch name {
	case "statement_timeout":
		s.timeout = time.Duration(n) * time.Millisecond
	case "memory_limit":
		if n >= 0 && n < minMemory {
			return "", sqlstate.New(sqlstate.InvalidParameterValue, "%d kB is outside the valid range for parameter %q (%d .. %d)", n, name, minMemory, q.hi).
				WithHint("-1 is no limit.")
		}
		s.memory = n * 1024
	}
	return q.format(n), nil
}

// unlimited takes the session's limits back to the engine's.
func (s *Session) unlimited(name string) {
	switch name {
	case "statement_timeout":
		s.timeout = 0
	case "memory_limit":
		s.memory = 0
	}
}

// MemoryLimit gives the budget that the session has set for its statements, in bytes: 0 when it has set none, less when they have none.
func (s *Session) MemoryLimit() int64 { return s.memory }

// memoryLimit gives the budget of the session's statements, in bytes; 0 or less is none.
func (s *Session) memoryLimit() int64 {
	if s.memory != 0 {
		return s.memory
	}
	return s.engine.opts.MemoryLimit
}

// defaultOf gives the value of a setting that nobody has set.
func (s *Session) defaultOf(name string) string {
	if name == "memory_limit" {
		q := quantities[name]
		return q.format(max(-1, s.engine.opts.MemoryLimit/1024))
	}
	return defaults[name].value
}

// Parse parses the statements of a text as a part of the statement that is executed next: within the session's time and memory.
func (s *Session) Parse(ctx context.Context, sql string) ([]parser.Stmt, error) {
	s.due, s.parsed = time.Time{}, 0
	if s.timeout > 0 {
		s.due = time.Now().Add(s.timeout)
	}
	budget := scan.NewBudget(s.memoryLimit())
	stmts, err := parser.ParseWithin(sql, func(bytes int64) error {
		if err := exprs.Cancelled(ctx); err != nil {
			return err
		}
		if !s.due.IsZero() && time.Now().After(s.due) {
			return Cancelled(context.DeadlineExceeded)
		}
		return budget.Reserve(bytes)
	})
	s.parsed = budget.Used()
	return stmts, err
}

// deadline gives the context of a statement that begins now, or began when its text was parsed.
func (s *Session) deadline(ctx context.Context) (context.Context, context.CancelFunc) {
	due := s.due
	s.due = time.Time{}
	switch {
	case s.timeout <= 0:
		return ctx, func() {}
	case due.IsZero():
		return context.WithTimeout(ctx, s.timeout)
	}
	return context.WithDeadline(ctx, due)
}
