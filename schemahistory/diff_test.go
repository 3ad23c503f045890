package schemahistory

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/arrowjson"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// record makes a version, whose number the tests do not need.
func record(t require.TestingT, d *TableDefinition) *Version {
	v, err := Record(d, [16]byte{1}, 1, 0, "")
	require.NoError(t, err)
	return &v
}

// written makes a version of fields written as "name Type" or "name! Type" for NOT NULL, with IDs when ids are given.
func written(ids []int32, fields ...string) *Version {
	s := &arrowjson.Schema{}
	for _, f := range fields {
		name, text, _ := strings.Cut(f, " ")
		t, err := arrowjson.ParseType(text)
		if err != nil {
			panic(err)
		}
		s.Fields = append(s.Fields, arrowjson.Field{Name: strings.TrimSuffix(name, "!"), Type: t, Nullable: !strings.HasSuffix(name, "!")})
	}
	return &Version{Number: 1, Schema: s.JSON(), Columns: ids}
}

// placed gives a version ordinals.
func placed(v *Version, ordinals ...int32) *Version {
	v.Ordinals = ordinals
	return v
}

func TestDiff(t *testing.T) {
	t.Parallel()
	uuid := `{"ARROW:extension:name":"arrow.uuid"}`
	for _, test := range []struct {
		name string
		a, b *Version
		want string
	}{
		{"added and dropped where they stand", written(nil, "a Utf8", "x Int64", "b Utf8"), written(nil, "a Utf8", "y! Int32", "b Utf8", "z Boolean"),
			"- x Int64\n+ y Int32 not null\n+ z Boolean\n"},
		{"dropped at the ends", written(nil, "a Utf8", "b Utf8", "c Utf8"), written(nil, "b Utf8"), "- a Utf8\n- c Utf8\n"},
		{"type and nullability", written(nil, "a Int32", "b Utf8"), written(nil, "a! Int64", "b! Utf8"),
			"~ a Int32 → Int64\n~ a nullable → not null\n~ b nullable → not null\n"},
		{"renamed by ID", written([]int32{1, 2}, "a Utf8", "old Int32"), written([]int32{1, 2}, "a Utf8", "new Int64"), "r old → new\n~ new Int32 → Int64\n"},
		{"not renamed without IDs", written([]int32{1, 2}, "a Utf8", "old Int32"), written(nil, "a Utf8", "new Int32"), "- old Int32\n+ new Int32\n"},
		{"not renamed by other IDs", written([]int32{1, 2}, "a Utf8", "old Int32"), written([]int32{1, 3}, "a Utf8", "new Int32"), "- old Int32\n+ new Int32\n"},
		{"names exchanged", written([]int32{1, 2}, "a Utf8", "b Int32"), written([]int32{1, 2}, "b Utf8", "a Int32"), "r a → b\nr b → a\n"},
		{"rewritten", written([]int32{1, 2}, "a Int32", "b Int32"), written([]int32{3, 4}, "a Utf8", "b Int32"), "~ a Int32 → Utf8\n* b Int32\n"},
		{"rewritten behind a dropped one", written([]int32{1, 2, 3}, "a Utf8", "b Int32", "c Int32"), written([]int32{1, 4}, "a Utf8", "c Utf8"),
			"- b Int32\n~ c Int32 → Utf8\n"},
		{"one rewritten, one dropped and added before it", written([]int32{1, 2, 3}, "id Int64", "a Int32", "b Utf8"), written([]int32{4, 5}, "b Utf8", "a Int32"),
			"- id Int64\n+ b Utf8\n* a Int32\n- b Utf8\n"},
		{"dropped, and added at the end", written([]int32{1, 2}, "a Int32", "b Utf8"), written([]int32{2, 3}, "b Utf8", "a Int32"), "- a Int32\n+ a Int32\n"},
		{"dropped, and added under its name at its place", placed(written([]int32{1, 2}, "id Int32", "w! Int32"), 1, 2), placed(written([]int32{1, 3}, "id Int32", "w Utf8"), 1, 3),
			"- w Int32 not null\n+ w Utf8\n"},
		{"the same, of one type", placed(written([]int32{1, 2}, "id Int32", "w Int32"), 1, 2), placed(written([]int32{1, 3}, "id Int32", "w Int32"), 1, 3),
			"- w Int32\n+ w Int32\n"},
		{"rewritten and renamed", placed(written([]int32{1, 2}, "id Int32", "k Utf8"), 1, 2), placed(written([]int32{1, 3}, "id Int32", "kk Int32"), 1, 2),
			"r k → kk\n~ kk Utf8 → Int32\n"},
		{"rewritten, and another one renamed to its name", placed(written([]int32{1, 2, 3}, "a Utf8", "b Int32", "c Utf8"), 1, 2, 3),
			placed(written([]int32{1, 4, 3}, "a Utf8", "c Int64", "b Utf8"), 1, 2, 3), "r b → c\n~ c Int32 → Int64\nr c → b\n"},
		{"moved", written(nil, "a Utf8", "b Utf8", "c Utf8", "d Utf8"), written(nil, "b Utf8", "c Utf8", "d Utf8", "a Utf8"), "> a 1 → 4\n"},
		{"a name with a line end", written(nil, "a Utf8"), &Version{Schema: `{"fields": [{"name": "a b\n+ c", "data_type": "Utf8"}, {"name": "", "data_type": "Null"}]}`},
			"- a Utf8\n" + `+ "a b\n+ c" Utf8` + "\n" + `+ "" Null` + "\n"},
		{"elided", written(nil, "m Struct([...])", "n Struct([...])"), written(nil, "m Struct([...])", "n Struct([])"), "~ n Struct([...]) → Struct([])\n"},
		{"spellings of one type", &Version{Schema: `{"fields": [{"name": "a", "data_type": "List(Field { name: \"item\", data_type: Utf8, nullable: true, dict_id: 0, dict_is_ordered: false, metadata: {} })"}]}`},
			&Version{Schema: `{"fields": [{"name": "a", "data_type": "List(Field { data_type: Utf8, nullable: true })"}]}`}, ""},
		{"metadata", &Version{Schema: `{"fields": [{"name": "a", "data_type": "FixedSizeBinary(16)", "metadata": {"ARROW:extension:name": "arrow.uuid"}}]}`},
			&Version{Schema: `{"fields": [{"name": "a", "data_type": "FixedSizeBinary(16)", "dict_id": 7, "metadata": {"k": "<"}}], "metadata": {"v": "1"}, "options": {"x": 1}}`},
			"~ (schema) metadata {} → {\"v\":\"1\"}\n~ (schema) options {} → {\"x\": 1}\n~ a dict_id 0 → dict_id 7\n~ a metadata " + uuid + " → {\"k\":\"<\"}\n"},
		{"from nothing", nil, &Version{Schema: `{"fields": [{"name": "a", "data_type": "FixedSizeBinary(16)", "nullable": false, "dict_is_ordered": true, "metadata": {"ARROW:extension:name": "arrow.uuid"}}]}`},
			"+ a FixedSizeBinary(16) not null dict_id 0 ordered " + uuid + "\n"},
	} {
		differences, err := Diff(test.a, test.b)
		require.NoError(t, err, test.name)
		require.Equal(t, test.want, DiffText(differences), test.name)
		same, err := Diff(test.b, test.b)
		require.NoError(t, err)
		require.Equal(t, []Difference{}, same)
		require.Equal(t, replay(t, test.a, differences), lines(t, test.b), test.name)
	}
}

