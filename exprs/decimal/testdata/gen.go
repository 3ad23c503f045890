//go:build ignore

// Gen writes operations on numerics, one a line, as golden.sh runs them: operation, tab, operands, each after a tab. Each line becomes
// an SQL expression on standard output (-sql) or itself. The same -seed gives the same operations every time; the committed file has the default.
// A digit*count in an operand stands for the digit repeated, so that numbers at NUMERIC's limits take few bytes.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"strings"
)

var rng *rand.Rand

// edges are the numbers at which representations, base-10000 digits and rounding turn.
var edges = strings.Fields(`0 0.00 -0.0 0.00000000000000000000 1 -1 1.0 1.000 2 3 -3 7.000000 0.5 -0.5 1.5 2.5 -2.5 0.05 0.49 9 10 99 100 999 1000
9999 10000 10001 9999.9999 0.0001 0.00009999 0.9999 -0.00001 99999999 100000000 33333333333 100000000000 0.1 0.9 1.1 0.999999999999999999
9223372036854775807 -9223372036854775808 9223372036854775808 18446744073709551615 18446744073709551616 -18446744073709551617
9999999999999999999 10000000000000000000 99999999999999999999999999999999999999 100000000000000000000000000000000000000
170141183460469231731687303715884105727 170141183460469231731687303715884105728 -170141183460469231731687303715884105728
-170141183460469231731687303715884105729 17014118346046923173168730371588410572.7 1.70141183460469231731687303715884105728
340282366920938463463374607431768211455 340282366920938463463374607431768211456 1e37 1e38 1e39 1e-38 1e-39 1e-40 5e-39 1e45 1e-45
NaN Infinity -Infinity`)

// wild are the numbers at NUMERIC's own limits, for the cheap operations.
var wild = strings.Fields(`1e131071 -1e131071 9*131072 -9*131072.9*16383 1e-16383 5e-16383 9*131071 9*131072.5 9*131072.4 1e65536 1e-8192 1e2000 1e-2001`)

func digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + rng.IntN(10))
		if rng.IntN(4) == 0 {
			b[i] = "0099"[rng.IntN(4)]
		}
	}
	return string(b)
}

// num gives a random number with up to whole and frac digits.
func num(whole, frac int) string {
	s := digits(1 + rng.IntN(whole))
	if s = strings.TrimLeft(s, "0"); s == "" {
		s = "0"
	}
	if f := rng.IntN(frac + 1); f > 0 && rng.IntN(3) > 0 {
		s += "." + digits(f)
	}
	if rng.IntN(3) == 0 {
		s = "-" + s
	}
	return s
}

func operand() string {
	switch k := rng.IntN(20); {
	case k < 4:
		return edges[rng.IntN(len(edges))]
	case k < 8:
		return num(6, 4)
	case k < 12:
		return num(19, 10)
	case k < 15:
		return num(25, 20)
	case k < 17:
		return num(45, 45)
	case k < 18:
		return "0." + strings.Repeat("0", rng.IntN(30)) + digits(1+rng.IntN(20))
	case k < 19:
		return strconv.FormatInt(int64(rng.Uint64()), 10)
	}
	return num(90, 60)
}

func emit(op string, args ...any) {
	fmt.Fprint(out, op)
	for _, a := range args {
		fmt.Fprint(out, "\t", a)
	}
	fmt.Fprintln(out)
}

var out *bufio.Writer

