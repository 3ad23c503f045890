"""One form for values, from stoa's CSV and from Arrow: what Parquet stores, so that infinite times and years before Christ compare too."""
import csv
import re
import struct
import sys

import pyarrow as pa

csv.field_size_limit(1 << 30)
NULL = "\\NULL\\"
INF64, INF32 = 2**63 - 1, 2**31 - 1


def days(year, month, day):
    """Days since 1970-01-01 in the proleptic Gregorian calendar."""
    y = year - (month <= 2)
    era, yoe = y // 400, y % 400
    doy = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + yoe * 365 + yoe // 4 - yoe // 100 + doy - 719468


def date(text):
    if text.endswith("infinity"):
        return -INF32 if text.startswith("-") else INF32
    m = re.fullmatch(r"(\d+)-(\d\d)-(\d\d)( BC)?", text)
    year = 1 - int(m[1]) if m[4] else int(m[1])
    return days(year, int(m[2]), int(m[3]))


def clock(text):
    h, m, s = text.split(":")
    whole, _, part = s.partition(".")
    return (int(h) * 3600 + int(m) * 60 + int(whole)) * 10**6 + int((part + "000000")[:6])


def stamp(text):
    if text.endswith("infinity"):
        return -INF64 if text.startswith("-") else INF64
    bc = text.endswith(" BC")
    d, t = text.removesuffix(" BC").split(" ")
    return date(d + (" BC" if bc else "")) * 86400 * 10**6 + clock(t.removesuffix("+00"))


def real(x):
    x = float(x)
    return struct.pack("<f", x) if x == x else "NaN"


def double(x):
    x = float(x)
    return struct.pack("<d", x) if x == x else "NaN"


FROM_TEXT = {
    "bigint": int, "integer": int, "smallint": int, "boolean": lambda s: s == "t", "real": real, "double precision": double, "date": date,
    "time without time zone": clock, "timestamp without time zone": stamp, "timestamp with time zone": stamp,
}


def parse(kind, text):
    if text == NULL:
        return None
    return FROM_TEXT.get(kind, str)(text)


def read_csv(path, kinds):
    """Rows of stoa's CSV, as a list of columns."""
    with open(path, newline="", encoding="utf-8") as f:
        rows = list(csv.reader(f))
    names = rows[0]
    return {n: [parse(kinds[n], r[i]) for r in rows[1:]] for i, n in enumerate(names)}


def uuid_text(x):
    if isinstance(x, (bytes, bytearray)):
        h = bytes(x).hex()
        return "-".join((h[:8], h[8:12], h[12:16], h[16:20], h[20:]))
    return str(x)


def text(x):
    return x.decode("utf-8") if isinstance(x, (bytes, bytearray)) else str(x)


def from_arrow(column, kind):
    """A column of an Arrow table as a list in the common form."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    while isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks)
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    t = column.type
    if pa.types.is_timestamp(t):
        scale = {"s": 10**6, "ms": 10**3, "us": 1, "ns": None}[t.unit]
        return [None if x is None else x // 1000 if scale is None else x * scale for x in column.cast(pa.int64()).to_pylist()]
    if pa.types.is_time64(t):
        return [None if x is None else x // (1000 if t.unit == "ns" else 1) for x in column.cast(pa.int64()).to_pylist()]
    if pa.types.is_date32(t):
        return column.cast(pa.int32()).to_pylist()
    values = column.to_pylist()
    if kind == "uuid":
        return [None if x is None else uuid_text(x) for x in values]
    if kind in ("real", "double precision"):
        f = real if kind == "real" else double
        return [None if x is None else f(x) for x in values]
    if kind == "boolean":
        return [None if x is None else bool(x) for x in values]
    if kind == "time without time zone":
        return [None if x is None else clock(x) if isinstance(x, str) else x for x in values]
    if kind in FROM_TEXT:
        return values
    return [None if x is None else text(x) for x in values]


def difference(expected, got, key):
    """The first cell that differs, as text; None when all are equal."""
    order = sorted(range(len(got[key])), key=lambda i: got[key][i])
    want = sorted(range(len(expected[key])), key=lambda i: expected[key][i])
    if len(order) != len(want):
        return f"{len(order)} rows, not {len(want)}"
    bad, first, columns = 0, None, []
    for name in expected:
        if name not in got:
            return f"no column {name}"
        for w, g in zip(want, order):
            a, b = expected[name][w], got[name][g]
            if a != b or (a is None) != (b is None) or isinstance(a, bool) != isinstance(b, bool):
                bad += 1
                if name not in columns:
                    columns.append(name)
                first = first or f"{name} at {key} {expected[key][w]}: {b!r:.60}, not {a!r:.60}"
    return f"{bad} cells of {', '.join(columns)}; first {first}" if bad else None


if __name__ == "__main__":
    sys.exit("a module of make interop")
