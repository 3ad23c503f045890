#!/usr/bin/env python3
"""Writes testdata/contract/data.sql: a small, deterministic and deliberately unpleasant content for the contract's tables.

usage: data.py > testdata/contract/data.sql
       data.py legacy > testdata/migration/legacy.sql       every second row, as a database of the older form has it: without the new columns
       data.py later > testdata/migration/later.sql         the other rows, as they are written after the migration

Only plain INSERT … VALUES with literals, so that PostgreSQL and Stoa run the same text. The data avoid what would make the
contract's SELECTs fail in PostgreSQL (a buffer_size that is no int, a division by a zero age) and what would leave the rows of
a LIMIT open (ties of the sort key at its edge); golden.sh checks the latter. Moments are relative to the frozen now.
"""
import json
import random
import sys
import uuid
from datetime import datetime, timedelta

NOW = datetime(2025, 10, 21, 14, 30, 22, 123456)
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MICRO = timedelta(microseconds=1)
INT8_MAX, INT8_MIN = 2**63 - 1, -(2**63)

TEXTS = [
    "", " ", "''", "it's", 'say "hi"', "a,b", "line one\nline two", "tab\there", "back\\slash", "\\.", "\\N", "NULL", "null", "%", "_",
    "100%", "a_b", "a.b.c", "..", "../../etc/passwd", "C:\\temp\\x", "\r\nCRLF\r\n", "é", "e\u0301", "ß", "İstanbul", "日本語",
    "עברית שלום", "\u202eevil\u202c", "🙂", "👩‍👩‍👧", "\ufeffbom", "a\u00a0b", " lead", "trail ", "x" * 300, "--no comment", "/* none */", ";",
    "$1", "{shard}", "%2e%2e", "．．", "a/b", "\x01\x7f", "Flushed 10,000 records to ./data/storage/chat/users/jamal/messages/j/batch-2025-10-21-143022.parquet",
    "Compacted 12 files into 3 files, saved 15.3 MB",
]

PARAMETERS = [
    '["chat", "messages", "jamal"]', '["p-2025-10"]', '["chat", "s3://b/x?y=1&z", true]', "[]", "{}", "null", "true", "false", '"scalar"', '""',
    "0", "-0", "-0.0", "1.10", "1e2", "1E-7", "-12345678901234567890123456789.000100", "9223372036854775808", "1e30", "[null]", "[null, null]",
    "[[1, [2, [3, []]]], {}]", '[{"b": 1, "a": 2, "aa": 3, "": 4}, 2]', '{"a": 1, "a": 2, "b": {"z": null, "y": [1, 2]}, "a": 3}',
    '{"0": "key zero", "1": "key one"}', '["\\u00e9", "\\ud83d\\ude42"]', '["é", "🙂"]', '["tab\\there", "new\\nline"]', '["quo\\"te", "back\\\\slash"]',
    '["sl\\/ash", "\\u0001\\u007f"]', "  [ 1 ,\n\t2 , 3 ]  ", '["chat", 5]', '["chat", 5.50]', '["chat", 4611686018427387904]', '[true, false, null]',
    '["it\'s", "a,b"]', '[""]', '["עברית", "e\\u0301"]', '{"long key": 1, "k": [1.0, 1.00, 1]}', '["chat", {"deep": {"er": [{"x": 1e3}]}}]', '[0.000001, 1e-20]',
]

OPTIONS = [
    '{"buffer_size": 1000}', '{"last_rows": 100, "buffer_size": 1000}', '{"last_rows": 50, "buffer_size": 5000}', "{}", "[]", "null", "[1, 2]", '"buffer_size"',
    '["buffer_size", "last_rows"]', '{"buffer_size": "3000"}', '{"buffer_size": " 4000 "}', '{"buffer_size": "+2001"}', '{"buffer_size": 2000}', '{"buffer_size": 2001}',
    '{"buffer_size": 2147483647}', '{"buffer_size": -2147483648}', '{"buffer_size": 3e3}', '{"buffer_size": null}', '{"last_rows": null, "buffer_size": 9999}',
    '{"last_rows": 0}', '{"last_rows": ""}', '{"last_rows": "a,b"}', '{"last_rows": [1, {"x": 2.50}]}', '{"last_rows": {"n": 1, "n": 2}}', '{"last_rows": false}',
    '{"last_rows": 1.50}', '{"last_rows": "🙂\\u00e9"}', '{"buffer_size": 1, "buffer_size": 9000}', '{"last_rows": "line\\nbreak", "buffer_size": 2500}',
    '{"nested": {"buffer_size": 7000}}', '{"last_rows": 123456789012345678901234567890}', "5", "true",
]

