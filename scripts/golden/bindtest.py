#!/usr/bin/env -S python3 -B
"""Writes what PostgreSQL 15 makes of statements before it runs them: sql/bind/testdata/postgres.tsv from statements.sql beside it.

usage: bindtest.py DATABASE      the database that contract.py has filled

Each line of statements.sql is a statement, or an expression to be selected. Each line of the result is the statement and, behind a tab, the names and
types of its columns, or the error with its position and hint: the server parses and describes the statement, and never executes it.
"""
import struct
import sys
from pathlib import Path

from oracle import Session, columns_and_types, error_fields

TESTDATA = Path(__file__).resolve().parents[2] / "sql/bind/testdata"
WORDS = ("SELECT", "VALUES", "WITH", "INSERT", "UPDATE", "DELETE", "(SELECT")
HEAD = "# Written by scripts/golden/bindtest.py from statements.sql.\n"


def described(session, names, sql):
    parse = b"\0" + sql.encode() + b"\0" + struct.pack("!h", 0)
    for kind, body in ((b"P", parse), (b"D", b"S\0"), (b"S", b"")):
        session.socket.sendall(kind + struct.pack("!i", len(body) + 4) + body)
    answer = "no columns"
    while True:
        kind, body = session.message()
        if kind == b"E":
            fields = error_fields(body)
            answer = "ERROR:  %s (SQLSTATE %s)" % (fields["M"], fields["C"])
            answer += "".join(" %s=%s" % (word, fields[f]) for word, f in (("position", "P"), ("hint", "H")) if f in fields)
        elif kind == b"T":
            answer = columns_and_types(body)
        elif kind == b"Z":
            break
    if isinstance(answer, str):
        return answer
    for t in answer[1]:
        if t not in names:
            names[t] = session.must("SELECT format_type(%d, %d)" % t)[0].rows[0][0]
    return ", ".join("%s %s" % (column, names[t]) for column, t in zip(answer[0], answer[1]))


def main(database):
    session, names, out = Session(database), {}, HEAD
    for line in (TESTDATA / "statements.sql").read_bytes().decode().split("\n"):
        if not line or line.startswith("--"):
            continue
        sql = line if line.split(" ")[0] in WORDS else "SELECT " + line
        out += sql + "\t" + described(session, names, sql) + "\n"
    session.close()
    path = TESTDATA / "postgres.tsv"
    if not path.exists() or path.read_bytes() != out.encode():
        path.write_bytes(out.encode())
    print("%-40s %4d statements" % (path.name, out.count("\n") - 1))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
