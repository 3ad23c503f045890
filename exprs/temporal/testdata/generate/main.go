// Command generate asks a PostgreSQL 15 server what it answers to random and chosen date/time expressions and writes the golden files that the
// tests of package temporal read. It is run by hand, from the package's directory:
//
//	go run ./testdata/generate -port 54329
//
// Each line of a golden file is tab-separated: the operation, its arguments, the answer. Tabs, newlines and backslashes are escaped as in
// PostgreSQL's COPY; NULL is \N; an error is ! and SQLSTATE, message, detail and hint, separated by |.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// operation is how an expression is written in SQL: format's placeholders %1$L … stand for the arguments. Where zoned is set, the first
// argument is the session's time zone, and %1$L is the second.
type operation struct {
	sql   string
	zoned bool
}

var operations = map[string]operation{
	"ts_in":        {sql: "timestamp %1$L"},
	"tstz_in":      {sql: "timestamptz %1$L", zoned: true},
	"date_in":      {sql: "date %1$L"},
	"time_in":      {sql: "time %1$L"},
	"iv_in":        {sql: "interval %1$L"},
	"iv_in_as":     {sql: "interval %1$L %2$s"},
	"iv_in_prec":   {sql: "interval(%2$s) %1$L"},
	"ts_micros":    {sql: "(extract(epoch from timestamp %1$L)*1000000)::bigint"},
	"ts_add":       {sql: "timestamp %1$L + interval %2$L"},
	"ts_subiv":     {sql: "timestamp %1$L - interval %2$L"},
	"tstz_add":     {sql: "timestamptz %1$L + interval %2$L", zoned: true},
	"tstz_subiv":   {sql: "timestamptz %1$L - interval %2$L", zoned: true},
	"ts_sub":       {sql: "timestamp %1$L - timestamp %2$L"},
	"age":          {sql: "age(timestamp %1$L, timestamp %2$L)"},
	"agetz":        {sql: "age(timestamptz %1$L, timestamptz %2$L)", zoned: true},
	"date_sub":     {sql: "date %1$L - date %2$L"},
	"date_add":     {sql: "date %1$L + %2$s"},
	"date_addiv":   {sql: "date %1$L + interval %2$L"},
	"date_subiv":   {sql: "date %1$L - interval %2$L"},
	"date_addtime": {sql: "date %1$L + time %2$L"},
	"time_addiv":   {sql: "time %1$L + interval %2$L"},
	"time_subiv":   {sql: "time %1$L - interval %2$L"},
	"time_sub":     {sql: "time %1$L - time %2$L"},
	"iv_add":       {sql: "interval %1$L + interval %2$L"},
	"iv_sub":       {sql: "interval %1$L - interval %2$L"},
	"iv_neg":       {sql: "- interval %1$L"},
	"iv_mul":       {sql: "interval %1$L * float8 %2$L"},
	"iv_div":       {sql: "interval %1$L / float8 %2$L"},
	"iv_cmp":       {sql: "interval_cmp(interval %1$L, interval %2$L)"},
	"iv_hours":     {sql: "justify_hours(interval %1$L)"},
	"iv_days":      {sql: "justify_days(interval %1$L)"},
	"iv_justify":   {sql: "justify_interval(interval %1$L)"},
	"iv_time":      {sql: "(interval %1$L)::time"},
	"trunc_ts":     {sql: "date_trunc(%1$L, timestamp %2$L)"},
	"trunc_tstz":   {sql: "date_trunc(%1$L, timestamptz %2$L)", zoned: true},
	"trunc_iv":     {sql: "date_trunc(%1$L, interval %2$L)"},
	"bin":          {sql: "date_bin(interval %1$L, timestamp %2$L, timestamp %3$L)"},
	"extract_ts":   {sql: "extract(%1$L from timestamp %2$L)"},
	"extract_tstz": {sql: "extract(%1$L from timestamptz %2$L)", zoned: true},
	"extract_date": {sql: "extract(%1$L from date %2$L)"},
	"extract_time": {sql: "extract(%1$L from time %2$L)"},
	"extract_iv":   {sql: "extract(%1$L from interval %2$L)"},
	"at_zone":      {sql: "timestamp %2$L at time zone %1$L"},
	"local_at":     {sql: "timestamptz %2$L at time zone %1$L"},
	"at_offset":    {sql: "timestamp %2$L at time zone interval %1$L"},
	"local_offset": {sql: "timestamptz %2$L at time zone interval %1$L"},
	"ts_date":      {sql: "(timestamp %1$L)::date"},
	"ts_time":      {sql: "(timestamp %1$L)::time"},
	"ts_tstz":      {sql: "(timestamp %1$L)::timestamptz", zoned: true},
	"tstz_ts":      {sql: "(timestamptz %1$L)::timestamp", zoned: true},
	"tstz_date":    {sql: "(timestamptz %1$L)::date", zoned: true},
	"tstz_time":    {sql: "(timestamptz %1$L)::time", zoned: true},
	"date_ts":      {sql: "(date %1$L)::timestamp"},
	"date_tstz":    {sql: "(date %1$L)::timestamptz", zoned: true},
	"ts_round":     {sql: "(timestamp %1$L)::timestamp(%2$s)"},
	"time_round":   {sql: "(time %1$L)::time(%2$s)"},
	"to_timestamp": {sql: "to_timestamp(float8 %1$L)"},
	"set_zone":     {sql: "timestamptz '2025-07-01 12:00+00'", zoned: true},
	"ts_char":      {sql: "to_char(timestamp %1$L, %2$L)"},
	"tstz_char":    {sql: "to_char(timestamptz %1$L, %2$L)", zoned: true},
	"iv_char":      {sql: "to_char(interval %1$L, %2$L)"},
}

