#!/usr/bin/env bash
# make golden: writes every expected answer under testdata/ anew from a PostgreSQL 15, which it installs and starts when none answers.
# Running it twice changes nothing. The databases stoa_golden and stoa_sqltest of that server are dropped and made again.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
ensure_pg
export PYTHONDONTWRITEBYTECODE=1

data=$repo_dir/testdata/contract/data.sql
fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
python3 "$golden_dir/data.py" >"$fresh"
cmp -s "$fresh" "$data" || cp "$fresh" "$data"
fresh_database stoa_golden
python3 "$golden_dir/contract.py" stoa_golden "$repo_dir/testdata/contract"
python3 "$golden_dir/sqltest.py" "$repo_dir"/testdata/sql/*/*.test
python3 "$golden_dir/bindtest.py" stoa_golden
