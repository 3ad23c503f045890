package main

import (
	"fmt"
	"strings"
)

var dateForms = []string{"2025-10-21", "20251021", "251021", "Oct 21 2025", "21 Oct 2025", "October 21, 2025", "10/21/2025", "10/21/25", "21-Oct-2025", "21-oct-25",
	"Oct-21-2025", "2025-Oct-21", "2025.294", "2025-294", "J2460970", "Julian 2460970", "JD2460970.5", "Tue Oct 21 2025", "Tue, 21 Oct 2025", "2025/10/21", "10.21.2025",
	"1-1-1", "99-1-8", "1999-1-8", "01-02-03", "January 8, 99 BC", "0044-03-15 BC", "44-03-15 BC", "12025-10-21", "y2025m10d21", "y2025 m10 d21", "Feb 29 2024",
	"2025-02-29", "2025-00-10", "2025-13-10", "2025-10-00", "2025-10-32", "0000-01-01", "4714-11-24 BC", "4714-11-23 BC", "5874897-12-31", "5874898-01-01", "epoch",
	"infinity", "-infinity", "infinity BC", "2025-10", "2025", "Oct 2025", "oct21 2025", "21oct2025", "2025oct21", "1 Oct", "3-4-70", "3-4-69", "Sept 1 2025", "2025-W43-2",
	"September 31 2025", "octo 21 2025", "99999-10-21", "1999-Jan-08", "08-Jan", "Jan-08-99", "99-Jan-08", "990108", "99008", "1999.008", "2025 10 21", "10 21 2025", "2025 294"}

var timeForms = []string{"", "14:30", "14:30:22", "14:30:22.123456", "14:30:22.1234565", "14:30:22.9999999", "2:30 PM", "02:30:22am", "12:00 am", "12:30 PM", "13:30 pm",
	"24:00", "24:00:00", "24:00:01", "25:00", "23:59:60", "23:59:60.5", "23:60", "143022", "1430", "143022.5", "T14:30", "T143022", "t143022.25", "t14", "allballs", "T14:30:22.5Z",
	"14:30:22,5", "14.5", "h14 mm30 s22.5", "1:2:3", "001:002:003", "14:30:22.", "14:30.5", ":30", "14:", "14::22", "14:30:22:10", "-14:30", "00:00:00.0000005", "99999999999:00"}

var zoneForms = []string{"", "", "", "Z", "z", "UTC", "+00", "+05:30", "-08", "-0800", "+5", "+05:30:15", "+15:59", "+16", "-15:60", "+100", "+1:2:3", "EST", "pdt", "MSK", "America/New_York",
	"Asia/Kolkata", "Foo/Bar", "foo", "GMT+3", "PST DST", "America/New_York DST", "dst", "AD", "BC", "+05 EST", "zulu", "+99999999999", "EST5EDT", " +02", "+ 02", "-", "+", "GMT", "-07:00:"}

var soup = []string{"2025-10-21", "20251021", "14:30:22", "143022", "T", "t", "10", "21", "2025", "oct", "October", "tue", "BC", "AD", "am", "PM", "+05", "-08:00", "Z", "utc", "est",
	"epoch", "infinity", "-infinity", "allballs", "j", "2460970", "y", "m", "d", "h", "mm", "s", "on", "at", ",", "/", ".", "-", "+", ":", " ", "1.5", ".5", "12.", "031", "294", "dst",
	"America/New_York", "foo", "é", "\t", "(", ")", "99", "0", "00", "24:00", "10/21/2025", "21.10.2025", "Sun", "dow", "doy", "isoyear", "ago", "day"}

