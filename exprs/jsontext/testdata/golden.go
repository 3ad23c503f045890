// Command golden writes the golden files of package jsontext beside itself. It asks a real PostgreSQL 15, through psql, with the connection that
// PGHOST, PGPORT, PGUSER and PGDATABASE name (by default postgres at 127.0.0.1:54329, UTF8 encoding, C collation). It makes temporary objects only.
//
//	go run ./exprs/jsontext/testdata
//
// Each file has one JSON value a line. input.jsonl: texts as jsonb and as json. calls.jsonl: operators and functions with their arguments and
// the answer as text, none for NULL.
// pairs.jsonl: each document with a string of `=`, `<`, `>` and one of 0 and 1, which compare it with all of them in turn (btree order, @>).
package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

const functions = `
\set QUIET on
\set ON_ERROR_STOP on
set client_min_messages = warning;
create function pg_temp.failure(op text, args text[], state text, message text, detail text, context text) returns text language sql as $$
  select json_strip_nulls(json_build_object('op', op, 'args', args, 'code', state, 'message', message, 'detail', nullif(detail, ''),
    'context', nullif(regexp_replace(regexp_replace(context, '(\n|^)(SQL statement|PL/pgSQL function) .*', ''), '\nwhile .*', ''), '')))::text
$$;
create function pg_temp.ask(op text, expression text, args text[]) returns text language plpgsql as $$
declare
  answer text; state text; message text; detail text; context text;
begin
  begin
    execute 'select (' || expression || ')::text' into answer using args;
    return json_strip_nulls(json_build_object('op', op, 'args', args, 'answer', answer));
  exception when others then
    get stacked diagnostics state = returned_sqlstate, message = message_text, detail = pg_exception_detail, context = pg_exception_context;
    return pg_temp.failure(op, args, state, message, detail, context);
  end;
end $$;
`

// expressions are what each op of calls.jsonl and input.jsonl asks. $1 is the array of arguments, all text.
var expressions = map[string]string{
	"jsonb":         `$1[1]::jsonb`,
	"json":          `$1[1]::json`,
	"pretty":        `jsonb_pretty($1[1]::jsonb)`,
	"typeof":        `jsonb_typeof($1[1]::jsonb)`,
	"length":        `jsonb_array_length($1[1]::jsonb)`,
	"strip":         `jsonb_strip_nulls($1[1]::jsonb)`,
	"elements":      `(select string_agg(e::text, ' | ' order by n) from jsonb_array_elements($1[1]::jsonb) with ordinality t(e, n))`,
	"elements_text": `(select string_agg(coalesce(e, '<NULL>'), ' | ' order by n) from jsonb_array_elements_text($1[1]::jsonb) with ordinality t(e, n))`,
	"keys":          `(select string_agg(e, ' | ' order by n) from jsonb_object_keys($1[1]::jsonb) with ordinality t(e, n))`,
	"each":          `(select string_agg(k || '=' || v::text, ' | ' order by n) from jsonb_each($1[1]::jsonb) with ordinality t(k, v, n))`,
	"each_text":     `(select string_agg(k || '=' || coalesce(v, '<NULL>'), ' | ' order by n) from jsonb_each_text($1[1]::jsonb) with ordinality t(k, v, n))`,
	"numeric":       `$1[1]::jsonb::numeric`,
	"boolean":       `$1[1]::jsonb::boolean`,
	"->i":           `$1[1]::jsonb -> $1[2]::int`,
	"->>i":          `$1[1]::jsonb ->> $1[2]::int`,
	"-i":            `$1[1]::jsonb - $1[2]::int`,
	"->k":           `$1[1]::jsonb -> $1[2]`,
	"->>k":          `$1[1]::jsonb ->> $1[2]`,
	"-k":            `$1[1]::jsonb - $1[2]`,
	"?":             `$1[1]::jsonb ? $1[2]`,
	"||":            `$1[1]::jsonb || $1[2]::jsonb`,
	"#>":            `$1[1]::jsonb #> $1[2:]`,
	"#>>":           `$1[1]::jsonb #>> $1[2:]`,
	"?|":            `$1[1]::jsonb ?| $1[2:]`,
	"?&":            `$1[1]::jsonb ?& $1[2:]`,
	"-a":            `$1[1]::jsonb - $1[2:]`,
	"quote":         `to_jsonb($1[1])`,
	"to_jsonb":      `to_jsonb($1[1]::float8)`,
	"build_array":   `(select coalesce(jsonb_agg(e::jsonb order by n), '[]') from unnest($1[1:]) with ordinality t(e, n))`,
	"build_object":  `(select jsonb_object_agg(e, n) from unnest($1[1:]) with ordinality t(e, n))`,
	"json ->i":      `$1[1]::json -> $1[2]::int`,
	"json ->>i":     `$1[1]::json ->> $1[2]::int`,
	"json ->k":      `$1[1]::json -> $1[2]`,
	"json ->>k":     `$1[1]::json ->> $1[2]`,
	"json #>":       `$1[1]::json #> $1[2:]`,
	"json #>>":      `$1[1]::json #>> $1[2:]`,
	"json length":   `json_array_length($1[1]::json)`,
	"json typeof":   `json_typeof($1[1]::json)`,
}

