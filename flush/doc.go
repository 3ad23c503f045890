// Package flush moves hot rows into Parquet files in the directories that the storages' path templates name, and looks after these: it compacts them, and
// copies databases with them.
//
// [Run] takes the rows of a table that have settled, writes them sorted to one file per directory and, in one commit, adds the files to the table and
// deletes the hot rows: every snapshot sees each row once, hot before the commit and cold after it. Every flush of a table is a row of system.jobs.
//
// # What has settled
//
//	system.jobs           jobs in a final state: completed, failed, cancelled
//	system.live_queries   subscriptions without a change for an hour (IdleAfter)
//	system.storages       nothing: a handful of rows that every flush looks up
//	system.table_schemas  nothing, ever: its rows are the versions of schemas, which the store keeps
//	any other table       every row
//
// Request.AllRows flushes every row of every other table, storages too; Request.User only the rows of one user. What a run flushes is what its one snapshot, taken at its beginning, shows: rows
// that come later, the run's own jobs among them, are for the next one.
//
// # The protocol
//
//  1. the job's row is committed, running; the names of the files are chosen and reserved (store.Reserve)
//  2. each file is written under its temporary name, fsynced, renamed without replacing anything, and its directory fsynced, as are new directories
//  3. one commit: the job's row becomes completed, the files are added, the hot rows deleted. Rows that were updated or deleted since the snapshot are
//     deleted in the file from the start.
//
// Other writers wait for step 3 alone, which touches no file. A crash before the commit leaves hot rows as they were; the reserved files are
// removed when the database is opened, and the job, which is still running, is ended by [Recover] or the next Run as failed. A flush that fails
// removes its files, keeps the hot rows, and ends its job as failed with the error.
//
// # Names
//
// Files are batch-YYYY-MM-DD-HHMMSS.parquet, by the database's clock in UTC; where that name is taken, -2, -3, … is put before the extension. Nothing is
// ever replaced. A relative base_path is resolved against the database's directory.
//
// # Compaction
//
// [Compact] merges small files of one directory into one, and rewrites files of which many rows are deleted. It goes by the same steps: names reserved,
// files written and renamed, one commit that adds the new files and removes the old ones, some directories at a time. The commit looks at the old files once
// more: what was deleted in them since they were read is deleted in the new one. A compaction holds the lock of the flushes.
//
// # Backup
//
// [Backup] copies one snapshot into a directory of its own, [Restore] makes a database of it. See there.
//
// # Measurements
//
// memory_used and cpu_used of the job are measured; what they mean stands at type meter.
//
// The package decides what is flushed and where. It does not know how a commit becomes durable (package store), nor how a file is encoded (package
// parquetio).
package flush
