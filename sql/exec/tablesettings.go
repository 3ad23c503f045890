package exec

import (
	"strings"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/parquetio"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/parser"
)

// tableSetting is a setting of a table: what WITH (…) of CREATE TABLE and SET (…) and RESET (…) of ALTER TABLE change. Settings are no part of the schema.
type tableSetting struct {
	name  string
	reset func(def *schemahistory.TableDefinition)
	// set gives the definition a value, or tells what is wrong with it.
	set func(def *schemahistory.TableDefinition, value string) *sqlstate.Error
}

// primaryStorage is the storage of a table that names none.
const primaryStorage = "primary"

// tableSettings gives the settings there are.
func tableSettings() []tableSetting {
	return []tableSetting{
		{
			name:  "parquet_profile",
			reset: func(def *schemahistory.TableDefinition) { def.Profile = "" },
			set:   setProfile,
		},
		{
			name:  "storage",
			reset: func(def *schemahistory.TableDefinition) { def.Storage = primaryStorage },
			set:   setStorage,
		},
	}
}

// setStorage sets where flushed files go. That there is such a storage is checked when the statement has everything.
func setStorage(def *schemahistory.TableDefinition, value string) *sqlstate.Error {
	if value == "" {
		return sqlstate.New(sqlstate.InvalidParameterValue, "parameter \"storage\" must be the name of a storage").
			WithHint("The storages are the rows of system.storages.")
	}
	def.Storage = value
	return nil
}

// setProfile sets how flushed files store types. Files that are there keep the profile that they have.
func setProfile(def *schemahistory.TableDefinition, value string) *sqlstate.Error {
	profile := parquetio.Profile(value)
	if value == "" || profile.Check() != nil {
		return sqlstate.New(sqlstate.InvalidParameterValue, "invalid value for parameter \"parquet_profile\": %q", value).
			WithHint("Available values: %s.", profileNames())
	}
	if def.Profile = value; profile == parquetio.ProfileStandard {
		def.Profile = ""
	}
	return nil
}

// profileNames lists the profiles.
func profileNames() string {
	var names []string
	for _, p := range parquetio.Profiles() {
		names = append(names, string(p))
	}
	return strings.Join(names, ", ")
}

// profileOf names the profile of a table's files.
func profileOf(def *schemahistory.TableDefinition) string {
	if def.Profile == "" {
		return string(parquetio.ProfileStandard)
	}
	return def.Profile
}

// setOptions changes settings of the table, which are no part of its schema.
func (a *alteration) setOptions(x *parser.SetOptions) error {
	next := *a.def
	if err := optionsOnce(x.Options); err != nil {
		return err
	}
	for _, o := range x.Options {
		if x.Reset {
			if o.Value != nil {
				return sqlstate.New(sqlstate.SyntaxError, "RESET must not include values for parameters").At(int(o.Pos))
			}
			s, err := settingNamed(o)
			if err != nil {
				return err
			}
			s.reset(&next)
			continue
		}
		if err := setOption(&next, o); err != nil {
			return err
		}
	}
	a.def, a.changed = &next, true
	return nil
}

// setOption changes a table setting.
func setOption(def *schemahistory.TableDefinition, o parser.Option) error {
	s, err := settingNamed(o)
	if err != nil {
		return err
	}
	if err := s.set(def, optionText(o)); err != nil {
		return err.At(int(o.Pos))
	}
	return nil
}

// optionText gives the value of an option as it was written; without one an option is set to true, as in PostgreSQL.
func optionText(o parser.Option) string {
	switch value := o.Value.(type) {
	case nil:
		return "true"
	case *parser.StringLit:
		return value.Value
	default:
		return parser.Format(value)
	}
}

// optionsOnce refuses options of which one is there twice.
func optionsOnce(list []parser.Option) error {
	seen := map[string]bool{}
	for _, o := range list {
		if seen[o.Name] {
			return sqlstate.New(sqlstate.InvalidParameterValue, "parameter %q specified more than once", o.Name).At(int(o.Pos))
		}
		seen[o.Name] = true
	}
	return nil
}

// settingNamed finds a setting.
func settingNamed(o parser.Option) (*tableSetting, error) {
	var names []string
	for _, s := range tableSettings() {
		if s.name == o.Name {
			return &s, nil
		}
		names = append(names, s.name)
	}
	return nil, sqlstate.New(sqlstate.InvalidParameterValue, "unrecognized parameter %q", o.Name).At(int(o.Pos)).
		WithHint("The settings of a table are: %s.", strings.Join(names, ", "))
}
