package copyio

import (
	"bytes"
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/vfs"
)

// jobsCSV gives rows of system.jobs as a busy table has them: JSON in quotes, three timestamps, NULLs.
func jobsCSV(rows int) []byte {
	var b bytes.Buffer
	for i := range rows {
		n := strconv.Itoa(100000 + i)
		b.WriteString("123e4567-e89b-12d3-a456-426614" + n + ",flush,completed,\"[\"\"chat\"\", \"\"messages\"\", \"\"user" + n + "\"\"]\",\"Flushed 10," +
			n[3:] + " records to ./data/storage/chat/users/jamal/messages/j/batch-2025-10-21-143022.parquet\",node-1:flush-actor-3:thread-" + n[4:] +
			",52428800,15" + n + ",2025-10-21 14:30:22." + n + ",2025-10-21 14:30:23." + n + ",2025-10-21 14:30:29." + n + ",\n")
	}
	return b.Bytes()
}

func jobsColumns() []Column { return schemahistory.Contract()[0].Columns }

// textColumns are the columns of system.jobs as text: what is left when nothing is converted.
func textColumns() []Column {
	out := jobsColumns()
	for i := range out {
		out[i].Type = arrowschema.Text
	}
	return out
}

func benchmarkRead(b *testing.B, data []byte, o *Options, target []Column) {
	reg := builtin.Registry()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		r, err := NewReader(bytes.NewReader(data), o, target, "jobs", reg, testContext())
		require.NoError(b, err)
		for {
			batch, err := r.Read(context.Background(), 0)
			require.NoError(b, err)
			if batch == nil {
				break
			}
		}
		require.NoError(b, r.Close())
	}
}

func BenchmarkReadCSV(b *testing.B) {
	data := jobsCSV(50_000)
	b.Run("text", func(b *testing.B) { benchmarkRead(b, data, &Options{Format: CSV}, textColumns()) })
	b.Run("jobs", func(b *testing.B) { benchmarkRead(b, data, &Options{Format: CSV}, jobsColumns()) })
}

func BenchmarkReadText(b *testing.B) {
	data := bytes.ReplaceAll(bytes.ReplaceAll(jobsCSV(50_000), []byte(`"`), nil), []byte(","), []byte("\t"))
	width := bytes.Count(data[:bytes.IndexByte(data, '\n')], []byte("\t")) + 1
	benchmarkRead(b, data, nil, columnsOfWidth(width))
}

func columnsOfWidth(n int) []Column {
	var out []Column
	for i := range n {
		out = append(out, Column{Name: "c" + strconv.Itoa(i), Type: arrowschema.Text})
	}
	return out
}

func BenchmarkReadNDJSON(b *testing.B) {
	line := `{"job_id":"123e4567-e89b-12d3-a456-426614174000","job_type":"flush","status":"completed","parameters":["chat","messages","jamal"],` +
		`"result":"Flushed 10,000 records","trace":"node-1:flush-actor-3:thread-42","memory_used":52428800,"cpu_used":1500000,` +
		`"created_at":"2025-10-21T14:30:22.123456","started_at":"2025-10-21T14:30:23","completed_at":null,"error":null}` + "\n"
	benchmarkRead(b, []byte(strings.Repeat(line, 50_000)), &Options{Format: NDJSON}, jobsColumns())
}

func BenchmarkReadParquet(b *testing.B) {
	mem := vfs.NewMem()
	const rows = 200_000
	r, err := NewReader(bytes.NewReader(jobsCSV(rows)), &Options{Format: CSV}, jobsColumns(), "jobs", builtin.Registry(), testContext())
	require.NoError(b, err)
	w, err := Create(mem, "jobs.parquet", &Options{Format: Parquet}, jobsColumns(), time.UTC)
	require.NoError(b, err)
	for {
		batch, err := r.Read(context.Background(), 0)
		require.NoError(b, err)
		if batch == nil {
			break
		}
		require.NoError(b, w.Write(batch))
	}
	require.NoError(b, w.Close())
	reg := builtin.Registry()
	b.ReportAllocs()
	for b.Loop() {
		r, err := Open(mem, "jobs.parquet", &Options{Format: Parquet}, jobsColumns(), "jobs", reg, testContext())
		require.NoError(b, err)
		for {
			batch, err := r.Read(context.Background(), 0)
			require.NoError(b, err)
			if batch == nil {
				break
			}
		}
		require.NoError(b, r.Close())
	}
	b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
}

func BenchmarkWrite(b *testing.B) {
	r, err := NewReader(bytes.NewReader(jobsCSV(8192)), &Options{Format: CSV}, jobsColumns(), "jobs", builtin.Registry(), testContext())
	require.NoError(b, err)
	batch, err := r.Read(context.Background(), 8192)
	require.NoError(b, err)
	for _, f := range []Format{CSV, Text, NDJSON, Parquet} {
		b.Run(f.String(), func(b *testing.B) {
			b.ReportAllocs()
			size := new(counter)
			w, err := NewWriter(size, &Options{Format: f}, jobsColumns(), time.UTC)
			require.NoError(b, err)
			for b.Loop() {
				require.NoError(b, w.Write(batch))
			}
			require.NoError(b, w.Close())
			b.ReportMetric(float64(batch.N)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
			b.SetBytes(int64(*size) / int64(b.N))
		})
	}
}

// counter counts the bytes that are written to it.
type counter int64

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }
