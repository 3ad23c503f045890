package history

import (
	"strconv"
	"unsafe"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// strings collects text end to end.
type strings struct {
	data []byte
	ends []int

	day   int64 // of which date holds the text
	date  [10]byte
	dated bool
}

func newStrings(rows, bytes int) *strings {
	return &strings{data: make([]byte, 0, rows*bytes), ends: make([]int, 0, rows)}
}

func (s *strings) end()      { s.ends = append(s.ends, len(s.data)) }
func (s *strings) rows() int { return len(s.ends) }

// vec gives the collected strings, which share one piece of memory that is not written to again.
func (s *strings) vec(t arrowschema.Type, valid vec.Bitmap) *vec.Vec {
	out := make([]string, len(s.ends))
	if len(s.data) > 0 {
		all, from := unsafe.String(&s.data[0], len(s.data)), 0
		for i, end := range s.ends {
			out[i] = all[from:end]
			from = end
		}
	}
	return vec.NewFlat(t, out, valid)
}

// appendParameters appends the JSON array of a job in jsonb's canonical text.
func appendParameters(b []byte, j *job) []byte {
	b = append(b, `["`...)
	switch j.kind {
	case flush:
		b = append(append(b, j.table[0]...), `", "`...)
		b = append(append(b, j.table[1]...), `", "`...)
		return append(append(b, j.user...), `"]`...)
	case compact:
		b = append(append(b, j.table[0]...), '.')
		b = append(append(b, j.table[1]...), '.')
		return append(append(b, shard(j.user)), `"]`...)
	case backup:
		b = append(append(b, j.table[0]...), `", "/mnt/backup/`...)
		b = append(append(b, j.table[0]...), `", `...)
		return append(strconv.AppendBool(b, j.row.word(wordDetail)&1 == 0), ']')
	case cleanup:
		b = append(append(b, j.table[0]...), `", `...)
		return append(strconv.AppendInt(b, keepDays(j), 10), ']')
	case retention:
		b = append(append(b, j.table[0]...), `", "`...)
		b = append(append(b, j.table[1]...), `", `...)
		return append(strconv.AppendInt(b, keepDays(j), 10), ']')
	default:
		version := int64(below(j.row.word(wordDetail), 20)) + 1
		b = append(append(b, j.table[0]...), `", "`...)
		b = append(append(b, j.table[1]...), `", `...)
		b = append(strconv.AppendInt(b, version, 10), ", "...)
		return append(strconv.AppendInt(b, version+1, 10), ']')
	}
}

// shard is the contract's {shard}; every name begins with a letter.
func shard(user string) byte { return user[0] }

func keepDays(j *job) int64 {
	return [4]int64{7, 30, 90, 365}[j.row.word(wordDetail)%4]
}

// appendResult appends what a completed job says of itself.
func (h *History) appendResult(b []byte, j *job, s *strings) []byte {
	switch j.kind {
	case flush:
		b = appendGrouped(append(b, "Flushed "...), j.count)
		b = append(append(b, " records to ./data/storage/"...), j.table[0]...)
		b = append(append(b, "/users/"...), j.user...)
		b = append(append(b, '/'), j.table[1]...)
		b = append(b, '/', shard(j.user))
		return append(s.appendTime(append(b, "/batch-"...), j.completed), ".parquet"...)
	case compact:
		files := 2 + j.count%60
		b = append(appendGrouped(append(b, "Compacted "...), files), " files into "...)
		b = appendGrouped(b, 1+files/8)
		if files < 8 {
			b = append(b, " file, saved "...)
		} else {
			b = append(b, " files, saved "...)
		}
		return appendSize(b, j.count*997)
	case backup:
		b = append(strconv.AppendInt(append(b, "Backup completed: "...), 1+j.count%8, 10), " namespaces, "...)
		b = append(strconv.AppendInt(b, 6+j.count%42, 10), " tables, "...)
		return appendSize(b, j.count*1_000_003)
	case cleanup:
		b = append(appendGrouped(append(b, "Deleted "...), j.count%5000), " files older than "...)
		return append(strconv.AppendInt(b, keepDays(j), 10), " days"...)
	case retention:
		b = append(appendGrouped(append(b, "Dropped "...), j.count), " records of "...)
		b = append(append(b, j.table[0]...), '.')
		b = append(append(b, j.table[1]...), " older than "...)
		return append(strconv.AppendInt(b, keepDays(j), 10), " days"...)
	default:
		b = append(append(b, "Migrated "...), j.table[0]...)
		b = append(append(b, '.'), j.table[1]...)
		version := int64(below(j.row.word(wordDetail), 20)) + 1
		b = strconv.AppendInt(append(b, " from version "...), version, 10)
		return strconv.AppendInt(append(b, " to version "...), version+1, 10)
	}
}

// appendError appends one of eight complaints.
func appendError(b []byte, j *job) []byte {
	w, more := j.row.word(wordError), j.row.word(wordMore)
	number := func(low, high uint64) int64 { return int64(low + below(more, high-low+1)) }
	switch below(w, 100) / 4 {
	case 0, 1, 2, 3, 4, 5, 6, 7, 8:
		b = strconv.AppendInt(append(b, "timeout: job exceeded "...), number(1, 12)*5000, 10)
		return append(b, " ms"...)
	case 9, 10, 11, 12, 13:
		b = strconv.AppendInt(append(b, "storage 'archive' is unreachable: dial tcp 10.0.3."...), number(2, 33), 10)
		return append(b, ":9000: connection refused"...)
	case 14, 15, 16:
		b = strconv.AppendInt(append(b, "out of memory: allocation of "...), number(1, 64)<<23, 10)
		return append(b, " bytes failed"...)
	case 17, 18, 19:
		b = append(append(b, "schema mismatch: column \"metadata\" not found in "...), j.table[0]...)
		b = append(append(b, '.'), j.table[1]...)
		return strconv.AppendInt(append(b, " version "...), number(1, 20), 10)
	case 20, 21:
		b = append(append(b, "lock conflict on "...), j.table[0]...)
		b = append(append(b, '.'), j.table[1]...)
		return strconv.AppendInt(append(b, ": held by compact-actor-"...), number(1, 4), 10)
	case 22:
		return append(b, "write failed: no space left on device"...)
	case 23:
		b = strconv.AppendInt(append(b, "checksum mismatch in row group "...), number(0, 200), 10)
		return append(b, ": the file is damaged"...)
	default:
		b = strconv.AppendInt(append(b, "node node-"...), number(1, nodeCount), 10)
		return append(b, " left the cluster while the job was running"...)
	}
}

// appendGrouped appends an integer with commas, as the contract's examples have it: 10,000.
func appendGrouped(b []byte, n int64) []byte {
	if n < 1000 {
		return strconv.AppendInt(b, n, 10)
	}
	b = appendGrouped(b, n/1000)
	r := n % 1000
	return append(b, ',', byte('0'+r/100), byte('0'+r/10%10), byte('0'+r%10))
}

// appendSize appends bytes with one decimal: 15.3 MB.
func appendSize(b []byte, n int64) []byte {
	unit := 0
	for n >= 1_000_000 && unit < 2 {
		n, unit = n/1000, unit+1
	}
	tenths := n / 100 // n is in thousandths of the unit that is written
	b = strconv.AppendInt(b, tenths/10, 10)
	b = append(b, '.', byte('0'+tenths%10), ' ')
	return append(b, [3]string{"KB", "MB", "GB"}[unit]...)
}

// appendTime appends a time as the names of batch files have it: 2025-10-21-143022.
func (s *strings) appendTime(b []byte, micros int64) []byte {
	day := floorDiv(micros, 24*hourMicros)
	if !s.dated || day != s.day {
		year, month, d := temporal.Civil(day)
		s.date = [10]byte{byte('0' + year/1000%10), byte('0' + year/100%10), byte('0' + year/10%10), byte('0' + year%10), '-',
			byte('0' + month/10), byte('0' + month%10), '-', byte('0' + d/10), byte('0' + d%10)}
		s.day, s.dated = day, true
	}
	seconds := (micros - day*24*hourMicros) / 1_000_000
	h, m, sec := seconds/3600, seconds/60%60, seconds%60
	b = append(b, s.date[:]...)
	return append(b, '-', byte('0'+h/10), byte('0'+h%10), byte('0'+m/10), byte('0'+m%10), byte('0'+sec/10), byte('0'+sec%10))
}
