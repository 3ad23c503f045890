#!/usr/bin/env -S python3 -B
"""Writes the golden answers to the contract's SELECTs; golden.sh calls it with a database in which the clock is frozen.

usage: contract.py DATABASE testdata/contract

For each SELECT of selects.sql: golden/NN-title.csv, psql's --csv output, and golden/NN-title.types, its columns by \\gdesc.
manifest.txt says how far PostgreSQL fixes the order of the rows: a test that compares must not ask for more, and not for less.
"""
import re
import subprocess
import sys
from pathlib import Path

from oracle import Session

MANIFEST_HEAD = """\
# How the rows of each golden answer are to be compared; written by scripts/golden/contract.py.
#   ordered              row by row
#   ties A-B C-D ...     row by row, but rows A to B (the first row after the header is 1) may come in any order among themselves
#   unordered            as a multiset
#   limit N …            the file has all rows of the query without its LIMIT N, whose edge cuts through rows that tie: any N of them in this order
# In the golden files the rows that may come in any order are sorted by the bytes of their CSV record.
"""

# The sort key of each ordered SELECT, to find its ties: the first expression of ORDER BY as it can be said in the select list.
SORT_KEY = {"subscription_count": "COUNT(*)", "total_changes": "SUM(changes)"}


def entries(path, first):
    """Yields (head, statement) for each entry of a file that extract.py wrote; its head's first line is the comment named first."""
    for block in re.split(r"^(?=-- %s: )" % first, path.read_text(encoding="utf-8"), flags=re.M)[1:]:
        lines = block.split("\n")
        head = dict(re.match(r"-- (\w+): (.*)", line).groups() for line in lines if line.startswith("-- "))
        yield head, "\n".join(line for line in lines if not line.startswith("-- ")).strip("\n")


def create_tables(session, contract):
    """The contract's DDL verbatim, except for what PostgreSQL's grammar lacks and what alters tables of the older form."""
    session.must("CREATE SCHEMA system")
    for head, sql in entries(contract / "statements.sql", "section"):
        if sql.startswith("CREATE") and head["postgresql"] != "42601":
            session.must(sql)
    session.must(Path(__file__).with_name("schema.sql").read_text(encoding="utf-8"))


def psql(database, text):
    done = subprocess.run(["bash", "-c", '. "$0" && pg "$1" --csv -v ON_ERROR_STOP=1 -f -', str(Path(__file__).with_name("lib.sh")), database],
                          input=text.encode(), stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()


def records(csv):
    """Splits CSV text into records, keeping their bytes: a line end inside quotes ends no record."""
    out, start, quoted = [], 0, False
    for i, c in enumerate(csv):
        if c == '"':
            quoted = not quoted
        elif c == "\n" and not quoted:
            out.append(csv[start:i + 1])
            start = i + 1
    return out


def sort_keys(session, sql):
    """The sort key of every row of a SELECT without LIMIT, in order."""
    order = re.search(r"ORDER BY ([\w.]+)", sql)[1]
    key = SORT_KEY.get(order, order)
    text = re.sub(r"\s+FROM system", ", %s AS stoa_sort_key FROM system" % key, sql, count=1)
    return [row[-1] for row in session.must(text)[0].rows]


def unlimited(sql):
    """The SELECT without its LIMIT, and the LIMIT (None)."""
    limit = re.search(r"\nLIMIT (\d+)", sql)
    return (sql.replace(limit[0], ""), int(limit[1])) if limit else (sql, None)


def cut_in_ties(session, sql):
    """Whether the LIMIT's edge cuts through rows that tie, so that the answer is not determined."""
    text, limit = unlimited(sql)
    if limit is None:
        return False
    keys = sort_keys(session, text)
    return len(keys) > limit and keys[limit - 1] == keys[limit]


def comparison(session, sql, rows):
    """The manifest's word for this SELECT, and the rows with those of free order sorted."""
    if "ORDER BY" not in sql:
        return ("ordered" if len(rows) < 2 else "unordered"), sorted(rows)
    keys, ranges, start = sort_keys(session, unlimited(sql)[0])[:len(rows)], [], 0
    assert len(keys) == len(rows)
    for i in range(1, len(keys) + 1):
        if i == len(keys) or keys[i] != keys[start]:
            if i - start > 1:
                ranges.append("%d-%d" % (start + 1, i))
                rows = rows[:start] + sorted(rows[start:i]) + rows[i:]
            start = i
    return " ".join(["ties"] + ranges) if ranges else "ordered", rows


def write(path, text):
    """Writes a file whose text has changed: a run that changes nothing never leaves one missing or half written."""
    if not path.exists() or path.read_bytes() != text.encode():
        path.write_bytes(text.encode())


def answer(database, session, sql):
    """The manifest's word for a SELECT, and its answer as psql prints it, arranged by that word."""
    word = ""
    if cut_in_ties(session, sql):
        sql, limit = unlimited(sql)
        word = "limit %d " % limit
    text = psql(database, sql)
    if text != session.must(sql)[0].csv():
        raise SystemExit("golden: psql and oracle.py write different CSV:\n" + sql)
    header, *rows = records(text)
    order, rows = comparison(session, sql, rows)
    return word + order, header + "".join(rows), len(rows)


def answers(database, session, selects, golden, masked=lambda text: text):
    """Writes the answer to every SELECT into the folder golden, which is cleared of others; gives the manifest."""
    golden.mkdir(parents=True, exist_ok=True)
    stale = set(golden.glob("[0-9][0-9]-*"))
    manifest = [MANIFEST_HEAD]
    for number, (head, sql) in enumerate(entries(selects, "title"), 1):
        name = "%02d-%s" % (number, re.sub(r"[^a-z0-9]+", "-", head["title"].lower()).strip("-"))
        word, text, rows = answer(database, session, sql)
        write(golden / (name + ".csv"), masked(text))
        write(golden / (name + ".types"), psql(database, sql.rstrip("; \n") + "\n\\gdesc\n"))
        stale -= {golden / (name + ".csv"), golden / (name + ".types")}
        manifest.append("%s %s\n" % (name, word))
        print("%-70s %4d rows  %s" % (name, rows, word))
    for path in stale:
        path.unlink()
    return "".join(manifest)


def main(database, target):
    contract = Path(target)
    session = Session(database)
    create_tables(session, contract)
    session.must((contract / "data.sql").read_bytes().decode())
    session.must("ANALYZE")
    manifest = answers(database, session, contract / "selects.sql", contract / "golden")
    if re.search(r"(?m)^[^#]* limit ", manifest):
        raise SystemExit("golden: rows tie at a LIMIT's edge, the answer is not determined")
    write(contract / "manifest.txt", manifest)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