var intervalForms = []string{"1 hour", "24 hours", "1 day 02:03:04.5", "P1DT2H", "-1 mon +2 days", "1.5 days", "1 day ago", "1-2", "-1-2", "1-12", "1-2 3 4:05:06", "3 weeks", "1 century",
	"1.5 centuries", "2 decades", "0.1 decade", "1 millennium", "1.55 years", "1.5 years 2.5 mons", "0.3 mons", "1.27 weeks", "-1.5 days", "1 mon -1 day", "@ 1 minute", "@ 1 day ago",
	"1 2:03", "1 2:03:04", "1 2:03:04.5678901", "2:03", "2:03.5", "-2:03", "+2:03", "-1 2:03", "1 -2:03", "100:00", "1:60", "1:00:60", "1:00:61", "999999999:00:00", "2562047788:00:54.775807",
	"9223372036854775807 us", "9223372036854775808 us", "-9223372036854775808 us", "9223372036854775807 s", "2147483647 days", "2147483648 days", "-2147483648 days", "2147483647 mons",
	"2147483648 mons", "178956970 years", "178956971 years", "178956970 years 7 mons", "178956970 years 8 mons", "306783378 weeks", "306783379 weeks", "214748364 decades", "214748365 decades",
	"1 day 1 day", "1 s 1 ms 1 us", "1.5 s 1 ms", "1 h 1 hour", "5", "-5", "+5", "5.5", ".5", "-.5", "5.", "", " ", "foo", "1 foo", "day", "1 day month", "hour 1", "ago", "1 ago", "1 day ago 2 hours",
	"1 qtr", "1 quarter", "1 dow", "1 timezone", "now", "today", "epoch", "infinity", "1e3 days", "1,5 days", "1 day, 2 hours", "1_000 days", "0x10 days", "1 day 2", "1 2 3", "1 2", "1 mon 2", "1 2 hours",
	"P1Y2M3DT4H5M6S", "P1Y", "P1.5Y", "P0.3M", "P1W", "P1.5W", "PT1.5H", "PT36H", "PT1M", "P1M", "P-1Y-2M", "P", "PT", "P1", "P1T2", "P1H", "PT1D", "P1YT", "P2025-10-21", "P0001-02-03T04:05:06",
	"P0001-02-03", "P0001-02", "P0001-02-03T", "P00010203T040506", "P00010203", "PT040506", "PT04:05", "PT04:05:06.5", "PT04", "PT04:05:06:07", "P1e3D", "P1E2DT", "p1d", "P 1D", " P1D", "P1D ", "-P1D",
	"P1Y1", "P12345678", "P1234567", "P-00010203", "P1D2D", "PT1S1M", "P.5D", "P1.D", "P1e400D", "P99999999999D", "P1e16Y", "P1.5YT0.5S", "1 mil", "1 mils", "1 c", "1 y", "1 m", "1 d", "1 h", "1 w",
	"1 us", "1 usecs", "1 microseconds", "1 millisecond", "1 msec", "0.5 us", "1.5 us", "1.50001 us", "0.0000005 s", "0.0000015 s", "0.5 ms", "1.0005 ms", "-0.0000015 s", "1 mon 1.5", "0:0:0.0000005",
	"2 days 24:00:00", "1 day -00:00:00.000001", "1 mm", "1 j", "1 at day", "1 bc", "1 am", "1 jan", "1 year 2 mons 3 days 04:05:06.7 ago", "é", "1\tday", "1\nday", "1 day\x01", "10:00 20:00", "1-2-3", "1-a", "1--2"}

var intervalSoup = []string{"1", "2", "-3", "+4", "1.5", "-0.7", ".25", "10", "0", "100", "year", "years", "mon", "mons", "month", "week", "day", "days", "d", "hour", "h", "hours", "min", "m", "sec", "s", "ms", "us",
	"decade", "century", "millennia", "ago", "@", "02:03", "1:02:03.5", "-4:05", "+6:07", "1-2", "-3-4", ",", "+", "-", "qtr", "99999999", "0.33333", "12345.678", "2147483647", "P1D"}

// restrictions are field restrictions of interval types, as SQL writes them.
var restrictions = []string{"year", "month", "day", "hour", "minute", "second", "year to month", "day to hour", "day to minute", "day to second", "hour to minute",
	"hour to second", "minute to second", "second(0)", "second(2)", "day to second(3)", "hour to second(1)", "minute to second(6)"}

