package stoa_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/stoadb/stoa"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// step is what an operation means in a state: how it is done, and what comes of it.
type step struct {
	sql   string // a statement; or
	do    func(ctx context.Context, l *tortured) error
	next  *modelState   // nil: as it was
	code  sqlstate.Code // of the error that it must give
	table string        // that is looked at afterwards
}

// step gives the meaning of an operation.
func (o op) step(s *modelState) step {
	r := rand.New(rand.NewPCG(uint64(o.b), uint64(o.c)))
	if st, ok := o.maintenance(r); ok {
		return st
	}
	if st, ok := o.systemStep(s); ok {
		return st
	}
	name := lifeTable(o.a)
	t := s.tables[name]
	if o.kind == "create" {
		return o.create(s, name, r)
	}
	if t == nil {
		return step{sql: "DELETE FROM " + name, code: sqlstate.UndefinedTable}
	}
	if o.kind == "bad" { // for the test of the shrinker
		return step{do: func(context.Context, *tortured) error { return errors.New("as it was to be") }}
	}
	st, next := o.rowStep(t, name, r)
	if st.sql == "" && st.do == nil {
		if o.kind == "drop" {
			return step{sql: "DROP TABLE " + name, next: s.with(name, nil), table: name}
		}
		if o.kind == "rename" {
			return o.renameTable(s, name)
		}
		st, next = o.alterStep(t, name, r)
	}
	if st.table = name; st.code == "" && next != nil {
		st.next = s.with(name, next)
	}
	return st
}

func (o op) create(s *modelState, name string, r *rand.Rand) step {
	t := &modelTable{columns: []modelColumn{{name: "id", typ: "bigint", notNull: true}}, rows: map[string]modelRow{}}
	text := []string{"id bigint PRIMARY KEY"}
	for _, c := range lifeColumns {
		typ := lifeTypes[r.IntN(len(lifeTypes))]
		switch {
		case r.IntN(4) == 0:
			continue
		case c == "user_id":
			typ = "text"
		case c == "created_at":
			typ = "timestamp"
		}
		col := modelColumn{name: c, typ: typ}
		def := c + " " + typ
		if r.IntN(4) == 0 {
			col.missing = lifeKnown(r, typ)
			def += " DEFAULT " + literalOf(typ, col.missing)
		}
		if col.notNull = r.IntN(6) == 0; col.notNull {
			def += " NOT NULL"
		}
		t.columns, text = append(t.columns, col), append(text, def)
	}
	st := step{sql: "CREATE TABLE " + name + " (" + strings.Join(text, ", ") + ")", table: name}
	if s.tables[name] != nil {
		st.code = sqlstate.DuplicateTable
	} else {
		st.next = s.with(name, t)
	}
	return st
}

func (o op) renameTable(s *modelState, name string) step {
	to := lifeTable(o.d)
	st := step{sql: "ALTER TABLE " + name + " RENAME TO " + to, table: to}
	if s.tables[to] != nil {
		st.code = sqlstate.DuplicateTable
	} else {
		st.next = s.with(to, s.tables[name]).with(name, nil)
	}
	return st
}

func anyType(string) bool { return true }

// rowStep gives the operations on rows, and the table that comes of them.
func (o op) rowStep(t *modelTable, name string, r *rand.Rand) (st step, next *modelTable) {
	from, by, n := o.d%64, 1+r.IntN(3), 1+r.IntN(8)
	if r.IntN(12) == 0 {
		from, n = 100+o.d%400, 150 // many at once, at other keys
	}
	switch o.kind {
	case "insert", "upsert", "skip":
		columns := t.someColumns(r, anyType)
		rows := t.rowsFor(r, from, by, n, columns)
		st.sql = "INSERT INTO " + name + " (" + t.names(columns) + ") VALUES " + t.valuesList(columns, rows)
		rule := conflictRule{skip: o.kind == "skip"}
		if rule.skip {
			st.sql += " ON CONFLICT DO NOTHING"
		}
		if o.kind == "upsert" && len(t.columns) > 1 {
			rule.update = 1 + r.IntN(len(t.columns)-1)
			st.sql += fmt.Sprintf(" ON CONFLICT (id) DO UPDATE SET %[1]s = excluded.%[1]s", t.columns[rule.update].name)
		}
		next, st.code = t.insert(rows, rule)
	case "copy":
		columns := t.someColumns(r, anyType)
		rows := t.rowsFor(r, from, by, n, columns)
		statement, text := `COPY `+name+` (`+t.names(columns)+`) FROM STDIN (FORMAT csv, NULL '\N')`, t.csvText(columns, rows)
		st.do = func(ctx context.Context, l *tortured) error { return l.copyIn(ctx, statement, text) }
		next, st.code = t.insert(rows, conflictRule{})
	case "append":
		columns := t.someColumns(r, func(typ string) bool { return arrowTypes[typ] != nil })
		rows := t.rowsFor(r, from, by, n, columns)
		st.do = func(ctx context.Context, l *tortured) error {
			return appendRows(ctx, l.db, name, t, columns, rows, 1+r.IntN(5))
		}
		next, st.code = t.insert(rows, conflictRule{})
	case "update":
		if len(t.columns) == 1 {
			return step{sql: "UPDATE " + name + " SET id = id"}, t
		}
		c := 1 + r.IntN(len(t.columns)-1)
		text, where := condition(r)
		value, of := newValue(r, t.columns[c])
		st.sql = fmt.Sprintf("UPDATE %s SET %s = %s WHERE %s", name, t.columns[c].name, value, text)
		next, st.code = t.update(c, where, of)
	case "rekey":
		to := itoa(o.b % 128)
		st.sql = fmt.Sprintf("UPDATE %s SET id = %s WHERE id = %d", name, to, from)
		next, st.code = t.rekey(itoa(from), to)
	case "delete":
		text, where := condition(r)
		st.sql, next = "DELETE FROM "+name+" WHERE "+text, t.remove(where)
	case "truncate":
		st.sql, next = "TRUNCATE "+name, t.remove(func(string) bool { return true })
	}
	return st, next
}

