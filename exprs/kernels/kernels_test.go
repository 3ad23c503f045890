package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// rows is what a kernel may get: any length, at any address, with bits that may be nil.
type rows struct {
	values []int64
	groups []uint32
	codes  []uint16
	bytes  []uint8
	bits   []uint64
	r      *rand.Rand
}

func drawRows(t *rapid.T, groups int) *rows {
	n := rapid.OneOf(rapid.IntRange(0, 200), rapid.IntRange(FewRows, FewRows+80), rapid.IntRange(cachedRows-70, 3*cachedRows)).Draw(t, "n")
	off := rapid.IntRange(0, 7).Draw(t, "offset")
	in := &rows{r: rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))}
	in.values, in.groups, in.codes = make([]int64, off+n)[off:], make([]uint32, off+n)[off:], make([]uint16, off+n)[off:]
	in.bytes = make([]uint8, off+n)[off:]
	few := rapid.Bool().Draw(t, "few values")
	width := rapid.SampledFrom([]int{0, 16, 17, 18, 40}).Draw(t, "unused bits") // with 17 they are just short enough to be marked
	for i := range in.values {
		in.values[i] = int64(in.r.Uint64()) >> width
		if few && width == 0 {
			in.values[i] = []int64{math.MinInt64, math.MaxInt64, 0, -1, 1, 5}[in.r.IntN(6)]
		}
		in.bytes[i] = uint8(in.r.IntN(2))
		in.codes[i] = uint16(in.r.IntN(groups))
		in.groups[i] = []uint32{uint32(in.codes[i]), uint32(in.codes[i]), uint32(groups), math.MaxUint32}[in.r.IntN(4)]
	}
	if kind := rapid.SampledFrom([]string{"nil", "none", "some", "all"}).Draw(t, "bits"); kind != "nil" {
		in.bits = make([]uint64, (n+63)/64)
		for i := range in.bits {
			in.bits[i] = map[string]uint64{"none": 0, "some": in.r.Uint64(), "all": math.MaxUint64}[kind]
		}
	}
	return in
}

// cachedRows is a length at which the assembly begins anew.
const cachedRows = 1024

func (in *rows) set(i int) bool { return in.bits == nil || in.bits[i/64]>>(i%64)&1 != 0 }

func TestByGroup(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		groups := rapid.IntRange(1, MaxGroups+1).Draw(t, "groups")
		in := drawRows(t, groups)
		got, want := make([]Cell, groups), make([]Cell, groups)
		numbers, counts := make([]int64, groups), make([]int64, groups)
		for g := range groups {
			first := int64(in.r.Uint64())
			got[g], numbers[g] = NoValues(), 7
			got[g].Add(first) // what is there stays
			want[g], counts[g] = got[g], 7
		}
		for i, g := range in.groups {
			if int(g) < groups && in.set(i) {
				want[g].Add(in.values[i])
				counts[g]++
			}
		}
		takes := vectors && groups <= MaxGroups && len(in.values) >= FewRows
		bounded := slices.Clone(got)
		require.Equal(t, takes, ByGroup(got, in.groups, in.values, in.bits, true))
		require.Equal(t, takes, ByGroup(bounded, in.groups, in.values, in.bits, false))
		require.Equal(t, takes, Count(numbers, in.groups, in.bits))
		if takes {
			require.Equal(t, want, got)
			require.Equal(t, counts, numbers)
			for g := range bounded {
				require.LessOrEqual(t, bounded[g].Least, want[g].Least)
				bounded[g].Least = want[g].Least
			}
			require.Equal(t, want, bounded)
		}
	})
}

func TestWhere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawRows(t, 1)
		got, want := NoValues(), NoValues()
		for i, x := range in.values {
			if in.set(i) {
				want.Add(x)
			}
		}
		if Where(&got, in.values, in.bits) {
			require.Equal(t, want, got)
		} else {
			require.False(t, vectors && len(in.values) >= FewRows)
		}
	})
}

// requireBits compares the bits of n rows.
func requireBits(t *rapid.T, n int, want func(i int) bool, got []uint64) {
	for i := range n {
		require.Equal(t, want(i), got[i/64]>>(i%64)&1 != 0, "row %d of %d", i, n)
	}
}

