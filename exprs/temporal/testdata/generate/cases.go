package main

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// generator collects cases by golden file.
type generator struct {
	rng    *rand.Rand
	factor int
	files  map[string][]testCase
	file   string
}

func (g *generator) add(op string, args ...string) {
	g.files[g.file] = append(g.files[g.file], testCase{op, args})
}

// times calls f n times the factor.
func (g *generator) times(n int, f func()) {
	for range n * g.factor {
		f()
	}
}

func (g *generator) pick(from ...string) string { return from[g.rng.IntN(len(from))] }

// between gives a number from low to high, both included.
func (g *generator) between(low, high int) int { return low + g.rng.IntN(high-low+1) }

// around gives a number of any size: mostly small, sometimes huge, of either sign.
func (g *generator) around(bits int) int64 {
	return (g.rng.Int64() >> g.rng.IntN(63)) >> (63 - bits) * int64(1-2*g.rng.IntN(2))
}

func (g *generator) all() {
	g.file = "parse_timestamp"
	g.parseTimestamps()
	g.file = "parse_interval"
	g.parseIntervals()
	g.file = "arithmetic"
	g.arithmetic()
	g.file = "extract"
	g.extract()
	g.file = "trunc"
	g.trunc()
	g.file = "zones"
	g.zoned()
	g.file = "to_char"
	g.toChar()
}

var zoneNames = []string{"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca"}

// fraction gives a fraction of a second or nothing.
func (g *generator) fraction() string {
	if g.rng.IntN(2) == 0 {
		return ""
	}
	digits := g.between(1, 6)
	return fmt.Sprintf(".%0*d", digits, g.rng.IntN(pow10(digits)))
}

func pow10(n int) int {
	p := 1
	for range n {
		p *= 10
	}
	return p
}

func (g *generator) clock() string {
	return fmt.Sprintf("%02d:%02d:%02d", g.between(0, 23), g.between(0, 59), g.between(0, 59)) + g.fraction()
}

// date gives a date: mostly of our time, sometimes of any.
func (g *generator) date() string {
	year, bc := g.between(1900, 2100), ""
	switch g.rng.IntN(8) {
	case 0:
		year = g.between(1, 9999)
	case 1:
		year, bc = g.between(1, 4712), " BC"
	case 2:
		year = g.between(10000, 294240)
	case 3: // ends of February
		return fmt.Sprintf("%04d-02-%02d", year-year%4, g.between(27, 28))
	case 4: // ends of years
		return fmt.Sprintf("%04d-%s", year, g.pick("12-31", "12-30", "12-29", "01-01", "01-02", "01-03", "01-04"))
	}
	return fmt.Sprintf("%04d-%02d-%02d", year, g.between(1, 12), g.between(1, 28)) + bc
}

// timestamp gives a valid timestamp.
func (g *generator) timestamp() string {
	if g.rng.IntN(60) == 0 {
		return g.pick("infinity", "-infinity", "epoch", "4714-11-24 00:00:00 BC", "294246-12-31 23:59:59.999999", "2000-01-01", "0001-01-01", "0001-12-31 BC")
	}
	d, bc, _ := strings.Cut(g.date(), " ")
	if bc != "" {
		bc = " BC"
	}
	return d + " " + g.clock() + bc
}

// finite gives a valid timestamp that is not infinite.
func (g *generator) finite() string {
	for {
		if ts := g.timestamp(); !strings.Contains(ts, "infinity") {
			return ts
		}
	}
}

// interval gives a valid interval, mostly of moderate size.
func (g *generator) interval() string {
	bits := g.between(1, 14)
	if g.rng.IntN(20) == 0 {
		bits = 31
	}
	months, days, micros := g.around(bits), g.around(bits), g.around(min(63, bits*3))
	switch g.rng.IntN(6) {
	case 0:
		months = 0
	case 1:
		months, days = 0, 0
	case 2:
		micros = 0
	case 3:
		return fmt.Sprintf("%d days %d hours", g.between(-40, 40), g.between(-30, 30))
	}
	return fmt.Sprintf("%d mons %d days %d us", months, days, micros)
}

func (g *generator) float() string {
	switch g.rng.IntN(6) {
	case 0:
		return g.pick("0", "1", "-1", "0.5", "2", "3", "7", "0.1", "-0.1", "1e10", "1e-10", "1e300", "NaN", "Infinity", "1.5", "30", "365.25", "0.333333333")
	case 1:
		return strconv.Itoa(g.between(-100, 100))
	}
	return strconv.FormatFloat(g.rng.NormFloat64()*float64(pow10(g.between(0, 4))), 'g', g.between(1, 17), 64)
}

