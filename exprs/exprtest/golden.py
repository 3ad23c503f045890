#!/usr/bin/env python3
"""Asks PostgreSQL 15 what the calls in a family's testdata/golden.tsv give and writes the answers into it.

usage: golden.py FAMILY_DIRECTORY…        connects as psql does: set PGHOST, PGPORT, PGUSER, PGDATABASE

A case is a line of fields between tabs: the name of a function or operator, or cast:TYPE, then the arguments as type:value. An aggregate is called
agg:NAME/N; its arguments are rows of N values, one after the other. Values are escaped as COPY does (\\t, \\n, \\\\, \\N for NULL). A line
`@zone NAME` sets the session's time zone for what follows; lines that start with # and a space are comments.
The answer stands behind the case: `=>` and type:value, or `!!` and SQLSTATE:message. A new case is written without one.
"""
import pathlib
import subprocess
import sys

SETUP = r"""
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning; SET timezone = 'UTC'; SET datestyle = 'ISO, MDY'; SET extra_float_digits = 1;
CREATE TEMP TABLE q (id int, zone text, sql text);
CREATE TEMP TABLE a (id int, status text, typ text, val text);
CREATE FUNCTION pg_temp.ask(n int, z text, s text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE t text; v text; missing bool; code text; msg text;
BEGIN
  PERFORM set_config('timezone', z, false);
  EXECUTE 'SELECT pg_typeof(x)::text, format(''%s'', x), x IS NULL FROM (SELECT ' || s || ' AS x) s' INTO t, v, missing;
  INSERT INTO a VALUES (n, '=>', t, CASE WHEN NOT missing THEN v END);
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, msg = MESSAGE_TEXT;
  INSERT INTO a VALUES (n, '!!', code, msg);
END $$;
"""


def unescape(s):
    if s == "\\N":
        return None
    out, i = [], 0
    while i < len(s):
        c = s[i]
        if c == "\\" and i + 1 < len(s):
            i += 1
            c = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}.get(s[i], s[i])
        out.append(c)
        i += 1
    return "".join(out)


def escape(s):
    return s.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def literal(arg):
    typ, _, value = arg.partition(":")
    value = unescape(value)
    text = "NULL" if value is None else "'" + value.replace("'", "''") + "'"
    return text if typ == "unknown" else f"CAST({text} AS {typ})"


def sql(case):
    name, *args = case.split("\t")
    args = [literal(a) for a in args]
    if name.startswith("agg:"):
        name, _, width = name[4:].partition("/")
        rows = [f"({', '.join(args[i:i + int(width)])})" for i in range(0, len(args), int(width))]
        columns = "abc"[:int(width)]
        return f"(SELECT {name}({', '.join(columns)}) FROM (VALUES {', '.join(rows)}) v({', '.join(columns)}))"
    if name.startswith("cast:"):
        return f"CAST({args[0]} AS {name[5:]})"
    if name[0].isalpha():
        if name in ("greatest", "least"):
            return f"{name}({', '.join(args)})"
        return f'pg_catalog."{name}"({", ".join(args)})'
    return f"{name} {args[0]}" if len(args) == 1 else f"{args[0]} {name} {args[1]}"


def question(line):
    fields = line.split("\t")
    return "\t".join(fields[:-2]) if len(fields) > 2 and fields[-2] in ("=>", "!!") else line


def answer(directory):
    file = directory / "testdata" / "golden.tsv"
    lines = [question(line) for line in file.read_text().split("\n")[:-1]]
    zone, script = "UTC", [SETUP, "COPY q FROM STDIN;"]
    for n, line in enumerate(lines):
        if line.startswith("@zone "):
            zone = line[6:]
        elif line and not line.startswith("# "):
            script.append(f"{n}\t{zone}\t{escape(sql(line))}")
    script += ["\\.", "SELECT count(pg_temp.ask(id, zone, sql)) FROM q \\g /dev/null", "COPY (SELECT * FROM a ORDER BY id) TO STDOUT;"]
    out = subprocess.run(["psql", "-X", "-q"], input="\n".join(script) + "\n", capture_output=True, text=True)
    if out.returncode != 0:
        sys.exit(out.stderr)
    answers = {}
    for row in out.stdout.split("\n")[:-1]:
        n, status, typ, value = row.split("\t")
        answers[int(n)] = f"{status}\t{typ}:{value}"
    result = []
    for n, line in enumerate(lines):
        if n in answers:
            result.append(f"{line}\t{answers[n]}")
        else:
            result.append(line)
    file.write_text("\n".join(result) + "\n")
    print(f"{directory}: {len(answers)} answers, {sum(1 for a in answers.values() if a.startswith('!!'))} of them errors")


for d in sys.argv[1:]:
    answer(pathlib.Path(d))