func TestDiffJSON(t *testing.T) {
	t.Parallel()
	differences, err := Diff(written(nil, "a Int32", "x Utf8"), written(nil, "a! Int32", "y Utf8"))
	require.NoError(t, err)
	text, err := json.Marshal(differences)
	require.NoError(t, err)
	require.JSONEq(t, `[{"kind": "nullability", "column": "a", "position": 1, "from": "nullable", "to": "not null"},
		{"kind": "dropped", "column": "x", "position": 2, "from": "Utf8"}, {"kind": "added", "column": "y", "position": 2, "to": "Utf8"}]`, string(text))
	differences, err = Diff(written(nil), written(nil))
	require.NoError(t, err)
	text, err = json.Marshal(differences)
	require.NoError(t, err)
	require.Equal(t, "[]", string(text))
}

// TestDiffOfMigration diffs the older form with the contract's.
func TestDiffOfMigration(t *testing.T) {
	t.Parallel()
	differences, err := Diff(record(t, Legacy()[1]), record(t, Contract()[1]))
	require.NoError(t, err)
	json := `{"ARROW:extension:metadata":"","ARROW:extension:name":"arrow.json"}`
	require.Equal(t, "+ options Utf8 "+json+"\n+ changes Int64 not null\n+ node Utf8\n", DiffText(differences))
}

