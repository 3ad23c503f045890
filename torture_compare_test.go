package stoa_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stoadb/stoa"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/exec"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/vfs"
)

// each runs a statement and visits the batches of its rows.
func each(ctx context.Context, session *exec.Session, sql string, visit func(b *vec.Batch)) error {
	stmts, err := parser.Parse(sql)
	if err != nil {
		return err
	}
	for _, st := range stmts {
		res, err := session.Execute(ctx, st, nil)
		if err != nil {
			return err
		}
		defer res.Close()
		for {
			b, err := res.Next()
			if err != nil {
				return err
			}
			if b == nil {
				break
			}
			visit(b)
		}
	}
	return nil
}

// ask runs a statement and gives its rows as text.
func ask(ctx context.Context, session *exec.Session, sql string) (rows []modelRow, err error) {
	err = each(ctx, session, sql, func(b *vec.Batch) {
		for i := range b.N {
			row := make(modelRow, len(b.Cols))
			for c, v := range b.Cols {
				if !v.IsNull(i) {
					row[c] = ptr(string(vec.AppendText(nil, v, i, session.Zone())))
				}
			}
			rows = append(rows, row)
		}
	})
	return rows, err
}

// askLines runs a statement and gives its rows as rowLine does.
func askLines(ctx context.Context, session *exec.Session, sql string) ([]string, error) {
	out, line := []string{}, []byte(nil)
	err := each(ctx, session, sql, func(b *vec.Batch) {
		for i := range b.N {
			line = line[:0]
			for c, v := range b.Cols {
				if c > 0 {
					line = append(line, '|')
				}
				if v.IsNull(i) {
					line = append(line, "∅"...)
				} else {
					line = vec.AppendText(line, v, i, session.Zone())
				}
			}
			out = append(out, string(line))
		}
	})
	return out, err
}

// oneOf finds the state that the database has among those that it may have.
func (l *tortured) oneOf(ctx context.Context, candidates []*modelState) error {
	got, err := contents(ctx, l.db)
	if err != nil {
		return err
	}
	for _, s := range slices.Backward(candidates) {
		if err = differ(got, s); err == nil {
			l.state = s
			return nil
		}
	}
	return fmt.Errorf("none of %d states: %w", len(candidates), err)
}

var errDiffers = errors.New("the database is not as the model")

// contents names what a database holds that the model knows: its tables, and their rows, asked for in no order and sorted by their bytes.
func contents(ctx context.Context, db *stoa.DB) (map[string][]string, error) {
	session, out := db.Session(), definitions(db)
	out[modelJobs], out[modelLive] = nil, nil
	for name := range out {
		sql, _, _ := strings.Cut(allRows(name), " ORDER BY ")
		rows, err := askLines(ctx, session, sql)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		slices.Sort(rows)
		out[name] = append(out[name], rows...)
	}
	return out, nil
}

// definitions gives the columns of the operations' tables, by name, as information_schema.columns would; asked in SQL, they were an eighth of a life's time.
func definitions(db *stoa.DB) map[string][]string {
	snap := db.Store().Snapshot()
	defer snap.Close()
	out := map[string][]string{}
	for _, v := range snap.Tables() {
		if v.Def.Name.Namespace != "chat" {
			continue
		}
		for _, c := range v.Def.Columns {
			out[v.Def.Name.String()] = append(out[v.Def.Name.String()], columnLine(c.Name, c.Type.String(), c.NotNull, c.Default != ""))
		}
	}
	return out
}

// tableMatches compares a table with its state, all of it.
func (l *tortured) tableMatches(ctx context.Context, name string) error {
	session := l.db.Session()
	columns, err := askLines(ctx, session, "SELECT column_name, data_type, is_nullable, column_default IS NOT NULL FROM information_schema.columns "+
		"WHERE table_schema = 'chat' AND table_name = '"+strings.TrimPrefix(name, "chat.")+"' ORDER BY ordinal_position")
	if err != nil {
		return err
	}
	rows, err := askLines(ctx, session, allRows(name))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	t := l.state.tables[name]
	return t.differ(name, append(columns, rows...), t.lines())
}

// differ compares what information_schema.columns says of a table, and its rows, with the state, whose rows are given in the order asked for.
func (t *modelTable) differ(name string, got, rows []string) error {
	if want := append(t.columnLines(name), rows...); !slices.Equal(got, want) {
		return fmt.Errorf("%w: %s: %s", errDiffers, name, firstLines(strings.Join(want, "\n"), strings.Join(got, "\n")))
	}
	return nil
}

// columnLines gives what information_schema.columns says of a table.
func (t *modelTable) columnLines(name string) (out []string) {
	if strings.HasPrefix(name, "system.") {
		return nil
	}
	for _, c := range t.columns {
		out = append(out, columnLine(c.name, strings.Replace(c.typ, "timestamp", "timestamp without time zone", 1), c.notNull, c.missing != nil))
	}
	return out
}

func columnLine(name, typ string, notNull, hasDefault bool) string {
	return fmt.Sprintf("%s|%s|%s|%s", name, typ, map[bool]string{true: "NO", false: "YES"}[notNull], *literalBool(hasDefault))
}

func literalBool(b bool) *string { return ptr(map[bool]string{true: "t", false: "f"}[b]) }

// settle makes sure of the defaults of columns, which cannot be seen: of two states that a power cut may leave they may be those of the other one.
func (l *tortured) settle(ctx context.Context) error {
	for name, t := range l.state.tables {
		for _, c := range t.columns {
			if c.missing == nil {
				continue
			}
			sql := "ALTER TABLE " + name + " ALTER COLUMN " + c.name + " SET DEFAULT " + literalOf(c.typ, c.missing)
			if _, err := ask(ctx, l.db.Session(), sql); err != nil {
				return err
			}
		}
	}
	return nil
}