// script evaluates each case and catches its error. The format string is built by the caller with format() so that quoting is PostgreSQL's.
const script = `\set QUIET 1
\set ON_ERROR_STOP 1
set client_min_messages = error; set datestyle = 'ISO, MDY'; set intervalstyle = postgres;
create temp table cases(n int, op text, zone text, template text, args text[]);
create function pg_temp.answer(zone text, template text, args text[]) returns text language plpgsql as $f$
declare result text; code text; message text; detail text; hint text;
begin
  perform set_config('timezone', zone, false);
  execute 'select (' || format(template, variadic args) || ')::text' into result;
  return result;
exception when others then
  get stacked diagnostics code = returned_sqlstate, message = message_text, detail = pg_exception_detail, hint = pg_exception_hint;
  return '!' || code || '|' || message || '|' || detail || '|' || hint;
end $f$;
\copy cases from stdin
%s\.
copy (select n, pg_temp.answer(zone, template, args) from cases order by n) to stdout;
`

// testCase is an operation and its arguments.
type testCase struct {
	op   string
	args []string
}

func main() {
	port := flag.Int("port", 54329, "port of PostgreSQL 15 on 127.0.0.1, user postgres without a password")
	seed := flag.Uint64("seed", 20251021, "seed of the random cases")
	factor := flag.Int("factor", 1, "how many times as many random cases")
	out := flag.String("out", "testdata", "directory of the golden files")
	flag.Parse()
	g := &generator{rng: rand.New(rand.NewPCG(*seed, 15)), factor: *factor, files: map[string][]testCase{}}
	g.all()
	names := make([]string, 0, len(g.files))
	for name := range g.files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := write(*port, filepath.Join(*out, name+".golden"), g.files[name]); err != nil {
			log.Fatal(name, ": ", err)
		}
	}
}

// write asks the server for the answers and writes a golden file.
func write(port int, path string, cases []testCase) error {
	var copied strings.Builder
	for i, c := range cases {
		op, ok := operations[c.op]
		if !ok {
			return fmt.Errorf("no operation %s", c.op)
		}
		zone, args := "UTC", c.args
		if op.zoned {
			zone, args = args[0], args[1:]
		}
		quoted := make([]string, len(args))
		for j, a := range args {
			quoted[j] = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(a) + `"`
		}
		fmt.Fprintf(&copied, "%d\t%s\t%s\t%s\t%s\n", i, c.op, escape(zone), escape(op.sql), escape("{"+strings.Join(quoted, ",")+"}"))
	}
	psql := exec.Command("psql", "-X", "-q", "-h", "127.0.0.1", "-p", fmt.Sprint(port), "-U", "postgres", "-d", "postgres", "-f", "-")
	psql.Stdin = strings.NewReader(fmt.Sprintf(script, copied.String()))
	psql.Stderr = os.Stderr
	answer, err := psql.Output()
	if err != nil {
		return err
	}
	lines := bytes.Split(bytes.TrimSuffix(answer, []byte("\n")), []byte("\n"))
	if len(lines) != len(cases) {
		return fmt.Errorf("%d answers to %d cases", len(lines), len(cases))
	}
	var file bytes.Buffer
	for i, c := range cases {
		file.WriteString(c.op)
		for _, a := range c.args {
			file.WriteString("\t" + escape(a))
		}
		_, result, _ := bytes.Cut(lines[i], []byte("\t"))
		file.WriteByte('\t')
		file.Write(result)
		file.WriteByte('\n')
	}
	return os.WriteFile(path, file.Bytes(), 0o644)
}

// escape writes text as COPY does.
func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`).Replace(s)
}
