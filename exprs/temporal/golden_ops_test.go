package temporal

import (
	"strconv"
	"strings"
	"time"
)

// goldenOps evaluates the operations of the golden files. Operations of several steps give the first error.
var goldenOps = map[string]func(r *goldenRun) (string, error){
	"ts_in":     func(r *goldenRun) (string, error) { return printTS(ParseTimestamp(r.args[0])) },
	"tstz_in":   func(r *goldenRun) (string, error) { return r.printTZ(ParseTimestampTZ(r.args[0], r.zone)) },
	"date_in":   func(r *goldenRun) (string, error) { return printDate(ParseDate(r.args[0])) },
	"time_in":   func(r *goldenRun) (string, error) { return printTime(r.time(0)) },
	"iv_in":     func(r *goldenRun) (string, error) { return printIV(ParseInterval(r.args[0])) },
	"iv_in_as":  func(r *goldenRun) (string, error) { return printIV(parseRestricted(r.args[0], r.args[1])) },
	"ts_micros": func(r *goldenRun) (string, error) { return strconv.FormatInt(r.ts(0), 10), nil },
	"iv_in_prec": func(r *goldenRun) (string, error) {
		return printIV(ParseIntervalAs(r.args[0], AnyFields, int(r.int(1))))
	},

	"ts_add":   func(r *goldenRun) (string, error) { return printTS(TimestampAddInterval(r.ts(0), r.interval(1))) },
	"ts_subiv": func(r *goldenRun) (string, error) { return printTS(TimestampSubInterval(r.ts(0), r.interval(1))) },
	"tstz_add": func(r *goldenRun) (string, error) {
		return r.printTZ(TimestampTZAddInterval(r.tstz(0), r.interval(1), r.zone))
	},
	"tstz_subiv": func(r *goldenRun) (string, error) {
		return r.printTZ(TimestampTZSubInterval(r.tstz(0), r.interval(1), r.zone))
	},
	"ts_sub":       func(r *goldenRun) (string, error) { return printIV(TimestampSub(r.ts(0), r.ts(1))) },
	"age":          func(r *goldenRun) (string, error) { return printIV(Age(r.ts(0), r.ts(1))) },
	"agetz":        func(r *goldenRun) (string, error) { return printIV(AgeTZ(r.tstz(0), r.tstz(1), r.zone)) },
	"date_add":     func(r *goldenRun) (string, error) { return printDate(DateAddDays(r.date(0), r.int(1))) },
	"date_addiv":   func(r *goldenRun) (string, error) { return printTS(DateAddInterval(r.date(0), r.interval(1))) },
	"date_subiv":   func(r *goldenRun) (string, error) { return printTS(DateSubInterval(r.date(0), r.interval(1))) },
	"date_addtime": func(r *goldenRun) (string, error) { return printTS(DateAddTime(r.date(0), r.time(1))) },
	"time_addiv":   func(r *goldenRun) (string, error) { return printTime(TimeAddInterval(r.time(0), r.interval(1))) },
	"time_subiv":   func(r *goldenRun) (string, error) { return printTime(TimeSubInterval(r.time(0), r.interval(1))) },
	"time_sub":     func(r *goldenRun) (string, error) { return printIV(TimeSub(r.time(0), r.time(1)), nil) },
	"date_sub": func(r *goldenRun) (string, error) {
		days, err := DateSub(r.date(0), r.date(1))
		return strconv.FormatInt(days, 10), err
	},

	"iv_add":     func(r *goldenRun) (string, error) { return printIV(r.interval(0).Add(r.interval(1))) },
	"iv_sub":     func(r *goldenRun) (string, error) { return printIV(r.interval(0).Sub(r.interval(1))) },
	"iv_neg":     func(r *goldenRun) (string, error) { return printIV(r.interval(0).Neg()) },
	"iv_mul":     func(r *goldenRun) (string, error) { return printIV(r.interval(0).MulFloat(r.float(1))) },
	"iv_div":     func(r *goldenRun) (string, error) { return printIV(r.interval(0).DivFloat(r.float(1))) },
	"iv_cmp":     func(r *goldenRun) (string, error) { return strconv.Itoa(r.interval(0).Cmp(r.interval(1))), nil },
	"iv_hours":   func(r *goldenRun) (string, error) { return printIV(r.interval(0).JustifyHours()) },
	"iv_days":    func(r *goldenRun) (string, error) { return printIV(r.interval(0).JustifyDays()) },
	"iv_justify": func(r *goldenRun) (string, error) { return printIV(r.interval(0).JustifyInterval()) },
	"iv_time":    func(r *goldenRun) (string, error) { return printTime(IntervalToTime(r.interval(0))) },

	"extract_ts": func(r *goldenRun) (string, error) {
		return extractWith(r, SourceTimestamp, func(f Field) Number { return ExtractTimestamp(f, r.ts(1)) })
	},
	"extract_tstz": func(r *goldenRun) (string, error) {
		return extractWith(r, SourceTimestampTZ, func(f Field) Number { return ExtractTimestampTZ(f, r.tstz(1), r.zone) })
	},
	"extract_date": func(r *goldenRun) (string, error) {
		return extractWith(r, SourceDate, func(f Field) Number { return ExtractDate(f, r.date(1)) })
	},
	"extract_time": func(r *goldenRun) (string, error) {
		return extractWith(r, SourceTime, func(f Field) Number { return ExtractTime(f, r.time(1)) })
	},
	"extract_iv": func(r *goldenRun) (string, error) {
		return extractWith(r, SourceInterval, func(f Field) Number { return ExtractInterval(f, r.interval(1)) })
	},

	"trunc_ts": func(r *goldenRun) (string, error) {
		f, err := ResolveTrunc(r.args[0], SourceTimestamp)
		if err != nil {
			return "", err
		}
		return printTS(TruncTimestamp(f, r.ts(1)))
	},
	"trunc_tstz": func(r *goldenRun) (string, error) {
		f, err := ResolveTrunc(r.args[0], SourceTimestampTZ)
		if err != nil {
			return "", err
		}
		return r.printTZ(TruncTimestampTZ(f, r.tstz(1), r.zone))
	},
	"trunc_iv": func(r *goldenRun) (string, error) {
		f, err := ResolveTrunc(r.args[0], SourceInterval)
		return printIV(TruncInterval(f, r.interval(1)), err)
	},
	"bin": func(r *goldenRun) (string, error) { return printTS(DateBin(r.interval(0), r.ts(1), r.ts(2))) },

	"at_zone":      func(r *goldenRun) (string, error) { return r.inZone(AtTimeZone, r.printUTC) },
	"local_at":     func(r *goldenRun) (string, error) { return r.inZone(LocalTimestamp, printTS) },
	"at_offset":    func(r *goldenRun) (string, error) { return r.printUTC(AtOffset(r.ts(1), r.interval(0))) },
	"local_offset": func(r *goldenRun) (string, error) { return printTS(LocalAtOffset(r.utc(1), r.interval(0))) },
	"ts_tstz":      func(r *goldenRun) (string, error) { return r.printTZ(AtTimeZone(r.ts(0), r.zone)) },
	"tstz_ts":      func(r *goldenRun) (string, error) { return printTS(LocalTimestamp(r.tstz(0), r.zone)) },
	"tstz_date":    func(r *goldenRun) (string, error) { return printDate(TimestampTZToDate(r.tstz(0), r.zone), nil) },
	"tstz_time":    func(r *goldenRun) (string, error) { return printTimeOrNull(TimestampTZToTime(r.tstz(0), r.zone)) },
	"ts_date":      func(r *goldenRun) (string, error) { return printDate(TimestampToDate(r.ts(0)), nil) },
	"ts_time":      func(r *goldenRun) (string, error) { return printTimeOrNull(TimestampToTime(r.ts(0))) },
	"date_ts":      func(r *goldenRun) (string, error) { return printTS(DateToTimestamp(r.date(0))) },
	"date_tstz":    func(r *goldenRun) (string, error) { return r.printTZ(DateToTimestampTZ(r.date(0), r.zone)) },
	"ts_round":     func(r *goldenRun) (string, error) { return printTS(RoundTimestamp(r.ts(0), int(r.int(1)))) },
	"time_round":   func(r *goldenRun) (string, error) { return printTime(RoundTime(r.time(0), int(r.int(1)))) },
	"to_timestamp": func(r *goldenRun) (string, error) { return r.printTZ(FromEpoch(r.float(0))) },
	"ts_char": func(r *goldenRun) (string, error) {
		return charOrNull(CompileCharFormat(r.args[1]).AppendTimestamp(nil, r.ts(0)))
	},
	"tstz_char": func(r *goldenRun) (string, error) {
		return charOrNull(CompileCharFormat(r.args[1]).AppendTimestampTZ(nil, r.tstz(0), r.zone))
	},
	"iv_char": func(r *goldenRun) (string, error) {
		text, ok, err := CompileCharFormat(r.args[1]).AppendInterval(nil, r.interval(0))
		if err != nil {
			return "", err
		}
		return charOrNull(text, ok)
	},
	"set_zone": func(r *goldenRun) (string, error) {
		return r.printTZ(time.Date(2025, 7, 1, 12, 0, 0, 0, time.UTC).UnixMicro(), nil)
	},
}