// arrowTypes are those in which Append is given columns.
var arrowTypes = map[string]arrow.DataType{
	"bigint": arrow.PrimitiveTypes.Int64, "integer": arrow.PrimitiveTypes.Int64, "text": arrow.BinaryTypes.String, "jsonb": arrow.BinaryTypes.String,
	"boolean": arrow.FixedWidthTypes.Boolean,
}

// appendRows gives rows to DB.Append in batches of per rows.
func appendRows(ctx context.Context, db *stoa.DB, name string, t *modelTable, columns []int, rows []modelRow, per int) error {
	var fields []arrow.Field
	for _, c := range columns {
		fields = append(fields, arrow.Field{Name: t.columns[c].name, Type: arrowTypes[t.columns[c].typ], Nullable: true})
	}
	schema := arrow.NewSchema(fields, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	var records []arrow.RecordBatch
	for part := range slices.Chunk(rows, per) {
		for _, row := range part {
			for i, c := range columns {
				switch f := b.Field(i).(type) {
				case *array.Int64Builder:
					if row[c] == nil {
						f.AppendNull()
					} else {
						f.Append(atoi(*row[c]))
					}
				case *array.BooleanBuilder:
					if row[c] == nil {
						f.AppendNull()
					} else {
						f.Append(*row[c] == "t")
					}
				case *array.StringBuilder:
					if row[c] == nil {
						f.AppendNull()
					} else {
						f.Append(*row[c])
					}
				}
			}
		}
		records = append(records, b.NewRecordBatch())
	}
	reader, err := array.NewRecordReader(schema, records)
	if err != nil {
		return err
	}
	defer reader.Release()
	namespace, table, _ := strings.Cut(name, ".")
	_, err = db.Append(ctx, namespace, table, reader)
	return err
}

// alterStep gives the operations on columns.
func (o op) alterStep(t *modelTable, name string, r *rand.Rand) (st step, next *modelTable) {
	column := lifeColumns[o.d%len(lifeColumns)]
	i := t.find(column)
	alter := "ALTER TABLE " + name
	if i < 0 && o.kind != "add" && o.kind != "storage" {
		return step{sql: alter + " DROP COLUMN " + column, code: sqlstate.UndefinedColumn}, nil
	}
	var c modelColumn
	if i >= 0 {
		c = t.columns[i]
	}
	switch o.kind {
	case "storage":
		return step{sql: alter + " SET (storage = '" + lifeStorages[o.d%len(lifeStorages)].name + "')"}, t
	case "add":
		c = modelColumn{name: column, typ: lifeTypes[r.IntN(len(lifeTypes))]}
		st.sql = alter + " ADD COLUMN " + column + " " + c.typ
		if r.IntN(2) == 0 {
			c.missing = lifeKnown(r, c.typ)
			st.sql += " DEFAULT " + literalOf(c.typ, c.missing)
		}
		if c.notNull = r.IntN(3) == 0; c.notNull {
			st.sql += " NOT NULL"
		}
		next, st.code = t.addColumn(c)
	case "dropcolumn":
		st.sql, next = alter+" DROP COLUMN "+column, t.dropColumn(i)
	case "renamecolumn":
		c.name = lifeColumns[r.IntN(len(lifeColumns))]
		st.sql = alter + " RENAME COLUMN " + column + " TO " + c.name
		if next, st.code = t.setColumn(i, c, nil); c.name == column {
			st.code = sqlstate.DuplicateColumn
		}
	case "default":
		if st.sql = alter + " ALTER COLUMN " + column + " DROP DEFAULT"; r.IntN(3) > 0 {
			c.missing = lifeKnown(r, c.typ)
			st.sql = alter + " ALTER COLUMN " + column + " SET DEFAULT " + literalOf(c.typ, c.missing)
		} else {
			c.missing = nil
		}
		next, st.code = t.setColumn(i, c, nil)
	case "notnull":
		c.notNull = r.IntN(2) == 0
		st.sql = alter + " ALTER COLUMN " + column + map[bool]string{true: " SET", false: " DROP"}[c.notNull] + " NOT NULL"
		next, st.code = t.setColumn(i, c, nil)
	case "retype":
		return o.retype(t, alter, i, r)
	}
	return st, next
}

// retype gives a column another type: a wider one, text, or a number computed from text.
func (o op) retype(t *modelTable, alter string, i int, r *rand.Rand) (st step, next *modelTable) {
	c := t.columns[i]
	old := c.typ
	alter += " ALTER COLUMN " + c.name
	switch {
	case old == "text":
		c.typ, c.missing = "bigint", nil
		st.sql = alter + " DROP DEFAULT," + strings.TrimPrefix(alter, alter[:strings.Index(alter, " ALTER COLUMN")]) + " TYPE bigint USING length(" + c.name + ")"
		next, st.code = t.setColumn(i, c, textLength)
	case old == "integer" && r.IntN(2) == 0:
		c.typ = "bigint"
		st.sql = alter + " TYPE bigint"
		next, st.code = t.setColumn(i, c, nil)
	default:
		c.typ, c.missing = "text", asText(old, c.missing)
		st.sql = alter + " TYPE text"
		next, st.code = t.setColumn(i, c, func(v *string) *string { return asText(old, v) })
	}
	return st, next
}
