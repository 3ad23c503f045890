// Command reliability keeps the account of what the torture tests have done: it runs a command and notes its outcome, and writes the results into
// docs/reliability.md. It judges nothing: what a line says was measured by the run that wrote it.
//
//	reliability -run NAME [-count N -unit WHAT -seed S -long -note TEXT] -file results.jsonl -- go test …
//	reliability -run NAME -counted REGEXP [-noted REGEXP …] -file results.jsonl -- go test -v …
//	reliability -write docs/reliability.md -file results.jsonl
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
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
	counted := flag.String("counted", "", "take the count from what the command prints: the group of this expression where it matches last")
	noted := flag.String("noted", "", "take the note likewise")
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
	return note(*file, r, *counted, *noted, flag.Args())
}

// note runs a command, and adds its outcome to the results: the count and the note are what the groups of the expressions have matched last in what it prints,
// unless these are empty. A command that fails is a violation, and an error here.
func note(file string, r torture.Result, counted, noted string, command []string) error {
	if len(command) == 0 {
		return errors.New("there is no command")
	}
	count, err := regexp.Compile(counted)
	if err != nil {
		return err
	}
	more, err := regexp.Compile(noted)
	if err != nil {
		return err
	}
	var printed bytes.Buffer
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdout, cmd.Stderr = io.MultiWriter(os.Stdout, &printed), os.Stderr
	start := time.Now()
	err = cmd.Run()
	r.Seconds = time.Since(start).Seconds()
	if err != nil {
		r.Violations = 1
	}
	if text := last(count, printed.Bytes()); text != "" {
		n, bad := strconv.Atoi(text)
		r.Count, err = n, errors.Join(err, bad)
	}
	if text := last(more, printed.Bytes()); text != "" {
		r.Note = text
	}
	if err := os.Setenv(torture.ReportVar, file); err != nil {
		return err
	}
	return errors.Join(err, torture.Append(r))
}

// last gives what the group of an expression has matched last; nothing if it has none or matches nowhere.
func last(e *regexp.Regexp, text []byte) string {
	found := e.FindAllSubmatch(text, -1)
	if e.NumSubexp() == 0 || len(found) == 0 {
		return ""
	}
	return string(found[len(found)-1][1])
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
