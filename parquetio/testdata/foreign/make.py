"""Makes the files of this directory, and expected.json, which holds their values as PostgreSQL would print them.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install duckdb==1.5.* pyarrow polars && /tmp/venv/bin/python make.py

The values come from the rows the files are made of, never from reading a file back. Versions that made the committed files are in
expected.json under "". A number there is a list of "lists", a text is the SQLSTATE of the error that reading the column is.
"""
import datetime as dt, decimal, json, math, os, random, uuid
import duckdb, polars, pyarrow as pa, pyarrow.parquet as pq

os.chdir(os.path.dirname(os.path.abspath(__file__)))
random.seed(7)
EXPECTED = {"": {"duckdb": duckdb.__version__, "pyarrow": pa.__version__, "polars": polars.__version__}}
decimal.getcontext().prec = 100
D = decimal.Decimal
UTC = dt.timezone.utc


def text(v, t):
    """A value as PostgreSQL prints it."""
    if v is None:
        return None
    if pa.types.is_boolean(t):
        return "t" if v else "f"
    if pa.types.is_timestamp(t):
        micros = v // 1000 if t.unit == "ns" else v * {"s": 1000000, "ms": 1000, "us": 1}[t.unit]
        s = str(dt.datetime(1970, 1, 1) + dt.timedelta(microseconds=micros))
        s = s.rstrip("0").rstrip(".") if "." in s else s
        return s + "+00" if t.tz else s
    if pa.types.is_time(t):
        micros = v // 1000 if t.unit == "ns" else v * {"s": 1000000, "ms": 1000, "us": 1}[t.unit]
        s = "%02d:%02d:%02d.%06d" % (micros // 3600000000, micros // 60000000 % 60, micros // 1000000 % 60, micros % 1000000)
        return s.rstrip("0").rstrip(".")
    if pa.types.is_floating(t):
        if math.isnan(v):
            return "NaN"
        if math.isinf(v):
            return "Infinity" if v > 0 else "-Infinity"
        if v == int(v) and abs(v) < 1e15:
            return ("-" if math.copysign(1, v) < 0 else "") + str(abs(int(v)))
        return str(v)
    if isinstance(v, bytes):
        return v.decode()
    if isinstance(v, D):
        return format(v, "f")
    return str(v)


def spoil(values, every=5):
    return [None if i % every == 2 else v for i, v in enumerate(values)]


N = 70
COLUMNS = {
    "b": (pa.bool_(), [i % 3 == 0 for i in range(N)]),
    "i8": (pa.int8(), [i % 256 - 128 for i in range(N)]),
    "i16": (pa.int16(), [i * 211 % 65536 - 32768 for i in range(N)]),
    "i32": (pa.int32(), [(i * 2654435761) % 2**32 - 2**31 for i in range(N)]),
    "i64": (pa.int64(), [(i * 0x9E3779B97F4A7C15) % 2**64 - 2**63 for i in range(N)]),
    "u8": (pa.uint8(), [i % 256 for i in range(N)]),
    "u16": (pa.uint16(), [i * 211 % 65536 for i in range(N)]),
    "u32": (pa.uint32(), [(i * 2654435761) % 2**32 for i in range(N)]),
    "u64": (pa.uint64(), [(i * 0x9E3779B97F4A7C15) % 2**64 for i in range(N)]),
    "f32": (pa.float32(), [[0.5, -2.25, 1e15 / 3 * 0 + 8.0, float("inf"), -0.0, float("nan")][i % 6] for i in range(N)]),
    "f64": (pa.float64(), [i / 7 - 20 for i in range(N)]),
    "s": (pa.string(), [["", "a", "naïve", "日本語", "long " * 9, "same", f"row {i}"][i % 7] for i in range(N)]),
    "low": (pa.string(), [["flush", "compact", "backup"][i * i % 3] for i in range(N)]),
    "bin": (pa.binary(), [b"text %d" % i for i in range(N)]),
    "fix": (pa.binary(4), [b"%04d" % i for i in range(N)]),
    "d": (pa.date32(), [i * 97 - 10000 for i in range(N)]),
    "t32": (pa.time32("ms"), [i * 287654 % 86400000 for i in range(N)]),
    "t64": (pa.time64("us"), [i * 287654321 % 86400000000 for i in range(N)]),
    "tns": (pa.time64("ns"), [i * 287654321987 % 86400000000000 for i in range(N)]),
    "ts_ms": (pa.timestamp("ms"), [i * 86399999 - 10**12 for i in range(N)]),
    "ts_us": (pa.timestamp("us"), [i * 86399999999 - 10**15 for i in range(N)]),
    "ts_ns": (pa.timestamp("ns"), [i * 86399999999999 - 10**17 for i in range(N)]),
    "tz": (pa.timestamp("us", "UTC"), [i * 86399999999 for i in range(N)]),
    "dec5": (pa.decimal128(5, 2), [D(i * 31 - 4000).scaleb(-2) for i in range(N)]),
    "dec15": (pa.decimal128(15, 4), [D(i * 31 * 10**9 - 10**12).scaleb(-4) for i in range(N)]),
    "dec38": (pa.decimal128(38, 10), [D((i - 150) * 10**34 + i).scaleb(-10) for i in range(N)]),
    "dec76": (pa.decimal256(60, 0), [D((i - 150) * 10**55 + i) for i in range(N)]),
    "req": (pa.int64(), [i * i for i in range(N)]),
}


def as_date(v):
    return None if v is None else str(dt.date(1970, 1, 1) + dt.timedelta(days=v))


def table(names, nulls=True):
    arrays, fields, want = [], [], {}
    for n in names:
        t, values = COLUMNS[n]
        required = n == "req"
        values = spoil(values) if nulls and not required else values
        arrays.append(pa.array(values, t))
        fields.append(pa.field(n, t, nullable=not required))
        want[n] = [as_date(v) for v in values] if pa.types.is_date(t) else [text(v, t) for v in values]
    return pa.table(arrays, schema=pa.schema(fields)), want


def write(name, names, nulls=True, **options):
    t, want = table(names, nulls)
    options.setdefault("compression", "none")
    pq.write_table(t, name, **options)
    EXPECTED[name] = want


ALL = list(COLUMNS)
write("pyarrow_default.parquet", ALL, compression="snappy")
write("pyarrow_plain_v2_gzip.parquet", ALL, use_dictionary=False, data_page_version="2.0", compression="gzip")
write("pyarrow_v2_zstd_groups.parquet", ["i64", "s", "low", "b", "f64", "dec5", "ts_us", "req"], data_page_version="2.0", compression="zstd", row_group_size=23, write_page_checksum=True)
write("pyarrow_old.parquet", [n for n in ALL if n not in ("u32", "ts_ns", "tns")], version="1.0", compression="brotli")
write("pyarrow_no_nulls.parquet", ["b", "i32", "i64", "f64", "s", "low", "dec5", "tz"], nulls=False, compression="lz4", write_statistics=False)
write("pyarrow_int96.parquet", ["ts_us", "ts_ns", "i32"], use_deprecated_int96_timestamps=True, flavor="spark")
write("pyarrow_decimal_int.parquet", ["dec5", "dec15", "dec38"], store_decimal_as_integer=True)
write("pyarrow_fallback.parquet", ["s", "i64", "low", "u64"], dictionary_pagesize_limit=64, data_page_size=256, write_batch_size=32)
write("pyarrow_pages.parquet", ["i64", "s", "low", "b", "req"], data_page_size=128, write_batch_size=16, compression="snappy")
write("pyarrow_empty.parquet", ["i64", "s"])  # replaced below by one without rows
pq.write_table(table(["i64", "s"])[0].slice(0, 0), "pyarrow_empty.parquet")
EXPECTED["pyarrow_empty.parquet"] = {"i64": [], "s": []}
enc = {
    "i32": "DELTA_BINARY_PACKED", "i64": "DELTA_BINARY_PACKED", "req": "BYTE_STREAM_SPLIT", "s": "DELTA_BYTE_ARRAY", "bin": "DELTA_LENGTH_BYTE_ARRAY",
    "low": "DELTA_BYTE_ARRAY", "f32": "BYTE_STREAM_SPLIT", "f64": "BYTE_STREAM_SPLIT", "b": "RLE", "fix": "DELTA_BYTE_ARRAY", "dec15": "BYTE_STREAM_SPLIT",
}
write("pyarrow_encodings.parquet", list(enc), use_dictionary=False, column_encoding=enc, compression="zstd")
write("pyarrow_encodings_v2.parquet", list(enc), use_dictionary=False, column_encoding=enc, data_page_version="2.0")

# Columns that need a treatment of their own.
half = [0.5, -2.0, None, 65504.0, float("inf"), 6e-8]
odd = pa.table({
    "f16": pa.array([None if v is None else __import__("numpy").float16(v) for v in half], pa.float16()),
    "null": pa.nulls(6),
    "list": pa.array([[1], [], None, [2, 3], [4], [5]], pa.list_(pa.int32())),
    "after_list": pa.array(range(6), pa.int32()),
    "struct": pa.array([{"x": i, "y": str(i)} for i in range(6)]),
    "map": pa.array([[("k", i)] for i in range(6)], pa.map_(pa.string(), pa.int64())),
    "last": pa.array(list("abcdef")),
    "notext": pa.array([b"ok", b"\xff\xfe", None, b"x", b"y", b"z"], pa.binary()),
    "zero": pa.array(["ok", "a\0b", None, "x", "y", "z"]),
})
pq.write_table(odd, "pyarrow_odd.parquet")
EXPECTED["pyarrow_odd.parquet"] = {
    "f16": ["0.5", "-2", None, "65504", "Infinity", "5.9604645e-08"], "null": [None] * 6, "after_list": [str(i) for i in range(6)], "last": list("abcdef"),
    "list": "0A000", "struct": "0A000", "map": "0A000", "notext": "22021", "zero": "22021",
}

# DuckDB, both versions of its writer.
DUCK = {
    "id": ("UUID", [str(uuid.UUID(int=i * 0x9E3779B97F4A7C15F39CC0605CEDC834 % 2**128)) for i in range(N)]),
    "k": ("INTEGER", [str(i) for i in range(N)]),
    "big": ("BIGINT", [str(i * 10**15) for i in range(N)]),
    "ub": ("UBIGINT", [str(2**64 - 1 - i) for i in range(N)]),
    "ti": ("TINYINT", [str(i % 100) for i in range(N)]),
    "bo": ("BOOLEAN", ["t" if i % 2 else "f" for i in range(N)]),
    "du": ("DOUBLE", [str(i + 0.5) for i in range(N)]),
    "name": ("VARCHAR", [["flush", "compact", "naïve", ""][i % 4] for i in range(N)]),
    "uniq": ("VARCHAR", [f"Flushed {i * 7919} records" for i in range(N)]),
    "js": ("JSON", [json.dumps(["ns", f"t{i % 9}"]) for i in range(N)]),
    "d": ("DATE", [str(dt.date(2020, 1, 1) + dt.timedelta(days=i)) for i in range(N)]),
    "ti2": ("TIME", ["12:%02d:00" % (i % 60) for i in range(N)]),
    "ts": ("TIMESTAMP", [str(dt.datetime(2025, 10, 21) + dt.timedelta(minutes=i)) for i in range(N)]),
    "tz": ("TIMESTAMPTZ", [str(dt.datetime(2025, 10, 21) + dt.timedelta(minutes=i)) + "+00" for i in range(N)]),
    "de": ("DECIMAL(9,3)", [str(D(i * 1001).scaleb(-3)) for i in range(N)]),
    "de2": ("DECIMAL(30,3)", [str(D(i * 10**20 + i).scaleb(-3)) for i in range(N)]),
    "en": ("mood", [["sad", "ok", "happy"][i % 3] for i in range(N)]),
    "iv": ("INTERVAL", ["%d days" % (i % 9 + 2) for i in range(N)]),
}
con = duckdb.connect()
con.execute("set timezone='UTC'; create type mood as enum ('sad', 'ok', 'happy'); create table t (%s)" % ", ".join(f"{n} {t}" for n, (t, _) in DUCK.items()))
DUCK = {n: (t, spoil(v, 7)) for n, (t, v) in DUCK.items()}
for row in zip(*(v for _, v in DUCK.values())):
    con.execute("insert into t values (%s)" % ", ".join("?" for _ in DUCK), list(row))
con.execute("insert into t (k, d, ts) values (1000, 'infinity', '-infinity')")
want = {n: v + [{"k": "1000", "d": "infinity", "ts": "-infinity"}.get(n)] for n, (_, v) in DUCK.items()}
for name, options in {"duckdb_v1.parquet": "", "duckdb_v2.parquet": ", PARQUET_VERSION V2, COMPRESSION zstd", "duckdb_lz4.parquet": ", COMPRESSION lz4_raw"}.items():
    con.execute(f"copy t to '{name}' (FORMAT parquet{options})")
    EXPECTED[name] = want

df = polars.DataFrame({"s": [f"v{i % 50}" for i in range(N)], "i": list(range(N)), "f": [i / 4 for i in range(N)], "n": spoil(list(range(N)))})
df.write_parquet("polars.parquet")
EXPECTED["polars.parquet"] = {
    "s": [f"v{i % 50}" for i in range(N)], "i": [str(i) for i in range(N)], "f": [text(i / 4, pa.float64()) for i in range(N)],
    "n": [None if v is None else str(v) for v in spoil(list(range(N)))],
}
# Files share columns: each list of values is stored once, and files refer to it by its number.
lists, files = [], {}
for name, columns in EXPECTED.items():
    files[name] = {}
    for column, values in columns.items():
        if isinstance(values, list):
            if values not in lists:
                lists.append(values)
            values = lists.index(values)
        files[name][column] = values
with open("expected.json", "w") as f:
    json.dump({"files": files, "lists": lists}, f, ensure_ascii=False, separators=(",", ":"))