func (g *generator) parseTimestamps() {
	g.fixedTimestamps()
	g.times(900, func() {
		text := g.pick(dateForms...) + g.pick(" ", " ", " ", "", "T", "  ") + g.pick(timeForms...) + g.pick(" ", "") + g.pick(zoneForms...)
		g.parse(strings.TrimSuffix(text, " "))
	})
	g.times(900, func() {
		var text strings.Builder
		for range g.between(1, 6) {
			text.WriteString(g.pick(soup...))
			text.WriteString(g.pick(" ", " ", " ", "", "-"))
		}
		g.parse(text.String())
	})
	g.times(300, func() { g.add("ts_in", g.timestamp()) })
	g.times(300, func() {
		ts, bc, _ := strings.Cut(g.timestamp(), " BC")
		g.add("tstz_in", g.pick(zoneNames...), ts+g.pick("", "", "Z", "+00", "-08", "+05:30", "-03:30:15")+bc)
	})
	g.times(150, func() { g.add("date_in", g.date()) })
	for _, t := range timeForms {
		g.add("time_in", t)
		for _, z := range zoneForms {
			if g.rng.IntN(4) == 0 {
				g.add("time_in", t+" "+z)
				g.add("time_in", g.pick(dateForms...)+" "+t+z)
			}
		}
	}
}

// fixedTimestamps adds every form once.
func (g *generator) fixedTimestamps() {
	for _, d := range dateForms {
		for _, op := range []string{"ts_in", "date_in"} {
			g.add(op, d)
			g.add(op, d+" 14:30:22.5")
		}
		g.add("tstz_in", "America/New_York", d+" 12:00")
	}
	for _, t := range timeForms {
		g.add("ts_in", "2025-10-21 "+t)
		g.add("ts_in", "2025-10-21"+t)
	}
	for _, z := range zoneForms {
		g.add("tstz_in", "Europe/Berlin", "2025-10-21 14:30:22"+z)
		g.add("tstz_in", "Europe/Berlin", "2025-10-21 14:30:22 "+z)
		g.add("ts_in", "2025-10-21 14:30:22 "+z)
	}
	for _, n := range []int{24, 25, 26, 60} {
		g.add("ts_in", "2025-10-21 "+strings.Repeat("at ", n))
		g.add("ts_in", strings.Repeat(" ", n*4)+"2025-10-21")
		g.add("ts_in", "2025-10-21 10:00:00."+strings.Repeat("1", n*2))
		g.add("iv_in", strings.Repeat("at ", n)+"1 day")
	}
	for _, n := range []int{100, 115, 120, 125, 126, 127, 128, 129, 130, 131, 132, 133, 140, 235, 236, 237, 238, 239, 240, 241, 242, 243, 244} {
		g.add("ts_in", "2025-10-21 10:00:00."+strings.Repeat("1", n))
		g.add("time_in", "10:00:00."+strings.Repeat("1", n))
		g.add("iv_in", "1 day 10:00:00."+strings.Repeat("1", n))
	}
	for _, s := range []string{"294247-01-10 04:00:54.775806", "294247-01-10 03:59:59", "4714-11-24 00:00:00 BC", "4714-11-23 23:59:59.999999 BC"} {
		g.add("ts_in", s)
		g.add("tstz_in", "UTC", s)
		g.add("tstz_in", "UTC", s+" -00:00:01")
	}
}

// parse adds a text as a timestamp and, now and then, as another type.
func (g *generator) parse(text string) {
	switch g.rng.IntN(5) {
	case 0:
		g.add("date_in", text)
	case 1:
		g.add("tstz_in", g.pick(zoneNames...), text)
	case 2:
		g.add("time_in", text)
	default:
		g.add("ts_in", text)
	}
}

