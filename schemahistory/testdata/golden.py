#!/usr/bin/env python3
"""golden.py [DATABASE]: writes evolve.txt, what PostgreSQL 15 answers to random sequences of ALTER TABLE and what is left of the table after each.

PostgreSQL is found by psql's environment (PGHOST, PGPORT, PGUSER). The database, evolve_golden, is made when it is not there; its schema chat is
made anew. The sequences are the same each time.
"""
import os
import random
import subprocess
import sys

DATABASE = sys.argv[1] if len(sys.argv) > 1 else "evolve_golden"
SETUP = """
CREATE TABLE chat.m (id bigint PRIMARY KEY, a int, b text, c text CHECK (c IN ('x', 'y')), created_at timestamp, u int UNIQUE, v int, w int,
  user_id text, UNIQUE (v, w));
CREATE INDEX m_ab ON chat.m (a, b);
CREATE INDEX m_b ON chat.m (b);
"""
FUNCTIONS = r"""
CREATE SCHEMA chat;
CREATE FUNCTION chat.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE hint text;
BEGIN
  EXECUTE statement;
  RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  RETURN SQLSTATE || ' ' || SQLERRM || CASE hint WHEN '' THEN '' ELSE ' HINT: ' || hint END;
END $$;
"""
VIEW = r"""
CREATE VIEW chat.state AS
SELECT 1 AS part, attnum AS n, '= ' || quote_ident(attname) || ' ' || format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END
  || coalesce(' DEFAULT ' || pg_get_expr(adbin, adrelid), '') AS line
FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE attrelid = 'chat.m'::regclass AND attnum > 0 AND NOT attisdropped
UNION ALL
SELECT 2, row_number() OVER (ORDER BY conname COLLATE "C"), '= constraint ' || conname || ' (' || (
  SELECT string_agg(quote_ident(attname), ', ' ORDER BY o) FROM unnest(conkey) WITH ORDINALITY k(n, o) JOIN pg_attribute ON attrelid = conrelid AND attnum = n) || ')'
FROM pg_constraint WHERE conrelid = 'chat.m'::regclass
UNION ALL
SELECT 3, row_number() OVER (ORDER BY relname COLLATE "C"), '= index ' || relname || ' (' || (
  SELECT string_agg(quote_ident(attname), ', ' ORDER BY o) FROM unnest(indkey) WITH ORDINALITY k(n, o) JOIN pg_attribute ON attrelid = indrelid AND attnum = n) || ')'
FROM pg_index JOIN pg_class ON oid = indexrelid
WHERE indrelid = 'chat.m'::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid);
"""
NAMES = ["id", "a", "b", "c", "created_at", "u", "v", "w", "user_id", "x", "y", "No 1", "ctid", "zz"]
TYPES = ["boolean", "smallint", "integer", "bigint", "numeric", "real", "double precision", "text", "uuid", "json", "jsonb", "date",
         "timestamp without time zone", "timestamp with time zone"]


def quote(name):
    return '"' + name + '"' if " " in name else name


def step(r):
    """Gives a change in the words of the test, tab-separated, and in SQL."""
    name, other, typ = r.choice(NAMES), r.choice(NAMES), r.choice(TYPES)
    kind = r.choice(["add", "add", "drop", "rename", "set not null", "drop not null", "default", "no default", "type", "type"])
    column = quote(name)
    return {
        "add": (["add", name, typ], f"ADD COLUMN {column} {typ}"),
        "drop": (["drop", name], f"DROP COLUMN {column}"),
        "rename": (["rename", name, other], f"RENAME COLUMN {column} TO {quote(other)}"),
        "set not null": (["set not null", name], f"ALTER COLUMN {column} SET NOT NULL"),
        "drop not null": (["drop not null", name], f"ALTER COLUMN {column} DROP NOT NULL"),
        "default": (["default", name, "now()"], f"ALTER COLUMN {column} SET DEFAULT now()"),
        "no default": (["no default", name], f"ALTER COLUMN {column} DROP DEFAULT"),
        "type": (["type", name, typ], f"ALTER COLUMN {column} TYPE {typ} USING NULL::{typ}"),
    }[kind]


def literal(text):
    return "'" + text.replace("'", "''") + "'"


def psql(database, script):
    return subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database], input=script, text=True, check=True,
                          stdout=subprocess.PIPE, env=os.environ | {"PGOPTIONS": "-c client_min_messages=error"}).stdout


def main():
    if "t" != psql("postgres", f"SELECT true FROM pg_database WHERE datname = {literal(DATABASE)};").strip():
        psql("postgres", f"CREATE DATABASE {DATABASE};")
    r = random.Random(20251021)
    script = ["DROP SCHEMA IF EXISTS chat CASCADE;", FUNCTIONS]
    for _ in range(100):
        script.append("BEGIN;" + SETUP + VIEW)
        for _ in range(r.randint(4, 14)):
            words, sql = step(r)
            script.append(f"\\echo {literal(chr(9).join(words))}\nSELECT chat.try({literal('ALTER TABLE chat.m ' + sql)});")
        script.append("SELECT line FROM chat.state ORDER BY part, n;\n\\echo\nROLLBACK;")
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "evolve.txt"), "w", encoding="utf-8") as out:
        out.write("# Written by golden.py from " + psql(DATABASE, "SELECT version();").split(" (")[0] + "\n\n")
        out.write(psql(DATABASE, "\n".join(script)))


main()
