package exec

import (
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/sql/plan"
)

// defaults are the settings that clients of PostgreSQL set and ask for, with their values here. Those that are fixed accept only that value.
var defaults = map[string]struct {
	value string
	fixed bool
}{
	"timezone":                    {"UTC", false},
	"application_name":            {"", false},
	"statement_timeout":           {"0", false},
	"memory_limit":                {"", false},   // the engine's
	"aggregate_footers":           {"on", false}, // whether aggregates in the footers of files answer queries
	"client_min_messages":         {"notice", false},
	"search_path":                 {defaultNamespace, true},
	"client_encoding":             {"UTF8", true},
	"server_encoding":             {"UTF8", true},
	"standard_conforming_strings": {"on", true},
	"datestyle":                   {"ISO, MDY", true},
	"intervalstyle":               {"postgres", true},
	"server_version":              {"15.0", true},
	"transaction_isolation":       {"serializable", true},
	"extra_float_digits":          {"1", true},
	"bytea_output":                {"hex", true},
	"lc_collate":                  {"C", true},
}

// severities are the values of client_min_messages.
var severities = []string{"debug5", "debug4", "debug3", "debug2", "debug1", "log", "notice", "warning", "error"}

// severity reads a value of client_min_messages.
func severity(value string) (string, error) {
	switch lower := strings.ToLower(value[:min(len(value), 16)]); {
	case lower == "debug":
		return "debug2", nil
	case lower == "info" || slices.Contains(severities, lower):
		return lower, nil
	}
	return "", sqlstate.New(sqlstate.InvalidParameterValue, "invalid value for parameter %q: %q", "client_min_messages", value).
		WithHint("Available values: %s.", strings.Join(severities, ", "))
}

// applicationName gives the name of an application as PostgreSQL keeps it: cut to 63 bytes, with a question mark for each that is not printable ASCII.
func applicationName(value string) string {
	name := []byte(value[:min(len(value), 63)])
	for i, c := range name {
		if c < ' ' || c > '~' {
			name[i] = '?'
		}
	}
	return string(name)
}

func unknownSetting(name string, at int) error {
	return sqlstate.New(sqlstate.UndefinedObject, "unrecognized configuration parameter %q", name).At(at)
}

// set runs SET.
func (s *statement) set(st *parser.Set) (*Result, error) {
	def, ok := defaults[st.Name]
	if !ok {
		return nil, unknownSetting(st.Name, st.Position())
	}
	if len(st.Values) == 0 {
		return s.resetOne(st.Name)
	}
	var words []string
	for _, v := range st.Values {
		word, err := s.word(v)
		if err != nil {
			return nil, err
		}
		words = append(words, word)
	}
	var err error
	value := strings.Join(words, ", ")
	if def.fixed && !strings.EqualFold(value, def.value) && st.Name != "extra_float_digits" {
		return nil, sqlstate.New(sqlstate.FeatureNotSupported, "setting %q to %q is not supported", st.Name, value).At(st.Position()).
			WithHint("It is always %q.", def.value)
	}
	if st.Name == "timezone" {
		zone, err := temporal.SessionZone(value)
		if err != nil {
			return nil, err
		}
		s.session.zone = zone
		value = zone.String()
	}
	if st.Name == "aggregate_footers" {
		on, err := truth(st.Name, value)
		if err != nil {
			return nil, err
		}
		value = map[bool]string{true: "on", false: "off"}[on]
	}
	if st.Name == "client_min_messages" {
		if value, err = severity(value); err != nil {
			return nil, err
		}
	}
	if st.Name == "application_name" {
		value = applicationName(value)
	}
	if _, ok := quantities[st.Name]; ok {
		if len(words) > 1 {
			return nil, sqlstate.New(sqlstate.InvalidParameterValue, "SET %s takes only one argument", st.Name)
		}
		if value, err = s.session.limit(st.Name, value); err != nil {
			return nil, err
		}
	}
	s.session.settings[st.Name] = value
	return done("SET"), nil
}

