package parquetio

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/temporal"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
)

// tally is a slow aggregate.
type tally struct {
	count, min, max int64
	sum             big.Int
}

func (t *tally) add(v int64) {
	if t.count++; t.count == 1 {
		t.min, t.max = v, v
	}
	t.min, t.max = min(t.min, v), max(t.max, v)
	t.sum.Add(&t.sum, big.NewInt(v))
}

func (t *tally) require(tb testing.TB, got Aggregate, name string) {
	tb.Helper()
	require.Equal(tb, t.count, got.Count, name)
	if t.count == 0 {
		return
	}
	require.Equal(tb, t.min, got.Min, name)
	require.Equal(tb, t.max, got.Max, name)
	sum := new(big.Int).Lsh(big.NewInt(got.SumHi), 64)
	sum.Add(sum, new(big.Int).SetUint64(got.SumLo))
	require.Equal(tb, t.sum.String(), sum.String(), name)
}

// checkAggregates compares the aggregates of a row group with a scan of it. It gives the number of measures that were known.
func checkAggregates(t testing.TB, f *File, rg int) (known int) {
	t.Helper()
	a := f.Aggregates(rg)
	require.NotNil(t, a)
	cols := make([]*vec.Vec, len(f.Columns()))
	for i := range cols {
		v, err := f.ReadColumn(context.Background(), rg, i)
		require.NoError(t, err)
		cols[i] = v.Flat()
	}
	key := func(v *vec.Vec, i int) string {
		if v.IsNull(i) {
			return "NULL;"
		}
		return fmt.Sprintf("%q;", v.Strs[i])
	}
	rows := map[string][]int{}
	for i := range f.RowGroupRows(rg) {
		k := ""
		for _, c := range a.GroupBy {
			k += key(cols[c], i)
		}
		rows[k] = append(rows[k], i)
	}
	require.Len(t, a.Rows, len(rows))
	for g, n := range a.Rows {
		k := ""
		for i := range a.GroupBy {
			k += key(a.Keys[i], g)
		}
		list := rows[k]
		require.Equal(t, n, int64(len(list)), k)
		for c, v := range cols {
			var want tally
			for _, i := range list {
				if !v.IsNull(i) {
					if v.Type.Physical() == arrowschema.Ints {
						want.add(v.Ints[i])
					} else {
						want.count++
					}
				}
			}
			count, ok := a.Count(g, c)
			if ok {
				require.Equal(t, want.count, count)
			}
			if got, ok := a.Column(g, c); ok {
				want.require(t, got, k+f.Columns()[c].Name)
				known++
			}
			for less, w := range cols {
				got, ok := a.Difference(g, c, less)
				if !ok {
					continue
				}
				known++
				var want tally
				for _, i := range list {
					if !v.IsNull(i) && !w.IsNull(i) {
						want.add(v.Ints[i] - w.Ints[i])
					}
				}
				want.require(t, got, k+f.Columns()[c].Name+"-"+f.Columns()[less].Name)
			}
		}
	}
	return known
}

// The aggregates of job histories are those of a scan; they are grouped by type and status without being told to.
func TestAggregatesOfJobs(t *testing.T) {
	t.Parallel()
	d := schemahistory.Contract()[0]
	rows := jobsRows(3000, true, 3)
	f, info, _ := writeFile(t, d, &WriteOptions{RowGroupRows: 1024, Aggregates: &AggregateOptions{}}, rows)
	plain, without, _ := writeFile(t, d, &WriteOptions{RowGroupRows: 1024}, rows)
	require.Nil(t, plain.Aggregates(0))
	require.Less(t, info.Bytes-without.Bytes, int64(3*3000))
	for rg := range f.RowGroups() {
		a := f.Aggregates(rg)
		require.Equal(t, []int{1, 2}, a.GroupBy)
		groups := len(a.Rows)
		require.Equal(t, 12, groups)
		require.Equal(t, groups*(5+3), checkAggregates(t, f, rg))
	}
}

// Every type, NULLs in the group too, and infinite timestamps, whose groups are unknown.
func TestAggregatesOfAllTypes(t *testing.T) {
	t.Parallel()
	d := allTypes()
	for name, nulls := range map[string]func(int, int) bool{"NULLs": everyThird, "none": never, "all": always} {
		for _, profile := range []Profile{ProfileStandard, ProfileSpark} {
			b := allRows(d, 0, 400, 5, nulls)
			f, _, _ := writeFile(t, d, &WriteOptions{RowGroupRows: 192, Profile: profile, Aggregates: &AggregateOptions{GroupBy: []string{"d_text", "d_varchar"}}}, b)
			for rg := range f.RowGroups() {
				require.Positive(t, checkAggregates(t, f, rg), name)
			}
		}
	}
}

