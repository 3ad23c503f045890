// Package store is the database as a whole: a directory with a log, a manifest, hot tables and flushed files, which is read as snapshots and
// changed by edits.
//
// What stands above knows two things. A Snapshot is the newest durable state; taking one never waits, and what it shows never changes. An
// Update is one statement: a function that is given a Tx, alone among writers; when it returns nil all of it is durable, when it fails none
// of it ever was. Everything else (recovery, checkpoints, removal of files) happens by itself.
//
// # The directory
//
//	LOCK               held by the one process that writes
//	MANIFEST           format version, current checkpoint, first record of the log that is not in it; replaced atomically
//	checkpoint-NNNNNN  the state at one commit: definitions, files with their deletes, live hot rows
//	wal/               the log: every commit since
//	READERS …          by which the writer knows that files are being read (readers.go)
//	storage/ …         flushed files, where system.storages says
//	salvaged-…/        what a salvage has replaced; nobody reads it
//
// # A commit
//
// Under the writer's lock the statement's function checks and builds the edit: rows go straight into the hot segments, where no view sees
// them, and, encoded, into the statement's record. Then the record is appended to the log, deaths and files are applied, the next state is
// made, and the lock is released. Without the lock the writer waits for the log's fsync, which it shares with the others that wait, and
// publishes its state, or finds a later one published, since what is durable is a prefix of the log. Readers so see durable commits alone,
// while the next writer already builds on what is applied.
//
// A large statement is streamed to the log in several records as it runs; only the last one, which says so, makes them count. A statement
// that fails is rolled back in memory; records that it has already streamed are followed by another statement's, and skipped by recovery.
//
// A database that is opened for reading follows the log of the writer beside it: each snapshot has what was acknowledged before (follow.go), and the writer keeps
// the files that it names until it is closed.
//
// If an fsync fails the log refuses everything from then on, and so does Update. Snapshots go on with the last durable state.
//
// # Definitions and versions
//
// A definition is replaced whole, in the statement that changes it. Rows and files stay as they were written: columns are found by ID, what is not there
// is Column.Missing, a narrower type is widened when it is read (coldcolumn.go here, layout.go in package tables). A change for which that is not
// enough clears the table and inserts its rows again in the same statement.
//
// With a definition changes the history of its schema, which belongs to the table's name: the store appends the versions itself, so that none can be
// forgotten. They are a part of the state, of the log and of checkpoints. system.table_schemas is their face: its hot rows are kept in step by whoever
// appends a version, are in no log and in no checkpoint, and are made anew when the database is opened; rows that are inserted become versions at the end
// of the statement. A database of the older form has neither the table nor versions.
//
// # Damage
//
// What is not what was written is refused where it is met: when the database is opened, or a file first read. Verify reads everything and lists it; Salvage makes
// a sound database of what is left (rescue.go and those beside it read, salvage.go and those beside it decide and write).
//
// # What the package is not
//
// It evaluates no expressions: defaults, casts and ON CONFLICT are SQL's; the constraints that it checks are NOT NULL, the CHECK of the
// definition and keys. It does not decide what is flushed where. It does not understand Parquet beyond the keys it must look up.
package store
