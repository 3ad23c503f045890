//go:build !duckdb_arrow

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "compare: build with -tags duckdb_arrow")
	os.Exit(2)
}