// TestDiffOfModifiers holds that types which are one to Arrow differ by their SQL, where both versions know it.
func TestDiffOfModifiers(t *testing.T) {
	t.Parallel()
	d := messages()
	d.Columns = append(d.Columns, Column{ID: 20, Name: "short", Type: arrowschema.Varchar, Modifier: []int32{4}})
	next := d.clone()
	next.Columns[len(next.Columns)-1].Modifier = []int32{9}
	a, b := record(t, d), record(t, next)
	require.Equal(t, a.Schema, b.Schema)
	differences, err := Diff(a, b)
	require.NoError(t, err)
	require.Equal(t, "~ short character varying(4) → character varying(9)\n", DiffText(differences))
	a.Types = nil
	differences, err = Diff(a, b)
	require.NoError(t, err)
	require.Empty(t, differences)
}

func TestDiffErrors(t *testing.T) {
	t.Parallel()
	_, err := Diff(written(nil), &Version{Number: 7, Schema: `{"fields": [{"name": "a", "data_type": "Int63"}]}`})
	require.Equal(t, sqlstate.InvalidTextRepresentation, sqlstate.CodeOf(err))
	require.ErrorContains(t, err, "schema version 7: ")
}

// TestHistoryDiff holds that IDs are not compared between tables that had one name after another.
func TestHistoryDiff(t *testing.T) {
	t.Parallel()
	step := func(v *Version, number int64, changes string) Version {
		v.Number, v.Changes = number, changes
		return *v
	}
	h, err := (*History)(nil).Append(Name{"chat", "m"},
		step(written([]int32{1, 2}, "id Int64", "a Utf8"), 1, ChangeCreated),
		step(written([]int32{1, 2}, "id Int64", "b Utf8"), 2, "renamed column a to b"),
		step(written([]int32{1, 2}, "id Int64", "b Utf8"), 3, ChangeDropped),
		step(written([]int32{1, 2, 3}, "key Int64", "c Utf8", "b Utf8"), 4, ChangeCreatedAnew),
		step(written([]int32{1, 2, 3}, "key Int64", "d Utf8", "b Utf8"), 5, "renamed column c to d"),
		step(written([]int32{1, 2, 3}, "key Int64", "d Utf8", "b Utf8"), 6, ChangeRenamedTo+"chat.n"),
		step(written([]int32{1}, "other Int64"), 7, "renamed from chat.o"))
	require.NoError(t, err)
	for _, test := range []struct {
		from, to int64
		want     string
	}{
		{0, 1, "+ id Int64\n+ a Utf8\n"}, {1, 2, "r a → b\n"}, {1, 3, "r a → b\n"}, {2, 1, "r b → a\n"}, {3, 3, ""},
		{1, 5, "- id Int64\n- a Utf8\n+ key Int64\n+ d Utf8\n+ b Utf8\n"}, {2, 4, "- id Int64\n+ key Int64\n+ c Utf8\n"}, {4, 2, "- key Int64\n- c Utf8\n+ id Int64\n"},
		{4, 6, "r c → d\n"}, {6, 7, "- key Int64\n- d Utf8\n- b Utf8\n+ other Int64\n"}, {3, 4, "- id Int64\n+ key Int64\n+ c Utf8\n"},
	} {
		differences, err := h.Diff(test.from, test.to)
		require.NoError(t, err)
		require.Equal(t, test.want, DiffText(differences), "%d to %d", test.from, test.to)
	}
	require.Equal(t, []int32{1, 2}, h.Versions[0].Columns)
	for _, pair := range [][2]int64{{1, 8}, {8, 1}, {1, 0}, {-1, 1}} {
		_, err := h.Diff(pair[0], pair[1])
		require.Equal(t, sqlstate.UndefinedObject, sqlstate.CodeOf(err))
		require.ErrorContains(t, err, "does not exist")
	}
	_, ok := (*History)(nil).Version(1)
	require.False(t, ok)
	_, err = (*History)(nil).Diff(0, 1)
	require.ErrorContains(t, err, "schema version 1 does not exist")
}