func TestBits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		codes := rapid.OneOf(rapid.IntRange(1, maxCodes+1), rapid.Just(1000)).Draw(t, "codes")
		in := drawRows(t, codes)
		n := len(in.values)
		garbage := func() []uint64 {
			b := make([]uint64, (n+63)/64)
			for i := range b {
				b[i] = in.r.Uint64()
			}
			return b
		}
		bound := func(name string) int64 {
			return rapid.OneOf(rapid.Int64(), rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64, 0, -1, 1})).Draw(t, name)
		}
		lo, hi := bound("lo"), bound("hi")
		lo, hi = min(lo, hi), max(lo, hi)
		inRange := func(i int) bool { return in.values[i] >= lo && in.values[i] <= hi }
		a, b := garbage(), garbage()
		Within(a, in.values, lo, hi)
		withinRest(b, in.values, lo, hi)
		requireBits(t, n, inRange, a)
		requireBits(t, n, inRange, b)

		pass := make([]uint8, codes)
		for i := range pass {
			pass[i] = uint8(in.r.IntN(2))
		}
		passes := func(i int) bool { return pass[in.codes[i]] == 1 }
		a, b = garbage(), garbage()
		Look(a, in.codes, pass)
		lookRest(b, in.codes, pass)
		requireBits(t, n, passes, a)
		requireBits(t, n, passes, b)

		var want []int32
		for i := range n {
			if passes(i) {
				want = append(want, int32(i+9))
			}
		}
		list, other := make([]int32, len(want)+RowsRoom), make([]int32, len(want)+RowsRoom)
		require.Equal(t, want, append([]int32(nil), list[:Rows(list, a, n, 9)]...))
		require.Equal(t, want, append([]int32(nil), other[:rowsRest(other, a, 0, n, 9)]...))

		numbers := make([]uint32, codes)
		for i := range numbers {
			if numbers[i] = uint32(i); in.r.IntN(50) == 0 {
				numbers[i] = math.MaxUint32
			}
		}
		keep := in.bytes
		if rapid.Bool().Draw(t, "keep all") {
			keep = nil
		}
		wanted, known := make([]uint32, n), true
		for i, c := range in.codes {
			if wanted[i] = math.MaxUint32; keep == nil || keep[i] == 1 {
				wanted[i] = numbers[c]
				known = known && wanted[i] != math.MaxUint32
			}
		}
		given := make([]uint32, n)
		require.Equal(t, known, Numbers(given, in.codes, numbers, keep))
		require.Equal(t, wanted, given)
		require.Equal(t, known, numbersRest(given, in.codes, numbers, keep))
		require.Equal(t, wanted, given)

		one := func(i int) bool { return in.bytes[i] == 1 }
		a, b = garbage(), garbage()
		Pack(a, in.bytes)
		packRest(b, in.bytes)
		requireBits(t, n, one, a)
		requireBits(t, n, one, b)
		bytes, rest := make([]uint8, n), make([]uint8, n)
		Spread(bytes, a)
		spreadRest(rest, a)
		require.Equal(t, in.bytes, append([]uint8{}, bytes...))
		require.Equal(t, bytes, rest)
	})
}

// Rows does not write behind its room.
func TestRowsRoom(t *testing.T) {
	t.Parallel()
	require.Panics(t, func() { Rows(make([]int32, RowsRoom+2), []uint64{7}, 64, 0) })
	require.Equal(t, 3, Rows(make([]int32, RowsRoom+3), []uint64{7}, 64, 0))
}

func BenchmarkKernels(b *testing.B) {
	const n = 8192
	values, groups, codes, bytes, bits := make([]int64, n), make([]uint32, n), make([]uint16, n), make([]uint8, n), make([]uint64, n/64)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		values[i], groups[i], codes[i], bytes[i] = r.Int64N(1<<30), uint32(r.IntN(6)), uint16(r.IntN(6)), uint8(r.IntN(2))
		bits[i/64] |= uint64(bytes[i]) << (i % 64)
	}
	pass, out, cells := []uint8{0, 1, 0, 0, 1, 0}, make([]uint64, n/64), make([]Cell, 6)
	run := func(name string, f func()) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/row")
		})
	}
	if vectors {
		run("by group", func() { ByGroup(cells, groups, values, bits, true) })
		run("by group without the least", func() { ByGroup(cells, groups, values, bits, false) })
		run("where", func() { Where(&cells[0], values, bits) })
		run("count", func() { Count(make([]int64, 6), groups, bits) })
		for _, many := range []int{12, 18} {
			run(fmt.Sprint("by group of ", many), func() { ByGroup(make([]Cell, many), groups, values, bits, false) })
		}
	}
	run("by group, row by row", func() {
		for i, x := range values {
			if g := groups[i]; int(g) < len(cells) && bits[i/64]>>(i%64)&1 != 0 {
				cells[g].Add(x)
			}
		}
	})
	run("within", func() { Within(out, values, 1<<20, 1<<29) })
	run("within in Go", func() { withinRest(out, values, 1<<20, 1<<29) })
	run("look", func() { Look(out, codes, pass) })
	run("look in Go", func() { lookRest(out, codes, pass) })
	list := make([]int32, n+RowsRoom)
	run("rows", func() { Rows(list, bits, n, 0) })
	run("rows in Go", func() { rowsRest(list, bits, 0, n, 0) })
	numbers := []uint32{5, 4, 3, 2, 1, 0}
	run("numbers", func() { Numbers(groups, codes, numbers, bytes) })
	run("numbers in Go", func() { numbersRest(groups, codes, numbers, bytes) })
	run("pack", func() { Pack(out, bytes) })
	run("pack in Go", func() { packRest(out, bytes) })
	run("spread", func() { Spread(bytes, out) })
	run("spread in Go", func() { spreadRest(bytes, out) })
}
