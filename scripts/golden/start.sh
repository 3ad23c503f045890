#!/usr/bin/env bash
# Starts the PostgreSQL 15 that the golden files come from, unless one answers already; it keeps running.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
ensure_pg
pg postgres -Atc 'SELECT version()'
