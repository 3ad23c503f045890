package datetime

import (
	"strings"
	"time"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
)

// formatFunctions gives to_char of timestamps and intervals.
func formatFunctions() []exprs.Func {
	var out []exprs.Func
	for _, t := range []arrowschema.Type{ts, tz, interval} {
		out = append(out, stable(fn("to_char", txt, formatKernel(t), t, txt)))
	}
	return out
}

// formatKernel formats; an infinite timestamp and an empty format give NULL.
func formatKernel(t arrowschema.Type) exprs.Kernel {
	return func(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
		var p picture
		var buf []byte
		last := ""
		z := zone(ctx)
		for i := range out.Strs {
			if !out.Valid.Get(i) {
				continue
			}
			format := args[1].Strs[args[1].At(i)]
			if format == "" {
				out.SetNull(i)
				continue
			}
			if format != last {
				p, last = readPicture(format), format
			}
			m, ok, err := momentOf(t, args[0], args[0].At(i), z)
			if err != nil {
				return err
			}
			if !ok {
				out.SetNull(i)
				continue
			}
			if buf, err = p.print(buf[:0], &m); err != nil {
				return err
			}
			out.Strs[i] = string(buf)
		}
		return nil
	}
}

// moment is a timestamp or an interval taken apart.
type moment struct {
	interval             bool
	year                 int64 // astronomical
	month, day           int64
	hour, minute, second int64
	micros               int64
	date                 int64 // days since 1970-01-01; of an interval, its days with months of 30
	zoned                bool
	offset               int64 // seconds east of Greenwich
	abbreviation         string
	weekday, yearday     int64
}

// momentOf takes element i of v apart; ok is false for infinite timestamps.
func momentOf(t arrowschema.Type, v *vec.Vec, i int, z *time.Location) (m moment, ok bool, err error) {
	if t == interval {
		return intervalMoment(v.Intervals[i]), true, nil
	}
	at := v.Ints[i]
	if infinite(at) {
		return m, false, nil
	}
	if t == tz {
		local, err := temporal.LocalTimestamp(at, z)
		if err != nil {
			return m, false, err
		}
		m.zoned, m.abbreviation = true, "UTC"
		m.offset = (local - at) / temporal.MicrosPerSecond
		if z != nil {
			m.abbreviation, _ = time.UnixMicro(at).In(z).Zone()
		}
		at = local
	}
	m.date = temporal.TimestampToDate(at)
	year, month, day := temporal.Civil(m.date)
	m.year, m.month, m.day = year, int64(month), int64(day)
	m.split(at - m.date*temporal.MicrosPerDay)
	m.weekday = ((m.date+4)%7 + 7) % 7 // 1970-01-01 was a Thursday
	m.yearday = m.date - temporal.Days(year, 1, 1) + 1
	return m, true, nil
}

// split takes a time of day apart.
func (m *moment) split(micros int64) {
	m.hour, micros = micros/temporal.MicrosPerHour, micros%temporal.MicrosPerHour
	m.minute, micros = micros/temporal.MicrosPerMinute, micros%temporal.MicrosPerMinute
	m.second, m.micros = micros/temporal.MicrosPerSecond, micros%temporal.MicrosPerSecond
}

func intervalMoment(iv temporal.Interval) moment {
	m := moment{interval: true, year: int64(iv.Months) / 12, month: int64(iv.Months) % 12, day: int64(iv.Days)}
	m.split(iv.Micros)
	m.yearday = int64(iv.Months)*30 + int64(iv.Days)
	return m
}

func errNotForInterval() error {
	return sqlstate.New(sqlstate.InvalidDatetimeFormat, "invalid format specification for an interval value").
		WithHint("Intervals are not tied to specific calendar dates.")
}

// print appends a moment.
func (p picture) print(dst []byte, m *moment) (_ []byte, err error) {
	for i := range p {
		if p[i].key == "" {
			dst = append(dst, p[i].literal...)
			continue
		}
		if dst, err = m.key(dst, &p[i]); err != nil {
			return nil, err
		}
	}
	return dst, nil
}

// ordinal appends th and its like to the number that begins at start.
func (item *pictureItem) ordinal(dst []byte, start int) []byte {
	if item.th == "" {
		return dst
	}
	s, n := "th", len(dst)
	if n-start < 2 || dst[n-2] != '1' {
		switch dst[n-1] {
		case '1':
			s = "st"
		case '2':
			s = "nd"
		case '3':
			s = "rd"
		}
	}
	if item.th == "TH" {
		s = strings.ToUpper(s)
	}
	return append(dst, s...)
}