// truth reads a setting that is on or off as PostgreSQL does: by words of which the beginning is enough.
func truth(name, value string) (bool, error) {
	lower := strings.ToLower(value)
	for word, on := range map[string]bool{"true": true, "yes": true, "on": true, "1": true, "false": false, "no": false, "off": false, "0": false} {
		if lower != "" && lower != "o" && strings.HasPrefix(word, lower) {
			return on, nil
		}
	}
	return false, sqlstate.New(sqlstate.InvalidParameterValue, "parameter %q requires a Boolean value", name)
}

// word gives the text of a setting's value.
func (s *statement) word(e parser.Expr) (string, error) {
	switch e := e.(type) {
	case *parser.StringLit:
		return e.Value, nil
	case *parser.IntLit:
		return strconv.FormatInt(e.Value, 10), nil
	case *parser.NumericLit:
		return e.Text, nil
	case *parser.BoolLit:
		return strconv.FormatBool(e.Value), nil
	}
	return "", sqlstate.New(sqlstate.FeatureNotSupported, "this value of a setting is not supported").At(e.Position())
}

func (s *statement) resetOne(name string) (*Result, error) {
	delete(s.session.settings, name)
	s.session.unlimited(name)
	if name == "timezone" {
		s.session.zone = time.UTC
	}
	return done("SET"), nil
}

// reset runs RESET.
func (s *statement) reset(st *parser.Reset) (*Result, error) {
	if st.Name == "all" {
		clear(s.session.settings)
		s.session.timeout, s.session.memory = 0, 0
		s.session.zone = time.UTC
		return done("RESET"), nil
	}
	if _, ok := defaults[st.Name]; !ok {
		return nil, unknownSetting(st.Name, st.Position())
	}
	_, err := s.resetOne(st.Name)
	return done("RESET"), err
}

// show runs SHOW.
func (s *statement) show(st *parser.Show) (*Result, error) {
	if st.Name != "all" {
		if _, ok := defaults[st.Name]; !ok {
			return nil, unknownSetting(st.Name, st.Position())
		}
		return rowsOf("SHOW", []string{settingNames(st.Name)}, [][]string{{s.setting(st.Name)}}), nil
	}
	var names []string
	for n := range defaults {
		names = append(names, n)
	}
	sort.Strings(names)
	var rows [][]string
	for _, n := range names {
		rows = append(rows, []string{settingNames(n), s.setting(n)})
	}
	return rowsOf("SHOW", []string{"name", "setting"}, rows), nil
}

// settingNames gives the spelling that PostgreSQL shows.
func settingNames(name string) string {
	switch name {
	case "timezone":
		return "TimeZone"
	case "datestyle":
		return "DateStyle"
	case "intervalstyle":
		return "IntervalStyle"
	}
	return name
}

func (s *statement) setting(name string) string {
	if v, ok := s.session.settings[name]; ok {
		return v
	}
	return s.session.defaultOf(name)
}

// rowsOf gives a result of text rows.
func rowsOf(tag string, names []string, rows [][]string) *Result {
	res := done(tag)
	builders := make([]*vec.Builder, len(names))
	for i, n := range names {
		res.Columns = append(res.Columns, plan.Column{Name: n, Type: arrowschema.Text})
		builders[i] = vec.NewBuilder(arrowschema.Text, len(rows))
	}
	for _, r := range rows {
		for i, v := range r {
			builders[i].AppendString(v)
		}
	}
	batch := &vec.Batch{N: len(rows)}
	for _, b := range builders {
		batch.Cols = append(batch.Cols, b.Vec())
	}
	res.next = func() (*vec.Batch, error) {
		b := batch
		batch = nil
		if b == nil || b.N == 0 {
			return nil, nil
		}
		return b, nil
	}
	return res
}
