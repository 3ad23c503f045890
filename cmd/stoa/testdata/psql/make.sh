#!/bin/sh
# Writes what psql 15 prints for each query: NAME.csv, NAME.null.csv (--pset null), NAME.table and NAME.records.
# Usage: make.sh -h HOST -p PORT -U USER (the options of psql)
set -e
cd "$(dirname "$0")"
for f in *.sql; do
	n=${f%.sql}
	psql -X -q "$@" --csv -f "$f" > "$n.csv"
	psql -X -q "$@" --csv -P 'null=(a,"null")' -f "$f" > "$n.null.csv"
	psql -X -q "$@" -P 'null=∅' -f "$f" > "$n.table"
	psql -X -q "$@" -x -P 'null=∅' -f "$f" > "$n.records"
done
