"""check.py READER DIR OUT: reads the files of one reader and compares them with what stoa had before it wrote them. The results go to OUT as JSON."""
import glob
import json
import math
import sys
import traceback

import values
from readers import READERS

SINCE = values.stamp("2025-10-18 00:00:00")
SUMS = {"cells": ["id", "i2", "i4"], "jobs": ["cpu_used"], "extremes": ["id"]}
KEYS = {"cells": "id", "jobs": "job_id", "extremes": "id"}


def close(a, b):
    return a is None and b is None or a is not None and b is not None and math.isclose(float(a), float(b), rel_tol=1e-9)


def schema(reader, path, kinds, profile):
    have = reader.types(path)
    if list(have) != list(kinds):
        return f"columns {list(have)}"
    wrong = [f"{n} {have[n]}" for n, k in kinds.items() if not have[n].lower().removeprefix("large_").startswith(reader.expected(k, profile).lower())]
    return ", ".join(wrong) or None


def rows(reader, path, want, _):
    got = reader.query(path, "count")[0][0]
    return None if got == len(next(iter(want.values()))) else f"{got} rows"


def sums(reader, path, want, columns):
    got = reader.query(path, columns)[0]
    expected = [sum(x for x in want[c] if x is not None) for c in columns]
    return None if [int(x) for x in got] == expected else f"{got}, not {expected}"


def filtered(reader, path, want, _):
    hits = [i for i, s in enumerate(want["status"]) if s == "failed" and want["created_at"][i] >= SINCE]
    expected = (len(hits), sum(want["memory_used"][i] or 0 for i in hits))
    got = reader.query(path, "filter")[0]
    return None if (int(got[0]), int(got[1])) == expected else f"{got}, not {expected}"


def aggregate(reader, path, want, _):
    groups = {}
    for kind, status, memory in zip(want["job_type"], want["status"], want["memory_used"]):
        if status == "completed":
            groups.setdefault(kind, []).extend([memory] if memory is not None else [])
    got = {r[0]: r[1:] for r in reader.query(path, "aggregate")}
    if set(got) != set(groups):
        return f"groups {sorted(map(str, got))}"
    for kind, list_ in groups.items():
        avg, top = (sum(list_) / len(list_) / 1048576, max(list_)) if list_ else (None, None)
        if not close(got[kind][0], avg) or got[kind][1] != top:
            return f"{kind}: {got[kind]}, not {(avg, top)}"
    return None


def cells(reader, path, want, kinds, key):
    table = reader.arrow(path)
    got = {n: values.from_arrow(table.column(n), kinds[n]) for n in table.column_names}
    return values.difference(want, got, key)


def attempt(results, name, call):
    try:
        results[name] = call() or "ok"
    except BaseException as e:  # a reader's panic is no Exception
        if isinstance(e, KeyboardInterrupt):
            raise
        text = (str(e).strip().split("\n")[0] or repr(e))[:600]
        results[name] = f"error: {type(e).__name__}: {text}"
        print("".join(traceback.format_exception_only(e))[:2000], file=sys.stderr)


def main(name, base, out):
    reader = READERS[name]()
    report = {"reader": reader.label or reader.package, "version": reader.version(), "profiles": {}}
    for profile in ("standard", "spark", "clickhouse"):
        results = report["profiles"][profile] = {}
        for table in ("jobs", "cells", "extremes"):
            part = f"{base}/{profile}/{table}"
            kinds = json.load(open(part + ".json"))
            want = values.read_csv(part + ".csv", kinds)
            path = glob.glob(part + "*.parquet")[0]
            key = KEYS[table]
            attempt(results, table + " schema", lambda: schema(reader, path, kinds, profile))
            attempt(results, table + " rows", lambda: rows(reader, path, want, None))
            attempt(results, table + " sums", lambda: sums(reader, path, want, SUMS[table]))
            if table == "jobs":
                attempt(results, "jobs filter", lambda: filtered(reader, path, want, None))
                attempt(results, "jobs aggregate", lambda: aggregate(reader, path, want, None))
            attempt(results, table + " cells", lambda: cells(reader, path, want, kinds, key))
    json.dump(report, open(out, "w"), indent=1)


main(*sys.argv[1:])
