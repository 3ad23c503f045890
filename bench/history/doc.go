// Package history makes job histories: any number of rows for the contract's tables, the same on every machine, for benchmarks and
// demonstrations.
//
// A row is a function of the options and its number alone, computed with integers, so that batches may be made in any size, order and
// parallelism. Times end at Options.End and go Options.Days back; nothing is read from a clock. [History.Hash] gives the fingerprint of a
// history; those of some sizes are [Published].
//
// # Jobs
//
// Rows are in the order of created_at. Each hour of the week has a weight, from 12 at night to 100 in working hours, 45 % of that at weekends,
// and each day a factor of its own between 80 % and 120 %; rows are spread over time in that proportion.
//
//	job_type     flush 70 %, compact 14 %, cleanup 6 %, backup 5 %, retention 3 %, migrate 2 %
//	status       of jobs that ended: completed 93 % (95 % of flushes, 88.3 % of the others), failed 4.76 %, cancelled 2.25 %. Of the last 6,000
//	             rows half, ever more towards the end up to 85 %, are still running (about 1,700) or pending (about 1,200); proportionally
//	             fewer below 60,000 rows
//	parameters   per job type, as the contract shows them; flush: [namespace, table, user]
//	             48 tables in 8 namespaces and 100,000 users, all with Zipf's skew: the k-th has weight 1/(k+3), of users 1/(k+20)
//	result       of completed jobs, in the contract's words, with the figures and the file name that belong to the row
//	trace        node-1 … node-32 : actor of the job's type (16 on each node) : thread-0 … thread-63, uniformly; NULL for jobs that did not start
//	memory_used  log-normal; median by type from 10 MiB to 320 MiB, σ of the binary logarithm 1.3; NULL unless the job started and ended
//	cpu_used     duration × a log-normal factor with median 0.7, σ 0.5; NULL likewise
//	started_at   created_at + a log-normal wait with median 40 ms, σ 2.2; NULL for pending jobs and half of the cancelled ones
//	completed_at started_at + a log-normal duration with median by type from 0.8 s to 90 s, σ 1.6; for cancelled and failed jobs a part of it
//	error        of failed jobs: eight shapes of message, each with some numbers or names in it
//
// Log-normal means 2^x with x the scaled sum of eight 16-bit uniform numbers, which is normal to within a few parts in a thousand up to 3 σ and
// ends at 4.9 σ.
//
// # The other tables
//
// Live queries: users, namespaces and tables as above, 32 nodes, six shapes of options (one of them NULL), changes log-normal with 8 % zeros,
// created within the last two days; of those with changes 20 % idle for more than ten minutes, 10 % for more than an hour. Storages: three beside `primary`, which
// every database has already. Table schemas: six tables with one to five versions each, as Arrow-JSON; chat.messages is the contract's example.
//
// The package loads nothing anywhere: who calls it inserts the batches or writes them to files.
package history
