package arrowjson

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// twelveColumns is a schema of the size of system.jobs, with a nested column.
const twelveColumns = `{"fields": [{"name": "job_id", "metadata": {"ARROW:extension:name": "arrow.uuid", "ARROW:extension:metadata": ""}, "nullable": false, "data_type": "FixedSizeBinary(16)"}, ` +
	`{"name": "job_type", "metadata": {}, "nullable": false, "data_type": "Utf8"}, {"name": "status", "metadata": {}, "nullable": false, "data_type": "Utf8"}, ` +
	`{"name": "parameters", "metadata": {}, "nullable": true, "data_type": "List(Field { name: \"item\", data_type: Utf8, nullable: true, dict_id: 0, dict_is_ordered: false, metadata: {} })"}, ` +
	`{"name": "result", "metadata": {}, "nullable": true, "data_type": "Utf8"}, {"name": "trace", "metadata": {}, "nullable": true, "data_type": "Utf8"}, ` +
	`{"name": "memory_used", "metadata": {}, "nullable": true, "data_type": "Int64"}, {"name": "cpu_used", "metadata": {}, "nullable": true, "data_type": "Int64"}, ` +
	`{"name": "created_at", "metadata": {}, "nullable": false, "data_type": "Timestamp(Microsecond, None)"}, ` +
	`{"name": "started_at", "metadata": {}, "nullable": true, "data_type": "Timestamp(Microsecond, None)"}, ` +
	`{"name": "completed_at", "metadata": {}, "nullable": true, "data_type": "Timestamp(Microsecond, None)"}, {"name": "error", "metadata": {}, "nullable": true, "data_type": "Utf8"}]}`

func BenchmarkParseSchema(b *testing.B) {
	b.SetBytes(int64(len(twelveColumns)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseSchema(twelveColumns); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSchemaJSON(b *testing.B) {
	s, err := ParseSchema(twelveColumns)
	require.NoError(b, err)
	require.Equal(b, twelveColumns, s.JSON())
	b.SetBytes(int64(len(twelveColumns)))
	b.ReportAllocs()
	for b.Loop() {
		_ = s.JSON()
	}
}

func BenchmarkSchemaOf(b *testing.B) {
	s, err := ParseSchema(twelveColumns)
	require.NoError(b, err)
	a, err := s.Arrow()
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := SchemaOf(a); err != nil {
			b.Fatal(err)
		}
	}
}