func (g *generator) parseIntervals() {
	for _, s := range intervalForms {
		g.add("iv_in", s)
		for range 2 {
			g.add("iv_in_as", s, g.pick(restrictions...))
		}
	}
	for _, r := range restrictions {
		for _, s := range []string{"1", "1.5", "-7", "1-2", "1 2:03", "2:03", "2:03:04.5678", "1 year 2 mons 3 days 04:05:06.789", "-1 year -2 mons -3 days -04:05:06.789", "9223372036854775807 us"} {
			g.add("iv_in_as", s, r)
		}
	}
	for p := range 7 {
		for _, s := range []string{"1.2345678", "-1.2345678", "0.5", "-0.5", "1.5", "0.05", "9223372036854775807 us", "-9223372036854775808 us", "9223372036854775307 us"} {
			g.add("iv_in_prec", s, fmt.Sprint(p))
		}
	}
	g.times(1200, func() {
		var text strings.Builder
		for range g.between(1, 7) {
			text.WriteString(g.pick(intervalSoup...))
			text.WriteString(g.pick(" ", " ", " ", ""))
		}
		g.add("iv_in", text.String())
	})
	g.times(500, func() { // numbers with units, mostly valid
		var text strings.Builder
		for range g.between(1, 4) {
			fmt.Fprintf(&text, "%s %s ", g.float(), g.pick("years", "mons", "weeks", "days", "hours", "mins", "secs", "ms", "us", "decades", "centuries", "millennia"))
		}
		g.add("iv_in", text.String()+g.pick("", "", "", "ago"))
	})
	g.times(300, func() {
		text := "P"
		for _, unit := range []string{"Y", "M", "W", "D", "T", "H", "M", "S"} {
			switch {
			case unit == "T" && g.rng.IntN(3) > 0:
				text += "T"
			case unit != "T" && g.rng.IntN(3) == 0:
				text += g.pick("", "", "-") + fmt.Sprint(g.between(0, 400)) + g.pick("", "", ".5", ".333", ".123456789", "e1") + unit
			}
		}
		g.add("iv_in", text)
	})
	g.times(300, func() { g.add("iv_in", g.interval()) })
}

var charPatterns = []string{"HH", "HH12", "HH24", "MI", "SS", "MS", "US", "FF1", "FF2", "FF3", "FF4", "FF5", "FF6", "SSSS", "SSSSS", "AM", "A.M.", "PM", "P.M.", "Y,YYY", "YYYY", "YYY",
	"YY", "Y", "IYYY", "IYY", "IY", "I", "BC", "B.C.", "AD", "A.D.", "MONTH", "Month", "MON", "Mon", "MM", "DAY", "Day", "DY", "Dy", "DDD", "IDDD", "DD", "D", "ID", "W", "WW", "IW", "CC", "J", "Q",
	"RM", "TZ", "TZH", "TZM", "OF", "FX", "SP", "TH", "FM", "TM", "text", "\"quoted YYYY\"", "\"a \\\" b\"", "\\\"", "\\", "\"", "é", "-", ":", " ", "/", "Hh24", "yYYY", "Ddd"}

func (g *generator) toChar() {
	for _, p := range charPatterns {
		for _, format := range []string{p, strings.ToLower(p), "FM" + p, "TM" + p, "fm" + strings.ToLower(p), p + "TH", p + "th", p + "SP", "FM" + p + "th"} {
			g.add("ts_char", "2025-03-01 02:05:03.012345", format)
			g.add("tstz_char", g.pick(zoneNames...), g.finite(), format)
			g.add("ts_char", g.finite(), format)
			g.add("iv_char", g.interval(), format)
		}
	}
	g.times(300, func() {
		var format strings.Builder
		for range g.between(1, 6) {
			p := g.pick(charPatterns...)
			if g.rng.IntN(3) == 0 {
				p = strings.ToLower(p)
			}
			format.WriteString(g.pick("", "", "FM", "TM", "tm") + p + g.pick("", "", "TH", "th", "SP", " ", "-"))
		}
		switch g.rng.IntN(3) {
		case 0:
			g.add("ts_char", g.timestamp(), format.String())
		case 1:
			g.add("tstz_char", g.pick(zoneNames...), g.timestamp(), format.String())
		default:
			g.add("iv_char", g.interval(), format.String())
		}
	})
	g.add("ts_char", "2025-03-01", "")
	g.add("ts_char", "infinity", "YYYY")
}
