#!/usr/bin/env -S python3 -B
"""Writes random sequences of CREATE, INSERT, ALTER TABLE, UPDATE, DELETE and SELECT with PostgreSQL 15's answers, for TestAlter.

usage: alterrandom.py FIRST_SEED COUNT FOLDER      writes FOLDER/seed-NNNNN.test for each seed

A seed gives the same statements every time: what the generator draws depends on the seed and on what the server's catalogue says. What could be answered
in two ways (rows of free order, which of equal numerics stands for a group, which of several bad rows is named first) is not asked.
"""
import random
import sys
from pathlib import Path

from sqltest import Block, Runner, make_template

NAMES = ["a", "b", "c", "d", "e", "f", "user_id", "created_at", '"x y"', '"Ünï"']
# Values of each type as SQL, all of which its column takes.
VALUES = {
    "smallint": ["0", "1", "-1", "7", "32767", "-32768"],
    "integer": ["0", "1", "-1", "7", "40000", "2147483647", "-2147483648"],
    "bigint": ["0", "1", "-1", "7", "5000000000", "9223372036854775807"],
    "numeric": ["0", "1", "1.0", "-1.50", "0.001", "123456789012345678901234567890", "7"],
    "numeric(6,2)": ["0", "1", "-1.5", "1234.56", "7.005"],
    "real": ["0", "1", "-1.5", "0.1", "1e10", "7"],
    "double precision": ["0", "1", "-1.5", "0.1", "1e10", "7", "-0.0"],
    "text": ["''", "'1'", "'-7'", "'x'", "'it''s'", "'é🙂'", "' 5 '", "'007'"],
    "character varying": ["''", "'1'", "'abc'", "'long enough'"],
    "character varying(4)": ["''", "'1'", "'abcd'", "'x'", "'é🙂'"],
    "boolean": ["true", "false"],
    "date": ["'2025-10-21'", "'2024-02-29'", "'1969-12-31'"],
    "timestamp without time zone": ["'2025-10-21 14:30:22.123456'", "'1969-12-31 23:59:59.999999'", "'2025-01-01'"],
    "timestamp with time zone": ["'2025-10-21 14:30:22+02'", "'2025-01-01 00:00:00+00'"],
    "interval": ["'1 day'", "'-3 months 04:05:06.7'", "'0'"],
    "uuid": ["'00000000-0000-0000-0000-000000000001'", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"],
    "jsonb": ["'{\"b\": 1, \"a\": [1.50, null]}'", "'[]'", "'null'", "'\"s\"'", "'5'"],
}
NUMBERS = ["smallint", "integer", "bigint", "numeric", "numeric(6,2)", "real", "double precision"]
TEXTS = ["text", "character varying", "character varying(4)"]
MOMENTS = ["date", "timestamp without time zone", "timestamp with time zone"]
# Types whose equal values have one text, so that groups and extremes are determined.
EXACT = ["smallint", "integer", "bigint", "text", "character varying", "character varying(4)", "boolean", "date", "timestamp without time zone", "uuid"]
# Changes that keep old rows as they are come up as often as all others together.
WIDER = {
    "smallint": ["integer", "bigint", "numeric", "real", "double precision"], "integer": ["bigint", "numeric", "double precision"], "bigint": ["numeric"],
    "real": ["double precision"], "numeric(6,2)": ["numeric(9,2)", "numeric"], "character varying(4)": ["character varying(9)", "character varying", "text"],
    "character varying": ["text"], "text": ["character varying"], "date": ["timestamp"],
}


class Column:
    def __init__(self, name, kind, not_null, default):
        self.name, self.kind, self.not_null, self.default = name, kind, not_null, default


class Generator:
    """One sequence of a table t, which is now and then named u."""

    def __init__(self, seed, runner):
        self.random, self.runner, self.blocks, self.table, self.next = random.Random(seed), runner, [], "t", 1
        runner.reset()

    def pick(self, choices):
        return self.random.choice(choices)

    def chance(self, percent):
        return self.random.random() * 100 < percent

    def ask(self, sql):
        return self.runner.session.must(sql)[0].rows

    def add(self, directive, sql):
        block = Block([""], directive, sql)
        block.expected = self.runner.run(block)
        self.blocks.append(block)

    def do(self, sql):
        self.add("statement", sql)

    def columns(self):
        return [Column(n, k, nn == "t", d) for n, k, nn, d in self.ask(
            "SELECT quote_ident(attname), format_type(atttypid, atttypmod), attnotnull, atthasdef FROM pg_attribute "
            "WHERE attrelid = '%s'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum" % self.table)]

    def value(self, kind, null=15):
        if self.chance(null):
            return "NULL"
        base = kind if kind in VALUES else kind.split("(")[0]
        return self.pick(VALUES.get(base) or VALUES["numeric(6,2)"])

    def literal(self, kind):
        return "%s::%s" % (self.value(kind, 0), kind)

    def default(self, kind):
        if kind in MOMENTS and self.chance(40):
            return self.pick(["now()", "now() - interval '1 day'", "'2020-02-02'"])
        if kind in ("integer", "bigint", "numeric") and self.chance(30):
            return self.pick(["2 + 3", "length('four')", "-(-5)", "CASE WHEN true THEN 8 END"])
        if kind == "text" and self.chance(30):
            return self.pick(["upper('ab') || 'c'", "coalesce(NULL, 'z')", "repeat('-', 3)"])
        if kind == "uuid" and self.chance(30):
            return "NULL"
        return self.value(kind, 5)

    def insert(self):
        cols = [c for c in self.columns() if c.not_null and c.default != "t" or self.chance(75)]
        if not cols:
            return
        rows = 1 if self.chance(30) else self.random.randrange(2, 6)
        null = 15 if rows == 1 else 0  # of several bad rows another one might be found first
        values = ", ".join("(%s)" % ", ".join(self.given(c, null if c.not_null else 25) for c in cols) for _ in range(rows))
        self.do("INSERT INTO %s (%s) VALUES %s" % (self.table, ", ".join(c.name for c in cols), values))

    def given(self, c, null):
        """A value to insert; an id is mostly one that no row has."""
        if c.name != "id" or c.kind not in NUMBERS[:5] or self.chance(8):
            return self.value(c.kind, null)
        self.next += 1
        return str(self.next)

    def where(self):
        c = self.pick(self.columns())
        if c.kind == "jsonb" or self.chance(25):
            return "%s IS %sNULL" % (c.name, self.pick(["", "NOT "]))
        return "%s %s %s" % (c.name, self.pick(["=", "<>", "<", ">="]), self.literal(c.kind))

    def in_key(self, column):
        return self.ask("SELECT count(*) FROM pg_index, unnest(indkey) k JOIN pg_attribute ON attrelid = '%s'::regclass AND attnum = k "
                        "WHERE indrelid = attrelid AND quote_ident(attname) = '%s'" % (self.table, column.name))[0][0] != "0"

    def update(self):
        c = self.pick(self.columns())
        new = self.value(c.kind)
        # PostgreSQL looks at a key after each row of an UPDATE, Stoa at its end: an UPDATE of a key by an expression may fail there alone.
        if c.kind in NUMBERS and self.chance(30) and not self.in_key(c):
            new = c.name + " - 1" if c.kind not in ("smallint", "integer") else "-abs(%s / 2)" % c.name
        self.do("UPDATE %s SET %s = %s WHERE %s" % (self.table, c.name, new, self.where()))

    def delete(self):
        self.do("DELETE FROM %s WHERE %s" % (self.table, self.where()) if self.chance(95) else "TRUNCATE " + self.table)

    def added(self):
        kind = self.pick(list(VALUES))
        sql = "ADD COLUMN %s%s %s" % ("IF NOT EXISTS " if self.chance(10) else "", self.pick(NAMES), kind)
        if self.chance(60):
            sql += " DEFAULT " + self.default(kind)
        if self.chance(20):
            sql += " NOT NULL"
        elif self.chance(5):
            sql += " UNIQUE"
        return sql

    def dropped(self, columns):
        return "DROP COLUMN %s" % (self.pick(columns).name if len(columns) > 1 and self.chance(90) else "IF EXISTS nothing")

    def retyped(self, columns):
        c = self.pick(columns)
        if self.chance(60) and WIDER.get(c.kind.replace("numeric(9,2)", "numeric(6,2)")):
            return "ALTER COLUMN %s TYPE %s" % (c.name, self.pick(WIDER[c.kind.replace("numeric(9,2)", "numeric(6,2)")]))
        to = self.pick(list(VALUES))
        using = ""
        if c.kind in TEXTS and to in ("integer", "bigint", "numeric"):
            using = " USING " + self.pick(["%s::%s", "length(%s)::%s"]) % (c.name, to)
        elif to in TEXTS and self.chance(40):
            using = " USING left(%s::text, 4)" % c.name
        elif self.chance(10):
            using = " USING NULL"
        elif c.kind == "boolean" and to == "integer" or c.kind in TEXTS and to == "jsonb":
            using = " USING %s::%s" % (c.name, to) if to == "integer" else " USING to_jsonb(%s)" % c.name
        if "numeric" in c.kind and to in ("real", "double precision") and not using:
            using = " USING %s::%s" % (c.name, to)
        return "ALTER COLUMN %s TYPE %s%s" % (c.name, to, using)

    def column_action(self, columns):
        c = self.pick(columns)
        return self.pick([
            lambda: self.added(), lambda: self.added(), lambda: self.dropped(columns), lambda: self.retyped(columns), lambda: self.retyped(columns),
            lambda: "ALTER COLUMN %s SET NOT NULL" % c.name, lambda: "ALTER COLUMN %s DROP NOT NULL" % c.name,
            lambda: "ALTER COLUMN %s SET DEFAULT %s" % (c.name, self.default(c.kind)), lambda: "ALTER COLUMN %s DROP DEFAULT" % c.name,
        ])()

    def alter(self):
        columns = self.columns()
        if self.chance(15):
            self.do("ALTER TABLE %s RENAME COLUMN %s TO %s" % (self.table, self.pick(columns).name, self.pick(NAMES)))
        elif self.chance(5):
            self.swap(columns)
        elif self.chance(6):
            self.do("ALTER TABLE %s ADD UNIQUE (%s)" % (self.table, self.pick(columns).name))
        elif self.chance(4):
            self.drop_constraint()
        elif self.chance(4):
            to = "u" if self.table == "t" else "t"
            self.do("ALTER TABLE %s RENAME TO %s" % (self.table, to))
            self.table = to
        else:
            actions = [self.column_action(columns) for _ in range(self.pick([1, 1, 1, 1, 2, 2, 3]))]
            typed = [a.split(" TYPE ")[0] for a in actions if " TYPE " in a]
            if len(set(typed)) < len(typed):  # one of two changes of a type is refused for another reason than the second
                actions = actions[:1]
            while sum(a.startswith("DROP COLUMN") for a in actions) >= len(columns):  # Stoa has no table without columns
                actions.pop()
            if actions:
                self.do("ALTER TABLE %s %s" % (self.table, ", ".join(actions)))
        self.look()

    def swap(self, columns):
        if len(columns) < 2:
            return
        x, y = self.random.sample(columns, 2)
        for a, b in ((x.name, "swapping"), (y.name, x.name), ("swapping", y.name)):
            self.do("ALTER TABLE %s RENAME %s TO %s" % (self.table, a, b))

    def drop_constraint(self):
        have = [r[0] for r in self.ask("SELECT quote_ident(conname) FROM pg_constraint WHERE conrelid = '%s'::regclass ORDER BY 1" % self.table)]
        self.do("ALTER TABLE %s DROP CONSTRAINT %s" % (self.table, self.pick(have) if have else "IF EXISTS nothing"))

    def look(self):
        self.add("types", "SELECT * FROM " + self.table)
        self.add("query unordered", "SELECT * FROM " + self.table)

    def ask_some(self):
        columns = self.columns()
        exact = [c for c in columns if c.kind in EXACT]
        c = self.pick(columns)
        self.add("query unordered", "SELECT * FROM %s WHERE %s" % (self.table, self.where()))
        self.add("query unordered", "SELECT count(*), count(%s) FROM %s WHERE %s" % (c.name, self.table, self.where()))
        if exact:
            g, o = self.pick(exact), self.pick(exact)
            extremes = "" if o.kind in ("boolean", "uuid") else ", min(%s), max(%s)" % (o.name, o.name)
            self.add("query unordered", "SELECT %s, count(*)%s FROM %s GROUP BY %s" % (g.name, extremes, self.table, g.name))
            self.add("query", "SELECT %s FROM %s ORDER BY %s%s" % (g.name, self.table, g.name, self.pick(["", " DESC", " NULLS FIRST", " LIMIT 2"])))

    def sequence(self):
        kinds = [self.pick(list(VALUES)) for _ in range(self.random.randrange(1, 5))]
        names = self.random.sample(NAMES, len(kinds))
        parts = ["id integer PRIMARY KEY" if self.chance(25) else "id integer"]
        parts += ["%s %s%s" % (n, k, self.pick(["", "", "", " NOT NULL", " DEFAULT " + self.value(k)])) for n, k in zip(names, kinds)]
        self.do("CREATE TABLE t (%s)" % ", ".join(parts))
        for _ in range(3):
            self.insert()
        for _ in range(self.random.randrange(14, 30)):
            self.pick([self.insert, self.insert, self.insert, self.alter, self.alter, self.alter, self.alter, self.update, self.update, self.delete, self.ask_some])()
        self.look()
        self.ask_some()
        return self.blocks


def main(first, count, folder):
    make_template()
    runner = Runner()
    for seed in range(first, first + count):
        head = Block([], "reset seed %d" % seed)
        text = head.render() + "".join(b.render() for b in Generator(seed, runner).sequence())
        path = Path(folder) / ("seed-%05d.test" % seed)
        if not path.exists() or path.read_bytes() != text.encode():
            path.write_bytes(text.encode())
        print("%-20s %4d blocks" % (path.name, text.count("\n----\n")))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