func (g *generator) arithmetic() {
	g.times(250, func() { g.add("ts_add", g.timestamp(), g.interval()) })
	g.times(150, func() { g.add("ts_subiv", g.timestamp(), g.interval()) })
	g.times(150, func() { g.add("tstz_add", g.pick(zoneNames...), g.timestamp(), g.interval()) })
	g.times(100, func() { g.add("tstz_subiv", g.pick(zoneNames...), g.timestamp(), g.interval()) })
	g.times(200, func() { g.add("ts_sub", g.timestamp(), g.timestamp()) })
	g.times(300, func() { g.add("age", g.finite(), g.finite()) })
	g.times(100, func() { g.add("agetz", g.pick(zoneNames...), g.finite(), g.finite()) })
	g.times(100, func() { g.add("date_sub", g.date(), g.date()) })
	g.times(100, func() { g.add("date_add", g.date(), strconv.FormatInt(int64(int32(g.around(31))), 10)) })
	g.times(80, func() { g.add("date_addiv", g.date(), g.interval()) })
	g.times(40, func() { g.add("date_subiv", g.date(), g.interval()) })
	g.times(40, func() { g.add("date_addtime", g.date(), g.clock()) })
	g.times(60, func() { g.add("time_addiv", g.clock(), g.interval()) })
	g.times(60, func() { g.add("time_subiv", g.clock(), g.interval()) })
	g.times(40, func() { g.add("time_sub", g.clock(), g.clock()) })
	g.times(150, func() { g.add("iv_add", g.interval(), g.interval()) })
	g.times(100, func() { g.add("iv_sub", g.interval(), g.interval()) })
	g.times(50, func() { g.add("iv_neg", g.interval()) })
	g.times(500, func() { g.add("iv_mul", g.interval(), g.float()) })
	g.times(500, func() { g.add("iv_div", g.interval(), g.float()) })
	g.times(200, func() { g.add("iv_cmp", g.interval(), g.interval()) })
	for _, pair := range [][2]string{{"1 mon", "30 days"}, {"1 day", "24:00"}, {"1 year", "360 days"}, {"-1 mon 30 days", "0"},
		{"2147483647 mons 2147483647 days 9223372036854775807 us", "2147483647 mons 2147483647 days 9223372036854775806 us"},
		{"-2147483648 mons -2147483648 days -9223372036854775808 us", "-2147483648 mons"}} {
		g.add("iv_cmp", pair[0], pair[1])
		g.add("iv_cmp", pair[1], pair[0])
		g.add("iv_add", pair[0], pair[1])
		g.add("iv_neg", pair[0])
	}
	for _, op := range []string{"iv_hours", "iv_days", "iv_justify", "iv_time"} {
		g.times(100, func() { g.add(op, g.interval()) })
	}
	g.times(80, func() { g.add("ts_round", g.timestamp(), strconv.Itoa(g.between(0, 6))) })
	g.times(40, func() { g.add("time_round", g.clock(), strconv.Itoa(g.between(0, 6))) })
	g.add("time_round", "23:59:59.9999", "2")
	g.times(150, func() { g.add("to_timestamp", g.float()) })
	g.times(100, func() { g.add("to_timestamp", strconv.FormatFloat(g.rng.Float64()*4e9, 'g', g.between(5, 17), 64)) })
	g.limits()
	for _, d := range []string{"infinity", "-infinity", "4714-11-24 BC", "5874897-12-31", "294247-01-10", "294247-01-09", "2025-01-31"} {
		for _, n := range []string{"1", "-1", "0", "2147483647", "-2147483648"} {
			g.add("date_add", d, n)
		}
		g.add("date_sub", d, "2025-01-01")
		g.add("date_ts", d)
		g.add("date_addiv", d, "1 mon")
	}
}

