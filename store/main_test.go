package store

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"testing"
)

// quickSequences is how many random sequences of operations each of the model tests runs in the quick form, where rapid would run a hundred: every kind of
// operation follows every other many times in so many, and each takes a quarter of a second. STOA_TORTURE=N runs a hundred times N, and -rapid.checks any number.
const quickSequences = 35

func TestMain(m *testing.M) {
	flag.Parse()
	checks := quickSequences
	if n, err := strconv.Atoi(os.Getenv("STOA_TORTURE")); err == nil && n > 0 {
		checks = 100 * n
	}
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given {
		if err := flag.Set("rapid.checks", strconv.Itoa(checks)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
	os.Exit(m.Run())
}
