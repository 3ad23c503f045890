// Command compare measures Stoa beside DuckDB: the same rows, the same queries, the same threads, in one process and in turn, with answers compared before a time
// is reported. It writes what stoa bench writes.
//
//	cd bench/compare && go run -tags duckdb_arrow . --rows 10000000 --out ../../bench-report
//
// Rows come from one Parquet file of the generated history, which both load. DuckDB's native table is in memory, as Stoa's hot rows are; for writes it has a
// database file, as Stoa has a log. Single rows are prepared statements there, each a transaction of its own, and the typed API here.
//
// It needs cgo, and DuckDB's Arrow interface, hence the build tag.
package main
