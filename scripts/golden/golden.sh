#!/usr/bin/env bash
# make golden: writes every expected answer under testdata/ anew from a PostgreSQL 15, which it installs and starts when none answers.
# Running it twice changes nothing. Databases of that server whose names begin with stoa_ are dropped and
# made again.
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
python3 "$golden_dir/sqltest.py" "$repo_dir"/testdata/sql/*/*.test "$repo_dir"/testdata/alter/*.test
python3 "$golden_dir/alterrandom.py" 1 40 "$repo_dir/testdata/alter/random"
for form in legacy later; do
	python3 "$golden_dir/data.py" $form >"$fresh"
	cmp -s "$fresh" "$repo_dir/testdata/migration/$form.sql" || cp "$fresh" "$repo_dir/testdata/migration/$form.sql"
done
python3 "$golden_dir/migration.py" stoa_migration "$repo_dir"
python3 "$golden_dir/bindtest.py" stoa_golden
