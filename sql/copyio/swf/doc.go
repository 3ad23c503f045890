// Package swf reads logs in the Standard Workload Format as rows of system.jobs. The format is that of the Parallel Workloads Archive, which
// publishes decades of real logs of supercomputers and grids: a line of 18 numbers a job, -1 for unknown, and header lines that begin with `;`.
// Its definition is https://www.cs.huji.ac.il/labs/parallel/workload/swf.html (version 2.2).
//
// What becomes of a job:
//
//	job_id        UUIDv5, of the name "<Installation>/<Computer>:<job number>" in the name space of the archive's address: a second import of a
//	              log conflicts with the first instead of doubling it. Two logs of one machine that both count from 1 conflict as well.
//	job_type      the name that the header gives the job's queue, else batch
//	status        1 completed, 0 failed, 5 cancelled; unknown: completed if it ran (its run time is known, if only 0 s), else cancelled
//	parameters    [user, group, executable, queue, processors], the numbers of the log, null where unknown
//	result        NULL: the log has no words
//	trace         <partition's name>:<queue>:<job number>; the partition's number where the header names none, -1 where it is unknown
//	memory_used   KB per processor × allocated processors × 1024, in bytes; NULL where either is unknown
//	cpu_used      average seconds per processor × allocated processors × 1,000,000; NULL likewise
//	created_at    UnixStartTime + submit time, UTC
//	started_at    created_at + wait time; at once where the wait is unknown
//	completed_at  started_at + run time; NULL where that is unknown
//	error         NULL
//
// Lines with the states 2, 3 and 4 are passed: they repeat the parts of a job that was interrupted, whose line with state 0 or 1 sums them up.
// Seconds and kilobytes may have decimals, of which six count. A log without UnixStartTime is refused: its times mean nothing.
//
// The package knows nothing of COPY but the words of its errors.
package swf