func main() {
	log.SetFlags(0)
	_, file, _, _ := runtime.Caller(0)
	dir := filepath.Dir(file)
	var in script
	for _, text := range inputs() {
		in.ask("jsonb", text)
		in.ask("json", text)
	}
	write(filepath.Join(dir, "input.jsonl"), in.run())
	write(filepath.Join(dir, "calls.jsonl"), calls())
	write(filepath.Join(dir, "pairs.jsonl"), pairs())
}

// script collects statements for one run of psql.
type script struct{ bytes.Buffer }

func (s *script) ask(op string, args ...string) {
	expression, ok := expressions[op]
	if !ok {
		log.Fatalf("no expression for %q", op)
	}
	for i, arg := range args {
		args[i] = quote(arg)
	}
	fmt.Fprintf(s, "select pg_temp.ask(%s, %s, array[%s]);\n", quote(op), quote(expression), strings.Join(args, ", "))
}

func (s *script) run() []byte {
	psql := exec.Command("psql", "-X", "-A", "-t", "-q", "-f", "-",
		"-h", cmp.Or(os.Getenv("PGHOST"), "127.0.0.1"), "-p", cmp.Or(os.Getenv("PGPORT"), "54329"),
		"-U", cmp.Or(os.Getenv("PGUSER"), "postgres"), "-d", cmp.Or(os.Getenv("PGDATABASE"), "postgres"))
	psql.Stdin = strings.NewReader(functions + s.String())
	psql.Stderr = os.Stderr
	out, err := psql.Output()
	if err != nil {
		log.Fatal(err)
	}
	var compact bytes.Buffer
	for line := range bytes.Lines(out) {
		if err := json.Compact(&compact, line); err != nil {
			log.Fatalf("%v: %s", err, line)
		}
		compact.WriteByte('\n')
	}
	return compact.Bytes()
}

// quote makes an SQL literal, with escapes for what would disturb a script of lines.
func quote(s string) string {
	return "E'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`, "\r", `\r`).Replace(s) + "'"
}

func write(path string, data []byte) {
	if err := os.WriteFile(path, data, 0o644); err != nil {
		log.Fatal(err)
	}
	log.Printf("%s: %d lines", path, bytes.Count(data, []byte("\n")))
}

// calls asks everything that takes one document and perhaps a key, an index or a path.
func calls() []byte {
	var s script
	for _, doc := range documents() {
		for _, op := range []string{"pretty", "typeof", "length", "strip", "elements", "elements_text", "keys", "each", "each_text", "numeric", "boolean"} {
			s.ask(op, doc)
		}
		for _, i := range []string{"0", "1", "2", "-1", "-2", "7", "-2147483648", "2147483647"} {
			for _, op := range []string{"->i", "->>i", "-i"} {
				s.ask(op, doc, i)
			}
		}
		for _, key := range keys {
			for _, op := range []string{"->k", "->>k", "-k", "?"} {
				s.ask(op, doc, key)
			}
		}
		for _, path := range paths {
			for _, op := range []string{"#>", "#>>", "?|", "?&", "-a"} {
				s.ask(op, append([]string{doc}, path...)...)
			}
		}
	}
	few := documents()[:40]
	for _, a := range few {
		for _, b := range few {
			s.ask("||", a, b)
		}
	}
	for _, text := range []string{"", "plain", "ü€😀", "\"\\/\b\f\n\r\t\x01\x1f\x7f", "a\u0080b\u2028", "'"} {
		s.ask("quote", text)
	}
	for _, f := range []string{"NaN", "Infinity", "-Infinity", "1e20", "-1.5e-7", "0", "-0", "123.25", "1e300", "5e-324"} {
		s.ask("to_jsonb", f)
	}
	s.ask("build_array", few...)
	s.ask("build_object", "b", "a", "aa", "b", "", "ü", "a\"", "a\n", "z", "aa")
	rawCalls(&s)
	return s.run()
}

// rawCalls asks the operators of type json.
func rawCalls(s *script) {
	for _, doc := range rawDocuments {
		s.ask("json length", doc)
		s.ask("json typeof", doc)
		for _, i := range []string{"0", "1", "-1", "-3", "9"} {
			s.ask("json ->i", doc, i)
			s.ask("json ->>i", doc, i)
		}
		for _, key := range []string{"a", "b", "", "0", "A"} {
			s.ask("json ->k", doc, key)
			s.ask("json ->>k", doc, key)
		}
		for _, path := range paths {
			s.ask("json #>", append([]string{doc}, path...)...)
			s.ask("json #>>", append([]string{doc}, path...)...)
		}
	}
}

// pairs compares every document with every other.
func pairs() []byte {
	docs := documents()
	random := rand.New(rand.NewPCG(7, 7))
	for range 60 {
		docs = append(docs, randomDocument(random, 3))
	}
	var values []string
	for i, d := range docs {
		values = append(values, fmt.Sprintf("(%d, %s::jsonb)", i, quote(d)))
	}
	s := script{}
	fmt.Fprintf(&s, "create temporary table docs(n, d) as values %s;\n", strings.Join(values, ", "))
	fmt.Fprintln(&s, `select json_build_object('doc', a.d::text,
  'compare', string_agg(case when a.d < b.d then '<' when a.d > b.d then '>' else '=' end, '' order by b.n),
  'contains', string_agg((a.d @> b.d)::int::text, '' order by b.n)) from docs a, docs b group by a.n, a.d order by a.n;`)
	return s.run()
}
