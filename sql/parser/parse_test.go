package parser

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// contract gives the contract's 48 statements: its SELECTs and then the others.
func contract(t testing.TB) string {
	var text strings.Builder
	for _, name := range []string{"selects.sql", "statements.sql"} {
		data, err := os.ReadFile("../../testdata/contract/" + name)
		require.NoError(t, err)
		text.Write(data)
	}
	return text.String()
}

// TestContract parses the contract's statements, all at once and one by one.
func TestContract(t *testing.T) {
	t.Parallel()
	text := contract(t)
	all, err := Parse(text)
	require.NoError(t, err)
	require.Len(t, all, 48)
	var selects int
	rest := text
	for i, s := range all {
		if _, ok := s.Node.(*Query); ok {
			selects++
		}
		piece, tail, complete := SplitStatement(rest)
		require.True(t, complete)
		rest = tail
		alone, err := Parse(piece)
		require.NoError(t, err)
		require.Len(t, alone, 1)
		require.Equal(t, s.Text, alone[0].Text, "statement %d", i)
		require.True(t, strings.HasPrefix(text[s.Pos-1:], s.Text), "the contract is ASCII: positions are offsets")
	}
	require.Equal(t, 25, selects)
	_, _, complete := SplitStatement(rest)
	require.False(t, complete)
}

// one parses a single statement.
func one[T Statement](t *testing.T, sql string) T {
	t.Helper()
	stmts, err := Parse(sql)
	require.NoError(t, err, sql)
	require.Len(t, stmts, 1)
	s, ok := stmts[0].Node.(T)
	require.True(t, ok, "%T", stmts[0].Node)
	return s
}

// TestLiterals pins what the lexer makes of constants and names.
func TestLiterals(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]Expr{
		"'it''s'":                     &StringLit{Value: "it's"},
		"'a' -- x\n  'b'":             &StringLit{Value: "ab"},
		`'a\n'`:                       &StringLit{Value: `a\n`},
		`E'a\n\t\\\'\x41\101\u00e9x'`: &StringLit{Value: "a\n\t\\'AAéx"},
		`E'\ud83d\ude00'`:             &StringLit{Value: "😀"},
		"E'a'\n'\\n'":                 &StringLit{Value: "a\n"},
		"$$it's$$":                    &StringLit{Value: "it's"},
		"$x$ $$ $x$":                  &StringLit{Value: " $$ "},
		"''":                          &StringLit{},
		"x'1F'":                       &BitLit{Digits: "1F", Hex: true},
		"9223372036854775807":         &IntLit{Value: 9223372036854775807},
		"-9223372036854775808":        &IntLit{Value: -9223372036854775808},
		"9223372036854775808":         &NumericLit{Text: "9223372036854775808"},
		"-(-9223372036854775808)":     &NumericLit{Text: "9223372036854775808"},
		"1e5":                         &NumericLit{Text: "1e5"},
		"-.5":                         &NumericLit{Text: "-.5"},
		"$12":                         &Param{Number: 12},
		`ÄbC."D""e".Select`:           &ColumnRef{Parts: []string{"Äbc", `D"e`, "select"}},
		"true":                        &BoolLit{Value: true},
		"a != 1":                      &BinaryOp{Op: "<>", Left: &ColumnRef{Parts: []string{"a"}}, Right: &IntLit{Value: 1}},
		"a*-1":                        &BinaryOp{Op: "*", Left: &ColumnRef{Parts: []string{"a"}}, Right: &IntLit{Value: -1}},
	} {
		e, err := ParseExpr(in)
		require.NoError(t, err, in)
		require.Equal(t, dump(want), dump(e), in)
	}
	e, err := ParseExpr(strings.Repeat("x", 62) + "éé")
	require.NoError(t, err)
	require.Equal(t, strings.Repeat("x", 62), e.(*ColumnRef).Parts[0], "names are cut between characters")
}

// TestTypes pins the internal names and modifiers of types, and how they are written back.
func TestTypes(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"int": "int4 integer", "INTEGER": "int4 integer", "bigint": "int8 bigint", "int8": "int8 bigint", "smallint": "int2 smallint", "real": "float4 real",
		"double precision": "float8 double precision", "float": "float8 double precision", "float(10)": "float4 real", "decimal": "numeric numeric",
		"numeric(10,2)": "numeric[10 2] numeric(10,2)", "text": "text text", "varchar": "varchar character varying", "boolean": "bool boolean",
		"character varying(3)": "varchar[3] character varying(3)", "char": "bpchar[1] character(1)", "char(3)": "bpchar[3] character(3)",
		"timestamp": "timestamp timestamp without time zone", "timestamp with time zone": "timestamptz timestamp with time zone",
		"timestamp(3)": "timestamp[3] timestamp(3) without time zone", "timestamptz": "timestamptz timestamp with time zone", "date": "date date",
		"time(0) with time zone": "timetz[0] time(0) with time zone", "interval": "interval interval", "interval(2)": "interval[2] interval(2)",
		"interval day to second(3)": "interval[3] interval day to second(3)", "uuid": "uuid uuid", "jsonb": "jsonb jsonb", "bytea": "bytea bytea",
		"int[]": "int4 integer[]", "int[3][]": "int4 integer[][]", "text array": "text text[]", `"Foo"."bar"`: `bar "Foo".bar`, "bit": "bit[1] bit(1)",
	} {
		e, err := ParseExpr("x::" + in)
		require.NoError(t, err, in)
		typ := e.(*Cast).Type
		got := typ.Name
		if typ.Mods != nil {
			got += fmt.Sprint(typ.Mods)
		}
		require.Equal(t, want, got+" "+typ.String(), in)
	}
}

