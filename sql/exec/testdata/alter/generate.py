#!/usr/bin/env python3
"""generate.py: writes FILE.golden for each FILE.sql beside it: the statements and what PostgreSQL 15 answers to them.

The server is the one that PGHOST, PGPORT and PGUSER name; a database alter_golden is made in it anew. Positions of errors are left out.
"""
import os, pathlib, re, subprocess

here = pathlib.Path(__file__).parent
env = dict(os.environ, PGTZ="UTC", PGOPTIONS="-c lc_messages=C")
env.setdefault("PGHOST", "127.0.0.1"), env.setdefault("PGPORT", "54329"), env.setdefault("PGUSER", "postgres")
MARK = "~~~%d~~~"
NOISE = re.compile(r"^(LINE \d+:|\s*\^|LOCATION:|SCHEMA NAME:|TABLE NAME:|COLUMN NAME:|CONSTRAINT NAME:)")


def normal(text):
    lines = []
    for line in text.split("\n"):
        line = re.sub(r"^psql:[^:]*:\d+: ", "", line)
        if NOISE.match(line):
            continue
        line = re.sub(r"^(ERROR|NOTICE|WARNING):  (\w{5}): (.*)$", r"\1:  \3 (SQLSTATE \2)", line)
        lines.append(line)
    return "\n".join(lines).strip()


for path in sorted(here.glob("*.sql")):
    statements = [s.strip() for s in re.split(r";\s*\n", path.read_text()) if s.strip()]
    for command in (["dropdb", "--if-exists", "alter_golden"], ["createdb", "alter_golden"]):
        subprocess.run(command, env=env, check=True, stderr=subprocess.DEVNULL)
    script = "\\set VERBOSITY verbose\n\\pset format csv\n\\pset null NULL\n"
    for i, s in enumerate(statements):
        script += "\\echo " + MARK % i + "\n" + s + ";\n"
    out = subprocess.run(["psql", "-X", "-d", "alter_golden", "-f", "-"], input=script, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout
    answers = {int(m[1]): normal(m[2]) for m in re.finditer(r"~~~(\d+)~~~\n?(.*?)(?=~~~\d+~~~|\Z)", out, re.S)}
    path.with_suffix(".golden").write_text("".join(f"{s}\n----\n{answers[i]}\n\n" for i, s in enumerate(statements)))
subprocess.run(["dropdb", "alter_golden"], env=env, check=True)
