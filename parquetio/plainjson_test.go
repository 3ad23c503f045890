package parquetio

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
)

// typesByJSON is what storedTypes means.
func typesByJSON(text string) (map[string]arrowschema.Type, error) {
	var columns []StoredColumn
	if err := json.Unmarshal([]byte(text), &columns); err != nil {
		return nil, err
	}
	out := map[string]arrowschema.Type{}
	for _, c := range columns {
		if t, ok := arrowschema.ByName(c.Type); ok {
			out[c.Name] = t
		}
	}
	return out, nil
}

// samePlain checks that a text which is taken for plain means to encoding/json what it means to us.
func samePlain(t require.TestingT, text string) (columns, sums bool) {
	types, columns := plainTypes(text)
	if columns {
		want, err := typesByJSON(text)
		require.NoError(t, err, "%q", text)
		require.Equal(t, want, types, "%q", text)
	}
	got, sums := plainSums(text)
	if sums {
		var want checksums
		require.NoError(t, json.Unmarshal([]byte(text), &want), "%q", text)
		same := slices.Equal(want.Chunks, got.Chunks) && slices.Equal(want.Blooms, got.Blooms) && want.Index == got.Index
		require.True(t, same, "%q: %v, not %v", text, got, want)
	}
	return columns, sums
}

// What a Writer writes is plain.
func TestOwnEntriesArePlain(t *testing.T) {
	t.Parallel()
	own := 0
	for name, data := range goodFiles(t) {
		f, err := Open(memFS{data: data}, name, nil)
		require.NoError(t, err)
		if f.own {
			own++
			columns, _ := samePlain(t, f.entries[KeyColumns])
			require.True(t, columns, name)
			if text, ok := f.entries[KeyChecksums]; ok {
				_, sums := samePlain(t, text)
				require.True(t, sums, name)
			}
		}
		require.NoError(t, f.Close())
	}
	require.Greater(t, own, 10)
}

// Texts of other forms are left to encoding/json, which decides.
func TestPlainJSON(t *testing.T) {
	t.Parallel()
	for text, plain := range map[string]bool{
		`[]`: true, `[{}]`: true, `[{"id":-3,"name":"ä","type":"int8","modifier":[1,-2],"not_null":true,"missing":""}]`: true,
		`[{"name":"a","type":"int8","name":"b"}]`: true, `[{"modifier":[]}]`: true,
		``: false, `null`: false, `[null]`: false, ` []`: false, `[] `: false, `[]]`: false, `[{}`: false, `[{},]`: false, `[,{}]`: false, `[{"id":01}]`: false,
		`[{"id":2147483648}]`: false, `[{"id":1.0}]`: false, `[{"id":1e3}]`: false, `[{"id":"1"}]`: false, `[{"Name":"a"}]`: false, `[{"name":"a\u0062"}]`: false,
		"[{\"name\":\"\xff\"}]": false, "[{\"name\":\"\n\"}]": false, `[{"name":"a}]`: false, `[{"name":null}]`: false, `[{"not_null":tru}]`: false, `[{"other":1}]`: false,
		`[{"id":}]`: false, `[{"id":-}]`: false, `{}`: false,
	} {
		columns, _ := samePlain(t, text)
		require.Equal(t, plain, columns, "%q", text)
	}
	require.Equal(t, map[string]arrowschema.Type{"a<b": arrowschema.Int8}, storedTypes(`[ {"name":"a\u003cb", "type":"int8"} ]`))
	require.Nil(t, storedTypes(`[{"name":"a","type":"int8"}`))
}

// TestPlainJSONAsEncodingJSON takes tables of columns and sums as they are written, and with a piece of them put in the place of another.
func TestPlainJSONAsEncodingJSON(t *testing.T) {
	t.Parallel()
	text := rapid.SampledFrom([]string{"", "a", "int8", "jsonb", "text", `'x'::text`, "<&>", `"`, `\`, "ü", "\xff", "0123456789abcdef"})
	column := rapid.Custom(func(t *rapid.T) StoredColumn {
		c := StoredColumn{
			ID: rapid.Int32().Draw(t, "id"), Name: text.Draw(t, "name"), Type: text.Draw(t, "type"), Default: text.Draw(t, "default"), NotNull: rapid.Bool().Draw(t, "not null"),
			PrimaryKey: rapid.Bool().Draw(t, "key"), Modifier: rapid.SliceOfN(rapid.Int32Range(-9, 99), 0, 2).Draw(t, "modifier"),
		}
		if missing := text.Draw(t, "missing"); missing != "" {
			c.Missing = &missing
		}
		return c
	})
	rapid.Check(t, func(t *rapid.T) {
		var value any = rapid.SliceOfN(column, 0, 4).Draw(t, "columns")
		if rapid.Bool().Draw(t, "sums") {
			list := rapid.SliceOfN(text, 0, 3)
			value = checksums{Chunks: list.Draw(t, "chunks"), Blooms: list.Draw(t, "blooms"), Index: text.Draw(t, "index")}
		}
		b, err := json.Marshal(value)
		require.NoError(t, err)
		samePlain(t, string(b))
		at := func() int { return rapid.IntRange(0, len(b)).Draw(t, "at") }
		from, to := at(), at()
		samePlain(t, string(b[:from])+string(b[min(from, to):to])+string(b[at():]))
		want, err := typesByJSON(string(b))
		if got := storedTypes(string(b)); err != nil {
			require.Nil(t, got)
		} else {
			require.True(t, maps.Equal(want, got))
		}
	})
}

// TestLongEntries holds that what encoding/json makes of a text is bounded, since a file may call itself ours and have an entry of 100 MB.
func TestLongEntries(t *testing.T) {
	t.Parallel()
	var columns []StoredColumn
	require.True(t, readEntry("[ {}, {} ]", &columns))
	require.Len(t, columns, 2)
	require.False(t, readEntry("[ {}"+strings.Repeat(",{}", maxEntry/3)+"]", &columns))
	require.Nil(t, storedTypes("[ {}"+strings.Repeat(",{}", maxEntry/3)+"]"))
}
