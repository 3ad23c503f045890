"""reverse.py WRITER STOA DIR OUT: writes Parquet with another tool, reads it with stoa, in place and imported, and compares every cell."""
import csv
import datetime as dt
import decimal
import io
import json
import os
import random
import shutil
import subprocess
import sys

import pyarrow as pa

import values

KINDS = {"id": "bigint", "b": "boolean", "i2": "smallint", "i4": "integer", "i8": "bigint", "f4": "real", "f8": "double precision", "n": "numeric", "t": "text",
         "d": "date", "ts": "timestamp without time zone"}
SCHEMA = pa.schema([("id", pa.int64()), ("b", pa.bool_()), ("i2", pa.int16()), ("i4", pa.int32()), ("i8", pa.int64()), ("f4", pa.float32()),
                    ("f8", pa.float64()), ("n", pa.decimal128(18, 4)), ("t", pa.string()), ("d", pa.date32()), ("ts", pa.timestamp("us"))])
TEXTS = ["", " ", "a", "NULL", "'", '"', "\\N", ",", "line\nfeed", "tab\t", "ü", "日本語", "😀", "x" * 65536, "e\u0301", "\ufeff"]
ROWS = 3000
FASTPARQUET = ["id", "t"]  # the others become floats, nanoseconds or NULL on their way through pandas


def table():
    """Rows that are hard on a format: NULLs everywhere, ends of ranges, empty and long text."""
    rng = random.Random(11)
    pools = {
        "b": [True, False], "i2": [0, 1, -1, 32767, -32768], "i4": [0, -1, 2**31 - 1, -2**31], "i8": [0, -1, 2**63 - 1, -2**63],
        "f4": [0.0, 1.5, -0.0, float("inf"), float("nan")], "f8": [0.0, -0.0, 0.1, 1e300, float("-inf"), float("nan")],
        "n": [decimal.Decimal(x) for x in ("0.0000", "1.2500", "-99999999999999.9999", "12345678901234.5678")], "t": TEXTS,
        "d": [dt.date(1970, 1, 1), dt.date(1, 1, 1), dt.date(9999, 12, 31), dt.date(2000, 2, 29)],
        "ts": [dt.datetime(1970, 1, 1), dt.datetime(2025, 10, 21, 14, 30, 22, 123456), dt.datetime(1969, 12, 31, 23, 59, 59, 999999),
               dt.datetime(2262, 1, 1), dt.datetime(1900, 1, 1)],
    }
    columns = {"id": list(range(ROWS))}
    for name, pool in pools.items():
        columns[name] = [None if rng.random() < 0.2 else rng.choice(pool) for _ in range(ROWS)]
    return pa.table(columns, schema=SCHEMA)


def expected(data):
    out = {}
    for name, kind in KINDS.items():
        got = values.from_arrow(data.column(name), kind)
        out[name] = got
    return out


def by_pyarrow(data, dir):
    import pyarrow.parquet as pq
    forms = {"plain": dict(use_dictionary=False, compression="none"), "data pages 2, zstd": dict(data_page_version="2.0", compression="zstd"),
             "gzip, small groups": dict(compression="gzip", row_group_size=100), "brotli": dict(compression="brotli"), "lz4": dict(compression="lz4"),
             "snappy, INT96": dict(compression="snappy", use_deprecated_int96_timestamps=True), "nanoseconds": dict(version="2.6", coerce_timestamps=None),
             "page index, bloom-free": dict(write_page_index=True), "delta": dict(use_dictionary=False, column_encoding={
                 "id": "DELTA_BINARY_PACKED", "i8": "DELTA_BINARY_PACKED", "t": "DELTA_BYTE_ARRAY", "f8": "BYTE_STREAM_SPLIT"}),
             "decimals as integers": dict(store_decimal_as_integer=True)}
    for name, options in forms.items():
        path = f"{dir}/pyarrow-{name.replace(' ', '-').replace(',', '')}.parquet"
        pq.write_table(data, path, **options)
        yield name, path


def by_duckdb(data, dir):
    import duckdb
    c = duckdb.connect()
    c.register("data", data)
    for name, options in {"snappy": "", "zstd": ", COMPRESSION zstd", "version 2": ", PARQUET_VERSION v2, COMPRESSION zstd",
                          "small groups": ", ROW_GROUP_SIZE 2048", "gzip": ", COMPRESSION gzip"}.items():
        path = f"{dir}/duckdb-{name.replace(' ', '-')}.parquet"
        c.execute(f"COPY (SELECT * FROM data) TO '{path}' (FORMAT parquet{options})")
        yield name, path


