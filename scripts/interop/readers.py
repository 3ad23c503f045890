"""The tools that read the files, each behind the same few calls."""
import importlib.metadata
import os

import pyarrow as pa


class Reader:
    package = None
    uuid, json = "string", "string"  # what types are expected to be called
    label = ""

    def version(self):
        return importlib.metadata.version(self.package)

    def types(self, path):
        """The reader's names of the columns' types."""
        return {f.name: str(f.type) for f in self.arrow(path).schema}

    def expected(self, kind, profile):
        """A prefix of the type that a column of an SQL type should have."""
        plain = {"bigint": "int64", "integer": "int32", "smallint": "int16", "boolean": "bool", "real": "float", "double precision": "double",
                 "date": "date32", "time without time zone": "time64", "timestamp without time zone": "timestamp[us]",
                 "timestamp with time zone": "timestamp[us, tz=", "uuid": self.uuid, "json": self.json, "jsonb": self.json}
        if profile == "spark" and kind in ("uuid", "time without time zone"):
            return "string"
        return plain.get(kind, "string")


class Pyarrow(Reader):
    package, uuid, json = "pyarrow", "extension<arrow.uuid>", "extension<arrow.json>"

    def arrow(self, path):
        import pyarrow.parquet as pq
        return pq.read_table(path)

    def expected(self, kind, profile):
        if kind in ("numeric", "interval"):
            return "extension<arrow.opaque[storage_type=string, type_name=" + kind
        return Reader.expected(self, kind, profile)

    def query(self, path, sql):
        import pyarrow.compute as pc
        import pyarrow.dataset as ds
        data = ds.dataset(path)
        if sql == "count":
            return [(data.count_rows(),)]
        if sql == "filter":
            since = pa.scalar(1760745600000000, pa.int64()).cast(pa.timestamp("us"))
            t = data.to_table(filter=(pc.field("status") == "failed") & (pc.field("created_at") >= since), columns=["memory_used"])
            return [(t.num_rows, pc.sum(t["memory_used"]).as_py())]
        if sql == "aggregate":
            t = data.to_table(filter=pc.field("status") == "completed", columns=["job_type", "memory_used"])
            g = t.group_by("job_type").aggregate([("memory_used", "mean"), ("memory_used", "max")])
            return [(r["job_type"], r["memory_used_mean"] and r["memory_used_mean"] / 1048576, r["memory_used_max"]) for r in g.to_pylist()]
        t = data.to_table(columns=sql)
        return [tuple(pc.sum(t[c]).as_py() for c in sql)]


class SQL(Reader):
    """A reader that speaks SQL; table() says what to write after FROM."""
    since = "TIMESTAMP '2025-10-18 00:00:00'"
    sum = "sum({})"

    def table(self, path):
        return "t"

    def query(self, path, what):
        t = self.table(path)
        if what == "count":
            return self.sql(path, f"SELECT count(*) FROM {t}")
        if what == "filter":
            return self.sql(path, f"SELECT count(*), sum(memory_used) FROM {t} WHERE status = 'failed' AND created_at >= {self.since}")
        if what == "aggregate":
            return self.sql(path, f"SELECT job_type, AVG(memory_used) / 1024 / 1024, MAX(memory_used) FROM {t} WHERE status = 'completed' GROUP BY job_type")
        return self.sql(path, "SELECT " + ", ".join(self.sum.format(c) for c in what) + f" FROM {t}")