STATUSES = ["pending", "running", "completed", "failed", "cancelled"]


def text(value):
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"


def moment(value, form=0):
    """A timestamp literal in one of the spellings that PostgreSQL reads alike: full, shortest, with T, with a zone (which is ignored)."""
    if value is None:
        return "NULL"
    full = value.strftime("%Y-%m-%d %H:%M:%S") + ".%06d" % value.microsecond
    short = full.rstrip("0").rstrip(".") if form else full
    if form == 2:
        short = short.replace(" ", "T")
    if form == 3:
        short += "Z"
    return "'" + short + "'"


def number(value):
    return "NULL" if value is None else str(value)


class Keys:
    """Deterministic UUIDs, sometimes spelled in another of the ways PostgreSQL reads."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.count = 0

    def next(self):
        self.count += 1
        if self.count == 1:
            return "'00000000-0000-0000-0000-000000000000'"
        if self.count == 2:
            return "'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF'"
        key = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        spelled = {3: key.upper(), 4: key.replace("-", ""), 5: "{" + key + "}"}.get(self.count, key)
        return "'" + spelled + "'"


# The columns that the older form lacks, and its name for the storages.
NEW = {"parameters", "result", "trace", "memory_used", "cpu_used", "options", "changes", "node"}
OLD_NAMES = {"system.storages": "system.storage_locations"}
FORM = sys.argv[1] if len(sys.argv) > 1 else "contract"


def of_form(table, columns, rows):
    """What of a table's rows belongs to the form that is being written."""
    if FORM == "contract":
        return table, columns, rows
    if FORM == "later":
        return table, columns, [] if table in OLD_NAMES else rows[1::2]
    kept = [i for i, c in enumerate(columns) if c not in NEW]
    rows = rows if table in OLD_NAMES else rows[0::2]
    return OLD_NAMES.get(table, table), [columns[i] for i in kept], [[row[i] for i in kept] for row in rows]


def insert(table, columns, rows, size=20):
    table, columns, rows = of_form(table, columns, rows)
    for start in range(0, len(rows), size):
        print("INSERT INTO %s (%s) VALUES" % (table, ", ".join(columns)))
        print(",\n".join("    (%s)" % ", ".join(row) for row in rows[start:start + size]) + ";\n")


def job_row(r, keys, kind, status, created, i, **fixed):
    """One job; what `fixed` does not say is drawn, and every nullable column is NULL now and then."""
    maybe = lambda value, chance=0.85: value if r.random() < chance else None
    started = completed = None
    if status != "pending":
        started = maybe(created + r.randrange(0, 90_000_000) * MICRO, 0.9)
    if status in ("completed", "failed", "cancelled") and started is not None:
        completed = maybe(started + r.choice([0, 1, 250_000, 1_000_000, 61_000_001, 3_600_000_000, r.randrange(10**9)]) * MICRO, 0.9)
    drawn = {
        "parameters": maybe(r.choice(PARAMETERS[:3]) if r.random() < 0.4 else r.choice(PARAMETERS)),
        "result": maybe(r.choice(TEXTS), 0.7) if status == "completed" else None,
        "trace": maybe("%s:%s-actor-%d:thread-%d" % (r.choice(["node-1", "node-10", "node-2", "localhost", "node_1", "NODE-1"]), kind or "none", i % 5, i % 64), 0.9),
        "memory": maybe(r.choice([0, 1, 1024, 52428800, 1073741824, 1048575, 1048576, r.randrange(10**11), r.randrange(10**6)])),
        "cpu": maybe(r.choice([0, 1, 999999, 1000000, 1500000, 30000000, r.randrange(10**10)])),
        "started": started,
        "completed": completed,
        "error": maybe(r.choice(TEXTS), 0.8) if status == "failed" else None,
    }
    drawn.update(fixed)
    return [keys.next(), text(kind), text(status), text(drawn["parameters"]), text(drawn["result"]), text(drawn["trace"]), number(drawn["memory"]),
            number(drawn["cpu"]), moment(created, i % 4), moment(drawn["started"], (i + 1) % 4), moment(drawn["completed"], (i + 2) % 4), text(drawn["error"])]