def by_polars(data, dir):
    import polars as pl
    for name, options in {"zstd": dict(), "snappy, small groups": dict(compression="snappy", row_group_size=100),
                          "uncompressed, small pages": dict(compression="uncompressed", data_page_size=1024)}.items():
        path = f"{dir}/polars-{name.replace(' ', '-').replace(',', '')}.parquet"
        pl.from_arrow(data).write_parquet(path, **options)
        yield name, path


def by_spark(data, dir):
    from readers import Spark
    import pyarrow.parquet as pq
    source = f"{dir}/spark-source.parquet"
    pq.write_table(data, source)
    session = Spark().context(source)
    for name, options in {"snappy": {}, "zstd": {"compression": "zstd"}, "INT96": {}}.items():
        session.conf.set("spark.sql.parquet.outputTimestampType", "INT96" if name == "INT96" else "TIMESTAMP_MICROS")
        path = f"{dir}/spark-{name}"
        frame = session.table("t")
        if name == "INT96":  # of timestamps with a zone alone
            from pyspark.sql import functions as f
            frame = frame.withColumn("ts", f.col("ts").cast("timestamp"))
        w = frame.repartition(3).write.mode("overwrite")
        for k, v in options.items():
            w = w.option(k, v)
        w.parquet(path)
        yield name, f"{path}/*.parquet"


def by_pandas(data, dir):
    import pandas as pd
    path = f"{dir}/pandas.parquet"
    data.to_pandas(types_mapper=pd.ArrowDtype).to_parquet(path, index=False)
    yield "default", path


def by_fastparquet(data, dir):
    import fastparquet
    path = f"{dir}/fastparquet.parquet"
    fastparquet.write(path, data.select(FASTPARQUET).to_pandas(), object_encoding="utf8")
    yield "default", path


def run(stoa, db, sql):
    done = subprocess.run([stoa, "sql", "--dir", db, "--format", "csv", "--quiet", "--null", values.NULL, "-c", sql], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip().split("\n")[0])
    rows = list(csv.reader(io.StringIO(done.stdout, newline="")))
    return {n: [values.parse(KINDS[n], r[i]) for r in rows[1:]] for i, n in enumerate(rows[0])} if rows else {}


def same(want, got):
    """As difference, but numerics are compared as numbers: the scale that a file's column has is not that of a value."""
    want, got = dict(want), dict(got)
    for side in (want, got):
        if "n" in side:
            side["n"] = [None if x is None else decimal.Decimal(x) for x in side["n"]]
    return values.difference(want, got, "id")


def main(name, stoa, dir, out):
    dir = f"{dir}/{name}"
    shutil.rmtree(dir, ignore_errors=True)
    os.makedirs(dir)
    data = table()
    want = expected(data)
    module = __import__({"spark": "pyspark"}.get(name, name))
    report = {"writer": {"spark": "pyspark"}.get(name, name), "version": module.__version__, "forms": {}}
    for form, path in globals()["by_" + name](data, dir):
        results = report["forms"][form] = {}
        names = [n for n in KINDS if name != "fastparquet" or n in FASTPARQUET]
        part, columns = {n: want[n] for n in names}, ", ".join(names)
        db = f"{dir}/db"
        shutil.rmtree(db, ignore_errors=True)
        picked = columns if "INT96" not in form or name != "spark" else columns.replace("ts", "ts AT TIME ZONE 'UTC' AS ts")
        files = sorted(__import__("glob").glob(path))
        steps = {
            "read_parquet": lambda: same(part, run(stoa, db, f"SELECT {picked} FROM read_parquet('{path}')")),
            "filter": lambda: counted(stoa, db, path, want),
            "copy": lambda: imported(stoa, db, files, part, names),
        }
        for step, call in steps.items():
            try:
                results[step] = call() or "ok"
            except Exception as e:
                results[step] = f"error: {str(e)[:300]}"
    json.dump(report, open(out, "w"), indent=1)


def counted(stoa, db, path, want):
    """A condition that statistics can answer for some row groups, and one on text."""
    hits = [i for i in want["id"] if 100 <= i < 250 and want["t"][i] == "ü"]
    got = run(stoa, db, f"SELECT id FROM read_parquet('{path}') WHERE id >= 100 AND id < 250 AND t = 'ü' ORDER BY id")
    return None if got["id"] == hits else f"{got['id']}, not {hits}"


def imported(stoa, db, files, want, names):
    definition = ", ".join(f"{n} {KINDS[n]}" + (" PRIMARY KEY" if n == "id" else "") for n in names)
    run(stoa, db, f"CREATE TABLE t ({definition})")
    for f in files:
        run(stoa, db, f"COPY t FROM '{f}' (FORMAT parquet)")
    return same(want, run(stoa, db, "SELECT * FROM t"))


main(*sys.argv[1:])
