package store

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/schemahistory"
)

// TestDefinitionRoundTrips holds that the log keeps all of a definition that was altered, and refuses ordinals that cannot be.
func TestDefinitionRoundTrips(t *testing.T) {
	t.Parallel()
	missing := "5"
	d := schemahistory.Contract()[0]
	d.System, d.Profile = false, "spark"
	d, _, err := d.DropColumn("result")
	require.NoError(t, err)
	d, _, err = d.AddColumn(schemahistory.Column{Name: "n", Type: arrowschema.Numeric, Modifier: []int32{10, 2}, Default: "5", Missing: &missing})
	require.NoError(t, err)
	require.Equal(t, int32(13), d.LastOrdinal)
	read, err := readDefinition(&wire{src: appendDefinition(nil, d)})
	require.NoError(t, err)
	require.Equal(t, d, read)
	d.LastOrdinal = 12
	_, err = readDefinition(&wire{src: appendDefinition(nil, d)})
	require.ErrorIs(t, err, ErrRecord)
}

// TestVersionRoundTrips holds that of a version what is known is kept, and that those without types, as they were written at first, are read.
func TestVersionRoundTrips(t *testing.T) {
	t.Parallel()
	name := schemahistory.Name{Namespace: "chat", Table: "m"}
	for _, v := range []schemahistory.Version{
		{Number: 1, CreatedAt: 7, Schema: `{"fields": []}`, Changes: "created the table", Columns: []int32{1, 3}, Types: []string{"bigint", "numeric(10,2)"}},
		{Number: 2, CreatedAt: 8, Schema: `{"fields": []}`, Columns: []int32{1, 4}, Types: []string{"bigint", "text"}, Ordinals: []int32{1, 2000}},
		{Number: 1, Schema: `{"fields": []}`, Columns: []int32{1, 3}},
		{Number: 2, Schema: `{"fields": []}`},
	} {
		d := &wire{src: appendVersion(nil, name, &v)}
		n, read := readVersion(d)
		require.NoError(t, d.err)
		require.Empty(t, d.src)
		require.Equal(t, name, n)
		require.Equal(t, v, read)
	}
}