func extractWith(r *goldenRun, from Source, extract func(Field) Number) (string, error) {
	f, err := ResolveExtract(r.args[0], from)
	if err != nil {
		return "", err
	}
	return printNumber(extract(f))
}

func charOrNull(text []byte, ok bool) (string, error) {
	if !ok {
		return null, nil
	}
	return string(text), nil
}

func printTimeOrNull(micros int64, ok bool) (string, error) {
	if !ok {
		return null, nil
	}
	return printTime(micros)
}

func (r *goldenRun) printUTC(v int64, err error) (string, error) {
	return string(AppendTimestampTZ(nil, v, time.UTC)), err
}

func (r *goldenRun) utc(i int) int64 {
	v, err := ParseTimestampTZ(r.args[i], time.UTC)
	return check(r, v, err)
}

// inZone applies a conversion with the zone that the first argument names.
func (r *goldenRun) inZone(convert func(int64, *time.Location) (int64, error), show func(int64, error) (string, error)) (string, error) {
	zone, err := LoadZone(r.args[0])
	if err != nil {
		return "", err
	}
	return show(convert(r.utc(1), zone))
}

// parseRestricted reads an interval for a type with fields as SQL writes them, "day to second(3)".
func parseRestricted(text, restriction string) (Interval, error) {
	precision := -1
	if before, digits, ok := strings.Cut(restriction, "("); ok {
		restriction = before
		precision, _ = strconv.Atoi(strings.TrimSuffix(digits, ")"))
	}
	from, to, _ := strings.Cut(restriction, " to ")
	fields, _ := IntervalFieldsNamed(from, to)
	return ParseIntervalAs(text, fields, precision)
}
