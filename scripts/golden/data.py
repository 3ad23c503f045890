#!/usr/bin/env python3
"""Writes testdata/contract/data.sql: a small, deterministic and deliberately unpleasant content for the contract's tables.

usage: data.py > testdata/contract/data.sql

Only plain INSERT … VALUES with literals, so that PostgreSQL and Stoa run the same text. The data avoid what would make the
contract's SELECTs fail in PostgreSQL (a buffer_size that is no int, a division by a zero age) and what would leave the rows of
a LIMIT open (ties of the sort key at its edge); golden.sh checks the latter. Moments are relative to the frozen now.
"""
import random
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


def insert(table, columns, rows, size=20):
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


def table_schemas():
    keys = Keys(4)
    field = lambda name, kind: '{"name": "%s", "data_type": "%s", "nullable": true, "metadata": {}}' % (name, kind)
    schema = lambda *fields: '{"fields": [%s]}' % ", ".join(fields)
    base = [field("id", "Int64"), field("user_id", "Utf8")]
    rows = [
        ("chat", "messages", 1, schema(*base)), ("chat", "messages", 2, schema(*base, field("content", "Utf8"))),
        ("chat", "messages", 3, schema(*base, field("content", "Utf8"), '{"metadata": {}, "name": "metadata", "data_type": "Struct([...])", "nullable": true, "name": "metadata"}')),
        ("chat", "messages", 4, schema(field("metadata", "Utf8"), field("é", "Timestamp(Microsecond, None)"))), ("chat", "messages", 6, '{"fields": []}'),
        ("chat", "messages", 7, '{"nofields": [1, 2], "fields ": 3}'), ("chat", "messages", 2**62, schema(*base, '{"name": "Metadata"}', '["metadata"]', '"metadata"')),
        ("chat", "messages", 2**62 + 1, schema('{"name": "metadata", "x": 1.50}')), ("chat", "messages", -1, schema()), ("chat", "messages", 0, schema('{"name": null}')),
        ("chat", "Messages", 8, schema(*base)), ("Chat", "messages", 5, '{"fields": "no array"}'), ("it's", "a.b", INT8_MAX, "[]"), ("", "", INT8_MIN, "null"),
        ("chat", "messages ", 2, '"scalar \\u00e9"'),
    ]
    insert("system.table_schemas", ["schema_id", "namespace_id", "table_name", "schema_version", "schema_json", "created_at"],
           [[keys.next(), text(n), text(t), number(v), text(j), moment(NOW - (i // 2) * HOUR, i % 4)] for i, (n, t, v, j) in enumerate(rows)])


print("""-- The content of the contract's tables behind the golden answers; written by scripts/golden/data.py, not by hand.
-- It expects the four tables to be empty: a new Stoa database has the storage 'primary', which is to be deleted first.
-- The moment now() is 2025-10-21 14:30:22.123456 UTC.
""")
jobs()
live_queries()
storages()
table_schemas()