func main() {
	sql := flag.Bool("sql", false, "read operations, write SQL")
	seed := flag.Uint64("seed", 20, "of the random operands")
	flag.Parse()
	rng = rand.New(rand.NewPCG(15, *seed))
	out = bufio.NewWriter(os.Stdout)
	defer out.Flush()
	if !*sql {
		generate()
		return
	}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		f := strings.Split(in.Text(), "\t")
		fmt.Fprintln(out, strings.ReplaceAll(expression(f[0], f[1:]), `\`, `\\`)) // for COPY's text format
	}
}

func generate() {
	for _, op := range []string{"add", "sub", "mul", "div", "mod", "divt", "cmp"} {
		for range 220 {
			emit(op, operand(), operand())
		}
		for range 60 {
			emit(op, edges[rng.IntN(len(edges))], edges[rng.IntN(len(edges))])
		}
		for range 6 {
			emit(op, wild[rng.IntN(len(wild))], edges[rng.IntN(len(edges))])
		}
		emit(op, "9*131072", "1")
	}
	specials := strings.Fields("NaN Infinity -Infinity 0 0.00 1 -1 2 -2 3.0 0.5 -0.5")
	for _, op := range []string{"add", "sub", "mul", "div", "mod", "divt", "cmp", "log", "power"} {
		for _, a := range specials {
			for _, b := range specials {
				emit(op, a, b)
			}
		}
	}
	for range 400 { // the shapes of AVG and of durations
		emit("div", rng.Int64N(1<<uint(1+rng.IntN(62))), 1+rng.Int64N(1<<uint(1+rng.IntN(30))))
		emit("div", num(14, 6), num(8, 6))
	}
	for _, op := range []string{"parse", "neg", "abs", "ceil", "floor", "int8", "int4", "int2", "float8", "minscale", "trim"} {
		for _, e := range append(edges, wild...) {
			if strings.Contains(e, "*") && (op == "trim" || op == "minscale") {
				continue
			}
			emit(op, e)
		}
		for range 60 {
			emit(op, operand())
		}
	}
	for _, op := range []string{"int8", "int4", "int2"} {
		for _, v := range []string{"32767.4", "32767.5", "-32768.5", "-32768.6", "2147483647.49", "2147483647.5", "-2147483648.5", "-2147483648.4999",
			"9223372036854775807.4", "9223372036854775807.5", "-9223372036854775808.4", "-9223372036854775808.5", "0.5", "-0.5", "1.49999"} {
			emit(op, v)
		}
	}
	for _, s := range []string{"", " ", ".", "-", "+", "1.", ".5", "-.5", "+1", "+ 1", "1 2", " 1 ", "\v1\f", "1e", "1e5", "1E+5", "1e-5", "1e 5", "1e+ 5", "1e +5", "1e5 x",
		"1.2.3", "1e5.5", "1e99999999999x", "1e9999999999999999999999", "1.5e-9999999999", "0e9999999", "0e99999999999", "0e-16383", "0e-16384", "0.0e5", "1e-16383", "1e-16384", "1e131071",
		"1e131072", "0.1e131072", "0.1e131073", "10e131071", "0001e131071", "nan", "NaN ", "-nan", "nanx", "inf", "-inf", "+inf", "INFINITY", "+Infinity", "-infinity ", "infinit", "- inf",
		"0x10", "1_000", "１", "1,5", "1e10000", "12.340e1", "12.340e2", "12.340e3", "12.340e4", "12.340e-3", "000", "-0", "-0.000", "00012.50", "1'2", `a"b\c`, "1d", "1f", "e5", "--1"} {
		emit("parse", s)
	}
	for _, op := range []string{"round", "trunc"} {
		for range 220 {
			emit(op, operand(), rng.IntN(60)-30)
		}
		for _, v := range []string{"9*131072", "9*131072.5", "9*50", "1.5", "-0.5", "0.05", "1e-16383", "1e-1999", "NaN", "-Infinity"} {
			for _, s := range []int{-200000, -2001, -2000, -51, -50, -1, 0, 1, 1998, 1999, 2000, 2001, 2100, 16383, 20000} {
				emit(op, v, s)
			}
		}
	}
	for range 250 {
		p := 1 + rng.IntN(40)
		emit("fit", operand(), p, rng.IntN(p+12)-6)
	}
	for _, v := range append(edges, "9*131072.5", "1e-16383") {
		emit("fit", v, 5, 2)
		emit("fit", v, 3, 5)
		emit("fit", v, 2, 2)
		emit("fit", v, 2, -3)
		emit("fit", v, 1000, 1000)
		emit("fit", v, 1000, -1000)
	}
	floats()
	sums()
	transcendental()
}

func floats() {
	list := []float64{0, math.Copysign(0, -1), 1, -1, 0.1, 0.3, 1.0 / 3, 2.0 / 3, 1e15, 1e16, 123456789012345678, 1e22, 1e23, 1e100, 1.7976931348623157e308, 5e-324, 2.2250738585072014e-308,
		0.5, 999999999999999.5, 9999999999999995, 1e-5, 1e-4, 100, 1234567.5, 999999.5, 9999995, 3.4028234663852886e38, 1.401298464324817e-45, math.NaN(), math.Inf(1), math.Inf(-1)}
	for range 150 {
		list = append(list, math.Ldexp(rng.Float64()*2-1, rng.IntN(200)-100), math.Round(rng.Float64()*1e9)/1e3)
	}
	for _, f := range list {
		emit("fromf8", strconv.FormatFloat(f, 'g', -1, 64))
		if g := float32(f); f != f || math.IsInf(f, 0) || g != 0 && !math.IsInf(float64(g), 0) {
			emit("fromf4", strconv.FormatFloat(float64(g), 'g', -1, 32))
		}
	}
	for _, s := range []string{"1e308", "1.8e308", "1e400", "-1e400", "1e-323", "1e-324", "1e-400", "-1e-400", "9007199254740993", "9007199254740992.5", "0.1", "123.456", "1e22", "1e23"} {
		emit("float8", s)
		emit("float4", s)
	}
	for range 60 {
		emit("float4", num(12, 12))
	}
}

func sums() {
	for range 150 {
		var list []string
		kind := rng.IntN(4)
		for range 1 + rng.IntN(12) {
			switch kind {
			case 0:
				list = append(list, num(18, 0))
			case 1:
				list = append(list, num(12, 6))
			default:
				v := operand()
				if kind == 2 && strings.ContainsAny(v, "Na") {
					v = "0.000"
				}
				list = append(list, v)
			}
		}
		emit("sum", list2(list)...)
		emit("avg", list2(list)...)
	}
	for range 80 {
		var list []any
		for range 1 + rng.IntN(8) {
			list = append(list, int64(rng.Uint64())>>uint(rng.IntN(63)))
		}
		emit("sumint", list...)
		emit("avgint", list...)
	}
	emit("avgint", 1, 2)
	emit("avg", "1", "2")
	emit("sum", "Infinity", "-Infinity")
	emit("sum", "Infinity", "1")
	emit("sum", "9*131072", "1")
	emit("avg", "9*131072", "1")
}

func list2(s []string) (r []any) {
	for _, v := range s {
		r = append(r, v)
	}
	return r
}

func transcendental() {
	for _, op := range []string{"sqrt", "ln", "exp", "log10"} {
		for _, e := range edges {
			emit(op, e)
		}
		for range 150 {
			v := num(1+rng.IntN(40), 1+rng.IntN(30))
			if op == "exp" {
				v = num(1+rng.IntN(4), 1+rng.IntN(20))
			}
			if op != "exp" && rng.IntN(20) > 0 {
				v = strings.TrimPrefix(v, "-")
			}
			emit(op, v)
		}
		for range 40 { // close to 1, and tiny
			emit(op, "1."+strings.Repeat("0", rng.IntN(25))+digits(1+rng.IntN(5)))
			emit(op, "0."+strings.Repeat("9", rng.IntN(25))+digits(1+rng.IntN(5)))
			emit(op, "0."+strings.Repeat("0", rng.IntN(40))+digits(1+rng.IntN(9)))
		}
		for _, v := range []string{"1e131071", "1e-16383", "1e1000", "5999", "6000", "-5999", "-6000", "5999.999999", "1e20", "-1e20"} {
			emit(op, v)
		}
	}
	for range 150 {
		emit("log", strings.TrimPrefix(num(6, 6), "-"), strings.TrimPrefix(num(20, 10), "-"))
		emit("power", num(4, 4), rng.IntN(41)-20)
		emit("power", strings.TrimPrefix(num(4, 6), "-"), num(2, 6))
	}
	for range 120 {
		emit("log", edges[rng.IntN(len(edges))], edges[rng.IntN(len(edges))])
		emit("power", edges[rng.IntN(len(edges))], edges[rng.IntN(len(edges))])
	}
	for _, f := range strings.Fields(`0^0 0^1 0^-1 0^0.5 0^-0.5 -1^0.5 -1^2147483648 -1^2147483649 -1.5^3 -1.5^-3 2^10 2^0.5 2^-20 10^100 10^-16 10^-17 10^-1000 10^-1001 10^131071 10^131072
2^435411 2^435412 1.0000001^1000000 0.9999^1000000 1.000000000001^2147483647 1.000000000001^2147483648 3^2147483647 0.3^2147483647 -2^131 -2^-131 1.1^0.0000001 7^-0.5 NaN^0 1^NaN NaN^2
Infinity^0 Infinity^2 Infinity^-2 -Infinity^3 -Infinity^2 -Infinity^-3 -Infinity^0.5 0.5^Infinity 2^Infinity 0.5^-Infinity 2^-Infinity 1^Infinity -1^Infinity -2^Infinity 0^Infinity 0^-Infinity -0.5^Infinity
12345.678^2 12345.678^1 12345.678^-1 1234567890123456789.1234567890^2 1.5^1.0 1.5^2.000 99999^99.5 99999^1300.5 99999^-1300.5 0.00001^1000.5 123.456^123`) {
		a, b, _ := strings.Cut(f, "^")
		emit("power", a, b)
	}
}

var repeated = regexp.MustCompile(`(\d)\*(\d+)`)

func expand(s string) string {
	return repeated.ReplaceAllStringFunc(s, func(m string) string {
		n, _ := strconv.Atoi(m[2:])
		return strings.Repeat(m[:1], n)
	})
}

func lit(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func expression(op string, args []string) string {
	n := func(i int) string { return lit(expand(args[i])) + "::numeric" }
	switch op {
	case "add", "sub", "mul", "div", "mod":
		sign := map[string]string{"add": "+", "sub": "-", "mul": "*", "div": "/", "mod": "%"}[op]
		return n(0) + " " + sign + " " + n(1)
	case "divt":
		return "div(" + n(0) + ", " + n(1) + ")"
	case "cmp":
		return "numeric_cmp(" + n(0) + ", " + n(1) + ")"
	case "parse":
		return n(0)
	case "neg":
		return "-(" + n(0) + ")"
	case "abs", "ceil", "floor", "sqrt", "ln", "exp":
		return op + "(" + n(0) + ")"
	case "log10":
		return "log(" + n(0) + ")"
	case "log", "power":
		return op + "(" + n(0) + ", " + n(1) + ")"
	case "int8", "int4", "int2", "float8", "float4":
		return "(" + n(0) + ")::" + op
	case "minscale":
		return "min_scale(" + n(0) + ")"
	case "trim":
		return "trim_scale(" + n(0) + ")"
	case "round", "trunc":
		return op + "(" + n(0) + ", " + args[1] + ")"
	case "fit":
		return "(" + n(0) + ")::numeric(" + args[1] + "," + args[2] + ")"
	case "fromf8":
		return lit(args[0]) + "::float8::numeric"
	case "fromf4":
		return lit(args[0]) + "::float4::numeric"
	case "sum", "avg", "sumint", "avgint":
		typ := "numeric"
		if strings.HasSuffix(op, "int") {
			typ = "int8"
		}
		var vals []string
		for _, a := range args {
			vals = append(vals, "("+lit(expand(a))+"::"+typ+")")
		}
		return "(select " + op[:3] + "(v) from (values " + strings.Join(vals, ",") + ") t(v))"
	}
	panic(op)
}