// row is a column as differences speak of it.
type row struct{ name, typ, null, dict, meta string }

// lines gives the columns of a version, and the metadata and options of the schema last.
func lines(t require.TestingT, v *Version) []row {
	s, err := v.parse()
	require.NoError(t, err)
	var rows []row
	for i := range s.Fields {
		f := &s.Fields[i]
		rows = append(rows, row{f.Name, f.Type.String(), nullability(f.Nullable), dictionaryText(f), metadataText(f.Metadata)})
	}
	return append(rows, row{name: "schema", meta: metadataText(s.Metadata), typ: orEmpty(s.Options)})
}

// parsed reads the text of an added column.
func parsed(name, text string) row {
	r := row{name: name, null: "nullable", dict: "dict_id 0", meta: "{}"}
	if at := strings.LastIndex(text, " {"); at >= 0 && strings.HasSuffix(text, `"}`) {
		text, r.meta = text[:at], text[at+1:]
	}
	if at := strings.LastIndex(text, " dict_id "); at >= 0 && !strings.HasSuffix(text, ")") {
		text, r.dict = text[:at], text[at+1:]
	}
	if rest, ok := strings.CutSuffix(text, " not null"); ok {
		text, r.null = rest, "not null"
	}
	r.typ = text
	return r
}

// replay makes the newer schema of the older one and the differences, with nothing else to go by.
func replay(t require.TestingT, a *Version, differences []Difference) []row {
	rows := lines(t, a)
	schema := rows[len(rows)-1]
	rows = rows[:len(rows)-1]
	of := map[string]string{} // what a column of the newer schema was called
	for _, r := range rows {
		of[r.name] = r.name
	}
	gone, moved := map[string]bool{}, map[string]int{}
	for _, d := range differences {
		switch d.Kind {
		case Dropped:
			gone[d.Column] = true
		case Renamed:
			of[d.Column] = d.From
		case Moved:
			moved[d.Column] = d.Position
		}
	}
	at := func(column string) *row {
		i := slices.IndexFunc(rows, func(r row) bool { return r.name == of[column] })
		require.GreaterOrEqual(t, i, 0, "%q is not there", column)
		return &rows[i]
	}
	renames := map[string]string{}
	for _, d := range differences {
		switch {
		case d.Position == 0 && d.Kind == Metadata:
			require.Equal(t, schema.meta, d.From)
			schema.meta = d.To
		case d.Position == 0:
			require.Equal(t, schema.typ, d.From)
			schema.typ = d.To
		case d.Kind == Dropped:
			require.Equal(t, parsed(d.Column, d.From), *atName(rows, d.Column))
		case d.Kind == Renamed:
			renames[d.From] = d.To
		case d.Kind == Replaced:
			require.Equal(t, at(d.Column).typ, d.From)
		case d.Kind == Retyped && at(d.Column).typ != d.From:
			require.NotEqual(t, d.From, d.To) // the types of SQL, which Arrow-JSON does not tell apart
		case d.Kind == Retyped:
			set(t, &at(d.Column).typ, d)
		case d.Kind == Nullability:
			set(t, &at(d.Column).null, d)
		case d.Kind == Dictionary:
			set(t, &at(d.Column).dict, d)
		case d.Kind == Metadata:
			set(t, &at(d.Column).meta, d)
		}
	}
	return append(arrange(rows, gone, renames, moved, differences), schema)
}

// arrange takes columns away, renames them, and puts those that were moved or added in their places.
func arrange(rows []row, gone map[string]bool, renames map[string]string, moved map[string]int, differences []Difference) []row {
	placed := map[int]row{}
	var out []row
	for _, r := range rows {
		if gone[r.name] {
			continue
		}
		if to, ok := renames[r.name]; ok {
			r.name = to
		}
		if p, ok := moved[r.name]; ok {
			placed[p] = r
			continue
		}
		out = append(out, r)
	}
	for _, d := range differences {
		if d.Kind == Added {
			placed[d.Position] = parsed(d.Column, d.To)
		}
	}
	positions := make([]int, 0, len(placed))
	for p := range placed {
		positions = append(positions, p)
	}
	slices.Sort(positions)
	for _, p := range positions {
		out = slices.Insert(out, min(p-1, len(out)), placed[p])
	}
	return out
}

func atName(rows []row, name string) *row {
	return &rows[slices.IndexFunc(rows, func(r row) bool { return r.name == name })]
}

