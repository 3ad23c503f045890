package measure

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/bench/suite"
)

// fixed answers every query with the same numbers.
type fixed struct {
	name   string
	values []float64
	err    error
}

func (f *fixed) Name() string { return f.name }

func (f *fixed) Query(context.Context, *suite.Query) (array.RecordReader, error) {
	if f.err != nil {
		return nil, f.err
	}
	schema := arrow.NewSchema([]arrow.Field{{Name: "x", Type: arrow.PrimitiveTypes.Float64, Nullable: true}}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for _, v := range f.values {
		b.Field(0).(*array.Float64Builder).Append(v)
	}
	b.Field(0).AppendNull()
	return array.NewRecordReader(schema, []arrow.RecordBatch{b.NewRecordBatch()})
}

func TestQueries(t *testing.T) {
	t.Parallel()
	engines := []Engine{
		&fixed{name: "a", values: []float64{1, 2, 3}}, &fixed{name: "b", values: []float64{3, 1, 2 + 1e-12}},
		&fixed{name: "wrong", values: []float64{3, 1, 2.1}}, &fixed{name: "broken", err: errors.New("no")},
	}
	queries := []suite.Query{{Name: "unordered", Group: suite.Other}, {Name: "ordered", Group: suite.Jobs, Ordered: true}}
	got, err := Queries(t.Context(), engines, queries, Options{Rounds: 3, Least: 1})
	require.NoError(t, err)
	for _, m := range got {
		require.EqualValues(t, 4, m.Rows)
		require.Len(t, m.Timing("a").Samples, 3)
		require.Positive(t, m.Timing("a").Median())
		require.Equal(t, "no", m.Timing("broken").Error)
		require.Empty(t, m.Timing("wrong").Samples)
		require.Contains(t, m.Timing("wrong").Error, "row ")
		require.Nil(t, m.Timing("nobody"))
	}
	require.Len(t, got[0].Timing("b").Samples, 3)
	require.Contains(t, got[1].Timing("b").Error, "row 1")
	r := &Result{Version: ResultVersion, Queries: got, Rows: 10, Live: 1}
	require.Equal(t, 1, r.Summary(suite.Other, "a", "b").Queries)
	require.Zero(t, r.Summary(suite.Jobs, "a", "b").Queries)

	var text bytes.Buffer
	require.NoError(t, json.NewEncoder(&text).Encode(r))
	again, err := ReadResult(&text)
	require.NoError(t, err)
	require.Equal(t, r, again)
	_, err = ReadResult(bytes.NewReader([]byte(`{"version": 99}`)))
	require.Error(t, err)
}

func TestSame(t *testing.T) {
	t.Parallel()
	a := &Answer{Rows: [][]string{{"1.50", `["a", 1]`}, {null, "x"}}}
	require.NoError(t, a.Same(&Answer{Rows: [][]string{{"1.5", `["a",1]`}, {null, "x"}}}, true))
	require.NoError(t, a.Same(&Answer{Rows: [][]string{{null, "x"}, {"1.5", `["a",1]`}}}, false))
	for name, rows := range map[string][][]string{
		"order":    {{null, "x"}, {"1.5", `["a",1]`}},
		"number":   {{"1.51", `["a",1]`}, {null, "x"}},
		"document": {{"1.5", `["b",1]`}, {null, "x"}},
		"NULL":     {{"1.5", `["a",1]`}, {"", "x"}},
		"rows":     {{"1.5", `["a",1]`}},
		"columns":  {{"1.5"}, {null}},
	} {
		require.Error(t, a.Same(&Answer{Rows: rows}, true), name)
	}
}

func TestQuantile(t *testing.T) {
	t.Parallel()
	require.Zero(t, quantile(nil, 0.5))
	require.Equal(t, 2.0, quantile([]float64{3, 1, 2}, 0.5))
	require.Equal(t, 2.5, quantile([]float64{4, 1, 2, 3}, 0.5))
	require.Equal(t, 4.0, quantile([]float64{4, 1, 2, 3}, 1))
}
