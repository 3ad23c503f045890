package swf

import (
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// The fields of a line, in order.
const (
	jobNumber = iota
	submitTime
	waitTime
	runTime
	processors
	cpuTime
	usedMemory
	requestedProcessors
	requestedTime
	requestedMemory
	status
	user
	group
	executable
	queue
	partition
	precedingJob
	thinkTime
	fieldCount
)

var fieldNames = [fieldCount]string{"job number", "submit time", "wait time", "run time", "allocated processors", "average CPU time", "used memory",
	"requested processors", "requested time", "requested memory", "status", "user", "group", "executable", "queue", "partition", "preceding job",
	"think time"}

// measured tells which fields may have decimals: those that are measured, not counted.
var measured = [fieldCount]bool{submitTime: true, waitTime: true, runTime: true, cpuTime: true, usedMemory: true, requestedTime: true,
	requestedMemory: true, thinkTime: true}

// maxSeconds bounds times, and maxNumber every number: a million times as much still fits 64 bits.
const (
	maxSeconds = 1e12
	maxNumber  = 9e12
)

// job is a line: numbers, those that are measured in millionths. A negative number is unknown.
type job [fieldCount]int64

// parse reads a line. The field that is at fault comes with the error, -1 for the line as a whole.
func (j *job) parse(line string) (field int, value string, err *sqlstate.Error) {
	rest := strings.Trim(line, " \t\r")
	for f := range j {
		if rest == "" {
			return -1, "", sqlstate.New(sqlstate.BadCopyFileFormat, "missing data for field \"%s\"", sqlstate.SafeString(fieldNames[f]))
		}
		end := strings.IndexAny(rest, " \t")
		if end < 0 {
			end = len(rest)
		}
		text := rest[:end]
		if rest = strings.TrimLeft(rest[end:], " \t"); !j.set(f, text) {
			return f, text, sqlstate.New(sqlstate.BadCopyFileFormat, "invalid number for field \"%s\": \"%s\"", sqlstate.SafeString(fieldNames[f]), clip(readable(text)))
		}
	}
	if rest != "" {
		return -1, "", sqlstate.New(sqlstate.BadCopyFileFormat, "extra data after field \"%s\"", sqlstate.SafeString(fieldNames[fieldCount-1]))
	}
	return -1, "", nil
}

// set reads one number.
func (j *job) set(f int, text string) bool {
	digits, negative := strings.CutPrefix(text, "-")
	whole, fraction, dotted := strings.Cut(digits, ".")
	if whole == "" || dotted && (fraction == "" || !measured[f]) {
		return false
	}
	n, ok := number(whole)
	if !ok || n > maxNumber {
		return false
	}
	if measured[f] {
		micros, ok := millionths(fraction)
		if !ok {
			return false
		}
		n = n*1_000_000 + micros
	}
	if negative {
		n = -1
	}
	j[f] = n
	return true
}

func number(digits string) (n int64, ok bool) {
	if len(digits) > 13 {
		return 0, false
	}
	for i := range len(digits) {
		d := digits[i] - '0'
		if d > 9 {
			return 0, false
		}
		n = n*10 + int64(d)
	}
	return n, true
}

// millionths reads the digits behind a decimal point; those from the seventh on are cut.
func millionths(digits string) (n int64, ok bool) {
	for i := range max(6, len(digits)) {
		d := byte(0)
		if i < len(digits) {
			if d = digits[i] - '0'; d > 9 {
				return 0, false
			}
		}
		if i < 6 {
			n = n*10 + int64(d)
		}
	}
	return n, true
}