// TestStatements pins the trees of statements, in the parts that others rely on.
func TestStatements(t *testing.T) {
	t.Parallel()
	table := one[*CreateTable](t, `CREATE TABLE IF NOT EXISTS s.t (id uuid PRIMARY KEY, n text NOT NULL UNIQUE DEFAULT 'x' CHECK (n <> ''),
		index int, INDEX (n, id DESC), PRIMARY KEY (id, n)) WITH (storage = 'a')`)
	require.True(t, table.IfNotExists)
	require.Equal(t, "s.t", table.Name.String())
	require.Equal(t, "index", table.Columns[2].Name)
	require.True(t, table.Columns[0].PrimaryKey && table.Columns[1].NotNull && table.Columns[1].Unique)
	require.Equal(t, "'x'", Format(table.Columns[1].Default))
	require.Equal(t, IndexConstraint, table.Constraints[0].Kind)
	require.True(t, table.Constraints[0].Index[1].Desc)
	require.Equal(t, "n", table.Constraints[1].Columns[1].Name)
	require.Equal(t, "storage", table.Options[0].Name)

	alter := one[*AlterTable](t, "ALTER TABLE s.a RENAME TO s.b")
	require.Equal(t, "s.b", alter.Actions[0].(*RenameTable).To.String())

	insert := one[*Insert](t, "INSERT INTO s.t AS x (a, b) VALUES (1, DEFAULT) ON CONFLICT (a) DO UPDATE SET (a, b) = (2, 3), c = 4 WHERE x.a > 1 RETURNING *")
	require.Equal(t, "x", insert.Table.Alias.Name)
	require.IsType(t, &Default{}, insert.Source.Body.(*Values).Rows[0][1])
	require.Len(t, insert.OnConflict.Set, 3)
	require.Equal(t, "b", insert.OnConflict.Set[1].Columns[0].Name)
	require.IsType(t, &Star{}, insert.Returning[0].Expr)

	for _, sql := range []string{"COPY t (a) FROM 'f' WITH CSV HEADER DELIMITER ';' NULL 'n'", "COPY t (a) FROM 'f' (format csv, header true, delimiter ';', null 'n')"} {
		c := one[*Copy](t, sql)
		require.True(t, c.From)
		var options []string
		for _, o := range c.Options {
			options = append(options, o.Name+"="+o.Value.(*StringLit).Value)
		}
		require.Equal(t, []string{"format=csv", "header=true", "delimiter=;", "null=n"}, options, sql)
	}

	call := one[*Call](t, "CALL system.flush('system.jobs', all_rows => true)")
	require.Equal(t, "flush", call.Func.Name)
	require.Equal(t, "all_rows", call.Func.Args[1].(*NamedArg).Name)
	require.Equal(t, "timezone", one[*Set](t, "SET TIME ZONE 'UTC'").Name)

	q := one[*Query](t, "SELECT a AS table FROM x JOIN (y LEFT JOIN z USING (k)) ON true UNION ALL SELECT 1 INTERSECT SELECT 2 ORDER BY 1 LIMIT 3")
	union := q.Body.(*SetOperation)
	require.True(t, union.All)
	require.Equal(t, Intersect, union.Right.Body.(*SetOperation).Op)
	require.Equal(t, "table", union.Left.Body.(*Select).Items[0].Alias)
	require.Equal(t, LeftJoin, union.Left.Body.(*Select).From[0].(*Join).Right.(*Join).Kind)
	require.Len(t, q.OrderBy, 1)
}

// TestPositions pins positions, which count characters: PostgreSQL 15 points at the same places in its errors about these nodes.
func TestPositions(t *testing.T) {
	t.Parallel()
	q := one[*Query](t, "select 'ü', a.b + c::int from x, s.y where lower(z) like 'q'")
	s := q.Body.(*Select)
	sum := s.Items[1].Expr.(*BinaryOp)
	require.Equal(t, 17, sum.Position())
	require.Equal(t, Pos(13), Location(sum))
	require.Equal(t, 20, sum.Right.Position())
	require.Equal(t, 22, sum.Right.(*Cast).Type.Position())
	require.Equal(t, 34, s.From[1].Position())
	require.Equal(t, 53, s.Where.Position())
	require.Equal(t, Pos(44), Location(s.Where))
	stmts, err := Parse(" select 1; select 'é' ; ")
	require.NoError(t, err)
	require.Equal(t, Stmt{Node: stmts[1].Node, Text: "select 'é'", Pos: 12}, stmts[1])
}

