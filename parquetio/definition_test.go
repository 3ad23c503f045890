package parquetio

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/schemahistory"
)

// A file's metadata make the table again: what they are worth is asked of the columns that are there.
func TestDefinition(t *testing.T) {
	t.Parallel()
	for _, d := range schemahistory.Contract() {
		r := &Report{
			Profile: ProfileSpark, Metadata: map[string]string{KeyNamespace: d.Name.Namespace, KeyTable: d.Name.Table},
			Stored: storedColumns(d), Constraints: storedConstraints(d),
		}
		for _, c := range d.Columns {
			r.Columns = append(r.Columns, ColumnReport{Name: c.Name, Type: c.Type.String(), SQLType: c.Type, Nullable: !c.NotNull})
		}
		got, skipped := r.Definition()
		require.Empty(t, skipped)
		require.Equal(t, d.Name, got.Name)
		require.Equal(t, d.Columns, got.Columns)
		require.Equal(t, d.Keys, got.Keys)
		require.Equal(t, d.Checks, got.Checks)
		require.Equal(t, d.Indexes, got.Indexes)
		require.Equal(t, "spark", got.Profile)
	}
	r := &Report{
		Columns: []ColumnReport{{Name: "a", Type: "bigint", SQLType: arrowschema.Int8}, {Name: "nested"}},
		Stored:  []StoredColumn{{Name: "a", Type: "no such type"}, {Name: "b", Type: "text"}},
		Constraints: &StoredConstraints{
			Keys:    []StoredKey{{Name: "k"}, {Name: "l", Columns: []string{"a", "b"}}},
			Checks:  []StoredCheck{{Name: "c", Column: "b", Values: []string{"x"}}, {Name: "d", Column: "a"}},
			Indexes: []StoredIndex{{Name: "i", Columns: []string{"a"}}, {Name: "j", Columns: []string{"b"}, Descending: []bool{true}}, {Name: "k"}},
		},
	}
	got, skipped := r.Definition()
	require.Equal(t, []string{"nested"}, skipped)
	require.Equal(t, []schemahistory.Column{{ID: 1, Name: "a", Type: arrowschema.Int8, NotNull: true}}, got.Columns)
	require.Empty(t, got.Keys)
	require.Empty(t, got.Checks)
	require.Empty(t, got.Indexes)
}
