package arrowjson

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// FuzzParseType holds that a text is refused with 22P02 or read; that what is read prints as text which reads as the same; and that arrow-go's
// type, if there is one, comes back.
func FuzzParseType(f *testing.F) {
	for i, r := range rustTexts(f) {
		if r.form != "serde" && i%9 == 0 {
			f.Add(r.text)
		}
	}
	f.Add("Struct([...])")
	f.Add("Date32(Day)")
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := ParseType(text)
		if err != nil {
			requireRefused(t, err)
			return
		}
		printed := parsed.String()
		again, err := ParseType(printed)
		require.NoError(t, err)
		require.True(t, parsed.Equal(again))
		require.Equal(t, printed, again.String())
		a, err := parsed.Arrow()
		if err != nil {
			require.Equal(t, sqlstate.FeatureNotSupported, sqlstate.CodeOf(err))
			return
		}
		_, _ = TypeOf(a) // it may hold what has no field to stand on, an ordered dictionary in a dictionary for instance
	})
}

// FuzzParseSchema holds the same of Arrow-JSON.
func FuzzParseSchema(f *testing.F) {
	f.Add(contractSchema)
	f.Add(`{"metadata":{"bb":"1"},"fields":[],"options":{"rows":[1e2,true,null,"x\ud83d\ude00"]}}`)
	f.Add(`{"fields":[{"name":"a","data_type":"FixedSizeBinary(16)","metadata":{"ARROW:extension:name":"arrow.uuid"}}]}`)
	f.Add(`{"fields":[{"name":"a","data_type":"Utf8","metadata":{"ARROW:extension:name":"arrow.opaque","ARROW:extension:metadata":"{}"}}]}`)
	for i, r := range rustTexts(f) {
		if r.form == "serde" && i%3 == 0 {
			f.Add(`{"fields":[{"name":"a","nullable":true,"dict_id":1,"data_type":` + r.text + `}]}`)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSchema(text)
		if err != nil {
			requireRefused(t, err)
			return
		}
		printed := s.JSON()
		again, err := ParseSchema(printed)
		require.NoError(t, err)
		require.True(t, s.Equal(again))
		require.Equal(t, printed, again.JSON())
		if a, err := s.Arrow(); err == nil {
			_, _ = SchemaOf(a)
		}
	})
}

func requireRefused(t *testing.T, err error) {
	var e *sqlstate.Error
	require.True(t, errors.As(err, &e))
	require.Contains(t, []sqlstate.Code{sqlstate.InvalidTextRepresentation, sqlstate.DuplicateColumn}, e.Code)
}