func allRows(name string) string {
	switch name {
	case modelJobs:
		return "SELECT * FROM system.jobs WHERE job_type = '" + lifeJob + "' ORDER BY job_id"
	case modelLive:
		return "SELECT * FROM system.live_queries ORDER BY live_id"
	}
	return "SELECT * FROM " + name + " ORDER BY id"
}

// matches compares a database with a state, all of it.
func matches(ctx context.Context, db *stoa.DB, s *modelState) error {
	got, err := contents(ctx, db)
	if err != nil {
		return err
	}
	return differ(got, s)
}

func differ(got map[string][]string, s *modelState) error {
	if have, want := slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(s.tables)); !slices.Equal(have, want) {
		return fmt.Errorf("%w: tables %v, want %v", errDiffers, have, want)
	}
	for name, t := range s.tables {
		if err := t.differ(name, got[name], t.unordered()); err != nil {
			return err
		}
	}
	return nil
}

// idle checks that no job of the engine's own has been left running, and that the files on the disk are those that the database knows.
func (l *tortured) idle(ctx context.Context) error {
	running, err := askLines(ctx, l.db.Session(), "SELECT job_type, trace FROM system.jobs WHERE status = 'running' AND job_type <> '"+lifeJob+"'")
	if err != nil {
		return err
	}
	if len(running) > 0 {
		return fmt.Errorf("left running: %v", running)
	}
	known := map[string]bool{}
	snap := l.db.Store().Snapshot()
	defer snap.Close()
	for _, v := range snap.Tables() {
		for _, f := range v.Files {
			known[filepath.Join("/", l.db.Store().Path(f.Path))] = true
		}
	}
	for _, dir := range []string{"storage", "users", "cold"} {
		names, err := filesBelow(l.mem, filepath.Join(l.dir, dir))
		if err != nil {
			return err
		}
		for _, name := range names {
			if !known[name] {
				return fmt.Errorf("stray file %s", name)
			}
		}
	}
	return nil
}

func filesBelow(fs vfs.FS, dir string) (out []string, err error) {
	if there, err := vfs.Exists(fs, dir); err != nil || !there {
		return nil, err
	}
	entries, err := fs.ReadDir(dir)
	for _, e := range entries {
		name := filepath.Join(dir, e.Name())
		if !e.IsDir() {
			out = append(out, name)
			continue
		}
		below, err := filesBelow(fs, name)
		if err != nil {
			return nil, err
		}
		out = append(out, below...)
	}
	return out, err
}

// look reads a table in one of many forms.
func (l *tortured) look(ctx context.Context, name string, seed uint64) error {
	if name == "" {
		return nil
	}
	r := rand.New(rand.NewPCG(seed, 4))
	t := l.state.tables[name]
	if t == nil {
		if _, err := ask(ctx, l.db.Session(), "SELECT * FROM "+name); codeOf(err) != sqlstate.UndefinedTable {
			return fmt.Errorf("%s: %v, and it is not there", name, err)
		}
		return nil
	}
	sql, want, ordered := lookAt(name, t, r)
	got, err := askLines(ctx, l.db.Session(), sql)
	if err != nil {
		return fmt.Errorf("%s: %w", sql, err)
	}
	if !ordered {
		slices.Sort(got)
		slices.Sort(want)
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("%s: %w: %s", sql, errDiffers, firstLines(strings.Join(want, "\n"), strings.Join(got, "\n")))
	}
	return nil
}

// lookAt draws a query of a table, with its answer.
func lookAt(name string, t *modelTable, r *rand.Rand) (sql string, want []string, ordered bool) {
	if strings.HasPrefix(name, "system.") {
		return allRows(name), t.lines(), true
	}
	lines := []string{}
	c := r.IntN(len(t.columns))
	column := t.columns[c]
	switch r.IntN(6) {
	case 0:
		keys := t.keys()
		n, skip := r.IntN(10), r.IntN(5)
		for i := len(keys) - 1 - skip; i >= 0 && len(lines) < n; i-- {
			lines = append(lines, rowLine(t.rows[keys[i]]))
		}
		return fmt.Sprintf("SELECT * FROM %s ORDER BY id DESC LIMIT %d OFFSET %d", name, n, skip), lines, true
	case 1:
		text, where := condition(r)
		for _, k := range t.keys() {
			if where(k) {
				lines = append(lines, rowLine(t.rows[k]))
			}
		}
		return "SELECT * FROM " + name + " WHERE " + text, lines, false
	case 2:
		v := lifeValue(r, column.typ)
		text := column.name + " IS NULL"
		if v != nil {
			text = column.name + " = " + literalOf(column.typ, v)
		}
		for _, k := range t.keys() {
			if have := t.rows[k][c]; v == nil && have == nil || v != nil && have != nil && *have == *v {
				lines = append(lines, rowLine(t.rows[k]))
			}
		}
		return "SELECT * FROM " + name + " WHERE " + text, lines, false
	case 3:
		groups := map[string][]string{}
		for _, k := range t.keys() {
			group := rowLine(modelRow{t.rows[k][c]})
			groups[group] = append(groups[group], k)
		}
		for group, keys := range groups {
			lines = append(lines, fmt.Sprintf("%s|%d|%s|%s", group, len(keys), keys[0], keys[len(keys)-1]))
		}
		return fmt.Sprintf("SELECT %[1]s, count(*), min(id), max(id) FROM %[2]s GROUP BY %[1]s", column.name, name), lines, false
	}
	return allRows(name), t.lines(), true
}
