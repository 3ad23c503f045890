package jsontext

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	parameters = `["chat", "messages", "jamal"]`
	options    = `{"last_rows": 100, "buffer_size": 1000}`
)

var schema = `{"fields": [` + strings.Repeat(`{"name": "user_id", "metadata": {}, "nullable": false, "data_type": "Utf8"}, `, 12) +
	`{"name": "metadata", "metadata": {}, "nullable": true, "data_type": "Struct([...])"}]}`

// reads are the operators of the contract's queries; none of them allocates.
var reads = []struct {
	name string
	run  func() bool
}{
	{"IndexFirst", func() bool { s, ok := Index(parameters, 0); return ok && s == `"chat"` }},
	{"IndexLast", func() bool { s, ok := Index(parameters, -1); return ok && s == `"jamal"` }},
	{"Field", func() bool { s, ok := Field(options, "buffer_size"); return ok && s == "1000" }},
	{"FieldMissing", func() bool { _, ok := Field(options, "x"); return !ok }},
	{"FieldText", func() bool {
		s, _ := Field(options, "last_rows")
		text, isNull := Text(s)
		return text == "100" && !isNull
	}},
	{"Text", func() bool { text, isNull := Text(`"messages"`); return text == "messages" && !isNull }},
	{"ArrayLength", func() bool { n, err := ArrayLength(parameters); return n == 3 && err == nil }},
	{"Exists", func() bool { return Exists(parameters, "jamal") }},
	{"Contains", func() bool { return Contains(parameters, `["jamal", "chat"]`) }},
	{"ContainsObject", func() bool { return Contains(options, `{"last_rows": 100.0}`) }},
	{"ContainsSchema", func() bool { return Contains(schema[len(`{"fields": `):len(schema)-1], `[{"name": "metadata"}]`) }},
	{"Compare", func() bool { return Compare(options, `{"last_rows": 100, "buffer_size": 999}`) > 0 }},
	{"Canonical", func() bool { s, err := Canonical(options); return err == nil && len(s) == len(options) }},
	{"CanonicalArray", func() bool { s, err := Canonical(parameters); return err == nil && len(s) == len(parameters) }},
	{"CanonicalSchema", func() bool { s, err := Canonical(schema); return err == nil && len(s) == len(schema) }},
	{"Path", func() bool { s, ok := Path(schema, lastName); return ok && s == `"metadata"` }},
}

var lastName = []string{"fields", "-1", "name"}

func TestReadsDoNotAllocate(t *testing.T) {
	for _, r := range reads {
		require.True(t, r.run(), r.name)
		require.Zero(t, testing.AllocsPerRun(20, func() { r.run() }), r.name)
	}
}

func BenchmarkRead(b *testing.B) {
	for _, r := range reads {
		b.Run(r.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r.run()
			}
		})
	}
}

// BenchmarkCanonicalise is the slow way in: text as other programs write it.
func BenchmarkCanonicalise(b *testing.B) {
	for name, s := range map[string]string{
		"array": `["chat","messages","jamal"]`, "object": `{"last_rows":100,"buffer_size":1000}`, "unordered": `{"buffer_size":1000,"last_rows":100}`,
		"schema": strings.NewReplacer(`, "`, `,"`, `": `, `":`).Replace(schema),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(s)))
			for b.Loop() {
				if _, err := Canonical(s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAppendKey(b *testing.B) {
	b.ReportAllocs()
	var dst []byte
	for b.Loop() {
		dst = AppendKey(dst[:0], options)
	}
}