// TestAnalysisErrors pins errors that PostgreSQL 15 finds after parsing, and this parser while it parses; the answers are PostgreSQL's.
func TestAnalysisErrors(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"create temp table t2 (a int not deferrable)":      "42601 29 misplaced NOT DEFERRABLE clause",
		"create temp table t2 (a int initially deferred)":  "42601 29 misplaced INITIALLY DEFERRED clause",
		"create temp table t2 (a int default 1 default 2)": `42601 39 multiple default values specified for column "a" of table "t2"`,
		"create temp table t2 (a int null not null)":       `42601 34 conflicting NULL/NOT NULL declarations for column "a" of table "t2"`,
		"select lower(x => 1, x => 2)":                     `42601 22 argument name "x" used more than once`,
		"select lower(x => 1, 2)":                          "42601 22 positional argument cannot follow named argument",
		"update t set (a, b) = (1, 2, 3)":                  "42601 23 number of columns does not match number of values",
		"update t set (a,b) = 1":                           "0A000 22 source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression",
		"values (1), (2, 3)":                               "42601 14 VALUES lists must all be the same length",
		"select * from (values (1),(2,3+1)) x":             "42601 28 VALUES lists must all be the same length",
		"call a.b.c.d(1)":                                  "42601 6 improper qualified name (too many dotted names): a.b.c.d",
		"select a.b.f(1)":                                  "0A000 8 cross-database references are not implemented: a.b.f",
		"insert into t values (1) on conflict do update set a = 1": "42601 26 ON CONFLICT DO UPDATE requires inference specification or constraint name\n" +
			"HINT: For example, ON CONFLICT (column_name).",
	} {
		_, err := Parse(in)
		require.Equal(t, want, describe(err), in)
	}
}

// TestRefused pins that what is known and not supported is refused as such.
func TestRefused(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"vacuum", "create view v as select 1", "select 1 group by rollup (a)", `select U&"a"`, `select u&'a'`, "select * into t from u",
		"create table t (like u)", "merge into t using u on a when matched then delete", "alter table t owner to x", "grant select on t to u"} {
		_, err := Parse(in)
		require.Equal(t, sqlstate.FeatureNotSupported, sqlstate.CodeOf(err), in)
	}
}

// TestEncoding refuses what is not UTF-8 as PostgreSQL does.
func TestEncoding(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"select '\xff'": " 0xff", "select '\xe2(\xa1'": " 0xe2 0x28 0xa1", "select '\x00'": " 0x00", "select '\xc3": " 0xc3"} {
		_, err := Parse(in)
		require.Equal(t, `22021 0 invalid byte sequence for encoding "UTF8":`+want, describe(err))
	}
}

// TestQuote pins quoting.
func TestQuote(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"a": "a", "a_1": "a_1", "A": `"A"`, "1a": `"1a"`, "a b": `"a b"`, `a"b`: `"a""b"`, "select": `"select"`,
		"values": `"values"`, "left": `"left"`, "name": "name", "": `""`, "ü": `"ü"`, "a$": `"a$"`} {
		require.Equal(t, want, QuoteIdent(in))
	}
	require.Equal(t, "'it''s'", QuoteLiteral("it's"))
	require.Equal(t, `E'a\\b''c'`, QuoteLiteral(`a\b'c`))
	require.True(t, IsReserved("select") && IsReserved("left") && !IsReserved("values") && !IsReserved("name") && !IsReserved("foo"))
}

// BenchmarkParse parses one of the contract's queries: about 300 bytes, 70 tokens.
func BenchmarkParse(b *testing.B) {
	const query = `SELECT job_id, parameters->0 AS namespace, parameters->1 AS table_name, result, memory_used / 1024 / 1024 AS memory_mb,
		cpu_used / 1000000 AS cpu_seconds FROM system.jobs WHERE job_type = 'flush' AND created_at > now() - INTERVAL '24 hours'
		ORDER BY created_at DESC LIMIT 10;`
	b.SetBytes(int64(len(query)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(query); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkParseInsert parses an INSERT of many rows, a megabyte of text.
func BenchmarkParseInsert(b *testing.B) {
	row := "('7c9e6679-7425-40de-944b-e07fc1f90ae7', 'flush', 'completed', '[\"chat\", \"messages\"]', 52428800, 1500000, TIMESTAMP '2025-10-21 14:30:22'),\n"
	query := "INSERT INTO system.jobs VALUES " + strings.TrimSuffix(strings.Repeat(row, 7000), ",\n")
	b.SetBytes(int64(len(query)))
	for b.Loop() {
		if _, err := Parse(query); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSplitter reads that megabyte line by line.
func BenchmarkSplitter(b *testing.B) {
	row := "('7c9e6679-7425-40de-944b-e07fc1f90ae7', 'flush', 'completed', '[\"chat\", \"messages\"]', 52428800, 1500000),\n"
	b.SetBytes(int64(len(row)) * 7000)
	for b.Loop() {
		var s Splitter
		for range 7000 {
			s.Write(row)
			if _, ok := s.Next(); ok {
				b.Fatal("no statement ends here")
			}
		}
	}
}