func set(t require.TestingT, value *string, d Difference) {
	require.Equal(t, *value, d.From, "%v", d)
	*value = d.To
}

// TestDiffExplainsEvolutions holds that between any two versions of an evolving table the differences make the newer schema of the older one, that they
// call nothing moved, and that none are left when the schema is the same; by IDs and by names.
func TestDiffExplainsEvolutions(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := messages()
		versions := []*Version{record(t, d)}
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			if next, _, err := evolve(t, d); err == nil {
				d = next
				versions = append(versions, record(t, d))
			}
		}
		pick := rapid.IntRange(0, len(versions)-1)
		a, b := *versions[pick.Draw(t, "a")], *versions[pick.Draw(t, "b")]
		differences, err := Diff(&a, &b)
		require.NoError(t, err)
		require.Equal(t, lines(t, &b), replay(t, &a, differences), DiffText(differences))
		for _, x := range differences {
			require.NotEqual(t, Moved, x.Kind, "ALTER TABLE moves no column")
		}
		if slices.Equal(a.Columns, b.Columns) {
			require.Equal(t, a.Schema == b.Schema && slices.Equal(a.Types, b.Types), len(differences) == 0)
		}
		a.Columns = nil
		differences, err = Diff(&a, &b)
		require.NoError(t, err)
		require.Equal(t, lines(t, &b), replay(t, &a, differences), DiffText(differences))
	})
}

// TestDiffExplainsAnything holds the same of schemas that have nothing to do with each other, with columns in any order and IDs at random.
func TestDiffExplainsAnything(t *testing.T) {
	t.Parallel()
	field := rapid.Custom(func(t *rapid.T) string {
		null := rapid.SampledFrom([]string{" ", "! "}).Draw(t, "null")
		return rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f"}).Draw(t, "name") + null +
			rapid.SampledFrom([]string{"Utf8", "Int32", `Struct([...])`, "Timestamp(Microsecond, Some(\"x {\"))"}).Draw(t, "type")
	})
	version := rapid.Custom(func(t *rapid.T) *Version {
		fields := rapid.SliceOfNDistinct(field, 0, 6, func(f string) byte { return f[0] }).Draw(t, "fields")
		var ids []int32
		if rapid.Bool().Draw(t, "with IDs") {
			ids = rapid.SliceOfNDistinct(rapid.Int32Range(1, 8), len(fields), len(fields), rapid.ID).Draw(t, "ids")
		}
		return written(ids, fields...)
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := version.Draw(t, "a"), version.Draw(t, "b")
		differences, err := Diff(a, b)
		require.NoError(t, err)
		require.Equal(t, lines(t, b), replay(t, a, differences), DiffText(differences))
		again, err := Diff(a, a)
		require.NoError(t, err)
		require.Empty(t, again)
		moved := 0
		for _, x := range differences {
			if x.Kind == Moved {
				moved++
			}
		}
		require.Less(t, moved, max(len(lines(t, a)), 1), fmt.Sprint(differences))
	})
}

// TestRecord holds the contract's example of Arrow-JSON, but for the elided struct.
func TestRecord(t *testing.T) {
	t.Parallel()
	d := &TableDefinition{Name: Name{"chat", "messages"}, Columns: []Column{
		{ID: 1, Name: "id", Type: arrowschema.Int8, NotNull: true}, {ID: 2, Name: "user_id", Type: arrowschema.Text, NotNull: true},
		{ID: 4, Name: "created_at", Type: arrowschema.Timestamp, NotNull: true},
	}}
	v, err := Record(d, [16]byte{9}, 2, 5, "dropped column content")
	require.NoError(t, err)
	require.Equal(t, Version{ID: [16]byte{9}, Number: 2, CreatedAt: 5, Changes: "dropped column content", Columns: []int32{1, 2, 4}, Ordinals: []int32{1, 2, 3},
		Types: []string{"bigint", "text", "timestamp without time zone"},
		Schema: `{"fields": [{"name": "id", "metadata": {}, "nullable": false, "data_type": "Int64"}, {"name": "user_id", "metadata": {}, "nullable": false, ` +
			`"data_type": "Utf8"}, {"name": "created_at", "metadata": {}, "nullable": false, "data_type": "Timestamp(Microsecond, None)"}]}`}, v)
}
