// Command stoa is the engine on the command line: a shell and a runner of SQL, a demonstration, a generator of job histories, the flush, and a look into
// Parquet files. It does nothing that the packages below it do not offer to a program.
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	setPace()
	interrupts := make(chan os.Signal, 2)
	listen := func() { signal.Notify(interrupts, os.Interrupt, syscall.SIGTERM) }
	os.Exit(run(os.Args[1:], &streams{in: os.Stdin, out: os.Stdout, err: os.Stderr, interrupts: interrupts, listen: listen}))
}
