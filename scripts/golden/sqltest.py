#!/usr/bin/env -S python3 -B
"""Fills in the expected results of testdata/sql/*.test from PostgreSQL 15.

usage: sqltest.py [--check] FILE…

--check writes nothing and fails where a file's expectations are not PostgreSQL's. A file that says "# stoa-only" in its first
line is left alone. The format, which cockroachdb/datadriven reads, is described in testdata/sql/README.md.
"""
import re
import subprocess
import sys
from pathlib import Path

from contract import create_tables
from oracle import Session, csv_field

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE, DATABASE = "stoa_sqltest_template", "stoa_sqltest"


class Block:
    """A directive with its input, and the comments and blank lines before it; or, with no directive, the end of the file."""

    def __init__(self, before, directive=None, text=""):
        self.before, self.directive, self.text, self.expected = before, directive, text, ""

    def render(self):
        out = "".join(line + "\n" for line in self.before)
        if self.directive is None:
            return out
        out += self.directive + "\n" + (self.text + "\n" if self.text else "")
        if "\n\n" in "\n" + self.expected:
            return out + "----\n----\n" + self.expected + "----\n----\n"
        return out + "----\n" + self.expected


def parse(text):
    """Yields the blocks of a file; what was expected so far is dropped."""
    lines, at, before = text.split("\n")[:-1], 0, []
    while at < len(lines):
        line = lines[at]
        at += 1
        if not line.strip() or line.startswith("#"):
            before.append(line)
            continue
        body = []
        while at < len(lines) and lines[at] != "----":
            body.append(lines[at])
            at += 1
        if at == len(lines):
            raise SystemExit("golden: no ---- after %r" % line)
        block, before = Block(before, line, "\n".join(body)), []
        at += 1
        if at < len(lines) and lines[at] == "----":
            while lines[at + 1:at + 3] != ["----", "----"]:
                at += 1
            at += 3
        else:
            while at < len(lines) and lines[at]:
                at += 1
        yield block
    yield Block(before)


class Runner:
    """Runs the blocks of one file in a database of its own."""

    def __init__(self):
        self.names, self.session = {}, None
        self.reset()

    def reset(self):
        if self.session:
            self.session.close()
        admin = Session("postgres")
        admin.must('DROP DATABASE IF EXISTS %s WITH (FORCE)' % DATABASE)
        admin.must('CREATE DATABASE %s TEMPLATE %s STRATEGY file_copy' % (DATABASE, TEMPLATE))
        admin.must("ALTER DATABASE %s SET search_path = public, pg_catalog" % DATABASE)
        admin.close()
        self.session = Session(DATABASE)
        return ""

    def run(self, block):
        command, *arguments = block.directive.split()
        if block.directive == "load contract":
            self.session.must((ROOT / "testdata/contract/data.sql").read_bytes().decode())
            return ""
        handlers = {"statement": self.statement, "query": self.query, "types": self.types, "exprs": self.exprs}
        if command == "reset":
            return self.reset()
        if command not in handlers:
            raise SystemExit("golden: unknown directive %r" % block.directive)
        return handlers[command](block.text, *arguments)

    def one(self, text):
        results = self.session.query(text)
        if len(results) != 1:
            raise SystemExit("golden: a block holds one statement:\n" + text)
        return results[0]

    def statement(self, text, order=""):
        result = self.one(text)
        if order == "unordered":
            result.rows.sort(key=lambda row: [csv_field(f) for f in row])
        elif len(result.rows) > 1 and not text.startswith("INSERT"):
            raise SystemExit("golden: say 'statement unordered':\n" + text)
        notices = "".join("%s:  %s\n" % (n["S"], n["M"]) for n in result.notices)
        if result.error:
            return notices + result.error_line() + "\n"
        return notices + (result.csv() if result.columns is not None else "") + result.tag + "\n"

    def query(self, text, order=""):
        result = self.one(text)
        if result.error:
            return result.error_line() + "\n"
        if result.columns is None:
            raise SystemExit("golden: a query that returns no rows:\n" + text)
        if not order and len(result.rows) > 1 and not re.search(r"order\s+by", text, re.I):
            raise SystemExit("golden: say 'query unordered', or order the rows:\n" + text)
        if order == "unordered":
            result.rows.sort(key=lambda row: [csv_field(f) for f in row])
        return result.csv()

    def type_name(self, oid, modifier):
        if (oid, modifier) not in self.names:
            self.names[oid, modifier] = self.session.must("SELECT format_type(%d, %d)" % (oid, modifier))[0].rows[0][0]
        return self.names[oid, modifier]

    def types(self, text):
        result = self.one(text)
        if result.error:
            return result.error_line() + "\n"
        return "".join("%s %s\n" % (csv_field(c), self.type_name(*t)) for c, t in zip(result.columns, result.types))

    def exprs(self, text):
        out = ""
        for line in text.split("\n"):
            result = self.one("SELECT " + line)
            if result.error:
                out += result.error_line() + "\n"
            else:
                value = result.rows[0][0]
                shown = "NULL" if value is None else '"NULL"' if value == "NULL" else csv_field(value)
                out += "%s :: %s\n" % (shown, self.type_name(*result.types[0]))
        return out


def make_template():
    subprocess.run(["bash", "-c", '. "$0" && ensure_pg && fresh_database "$1"', str(Path(__file__).with_name("lib.sh")), TEMPLATE], check=True)
    session = Session(TEMPLATE)
    create_tables(session, ROOT / "testdata/contract")
    session.close()


def main(arguments):
    check = "--check" in arguments
    failed = False
    make_template()
    for path in map(Path, [a for a in arguments if a != "--check"]):
        old = path.read_bytes().decode()
        if old.startswith("# stoa-only"):
            continue
        runner, new, count = Runner(), "", 0
        for block in parse(old):
            if block.directive is not None:
                block.expected, count = runner.run(block), count + 1
            new += block.render()
        runner.session.close()
        if check and new != old:
            print("%s: differs from PostgreSQL" % path)
            failed = True
        if not check and new != old:
            path.write_bytes(new.encode())
        print("%-40s %4d blocks" % (path.name, count))
    return failed


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