// limits adds what lies at the ends of the types.
func (g *generator) limits() {
	for _, infinite := range []string{"infinity", "-infinity"} {
		for _, op := range []string{"ts_date", "ts_time"} {
			g.add(op, infinite)
		}
		for _, op := range []string{"tstz_ts", "tstz_date", "tstz_time", "date_tstz", "ts_tstz"} {
			g.add(op, "Europe/Berlin", infinite)
		}
		g.add("bin", "1 day", infinite, "2025-01-01")
		g.add("bin", "1 day", "2025-01-01", infinite)
		g.add("ts_round", infinite, "0")
		g.add("date_subiv", infinite, "1 day")
		g.add("date_addtime", infinite, "10:00")
		g.add("at_offset", "01:00", infinite)
		g.add("to_timestamp", infinite)
		g.add("ts_sub", infinite, "2025-01-01")
		g.add("ts_add", infinite, "1 day")
	}
	for _, op := range []string{"iv_hours", "iv_days", "iv_justify"} {
		g.add(op, "2147483647 mons 2147483647 days 9223372036854775807 us")
		g.add(op, "-2147483648 mons -2147483648 days -9223372036854775808 us")
		for _, mixed := range []string{"1 mon -1 us", "-1 mon 1 us", "1 mon -1 day", "-1 mon 1 day", "1 mon -30 days -1 us", "-1 mon 30 days 1 us", "1 day -1 us", "-1 day 1 us", "0"} {
			g.add(op, mixed)
		}
	}
	g.add("ts_subiv", "2025-01-01", "-9223372036854775808 us")
	g.add("ts_subiv", "4000-01-01 BC", "-9223372036854775808 us")
	g.add("ts_add", "4714-11-24 BC", "-1 us")
	g.add("ts_add", "4714-12-24 BC", "-1 mon")
	g.add("ts_add", "4714-11-24 BC", "-1 day")
	g.add("ts_add", "4714-11-24 BC", "-1 day 24:00")
	g.add("ts_round", "294246-12-31 23:59:59.999999", "0")
	g.add("date_addtime", "294246-12-31", "24:00")
	g.add("date_tstz", "America/New_York", "4714-11-24 BC")
	g.add("date_tstz", "Europe/Berlin", "4714-11-24 BC")
	g.add("tstz_ts", "America/New_York", "4714-11-24 00:00:00+00 BC")
	g.add("bin", "1 day", "4714-11-24 BC", "2025-01-01 12:00")
	g.add("bin", "100000000 days", "4714-11-24 BC", "2025-01-01 12:00")
}

var fields = []string{"microseconds", "milliseconds", "second", "minute", "hour", "day", "week", "month", "quarter", "year", "decade", "century",
	"millennium", "isoyear", "dow", "isodow", "doy", "julian", "epoch", "timezone", "timezone_hour", "timezone_minute"}

var otherFields = []string{"hrs", "years", "usec", "MSecs", "c", "mil", "d", "m", "mm", "mon", "y", "j", "jd", "now", "today", "infinity", "foo", "jan",
	"bc", "am", "millenniumfoo", "microsecondary", "dec", "qtr", "t", "ago", "at", "", "zulu", "timezone_h", "Day", "w"}

func (g *generator) extract() {
	for _, f := range append(fields[:len(fields):len(fields)], otherFields...) {
		g.add("extract_ts", f, "2025-10-21 14:30:22.123456")
		g.add("extract_tstz", "Asia/Kolkata", f, "2025-10-21 14:30:22.123456+00")
		g.add("extract_date", f, "2025-10-21")
		g.add("extract_time", f, "14:30:22.123456")
		g.add("extract_iv", f, "-1234 mons 5 days -14:30:22.123456")
	}
	for _, f := range fields {
		for _, infinite := range []string{"infinity", "-infinity"} {
			if !strings.HasPrefix(f, "timezone") { // NULL in PostgreSQL, which finds what is not supported in finite values only
				g.add("extract_ts", f, infinite)
			}
			g.add("extract_tstz", "UTC", f, infinite)
			g.add("extract_date", f, infinite)
		}
	}
	for _, f := range fields {
		if !strings.HasPrefix(f, "timezone") {
			g.times(50, func() { g.add("extract_ts", f, g.timestamp()) })
		}
		g.times(20, func() { g.add("extract_tstz", g.pick(zoneNames...), f, g.timestamp()) })
	}
	g.times(150, func() { g.add("extract_ts", "julian", g.timestamp()) })
	for _, t := range []string{"00:00:00.000001", "00:00:00.009999", "00:00:00.01", "00:00:00.000864", "00:00:00.000865", "00:00:08.64", "00:00:08.640001", "12:00", "23:59:59.999999"} {
		g.add("extract_ts", "julian", "2025-10-21 "+t)
	}
	for _, f := range []string{"day", "week", "month", "quarter", "year", "decade", "century", "millennium", "isoyear", "dow", "isodow", "doy", "julian", "epoch"} {
		g.times(25, func() { g.add("extract_date", f, g.date()) })
	}
	for _, f := range []string{"microseconds", "milliseconds", "second", "minute", "hour", "epoch"} {
		g.times(10, func() { g.add("extract_time", f, g.clock()) })
		g.add("extract_time", f, "24:00:00")
	}
	for _, f := range []string{"microseconds", "milliseconds", "second", "minute", "hour", "day", "month", "quarter", "year", "decade", "century", "millennium", "epoch"} {
		g.times(25, func() { g.add("extract_iv", f, g.interval()) })
	}
	g.times(100, func() { g.add("ts_micros", g.finite()) })
}