class Duckdb(SQL):
    package, uuid, json = "duckdb", "UUID", "JSON"

    def connection(self):
        import duckdb
        c = duckdb.connect()
        c.execute("SET TimeZone = 'UTC'")
        return c

    def table(self, path):
        return f"read_parquet('{path}')"

    def sql(self, path, sql):
        return self.connection().execute(sql).fetchall()

    def arrow(self, path):
        got = self.connection().sql(f"SELECT * FROM {self.table(path)}")
        return got.to_arrow_table() if hasattr(got, "to_arrow_table") else got.arrow()

    def types(self, path):
        return {r[0]: r[1] for r in self.sql(path, f"DESCRIBE SELECT * FROM {self.table(path)}")}

    def expected(self, kind, profile):
        names = {"bigint": "BIGINT", "integer": "INTEGER", "smallint": "SMALLINT", "boolean": "BOOLEAN", "real": "FLOAT", "double precision": "DOUBLE",
                 "date": "DATE", "time without time zone": "TIME", "timestamp without time zone": "TIMESTAMP",
                 "timestamp with time zone": "TIMESTAMP WITH TIME ZONE", "uuid": "UUID", "json": "JSON", "jsonb": "JSON"}
        if profile == "spark" and kind in ("uuid", "time without time zone") or profile == "clickhouse" and kind.startswith("json"):
            return "VARCHAR"
        return names.get(kind, "VARCHAR")


class Polars(SQL):
    package, uuid, json = "polars", "Binary", "Extension('arrow.json'"
    since = "'2025-10-18 00:00:00'::timestamp"
    sum = "sum(CAST({} AS BIGINT))"  # its sums of 32 bits have 32 bits, and wrap

    def sql(self, path, sql):
        import polars as pl
        return pl.SQLContext(t=pl.scan_parquet(path)).execute(sql, eager=True).rows()

    def arrow(self, path):
        import polars as pl
        return pl.read_parquet(path).to_arrow()

    def types(self, path):
        import polars as pl
        return {n: repr(t) if "Extension" in repr(t) else str(t) for n, t in pl.scan_parquet(path).collect_schema().items()}

    def expected(self, kind, profile):
        names = {"bigint": "Int64", "integer": "Int32", "smallint": "Int16", "boolean": "Boolean", "real": "Float32", "double precision": "Float64",
                 "date": "Date", "time without time zone": "Time", "timestamp without time zone": "Datetime(time_unit='us', time_zone=None)",
                 "timestamp with time zone": "Datetime(time_unit='us', time_zone='UTC')", "uuid": "Binary", "json": self.json, "jsonb": self.json,
                 "numeric": "Extension('arrow.opaque'", "interval": "Extension('arrow.opaque'"}
        if profile == "spark" and kind in ("uuid", "time without time zone"):
            return "String"
        return names.get(kind, "String")


class Datafusion(SQL):
    package, uuid = "datafusion", "fixed_size_binary[16]"

    def sql(self, path, sql):
        return [tuple(r.values()) for r in self.context(path).sql(sql).to_arrow_table().to_pylist()]

    def context(self, path):
        import datafusion
        c = datafusion.SessionContext()
        c.register_parquet("t", path)
        return c

    def arrow(self, path):
        return self.context(path).table("t").to_arrow_table()

    def types(self, path):
        return {f.name: str(f.type) for f in self.context(path).table("t").schema()}


class Chdb(SQL):
    package = "chdb"
    label = "ClickHouse (chdb)"
    since = "toDateTime64('2025-10-18 00:00:00', 6, 'UTC')"

    def table(self, path):
        return f"file('{path}', Parquet)"

    def sql(self, path, sql):
        return [tuple(r.values()) for r in self.run(sql).to_pylist()]

    def run(self, sql):
        import chdb
        return chdb.query("SELECT * FROM (" + sql + ") SETTINGS output_format_arrow_string_as_string = 1, session_timezone = 'UTC'", "ArrowTable")

    def arrow(self, path):
        # An Arrow result has no 64-bit days, JSON or times of day: those are asked for as what they are stored as.
        parts = []
        for name, kind in self.types(path).items():
            kind = kind.removeprefix("Nullable(").removesuffix(")") if kind.startswith("Nullable(") else kind
            cast = {"Date32": f"toInt32({name})", "UUID": f"toString({name})", "JSON": f"toJSONString({name})"}.get(kind, name)
            if kind.startswith("DateTime64"):
                cast = f"toUnixTimestamp64Micro({name})"
            parts.append(f"{cast} AS {name}_ ")
        got = self.run(f"SELECT {', '.join(parts)} FROM {self.table(path)}")
        return got.rename_columns([n.removesuffix("_") for n in got.column_names])

    def types(self, path):
        import chdb
        import csv
        import io
        out = str(chdb.query(f"DESCRIBE {self.table(path)}", "CSV"))
        return {r[0]: r[1].removeprefix("Nullable(") if r[1].startswith("Nullable(") else r[1] for r in csv.reader(io.StringIO(out))}

    def expected(self, kind, profile):
        names = {"bigint": "Int64", "integer": "Int32", "smallint": "Int16", "boolean": "Bool", "real": "Float32", "double precision": "Float64",
                 "date": "Date32", "time without time zone": "DateTime64(6", "timestamp without time zone": "DateTime64(6",
                 "timestamp with time zone": "DateTime64(6", "uuid": "UUID", "json": "JSON", "jsonb": "JSON"}
        if profile == "spark" and kind in ("uuid", "time without time zone") or profile == "clickhouse" and kind.startswith("json"):
            return "String"
        return names.get(kind, "String")


