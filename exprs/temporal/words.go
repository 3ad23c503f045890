package temporal

import (
	"cmp"
	"slices"
)

// wordKind is what a word of the input stands for.
type wordKind uint8

const (
	wordUnknown  wordKind = iota
	wordIgnored           // "at", "on", "@"
	wordMonth             // value 1 to 12
	wordWeekday           // value 0 to 6
	wordMeridiem          // value meridiemAM or meridiemPM
	wordEra               // value 1 for BC
	wordUnit              // value a unit
	wordISOTime           // the T between date and time
	wordSummer            // "dst"
	wordSpecial           // value a special
	wordAgo
)

// special is a reserved word that is a value.
type special uint8

const (
	specialEpoch special = iota
	specialInfinity
	specialNegInfinity
	specialNow
	specialYesterday
	specialToday
	specialTomorrow
	specialMidnightUTC
)

const (
	meridiemNone = iota
	meridiemAM
	meridiemPM
)

// word is an entry of a vocabulary.
type word struct {
	text  string
	kind  wordKind
	value uint8
}

// significant is the number of characters by which words are told apart: what follows the tenth is not looked at.
const significant = 10

// findWord looks text, in lower case, up in a sorted vocabulary.
func findWord(vocabulary []word, text string) (word, bool) {
	if len(text) > significant {
		text = text[:significant]
	}
	i, found := slices.BinarySearchFunc(vocabulary, text, func(w word, t string) int { return cmp.Compare(w.text, t) })
	if !found {
		return word{}, false
	}
	return vocabulary[i], true
}

// dateWords are the words of dates and times; unitWords, which wins where both apply, those of intervals and fields. Sorted.
var dateWords = []word{
	{"-infinity", wordSpecial, uint8(specialNegInfinity)},
	{"ad", wordEra, 0}, {"allballs", wordSpecial, uint8(specialMidnightUTC)}, {"am", wordMeridiem, meridiemAM},
	{"apr", wordMonth, 4}, {"april", wordMonth, 4}, {"at", wordIgnored, 0}, {"aug", wordMonth, 8}, {"august", wordMonth, 8},
	{"bc", wordEra, 1}, {"d", wordUnit, uint8(FieldDay)}, {"dec", wordMonth, 12}, {"december", wordMonth, 12},
	{"dow", wordUnit, uint8(FieldDOW)}, {"doy", wordUnit, uint8(FieldDOY)}, {"dst", wordSummer, 0}, {"epoch", wordSpecial, uint8(specialEpoch)},
	{"feb", wordMonth, 2}, {"february", wordMonth, 2}, {"fri", wordWeekday, 5}, {"friday", wordWeekday, 5},
	{"h", wordUnit, uint8(FieldHour)}, {"infinity", wordSpecial, uint8(specialInfinity)},
	{"isodow", wordUnit, uint8(FieldISODOW)}, {"isoyear", wordUnit, uint8(FieldISOYear)},
	{"j", wordUnit, uint8(FieldJulian)}, {"jan", wordMonth, 1}, {"january", wordMonth, 1}, {"jd", wordUnit, uint8(FieldJulian)},
	{"jul", wordMonth, 7}, {"julian", wordUnit, uint8(FieldJulian)}, {"july", wordMonth, 7}, {"jun", wordMonth, 6}, {"june", wordMonth, 6},
	{"m", wordUnit, uint8(FieldMonth)}, {"mar", wordMonth, 3}, {"march", wordMonth, 3}, {"may", wordMonth, 5}, {"mm", wordUnit, uint8(FieldMinute)},
	{"mon", wordWeekday, 1}, {"monday", wordWeekday, 1}, {"nov", wordMonth, 11}, {"november", wordMonth, 11},
	{"now", wordSpecial, uint8(specialNow)}, {"oct", wordMonth, 10}, {"october", wordMonth, 10}, {"on", wordIgnored, 0},
	{"pm", wordMeridiem, meridiemPM}, {"s", wordUnit, uint8(FieldSecond)}, {"sat", wordWeekday, 6}, {"saturday", wordWeekday, 6},
	{"sep", wordMonth, 9}, {"sept", wordMonth, 9}, {"september", wordMonth, 9}, {"sun", wordWeekday, 0}, {"sunday", wordWeekday, 0},
	{"t", wordISOTime, 0}, {"thu", wordWeekday, 4}, {"thur", wordWeekday, 4}, {"thurs", wordWeekday, 4}, {"thursday", wordWeekday, 4},
	{"today", wordSpecial, uint8(specialToday)}, {"tomorrow", wordSpecial, uint8(specialTomorrow)},
	{"tue", wordWeekday, 2}, {"tues", wordWeekday, 2}, {"tuesday", wordWeekday, 2},
	{"wed", wordWeekday, 3}, {"wednesday", wordWeekday, 3}, {"weds", wordWeekday, 3},
	{"y", wordUnit, uint8(FieldYear)}, {"yesterday", wordSpecial, uint8(specialYesterday)},
}

