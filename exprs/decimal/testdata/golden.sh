#!/bin/bash
# Asks a PostgreSQL 15 for the results of gen.go's operations and writes golden.tsv.gz beside this script: operation, operands, result, between
# tabs. A result over 400 bytes is kept as md5:<hex of the text>. An error is !SQLSTATE message, and |detail where there is one.
# Usage: PGHOST=127.0.0.1 PGPORT=54329 PGUSER=postgres testdata/golden.sh [-seed N]
set -euo pipefail
cd "$(dirname "$0")"
export PGHOST="${PGHOST:-127.0.0.1}" PGPORT="${PGPORT:-54329}" PGUSER="${PGUSER:-postgres}"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

go run gen.go "$@" >"$tmp/ops"
go run gen.go -sql <"$tmp/ops" >"$tmp/sql"
{
  cat <<'SQL'
set extra_float_digits = 1;
create function pg_temp.attempt(e text) returns text language plpgsql as $$
declare r text; d text;
begin
  execute 'select (' || e || ')::text' into r;
  r := coalesce(r, 'NULL');
  return case when length(r) > 400 then 'md5:' || md5(r) else r end;
exception when others then
  get stacked diagnostics d = pg_exception_detail;
  return '!' || sqlstate || ' ' || sqlerrm || case when d <> '' then '|' || d else '' end;
end $$;
create temp table op (id serial, e text);
copy op(e) from stdin;
SQL
  cat "$tmp/sql"
  echo '\.'
  echo 'select pg_temp.attempt(e) from op order by id;'
} | psql -XqAt -v ON_ERROR_STOP=1 >"$tmp/results"
[ "$(wc -l <"$tmp/ops")" = "$(wc -l <"$tmp/results")" ] || { echo "a result has a newline" >&2; exit 1; }
paste "$tmp/ops" "$tmp/results" | gzip -9n >golden.tsv.gz
psql -XqAt -c 'select version()' >&2