func (g *generator) trunc() {
	for _, f := range append(fields[:len(fields):len(fields)], otherFields...) {
		g.add("trunc_ts", f, "2025-10-21 14:30:22.123456")
		g.add("trunc_tstz", "America/New_York", f, "2025-10-21 14:30:22.123456+00")
		g.add("trunc_iv", f, "1234 mons 5 days 14:30:22.123456")
	}
	for _, f := range fields[:13] {
		g.times(40, func() { g.add("trunc_ts", f, g.timestamp()) })
		g.times(20, func() { g.add("trunc_tstz", g.pick(zoneNames...), f, g.timestamp()) })
		if f != "week" {
			g.times(20, func() { g.add("trunc_iv", f, g.interval()) })
		}
		g.add("trunc_ts", f, "4714-11-24 00:00:00 BC")
	}
	g.times(200, func() {
		stride := g.pick("15 min", "1 day", "7 days", "1 hour", "1.5 s", "1 us", "0", "-1 day", "1 mon", "100000000 days", "107000000 days")
		g.add("bin", stride, g.timestamp(), g.timestamp())
	})
	g.times(50, func() { g.add("bin", "1 day", g.date(), g.date()) })
}

func (g *generator) zoned() {
	changes := []string{"2025-03-09 01:59:59.999999", "2025-03-09 02:00", "2025-03-09 02:30", "2025-03-09 03:00", "2025-11-02 00:59:59", "2025-11-02 01:00",
		"2025-11-02 01:30", "2025-11-02 02:00", "2025-03-30 01:30", "2025-03-30 02:00", "2025-03-30 02:30", "2025-03-30 03:00", "2025-10-26 02:00", "2025-10-26 02:30",
		"2025-10-26 03:00", "2025-04-06 01:30", "2025-04-06 01:45", "2025-10-05 02:15", "1800-01-01", "1883-11-18 12:00", "1893-04-01", "2050-07-01 12:00", "5000-07-01",
		"2400-12-31 23:59:59", "infinity", "-infinity", "2025-03-08 12:00", "2025-03-10 00:00", "4714-11-24 BC", "2025-03-02 04:00", "2025-04-06 03:00"}
	for _, zone := range zoneNames {
		for _, ts := range changes {
			g.add("at_zone", zone, ts)
			g.add("local_at", zone, ts)
			g.add("ts_tstz", zone, ts)
			g.add("tstz_add", zone, ts, "1 day")
			g.add("trunc_tstz", zone, "day", ts+"+00")
		}
	}
	for _, name := range []string{"utc", "UTC", "Z", "zulu", "GMT", "gmt", "est", "EST", "EDT", "MSK", "CEST", "IST", "America/New_York", "america/new_york",
		"EUROPE/BERLIN", "America/Port_of_Spain", "america/port_of_spain", "Etc/GMT+5", "etc/gmt-14", "EST5EDT", "PST8PDT", "foo", "Foo/Bar", "", " ", "+05:30", "-05:30", "5", "+5", "FOO5", "foo-5:45:10",
		"<+03>-3", "<+03-3", "FOO25", "FOO168", "FOO5:60", "FOO5:", "local", "Local", "Japan", "NZ", "W-SU", "UCT", "Greenwich", "Factory", "../etc/passwd", "/etc/passwd",
		"right/UTC", "posix/UTC", "anat", "NOVT", "LHST", "acsst"} {
		g.add("at_zone", name, "2025-07-01 12:00")
		g.add("local_at", name, "2000-07-01 12:00+00")
		g.add("set_zone", name)
	}
	for _, name := range []string{"5.5", "-3.25", "05", "+02", "100", "167", "168", "1e1", "-7"} {
		g.add("set_zone", name)
	}
	for _, offset := range []string{"05:30", "-08:00", "00:00:01.9", "-00:00:01.9", "1 day", "1 mon 2 days", "00:00"} {
		g.add("at_offset", offset, "2025-07-01 12:00")
		g.add("local_offset", offset, "2025-07-01 12:00+00")
		g.add("local_offset", offset, "infinity")
	}
	for _, op := range []string{"ts_tstz", "tstz_ts", "tstz_date", "tstz_time"} {
		g.times(60, func() { g.add(op, g.pick(zoneNames...), g.timestamp()) })
	}
	g.times(40, func() { g.add("date_tstz", g.pick(zoneNames...), g.date()) })
	for _, op := range []string{"ts_date", "ts_time"} {
		g.times(40, func() { g.add(op, g.timestamp()) })
	}
}
