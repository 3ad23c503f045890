#!/usr/bin/env python3
"""generate.py: writes defaults.golden: what PostgreSQL 15 answers to each default of defaults.txt.

A table has a row when the default comes to it by ADD COLUMN, in New York; further rows come later, in UTC and in New York; a second column gets the default by
SET DEFAULT, in New York, and its rows, too, in both. The server is the one that PGHOST, PGPORT and PGUSER name; a database defaults_golden is made in it anew.
Times that the clock has given stand as <time>.
"""
import os, pathlib, re, subprocess

here = pathlib.Path(__file__).parent
env = dict(os.environ, PGTZ="UTC", PGOPTIONS="-c lc_messages=C")
env.setdefault("PGHOST", "127.0.0.1"), env.setdefault("PGPORT", "54329"), env.setdefault("PGUSER", "postgres")
SCRIPT = r"""
CREATE TABLE d (id int PRIMARY KEY);
INSERT INTO d VALUES (1);
SET TIME ZONE 'America/New_York';
ALTER TABLE d ADD COLUMN v {type} DEFAULT {expr};
ALTER TABLE d ADD COLUMN w {type};
ALTER TABLE d ALTER COLUMN w SET DEFAULT {expr};
INSERT INTO d (id) VALUES (2);
SET TIME ZONE 'UTC';
INSERT INTO d (id) VALUES (3);
\echo ~UTC~
SELECT column_default FROM information_schema.columns WHERE table_name = 'd' AND column_name = 'v';
\echo ~SET~
SELECT column_default FROM information_schema.columns WHERE table_name = 'd' AND column_name = 'w';
\echo ~PSQL~
SELECT pg_get_expr(adbin, adrelid, true) FROM pg_attrdef WHERE adrelid = 'd'::regclass AND adnum = 2;
SET TIME ZONE 'America/New_York';
\echo ~ZONE~
SELECT column_default FROM information_schema.columns WHERE table_name = 'd' AND column_name = 'v';
SET TIME ZONE 'UTC';
\echo ~ROWS~
{rows}
\echo ~END~
DROP TABLE d;
"""
ROWS = {
    "": "SELECT id, v, w FROM d ORDER BY id;",
    "same": "SELECT id, v::text = (SELECT v::text FROM d WHERE id = 1), w::text = (SELECT w::text FROM d WHERE id = 2) FROM d ORDER BY id;",
    "text": "SELECT count(*) FROM d;",
}


def ask(kind, expr, rows):
    script = "\\set VERBOSITY verbose\n\\pset null NULL\n" + SCRIPT.format(type=kind, expr=expr, rows=ROWS[rows])
    out = subprocess.run(["psql", "-X", "-q", "-At", "-d", "defaults_golden", "-f", "-"], input=script, env=env, text=True, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT).stdout
    error = re.search(r"^psql:[^\n]*?: (ERROR):  (\w{5}): (.*)$", out, re.M)
    if error:
        return "ERROR:  %s (SQLSTATE %s)" % (error[3], error[2])
    m = re.search(r"~UTC~\n(.*)\n~SET~\n(.*)\n~PSQL~\n(.*?)\n?~ZONE~\n(.*)\n~ROWS~\n(.*)\n~END~", out, re.S)
    if not m:
        raise SystemExit("no answer to %s DEFAULT %s:\n%s" % (kind, expr, out))
    parts = m.groups()
    names = ("UTC", "SET DEFAULT", "psql", "New York", "rows")
    text = "\n".join("%s: %s" % pair for pair in zip(names, parts))
    return re.sub(r"'\d[^']*'", "<time>", text) if rows else text


for command in (["dropdb", "--if-exists", "defaults_golden"], ["createdb", "defaults_golden"]):
    subprocess.run(command, env=env, check=True, stderr=subprocess.DEVNULL)
out = ""
for line in (here / "defaults.txt").read_text().splitlines():
    if not line.startswith("#"):
        kind, expr, rows = (line.split(" ~ ") + [""])[:3]
        out += "%s\n----\n%s\n\n" % (line, ask(kind, expr, rows))
(here / "defaults.golden").write_text(out)
subprocess.run(["dropdb", "defaults_golden"], env=env, check=True)