var unitWords = []word{
	{"@", wordIgnored, 0}, {"ago", wordAgo, 0},
	{"c", wordUnit, uint8(FieldCentury)}, {"cent", wordUnit, uint8(FieldCentury)},
	{"centuries", wordUnit, uint8(FieldCentury)}, {"century", wordUnit, uint8(FieldCentury)},
	{"d", wordUnit, uint8(FieldDay)}, {"day", wordUnit, uint8(FieldDay)}, {"days", wordUnit, uint8(FieldDay)},
	{"dec", wordUnit, uint8(FieldDecade)}, {"decade", wordUnit, uint8(FieldDecade)},
	{"decades", wordUnit, uint8(FieldDecade)}, {"decs", wordUnit, uint8(FieldDecade)},
	{"h", wordUnit, uint8(FieldHour)}, {"hour", wordUnit, uint8(FieldHour)}, {"hours", wordUnit, uint8(FieldHour)},
	{"hr", wordUnit, uint8(FieldHour)}, {"hrs", wordUnit, uint8(FieldHour)},
	{"m", wordUnit, uint8(FieldMinute)}, {"microsecon", wordUnit, uint8(FieldMicroseconds)},
	{"mil", wordUnit, uint8(FieldMillennium)}, {"millennia", wordUnit, uint8(FieldMillennium)}, {"millennium", wordUnit, uint8(FieldMillennium)},
	{"millisecon", wordUnit, uint8(FieldMilliseconds)}, {"mils", wordUnit, uint8(FieldMillennium)},
	{"min", wordUnit, uint8(FieldMinute)}, {"mins", wordUnit, uint8(FieldMinute)},
	{"minute", wordUnit, uint8(FieldMinute)}, {"minutes", wordUnit, uint8(FieldMinute)},
	{"mon", wordUnit, uint8(FieldMonth)}, {"mons", wordUnit, uint8(FieldMonth)},
	{"month", wordUnit, uint8(FieldMonth)}, {"months", wordUnit, uint8(FieldMonth)},
	{"ms", wordUnit, uint8(FieldMilliseconds)}, {"msec", wordUnit, uint8(FieldMilliseconds)}, {"msecond", wordUnit, uint8(FieldMilliseconds)},
	{"mseconds", wordUnit, uint8(FieldMilliseconds)}, {"msecs", wordUnit, uint8(FieldMilliseconds)},
	{"qtr", wordUnit, uint8(FieldQuarter)}, {"quarter", wordUnit, uint8(FieldQuarter)},
	{"s", wordUnit, uint8(FieldSecond)}, {"sec", wordUnit, uint8(FieldSecond)}, {"second", wordUnit, uint8(FieldSecond)},
	{"seconds", wordUnit, uint8(FieldSecond)}, {"secs", wordUnit, uint8(FieldSecond)},
	{"timezone", wordUnit, uint8(FieldTimezone)}, {"timezone_h", wordUnit, uint8(FieldTimezoneHour)}, {"timezone_m", wordUnit, uint8(FieldTimezoneMinute)},
	{"us", wordUnit, uint8(FieldMicroseconds)}, {"usec", wordUnit, uint8(FieldMicroseconds)}, {"usecond", wordUnit, uint8(FieldMicroseconds)},
	{"useconds", wordUnit, uint8(FieldMicroseconds)}, {"usecs", wordUnit, uint8(FieldMicroseconds)},
	{"w", wordUnit, uint8(FieldWeek)}, {"week", wordUnit, uint8(FieldWeek)}, {"weeks", wordUnit, uint8(FieldWeek)},
	{"y", wordUnit, uint8(FieldYear)}, {"year", wordUnit, uint8(FieldYear)}, {"years", wordUnit, uint8(FieldYear)},
	{"yr", wordUnit, uint8(FieldYear)}, {"yrs", wordUnit, uint8(FieldYear)},
}
