package parquetio

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/schemahistory"
)

// The keys of the key-value metadata. Values are text; the sort column's bounds are integers: microseconds since 1970-01-01.
const (
	KeyArrowSchema     = "ARROW:schema" // the Arrow schema as an IPC message in base64, which Arrow readers apply
	KeyContractVersion = "stoa.contract_version"
	KeyWriterVersion   = "stoa.writer_version"
	KeyNamespace       = "stoa.namespace"
	KeyTable           = "stoa.table"
	KeySchemaVersion   = "stoa.schema_version"
	KeyColumns         = "stoa.columns"     // JSON: a list of StoredColumn
	KeyConstraints     = "stoa.constraints" // JSON: StoredConstraints; absent when there are none
	KeySchemaJSON      = "stoa.schema_json" // the table's schema as Arrow-JSON, as in schema_history
	KeyRows            = "stoa.rows"
	KeySortColumn      = "stoa.sort_column"
	KeySortMin         = "stoa.sort_min"
	KeySortMax         = "stoa.sort_max"
	KeyProfile         = "stoa.parquet_profile"
	KeyBloomFPP        = "stoa.bloom_fpp"  // the share of false positives that bloom filters were made for; absent without filters
	KeyAggregates      = "stoa.aggregates" // see aggregatesVersion
	KeyChecksums       = "stoa.crc32c"     // JSON: see checksums
)

// ContractVersion is the version of the Enhanced System Tables Schema Contract that files follow, WriterVersion that of the engine that writes them: it stands in
// the footer for people who look for what wrote a file, and decides nothing when the file is read.
const (
	ContractVersion = "1.0.0"
	WriterVersion   = "0.2.0"
	// createdBy is what the footer names as the writer, in the form that readers parse ("application version x.y.z").
	createdByPrefix = "stoa version "
)

// StoredColumn is what key stoa.columns says of a column: enough to write its CREATE TABLE.
type StoredColumn struct {
	ID         int32   `json:"id"`
	Name       string  `json:"name"`
	Type       string  `json:"type"` // PostgreSQL's internal name: int8, jsonb
	Modifier   []int32 `json:"modifier,omitempty"`
	NotNull    bool    `json:"not_null,omitempty"`
	Default    string  `json:"default,omitempty"`
	PrimaryKey bool    `json:"primary_key,omitempty"`
	Dictionary bool    `json:"dictionary,omitempty"`
	Missing    *string `json:"missing,omitempty"` // what rows that were written before the column was added have in it, as text
}

// storedColumns describes the columns of a table.
func storedColumns(def *schemahistory.TableDefinition) []StoredColumn {
	out := make([]StoredColumn, len(def.Columns))
	for i, c := range def.Columns {
		out[i] = StoredColumn{
			ID: c.ID, Name: c.Name, Type: c.Type.Name(), Modifier: c.Modifier, NotNull: c.NotNull, Default: c.Default, Dictionary: c.Dictionary,
			Missing: c.Missing,
		}
	}
	if key, ok := def.PrimaryKey(); ok {
		for _, c := range key.Columns {
			out[c].PrimaryKey = true
		}
	}
	return out
}

// checksums is the value of key stoa.crc32c: CRC-32C in hexadecimal, eight digits each. Chunks has a string per row group with the sums of its
// column chunks, in order; Blooms the sums of its bloom filters, headers included, in the order of their columns; Index that of the column and
// offset indexes. The footer that holds them is covered by the sum in the manifest.
type checksums struct {
	Chunks []string `json:"chunks"`
	Blooms []string `json:"blooms,omitempty"`
	Index  string   `json:"index"`
}

// hexSums writes sums one after the other.
func hexSums(sums []uint32) string {
	b := make([]byte, 0, 8*len(sums))
	for _, s := range sums {
		b = fmt.Appendf(b, "%08x", s)
	}
	return string(b)
}

// parseSums reads what hexSums wrote.
func parseSums(s string) ([]uint32, error) {
	if len(s)%8 != 0 {
		return nil, fmt.Errorf("a list of checksums of %d characters", len(s))
	}
	out := make([]uint32, len(s)/8)
	for i := range out {
		v, err := strconv.ParseUint(s[8*i:8*i+8], 16, 32)
		if err != nil {
			return nil, err
		}
		out[i] = uint32(v)
	}
	return out, nil
}

// encodeArrowSchema gives a schema as Arrow's Parquet readers expect it: an encapsulated IPC message in base64.
func encodeArrowSchema(s *arrow.Schema) (string, error) {
	var buf bytes.Buffer
	w := ipc.NewWriter(&buf, ipc.WithSchema(s))
	if err := w.Close(); err != nil {
		return "", err
	}
	// Closing an empty stream writes the schema and the end of the stream, 8 bytes, which is no part of the message.
	message := bytes.TrimSuffix(buf.Bytes(), []byte{0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0})
	return base64.StdEncoding.EncodeToString(message), nil
}

// tableEntries gives the entries that are known before the first row.
func tableEntries(def *schemahistory.TableDefinition, profile Profile) ([][2]string, error) {
	arrowText, err := encodeArrowSchema(storedArrowSchema(def, profile))
	if err != nil {
		return nil, err
	}
	columns, err := json.Marshal(storedColumns(def))
	if err != nil {
		return nil, err
	}
	version, err := schemahistory.Record(def, [16]byte{}, def.Version, 0, "")
	if err != nil {
		return nil, err
	}
	entries := [][2]string{
		{KeyArrowSchema, arrowText},
		{KeyContractVersion, ContractVersion},
		{KeyWriterVersion, WriterVersion},
		{KeyNamespace, def.Name.Namespace},
		{KeyTable, def.Name.Table},
		{KeySchemaVersion, strconv.FormatInt(def.Version, 10)},
		{KeyColumns, string(columns)},
		{KeySchemaJSON, version.Schema},
		{KeyProfile, string(profile)},
	}
	if c := storedConstraints(def); c != nil {
		constraints, err := json.Marshal(c)
		if err != nil {
			return nil, err
		}
		entries = append(entries, [2]string{KeyConstraints, string(constraints)})
	}
	return entries, nil
}

// maxEntry is the longest entry of ours that encoding/json reads: three bytes of it may become a hundred in memory. That of a column has some 100 bytes.
const maxEntry = 4 << 20

// readEntry reads the JSON of an entry.
func readEntry(text string, into any) bool {
	return len(text) <= maxEntry && json.Unmarshal([]byte(text), into) == nil
}

// storedTypes reads the SQL types of a file of ours, by column name.
func storedTypes(text string) map[string]arrowschema.Type {
	if types, ok := plainTypes(text); ok {
		return types
	}
	var columns []StoredColumn
	if !readEntry(text, &columns) {
		return nil
	}
	out := make(map[string]arrowschema.Type, len(columns))
	for _, c := range columns {
		if t, ok := arrowschema.ByName(c.Type); ok {
			out[c.Name] = t
		}
	}
	return out
}
