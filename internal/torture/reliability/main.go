// Command reliability keeps the account of what the torture tests have done: it runs a command and notes its outcome, and writes the results into
// docs/reliability.md. It judges nothing: what a line says was measured by the run that wrote it.
//
//	reliability -run NAME [-count N -unit WHAT -seed S -long -note TEXT] -file results.jsonl -- go test …
//	reliability -write docs/reliability.md -file results.jsonl
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/stoadb/stoa/internal/torture"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "reliability:", err)
		os.Exit(1)
	}
}

func run() error {
	var r torture.Result
	flag.StringVar(&r.Test, "run", "", "run the command that follows --, and note its outcome under this name")
	flag.IntVar(&r.Count, "count", 0, "how much the command does, in units")
	flag.StringVar(&r.Unit, "unit", "", "what is counted")
	flag.Uint64Var(&r.Seed, "seed", 0, "the seed that the command was given")
	flag.BoolVar(&r.Long, "long", false, "it is a long form")
	flag.StringVar(&r.Note, "note", "", "what else there is to say")
	file := flag.String("file", "", "the results, a line of JSON each")
	page := flag.String("write", "", "write the results into this page, between its markers")
	flag.Parse()
	switch {
	case *file == "" || (r.Test == "") == (*page == ""):
		return errors.New("give -file, and one of -run and -write")
	case *page != "":
		results, err := read(*file)
		if err != nil {
			return err
		}
		return write(*page, results)
	}
	return note(*file, r, flag.Args())
}

// note runs a command, and adds its outcome to the results. A command that fails is a violation, and an error here.
func note(file string, r torture.Result, command []string) error {
	if len(command) == 0 {
		return errors.New("there is no command")
	}
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	start := time.Now()
	err := cmd.Run()
	r.Seconds = time.Since(start).Seconds()
	if err != nil {
		r.Violations = 1
	}
	if err := os.Setenv(torture.ReportVar, file); err != nil {
		return err
	}
	return errors.Join(err, torture.Append(r))
}

// read reads the results.
func read(file string) (results []torture.Result, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		var r torture.Result
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", file, n, err)
		}
		results = append(results, r)
	}
	return results, lines.Err()
}

// The markers of what is written, in the page.
const (
	beginMarker = "<!-- results: written by internal/torture/reliability -->\n"
	endMarker   = "<!-- end of results -->\n"
)

// write puts the results between the markers of a page.
func write(page string, results []torture.Result) error {
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(text), beginMarker)
	_, after, ends := strings.Cut(rest, endMarker)
	if !ok || !ends {
		return fmt.Errorf("%s has no markers", page)
	}
	return os.WriteFile(page, []byte(before+beginMarker+"\n"+tables(results)+"\n"+endMarker+after), 0o644)
}
