#!/bin/sh
# Writes what psql 15 prints for each script: NAME.out. The scripts run in a database of their own, which is removed.
# Usage: make.sh -h HOST -p PORT -U USER (the options of psql)
set -e
cd "$(dirname "$0")"
for f in *.sql; do
	psql -X -q "$@" -d postgres -c 'CREATE DATABASE stoa_describe'
	psql -X -q "$@" -d stoa_describe -v ON_ERROR_STOP=1 -f "$f" > "${f%.sql}.out"
	psql -X -q "$@" -d postgres -c 'DROP DATABASE stoa_describe'
done
