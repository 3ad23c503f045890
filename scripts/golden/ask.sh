#!/usr/bin/env bash
# ask.sh 'SELECT …' [DATABASE]: what PostgreSQL 15 answers, as CSV; errors with their SQLSTATE. The clock is frozen.
# The default database, stoa_golden, holds the contract's tables with testdata/contract/data.sql (made by golden.sh).
# Changes are not kept: the text runs in a transaction that is rolled back.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
ensure_pg
pg "${2:-stoa_golden}" --csv -v VERBOSITY=verbose -c 'BEGIN' -c "$1" -c 'ROLLBACK'
