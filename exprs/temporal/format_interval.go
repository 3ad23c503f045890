package temporal

import "strconv"

// AppendInterval appends iv in the style "postgres": `1 year 2 mons -3 days +04:05:06.7`, `00:00:00` for nothing. Units that are zero are left
// out; after a negative part a positive one carries a plus sign.
func AppendInterval(dst []byte, iv Interval) []byte {
	w := intervalWriter{dst: dst, start: len(dst)}
	w.part(int64(iv.Months/12), " year")
	w.part(int64(iv.Months%12), " mon")
	w.part(int64(iv.Days), " day")
	if iv.Micros != 0 || len(w.dst) == w.start {
		w.clock(iv.Micros)
	}
	return w.dst
}

// intervalWriter prints the parts of an interval one after the other. after is whether the last one printed was negative.
type intervalWriter struct {
	dst   []byte
	start int
	after bool
}

func (w *intervalWriter) part(v int64, unit string) {
	if v == 0 {
		return
	}
	w.space()
	if w.after && v > 0 {
		w.dst = append(w.dst, '+')
	}
	w.dst = append(strconv.AppendInt(w.dst, v, 10), unit...)
	if v != 1 {
		w.dst = append(w.dst, 's')
	}
	w.after = v < 0
}

func (w *intervalWriter) clock(micros int64) {
	w.space()
	rest := uint64(micros)
	if micros < 0 {
		w.dst = append(w.dst, '-')
		rest = -rest // also right for the smallest int64
	} else if w.after {
		w.dst = append(w.dst, '+')
	}
	if hours := rest / MicrosPerHour; hours < 100 {
		w.dst = appendTwo(w.dst, uint32(hours))
	} else {
		w.dst = strconv.AppendUint(w.dst, hours, 10)
	}
	w.dst = appendTwo(append(w.dst, ':'), uint32(rest/MicrosPerMinute%60))
	w.dst = appendSeconds(append(w.dst, ':'), uint32(rest/MicrosPerSecond%60), uint32(rest%MicrosPerSecond))
}

func (w *intervalWriter) space() {
	if len(w.dst) > w.start {
		w.dst = append(w.dst, ' ')
	}
}
