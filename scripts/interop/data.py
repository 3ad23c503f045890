"""Writes, as SQL, the tables that make interop reads with other tools, with rows that are hard on a file format."""
import random
import sys
import uuid

CELLS = """
CREATE TABLE interop.cells (
    id bigint PRIMARY KEY, u uuid, b boolean, i2 smallint, i4 integer, i8 bigint, f4 real, f8 double precision, n numeric, t text,
    v varchar(40), j jsonb, js json, d date, tm time, ts timestamp, tz timestamptz, iv interval, k text NOT NULL, created_at timestamp NOT NULL
)"""
EXTREMES = "CREATE TABLE interop.extremes (id bigint PRIMARY KEY, n numeric, f8 double precision, d date, ts timestamp, tz timestamptz)"

TEXTS = ["", " ", "a", "NULL", "null", "'", '"', "\\", "\\N", ",", "a,b", "line\nfeed", "carriage\rreturn", "tab\tand more", "ü", "ß", "日本語", "😀", "👩‍👩‍👧‍👦",
         "e\u0301", "\u200b", "\u2028", "\ufeff", "\U0010ffff", "\x01\x7f", "x" * 65536, "😀" * 16384, "0", "-1", "true", "2025-01-01", "{}", "[]"]
JSONS = ["null", "true", "0", "-0.5", "1e10", '""', '"ü😀"', '"\\u0001\\n\\""', "[]", "{}", '["namespace", "table"]', '{"b": 1, "aa": [1, 2.50, {"c": null}]}',
         '[[[[[[[[]]]]]]]]', '{"": ""}', "123456789012345678901234567890.5", '"' + "y" * 65000 + '"']
UUIDS = ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "80000000-0000-0000-0000-000000000000"]
NUMERICS = ["0", "0.00", "-0.001", "1", "1.10", "123456789012345678901234567890.123456789", "1e20", "NaN"]
INTERVALS = ["0", "1 year -2 days 03:04:05.000006", "-178000000 years", "1 microsecond", "100 hours", "-1 mon", "1 day"]
DATES = ["1970-01-01", "1969-12-31", "2000-02-29", "0001-01-01", "9999-12-31", "1582-10-10", "2025-10-21"]
TIMES = ["00:00:00", "23:59:59.999999", "12:34:56.000001", "00:00:00.000001"]
STAMPS = ["1970-01-01 00:00:00", "1969-12-31 23:59:59.999999", "2025-10-21 14:30:22.123456", "0001-01-01 00:00:00", "9999-12-31 23:59:59.999999",
          "1900-01-01 00:00:00", "2038-01-19 03:14:08", "2262-04-12 00:00:00"]
FLOATS = ["0", "-0", "1", "0.1", "1e-300", "1.7976931348623157e308", "5e-324", "NaN", "Infinity", "-Infinity", "123456.789"]
REALS = ["0", "-0", "1.5", "0.1", "3.4028235e38", "1e-45", "NaN", "Infinity", "-Infinity"]
INTS = {"i2": [0, 1, -1, 32767, -32768], "i4": [0, 1, -1, 2**31 - 1, -2**31], "i8": [0, 1, -1, 2**63 - 1, -2**63]}


def lit(x):
    if x is None:
        return "NULL"
    return "'" + str(x).replace("'", "''") + "'"


def cells(rng, rows):
    for i in range(rows):
        def pick(values):
            return None if rng.random() < 0.2 else rng.choice(values)
        row = [i, pick(UUIDS + [str(uuid.UUID(int=rng.getrandbits(128)))]), pick(["true", "false"]), pick(INTS["i2"]), pick(INTS["i4"]), pick(INTS["i8"]),
               pick(REALS), pick(FLOATS), pick(NUMERICS), pick(TEXTS), pick([x[:40] for x in TEXTS]), pick(JSONS), pick(JSONS), pick(DATES), pick(TIMES),
               pick(STAMPS), pick(STAMPS), pick(INTERVALS), rng.choice(["flush", "compact", "backup", "ü"]), rng.choice(STAMPS)]
        yield row if i else [0] + [None] * 17 + ["nothing", "2025-10-21 00:00:00"]  # the first row is NULL everywhere


def insert(table, rows):
    batch = []
    for row in rows:
        batch.append("(" + ", ".join(lit(x) for x in row) + ")")
        if len(batch) == 200:
            print(f"INSERT INTO {table} VALUES {', '.join(batch)};")
            batch = []
    if batch:
        print(f"INSERT INTO {table} VALUES {', '.join(batch)};")


def jobs(rng):
    for i in range(60):
        created = f"2025-10-{rng.randrange(1, 28):02d} 12:00:00.{rng.randrange(10**6):06d}"
        yield [str(uuid.UUID(int=rng.getrandbits(128))), rng.choice(["flush", "compact", "ü😀", "", "migrate"]), "completed",
               rng.choice([None] + [x for x in JSONS]), rng.choice([None] + TEXTS), rng.choice([None, "node-1:flush-actor-3:thread-42", ""]),
               rng.choice([None, 0, -1, 2**53 + 1, 52428800]), rng.choice([None, 0, 1500000]), created, rng.choice([None, created]),
               rng.choice([None, created]), rng.choice([None, "", "😀"])]


def main(profile):
    settings = f" WITH (parquet_profile = '{profile}')"
    print(CELLS + settings + ";")
    print(EXTREMES + settings + ";")
    print(f"ALTER TABLE system.jobs SET (parquet_profile = '{profile}');")
    insert("interop.cells", cells(random.Random(7), 1500))
    insert("interop.extremes", [
        [1, "NaN", "NaN", "infinity", "infinity", "infinity"], [2, "-Infinity", "-Infinity", "-infinity", "-infinity", "-infinity"],
        [3, "1e1000", "0", "4714-11-24 BC", "4714-11-24 00:00:00 BC", "4714-11-24 00:00:00 BC"],
        [4, "1e-1000", "1", "5874897-12-31", "294246-12-31 23:59:59.999999", "294246-12-31 23:59:59.999999"], [5] + [None] * 5])
    insert("system.jobs", jobs(random.Random(20251021)))


main(sys.argv[1])