class Spark(SQL):
    package = "pyspark"
    session = None

    def context(self, path):
        if Spark.session is None:
            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
            from pyspark.sql import SparkSession
            Spark.session = (SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").config("spark.sql.session.timeZone", "UTC")
                             .config("spark.driver.memory", "2g").config("spark.driver.bindAddress", "127.0.0.1")
                             .config("spark.sql.execution.arrow.pyspark.enabled", "true").config("spark.sql.ansi.enabled", "true").getOrCreate())
            Spark.session.sparkContext.setLogLevel("OFF")
        Spark.session.read.parquet(path).createOrReplaceTempView("t")
        return Spark.session

    def version(self):
        import pyspark
        return pyspark.__version__

    def sql(self, path, sql):
        return [tuple(r) for r in self.context(path).sql(sql).collect()]

    def arrow(self, path):
        s = self.context(path)
        return s.table("t").toArrow()

    def types(self, path):
        return dict(self.context(path).table("t").dtypes)

    def expected(self, kind, profile):
        names = {"bigint": "bigint", "integer": "int", "smallint": "smallint", "boolean": "boolean", "real": "float", "double precision": "double",
                 "date": "date", "time without time zone": "time", "timestamp without time zone": "timestamp_ntz", "timestamp with time zone": "timestamp"}
        if profile == "spark" and kind == "time without time zone":
            return "string"
        return names.get(kind, "string")


class Pandas(Reader):
    package, uuid, json = "pandas", "extension<arrow.uuid>", "extension<arrow.json>"
    expected = Pyarrow.expected

    def frame(self, path):
        import pandas as pd
        return pd.read_parquet(path, dtype_backend="pyarrow")

    def arrow(self, path):
        return pa.Table.from_pandas(self.frame(path), preserve_index=False)

    def types(self, path):
        return {n: str(t.pyarrow_dtype) if hasattr(t, "pyarrow_dtype") else str(t) for n, t in self.frame(path).dtypes.items()}

    def query(self, path, what):
        import pandas as pd
        d = self.frame(path)
        if what == "count":
            return [(len(d),)]
        if what == "filter":
            f = d[(d.status == "failed") & (d.created_at >= pd.Timestamp("2025-10-18"))]
            return [(len(f), int(f.memory_used.sum()))]
        if what == "aggregate":
            g = d[d.status == "completed"].groupby("job_type").memory_used
            return [(k, None if pd.isna(m) else m / 1048576, None if pd.isna(x) else int(x)) for k, m, x in zip(g.mean().index, g.mean(), g.max())]
        return [tuple(int(d[c].sum()) for c in what)]


class Fastparquet(Pandas):
    package = "fastparquet"

    def frame(self, path):
        import fastparquet
        return fastparquet.ParquetFile(path).to_pandas()


READERS = {"pyarrow": Pyarrow, "duckdb": Duckdb, "polars": Polars, "datafusion": Datafusion, "chdb": Chdb, "spark": Spark, "pandas": Pandas,
           "fastparquet": Fastparquet}
