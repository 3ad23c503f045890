// Package torture tries the program stoa as its users do: it knows the command line, the files that the database consists of, and nothing else. Its tests
// kill processes, damage files, fill disks and cut logs, and hold every answer against a ledger that is kept outside of the database.
//
// It promises that a run is a function of its seed as far as statements, damage and the choice of moments go; when a signal reaches a process is up to the
// system. What went wrong is printed with the command that runs it again, and the directory is kept.
//
// Here are the parts that the tests share: the ledger ([State], [Statement]), the source of random statements ([Workload]), and the running program
// ([Program], [Client]). It is no part of the engine and imports none of it.
package torture
