#!/usr/bin/env bash
# make interop: reads what stoa writes with other tools, and what they write with stoa, cell by cell, and writes docs/interop.md.
#
# It makes a Python environment of its own and installs the pinned tools of requirements.txt into it, from the package index that pip is set up for. Spark
# needs a Java runtime. What cannot be installed is left out, and the report says so. INTEROP_DIR keeps the environment and the files for another run.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repo=$(cd "$here/../.." && pwd)
work=${INTEROP_DIR:-}
if [ -z "$work" ]; then
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
fi
mkdir -p "$work"
work=$(cd "$work" && pwd)
export PYTHONDONTWRITEBYTECODE=1 TZ=UTC

# The tools.
[ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
python=$work/venv/bin/python
grep -v '^#' "$here/requirements.txt" | while read -r package; do
	"$python" -m pip install --quiet --disable-pip-version-check "$package" || echo "interop: $package cannot be installed, and is left out" >&2
done
# An older Spark beside the newest, because that is what many clusters have.
older_spark=4.0.1
[ -d "$work/spark40" ] || "$python" -m pip install --quiet --disable-pip-version-check --no-deps --target "$work/spark40" "pyspark==$older_spark" "py4j==0.10.9.9" ||
	echo "interop: pyspark $older_spark cannot be installed, and is left out" >&2
command -v java >/dev/null || echo "interop: there is no Java runtime: Spark is left out" >&2
"$python" -c 'import pyarrow' || { echo "interop: without pyarrow nothing can be compared" >&2; exit 1; }

# The database, once for each profile: what stoa says before it flushes, and the files after it.
stoa=$work/stoa
(cd "$repo" && go build -o "$stoa" ./cmd/stoa)
data=$work/data
rm -rf "$data"
for profile in standard spark clickhouse; do
	db=$data/$profile/db
	mkdir -p "$data/$profile"
	"$stoa" gen --rows 20000 --seed 5 --dir "$db" >/dev/null
	"$python" "$here/data.py" "$profile" | "$stoa" sql --quiet --dir "$db"
	for table in system.jobs interop.cells interop.extremes; do
		part=$data/$profile/${table#*.}
		"$stoa" sql --dir "$db" --format csv -c "SELECT column_name, data_type FROM information_schema.columns
			WHERE table_schema = '${table%.*}' AND table_name = '${table#*.}' ORDER BY ordinal_position" |
			"$python" -c 'import csv, json, sys; print(json.dumps(dict(list(csv.reader(sys.stdin))[1:])))' >"$part.json"
		"$stoa" sql --dir "$db" --format csv --null '\NULL\' -c "SELECT * FROM $table" >"$part.csv"
	done
	"$stoa" sql --quiet --dir "$db" -c "CALL system.flush(all_rows => true)"
	for table in system.jobs interop.cells interop.extremes; do
		cp "$db/storage/${table/.//}"/*.parquet "$data/$profile/${table#*.}-flushed.parquet"
	done
done

# Each tool in a process of its own: one that dies takes nobody along.
rm -f "$work"/*.result.json
for reader in pyarrow duckdb polars datafusion chdb spark pandas fastparquet; do
	timeout 1800 "$python" "$here/check.py" "$reader" "$data" "$work/$reader.result.json" 2>"$work/$reader.log" ||
		echo "interop: $reader did not run: $(tail -n 1 "$work/$reader.log")" >&2
done
if [ -d "$work/spark40" ]; then
	PYTHONPATH=$work/spark40 timeout 1800 "$python" "$here/check.py" spark "$data" "$work/spark40.result.json" 2>"$work/spark40.log" ||
		echo "interop: Spark $older_spark did not run: $(tail -n 1 "$work/spark40.log")" >&2
fi
for writer in pyarrow duckdb polars spark pandas fastparquet; do
	timeout 1800 "$python" "$here/reverse.py" "$writer" "$stoa" "$work/written" "$work/$writer.written.result.json" 2>"$work/$writer.written.log" ||
		echo "interop: $writer did not write: $(tail -n 1 "$work/$writer.written.log")" >&2
done
"$python" "$here/report.py" "$work" "$repo/docs/interop.md" "$stoa"
