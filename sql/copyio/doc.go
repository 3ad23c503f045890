// Package copyio is what COPY reads and writes: files of rows, as batches of vectors.
//
// A [Reader] gives the rows of a file in the types of the columns that the statement names; a [Writer] takes batches. Five formats:
//
//   - text and csv by PostgreSQL's rules, byte for byte in both directions: NULL strings, quotes, line ends, the end marker `\.`, and the
//     words, SQLSTATE and CONTEXT of every complaint about what a client sends.
//   - ndjson: one JSON object a line. Keys are matched to columns by name; a key that is missing is NULL, as null is (to have a column's
//     default, leave the column out of the statement's list); of a key given twice the last counts; a key that is no column is an error,
//     unless the statement lists columns. json and jsonb take any value, text takes strings and the text of numbers and booleans, other
//     types take the text of a string, a number or a boolean. Writing follows PostgreSQL's row_to_json.
//   - parquet: columns are matched by name and converted where SQL would convert in an assignment. Every column of the statement must be in
//     the file; the file may have others only when the statement lists columns. Row groups are decoded ahead of the reader, and their
//     vectors handed on as they are, dictionaries included.
//   - swf: the Standard Workload Format of the Parallel Workloads Archive, as rows of system.jobs (package swf). Reading only.
//
// Files compressed with gzip or Zstandard are recognised by their first bytes when they are read, and by the ending of their name when they
// are written. Text must be UTF-8. Memory is bounded by the size of a batch (about 32 MiB), a record (1 GiB at most: 54000) and, for
// Parquet, two row groups of up to 262,144 rows; larger row groups are read in pieces.
//
// Errors about a file quote nothing that it holds, and name it, the line or row, the column of the table and its type instead: a statement can name any file that the
// process may read. Only the columns that a Parquet file declares are named, since they are matched with the table's by name.
//
// A file is written under a temporary name, synced and renamed by Close: there is never half a file. What is no regular file (a pipe, a
// terminal, /dev/null) is written directly.
//
// The package knows no tables, transactions or statements: the caller feeds the batches to INSERT.
package copyio