def jobs():
    r, keys, rows = random.Random(20251021), Keys(1), []
    add = lambda *a, **k: rows.append(job_row(r, keys, *a, len(rows), **k))
    # The ten newest flush jobs: they are later than now, with ties among them but none across the tenth.
    for i, back in enumerate([0, 1, 1, 1, 2, 3, 4, 4, 5, 6, 9]):
        add("flush", STATUSES[i % 5], NOW + DAY - back * SECOND, memory=[2**62, -1, -1048577, INT8_MAX, INT8_MIN, 1048576][i % 6] if i % 5 else None,
            cpu=[INT8_MAX, -999999, -1000001, None][i % 4], parameters=PARAMETERS[i * 3])
    # The edges of "the last hour" and "the last 24 hours": equal to the bound is outside.
    for back in [HOUR, HOUR - MICRO, HOUR + MICRO, DAY, DAY - MICRO, DAY + MICRO, 0 * DAY, -MICRO]:
        add("flush", "completed", NOW - back, started=NOW - back + SECOND, completed=NOW - back + 3 * SECOND)
        add("flush", "failed", NOW - back, trace="node-1:x", error=TEXTS[len(rows) % len(TEXTS)])
    # Every text in every text column, every shape of parameters.
    for i, value in enumerate(TEXTS):
        add(["flush", "compact", "backup", "migrate"][i % 4], "completed" if i % 3 else "failed", NOW - (5 + i) * MINUTE - i * MICRO,
            result=value, trace=TEXTS[-i] if i % 2 else "node-1:" + value, error=TEXTS[i - 7])
    for i, value in enumerate(PARAMETERS):
        add(["compact", "flush", "backup"][i % 3], STATUSES[i % 5], NOW - DAY - i * HOUR, parameters=value)
    # Job types that are not the usual four; groups of one, groups whose every measure is NULL, groups of extremes.
    odd = ["", " ", "flush ", "FLUSH", "Flush", "a,b", 'q"q', "it's", "new\nline", "日本語", "e\u0301", "é", "🙂", "\\.", "%", "_"]
    for i, kind in enumerate(odd):
        for j in range(1 + i % 3):
            add(kind, "completed", NOW - (2 + i) * DAY - j * SECOND)
    for value in (None, None):
        add("all null", "completed", NOW - 40 * DAY, memory=None, cpu=None, started=None, completed=None)
    for value in (INT8_MAX, INT8_MAX, INT8_MAX, 2**62):
        add("huge", "completed", NOW - 41 * DAY, memory=value, cpu=value)
    for value in (INT8_MIN, INT8_MIN, -1, 0):
        add("negative", "completed", NOW - 42 * DAY, memory=value, cpu=value, started=NOW, completed=NOW - 90 * MINUTE - MICRO)
    for value in (INT8_MAX, INT8_MIN):
        add("cancels out", "completed", NOW - 43 * DAY, memory=value, cpu=value)
    for started, completed in ((datetime(1970, 1, 1), datetime(2099, 12, 31, 23, 59, 59, 999999)), (datetime(1970, 1, 1), datetime(1970, 1, 1)),
                               (datetime(2000, 2, 29, 23, 59, 59, 999999), datetime(2000, 3, 1)), (datetime(2016, 12, 31, 23, 59, 59), datetime(2017, 1, 1)),
                               (datetime(1969, 12, 31, 23, 59, 59, 999999), datetime(1970, 1, 1, 0, 0, 0, 1))):
        add("time travel", "completed", started, started=started, completed=completed)
        add("time travel", "running", completed, started=started, completed=None)
        add("flush", "failed", started, trace="node-1:old")
    # The bulk, with many equal created_at.
    while len(rows) < 300:
        add(r.choice(["flush", "flush", "compact", "backup", "migrate"]), r.choice(STATUSES + ["completed"]),
            NOW - r.randrange(60, 200_000) // 600 * 600 * SECOND - r.choice([0, 0, 123456, 120000, 1]) * MICRO)
    r.shuffle(rows)
    insert("system.jobs", ["job_id", "job_type", "status", "parameters", "result", "trace", "memory_used", "cpu_used", "created_at", "started_at",
                           "completed_at", "error"], rows)


def live_queries():
    r, keys, rows = random.Random(1523), Keys(2), []
    users = ["jamal"] * 6 + ["Jamal", "jamal ", "", "ana", "o'neil", "../../x", "a/b", "日本", "🙂", "x,y", 'q"q', "new\nline", "..", "%2e"]
    spaces = [("chat", "messages")] * 6 + [("a.b", "c"), ("a", "b.c"), ("chat", "Messages"), ("", "messages"), ("chat", ""), ("ns,1", "t\"2"), ("日", "本"), ("%", "_"), ("x", "y\nz")]
    nodes = ["node-1"] * 4 + ["node-2"] * 3 + [None, None, "", "localhost", "us-west-2-instance-3", "nœud,1", 'no"de', "node\n3"]
    queries = ["SELECT * FROM chat.messages", "SELECT id,\n       'it''s', \"q\"\nFROM chat.messages -- comment\nWHERE x LIKE '50\\%' AND y = $1", "", "SELECT '🙂', 'עברית'", "\tSELECT\t1;\r\n"]
    # Counters whose ten greatest have ties among them and none across the tenth.
    changes = [INT8_MAX, 2**62, 2**62, 2**62 - 1, 10**18, 10**18, 10**18, 10**12, 10**12, 10**11, 10**10, 1523, 1523, 0, 0, 0, -1, INT8_MIN]
    # The edges of "one hour" and "ten minutes" without news, and times that have not come yet.
    backs = [HOUR, HOUR + MICRO, HOUR - MICRO, 10 * MINUTE, 10 * MINUTE + MICRO, 10 * MINUTE - MICRO, 0 * DAY, -DAY, 2 * HOUR, 2 * HOUR]
    for i in range(60):
        created = NOW - r.choice([DAY, HOUR + MICRO, 7 * SECOND, 1_500_000 * MICRO, 3 * MICRO, 400 * DAY, -SECOND, r.randrange(1, 10**10) * MICRO])
        updated = NOW - backs[i] if i < len(backs) else NOW - r.choice([0, 1, 599_999_999, 3_600_000_000, r.randrange(10**10)]) * MICRO
        if i in (20, 21):
            created, updated = [(datetime(1970, 1, 1), datetime(1970, 1, 1)), (datetime(2099, 12, 31, 23, 59, 59, 999999), datetime(2099, 12, 31))][i - 20]
        namespace, table = spaces[i % len(spaces)]
        rows.append([keys.next(), text(users[i % len(users)]), text(namespace), text(table), text(queries[i % len(queries)]), text(OPTIONS[i] if i < len(OPTIONS) else r.choice(OPTIONS + [None] * 8)),
                     number(changes[i] if i < len(changes) else r.choice([0, r.randrange(10**6), r.randrange(10**9)])), text(nodes[i % len(nodes)]), moment(created, i % 4), moment(updated, (i + 1) % 4)])
    r.shuffle(rows)
    insert("system.live_queries", ["live_id", "user_id", "namespace_id", "table_name", "query", "options", "changes", "node", "created_at", "last_update"], rows)


def storages():
    keys = Keys(3)
    template = "{storageLocation}/{namespace}/users/{userId}/{tableName}/"
    rows = [
        ("primary", "./data/storage", template), ("Primary", "/mnt/storage", "{storageLocation}/{namespace}/{tableName}/"),
        ("backup", "/mnt/storage1", "{storageLocation}/{shard}/{userId}/{namespace}/{tableName}/"), ("it's, \"quoted\"", "/mnt/storage%/x", template),
        ("primary ", "/mnt/storag_", template), ("new\nline", "/mnt/storage with space/é", template), ("日本語🙂", "/MNT/STORAGE", "{storageLocation}/{tableName}/"),
        ("", "/mnt/storage\\back", template), ("a.b%c_d", "mnt/storage", "{storageLocation}/a%b/{tableName}/"), ("e\u0301", "/mnt/storage/עברית", template),
    ]
    times = [NOW, NOW, NOW - DAY, datetime(1970, 1, 1), datetime(2099, 12, 31, 23, 59, 59, 999999), NOW - MICRO, NOW + MICRO, NOW, datetime(2000, 1, 1), datetime(2024, 2, 29, 12)]
    insert("system.storages", ["storage_id", "name", "base_path", "path_template", "created_at"],
           [[keys.next(), text(n), text(b), text(p), moment(t, i % 4)] for i, ((n, b, p), t) in enumerate(zip(rows, times))])


def arrow(name, kind, nullable=True, old=True, metadata=""):
    """A field as the Debug form of Rust arrow writes it, in the spelling before (old) or since version 55."""
    dictionary = ", dict_id: 0, dict_is_ordered: false" if old else ""
    return 'Field { name: "%s", data_type: %s, nullable: %s%s, metadata: {%s} }' % (name, kind, str(nullable).lower(), dictionary, metadata)


# Types of every kind, some nested three deep, in the older and the newer spelling of the Debug form, and in the Display form that came after it.
ARROW_TYPES = [
    "Null", "Boolean", "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64", "Float16", "Float32", "Float64", "Utf8", "LargeUtf8", "Utf8View",
    "Binary", "LargeBinary", "BinaryView", "FixedSizeBinary(16)", "Date32", "Date64", "Time32(Second)", "Time32(Millisecond)", "Time64(Microsecond)", "Time64(Nanosecond)",
    "Timestamp(Second, None)", 'Timestamp(Microsecond, Some("UTC"))', 'Timestamp(Nanosecond, Some("+02:00"))', "Duration(Millisecond)", "Interval(YearMonth)",
    "Interval(DayTime)", "Interval(MonthDayNano)", "Decimal128(38, 10)", "Decimal256(76, -3)", "Decimal128(1, 0)",
    "List(%s)" % arrow("item", "Int32"), "List(%s)" % arrow("item", "Int32", old=False), "LargeList(%s)" % arrow("element", "Utf8", nullable=False),
    "FixedSizeList(%s, 3)" % arrow("item", "Float32"), "Struct([])", "Struct([...])",
    "Struct([%s, %s])" % (arrow("a", "Int64", nullable=False), arrow("b c", "Utf8", metadata='"k": "v"')),
    "Struct([%s])" % arrow("outer", "List(%s)" % arrow("item", "Struct([%s])" % arrow("inner", "Dictionary(Int32, Utf8)", old=False), old=False), old=False),
    "Map(%s, false)" % arrow("entries", "Struct([%s, %s])" % (arrow("keys", "Utf8", nullable=False), arrow("values", "Int64")), nullable=False),
    "Dictionary(Int8, LargeUtf8)", "Dictionary(UInt16, Dictionary(Int8, Utf8))",
    "Union([(0, %s), (5, %s)], Dense)" % (arrow("i", "Int32"), arrow("s", "Utf8")), "Union([(1, %s)], Sparse)" % arrow("only", "Boolean", old=False),
    "RunEndEncoded(%s, %s)" % (arrow("run_ends", "Int32", nullable=False), arrow("values", "Utf8")),
    "Timestamp(\u00b5s)", 'Timestamp(ns, "Europe/Berlin")', "List(Int64)", "List(non-null UInt64, field: 'foo')", 'Struct("a": Int32, "b": non-null Utf8)',
]

# Names that a field can have and a careless reader stumbles over.
FIELD_NAMES = ["Metadata", "METADATA", "meta data", "", " ", "it's", 'say "hi"', "back\\slash", "a.b", "a,b", "line\nbreak", "tab\t", "null", "name", "fields", "data_type", "\u0001", "é", "e\u0301",
               "ß", "日本語", "עברית", "🙂", "\ufeffbom", "%", "_", "x" * 200, "$1", "'; --", "0", "-1", "[]", "{}"]


def field(name, kind, nullable=True, metadata=None):
    return {"name": name, "data_type": kind, "nullable": nullable, "metadata": metadata or {}}


def messages():
    """The versions of chat.messages: what the contract's four queries of system.table_schemas see, as JSON texts."""
    base = [field("id", "Int64", False), field("user_id", "Utf8", False)]
    content, created = field("content", "Utf8", False), field("created_at", "Timestamp(Microsecond, None)", False)
    named = field("metadata", "Struct([...])")
    versions = [
        base, base + [content], base + [content, created], base + [content, created, named],  # the last is the contract's own example
        base + [content, field("metadata", "Utf8", True, {"metadata": "metadata", "é": "ü \"q\""})], [], [named], base + [field("Metadata", "Utf8"), field("meta", "Int8")],
        [field("c%03d" % i, ARROW_TYPES[i % len(ARROW_TYPES)], i % 3 > 0) for i in range(len(ARROW_TYPES))], [field(n, "Utf8", i % 2 > 0) for i, n in enumerate(FIELD_NAMES)],
        [field("wide_%04d" % i, "Int64") for i in range(300)], [field("metadata", ARROW_TYPES[42]), field("user_id", "Utf8")], [field("é", "Timestamp(Microsecond, None)")],
        list(reversed(base + [content, created, named])), base + [field("content", "Dictionary(Int32, Utf8)"), created, named], base + [content], base + [content],
    ]
    texts = [json.dumps({"fields": v}, ensure_ascii=i % 2 > 0) for i, v in enumerate(versions)]
    # Text that is not canonical: the keys in another order, spaces, a key said twice of which the last counts.
    texts.append('  { "fields" :\n\t[ {"nullable":true , "metadata":{}, "data_type":"Int64", "name":"old name", "name":"metadata"} ] }  ')
    texts.append('{"metadata": {"schema": "level", "a": "b"}, "fields": [{"metadata": {"ARROW:extension:name": "arrow.json"}, "name": "metadata", "nullable": false, "data_type": "Utf8"}]}')
    while len(texts) < 45:
        texts.append(json.dumps({"fields": base + [field("added_%d" % i, ARROW_TYPES[i % 36]) for i in range(len(texts) % 7)]}))
    return texts


def table_schemas():
    """Histories: under each name the numbers go from 1 without gaps, in the order of the statements; within a statement they come in any order."""
    r, keys = random.Random(4), Keys(4)
    one = lambda *fields: json.dumps({"fields": list(fields)})
    other = [
        ("chat", "Messages", [one(field("id", "Int64"))] * 3), ("Chat", "messages", [one(field("metadata", "Utf8")), one()]), ("it's", "a.b", [one(field("a", "Int32"))] * 4),
        ("", "", [one(), one(field("", "Null"))]), ("chat", "messages ", [one(field("metadata", "Boolean"))]), ("chat", "", [one()]), ("", "messages", [one()]),
        ("日本", "本", [one(field("日本語", "Utf8", True, {"キー": "値"}))] * 2), ('q"q', "new\nline", [one(field("x", "Int64"))]), ("a.b", "c", [one(field("x", "Int64"))]),
        ("a", "b.c", [one(field("y", "Int64"))]), ("%", "_", [one()]), ("x" * 64, "y" * 64, [one(field("z", "Date32"))]),
    ]
    rows = [("chat", "messages", i + 1, t) for i, t in enumerate(messages())] + [(n, t, i + 1, j) for n, t, texts in other for i, j in enumerate(texts)]
    shuffled = []
    for start in range(0, len(rows), 20):  # the rows of a statement
        part = rows[start:start + 20]
        r.shuffle(part)
        shuffled += part
    insert("system.table_schemas", ["schema_id", "namespace_id", "table_name", "schema_version", "schema_json", "created_at"],
           [[keys.next(), text(n), text(t), number(v), text(j), moment(NOW - (i // 2) * HOUR, i % 4)] for i, (n, t, v, j) in enumerate(shuffled)])


HEADS = {
    "contract": """-- The content of the contract's tables behind the golden answers; written by scripts/golden/data.py, not by hand.
-- It expects the four tables to be empty: a new Stoa database has the storage 'primary', which is to be deleted first, and the versions of the
-- contract's own tables, which no query of the contract asks for.
-- The moment now() is 2025-10-21 14:30:22.123456 UTC.
""",
    "legacy": "-- Rows of a database in the older form; written by scripts/golden/data.py legacy, not by hand.\n",
    "later": "-- Rows that are written after the migration; written by scripts/golden/data.py later, not by hand.\n",
}
print(HEADS[FORM])
jobs()
live_queries()
storages()
if FORM == "contract":
    table_schemas()