func TestAggregatesOfExtremes(t *testing.T) {
	t.Parallel()
	d := &schemahistory.TableDefinition{Name: schemahistory.Name{Namespace: "test", Table: "extremes"}, SortColumn: -1, UserColumn: -1}
	for i, typ := range []arrowschema.Type{arrowschema.Int8, arrowschema.Timestamp, arrowschema.Timestamp, arrowschema.Text} {
		d.Columns = append(d.Columns, schemahistory.Column{ID: int32(i + 1), Name: fmt.Sprint("c", i), Type: typ, Dictionary: true, NotNull: i == 3})
	}
	ints := []int64{math.MaxInt64, math.MaxInt64, math.MinInt64, math.MinInt64, math.MinInt64, -1, 0}
	late, early := []int64{5, math.MaxInt64 - 1, 9, temporal.Infinity, 5, 5, 5}, []int64{1, temporal.MinTimestamp, temporal.NegInfinity, 4, 1, 1, 1}
	groups := []string{"a", "b", "c", "d", "e", "f", "g"}
	b := &vec.Batch{N: len(ints), Cols: []*vec.Vec{
		vec.NewFlat(arrowschema.Int8, ints, nil), vec.NewFlat(arrowschema.Timestamp, early, nil), vec.NewFlat(arrowschema.Timestamp, late, nil),
		vec.NewFlat(arrowschema.Text, groups, nil),
	}}
	f, _, _ := writeFile(t, d, &WriteOptions{Aggregates: &AggregateOptions{}}, b)
	require.Equal(t, 7+6+6+4, checkAggregates(t, f, 0)) // c and d are infinite, b's difference does not fit
	f, _, _ = writeFile(t, d, &WriteOptions{Aggregates: &AggregateOptions{MaxGroups: 3}}, b)
	require.Empty(t, f.Aggregates(0).GroupBy)
	require.Equal(t, 1, checkAggregates(t, f, 0))
}

// Too many groups or bytes leave row groups without aggregates, not the file.
func TestAggregatesAreBounded(t *testing.T) {
	t.Parallel()
	d := schemahistory.Contract()[0]
	rows := jobsRows(3000, true, 3)
	f, _, _ := writeFile(t, d, &WriteOptions{RowGroupRows: 512, Aggregates: &AggregateOptions{GroupBy: []string{"trace"}}}, rows)
	require.Nil(t, f.Aggregates(0))
	f, _, _ = writeFile(t, d, &WriteOptions{RowGroupRows: 512, Aggregates: &AggregateOptions{MaxBytes: 6000}}, rows)
	require.LessOrEqual(t, len(f.Metadata()[KeyAggregates]), 6000)
	checkAggregates(t, f, 0)
	require.Nil(t, f.Aggregates(5))
	for _, bad := range []string{"nothing", "job_id", "memory_used"} {
		_, err := NewWriter(&bytes.Buffer{}, d, &WriteOptions{Aggregates: &AggregateOptions{GroupBy: []string{bad}}})
		require.Error(t, err)
	}
	f, _, _ = writeFile(t, d, &WriteOptions{Aggregates: &AggregateOptions{}})
	require.Zero(t, f.RowGroups())
}

// A damaged or later entry is none.
func TestAggregatesDamaged(t *testing.T) {
	t.Parallel()
	d := schemahistory.Contract()[0]
	f, _, _ := writeFile(t, d, &WriteOptions{RowGroupRows: 512, Aggregates: &AggregateOptions{}}, jobsRows(900, true, 3))
	raw, err := base64.StdEncoding.DecodeString(f.Metadata()[KeyAggregates])
	require.NoError(t, err)
	_, err = f.readAggregates(raw)
	require.NoError(t, err)
	for cut := range len(raw) - 1 {
		_, err := f.readAggregates(raw[:cut])
		require.Error(t, err)
	}
	later := bytes.Clone(raw)
	later[0]++
	_, err = f.readAggregates(later)
	require.Error(t, err)
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		bad := bytes.Clone(raw)
		for range 3 {
			bad[r.IntN(len(bad))] = byte(r.Uint32())
		}
		_, _ = f.readAggregates(bad) // never a panic
	}
}
