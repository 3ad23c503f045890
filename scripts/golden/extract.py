#!/usr/bin/env python3
"""Cuts the contract's SQL out of its Markdown, byte for byte.

usage: extract.py contract.md testdata/contract

Every statement of every ```sql block becomes one entry: SELECTs in selects.sql, all others in statements.sql,
each numbered by its place among all statements. The contract's comment above a statement becomes its title.
"""
import re
import sys
from pathlib import Path

# What Stoa answers to the statements that are no SELECT; the reasons stand in the head of statements.sql.
EXPECT = {
    "CREATE TABLE": "notice 42P07 (the relation exists with this definition), tag CREATE TABLE",
    "CREATE INDEX": "notice 42P07 (the index exists with this definition), tag CREATE INDEX",
    "ALTER TABLE ADD": "notice 42701 (the column exists with this type and default), tag ALTER TABLE",
    "ALTER TABLE RENAME": "notice 42P01 (the old name is gone, the new one stands), tag ALTER TABLE",
    "INSERT": "error 22P02 (the placeholder is no JSON); with a JSON text in its place, tag INSERT 0 n",
}

STATEMENTS_HEAD = """\
-- The contract's statements other than its SELECTs, byte for byte and in its order, cut out by scripts/golden/extract.py.
-- "number" is the place among all 48 statements of the contract. "expect" is Stoa's answer in a new database, where the system
-- tables stand from the start: an object that exists with the same definition is a notice and success, with another one 42P07.
-- "postgresql" is what PostgreSQL 15 says to the text: three statements are extensions of its grammar (42601).
"""

SELECTS_HEAD = """\
-- The contract's 25 SELECTs, byte for byte and in its order, cut out by scripts/golden/extract.py.
-- "title" is the contract's own comment, "section" the headings above it, "number" the place among all 48 statements.
"""


def statements(markdown):
    """Yields (section, comment lines, statement text) for each statement of the sql blocks."""
    headings, inside, buffer = [], False, []
    for line in markdown.split("\n"):
        heading = re.match(r"(#+) (.*)", line)
        if heading and not inside:
            depth = len(heading[1])
            headings = [h for h in headings if h[0] < depth] + [(depth, heading[2])]
        if line.strip() == "```sql":
            inside, buffer = True, []
        elif line.strip() == "```" and inside:
            inside = False
            if "".join(buffer).strip():
                sys.exit("text after the last semicolon of a block: %r" % buffer)
        elif inside:
            buffer.append(line)
            if line.split("--")[0].rstrip().endswith(";"):
                comments = [b[3:] for b in buffer if b.startswith("--")]
                text = "\n".join(b for b in buffer if not b.startswith("--")).strip("\n")
                yield " / ".join(h[1].replace("~~", "") for h in headings[1:]), comments, text
                buffer = []


def kind(text):
    words = text.split()
    if words[0] == "INSERT":
        return "INSERT"
    if words[0] == "ALTER":
        return "ALTER TABLE " + words[3]
    return " ".join(words[:2])


def postgresql(text):
    if "INDEX (" in text or "RENAME TO system." in text:
        return "42601"
    if text.startswith("INSERT"):
        return "42P01, as system.tables is not the contract's; 22P02 where it exists"
    return "accepted where the object is missing"


def main(source, target):
    markdown = Path(source).read_text(encoding="utf-8")
    selects, others, number = [], [], 0
    for section, comments, text in statements(markdown):
        number += 1
        if text not in markdown:
            sys.exit("statement %d is not verbatim" % number)
        head = "-- section: %s\n-- number: %d\n" % (section, number)
        if text.startswith("SELECT"):
            selects.append("-- title: %s\n%s%s\n" % (comments[-1], head, text))
        else:
            head += "-- expect: %s\n-- postgresql: %s\n" % (EXPECT[kind(text)], postgresql(text))
            others.append(head + text + "\n")
    Path(target, "selects.sql").write_text("\n".join([SELECTS_HEAD] + selects), encoding="utf-8")
    Path(target, "statements.sql").write_text("\n".join([STATEMENTS_HEAD] + others), encoding="utf-8")
    print("%d statements: %d SELECTs, %d others" % (number, len(selects), len(others)))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
