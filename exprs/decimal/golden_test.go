package decimal

import (
	"bufio"
	"compress/gzip"
	"crypto/md5"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// TestGolden runs the operations of testdata/gen.go and compares each result with PostgreSQL's, byte for byte.
func TestGolden(t *testing.T) {
	t.Parallel()
	f, err := os.Open("testdata/golden.tsv.gz")
	require.NoError(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	in := bufio.NewScanner(z)
	in.Buffer(nil, 1<<20)
	type count struct{ run, wrong int }
	counts := map[string]*count{}
	for in.Scan() {
		fields := strings.Split(in.Text(), "\t")
		op, args, want := fields[0], fields[1:len(fields)-1], fields[len(fields)-1]
		c := counts[op]
		if c == nil {
			c = &count{}
			counts[op] = c
		}
		c.run++
		if got := goldenText(op, args); !same(op, got, want) {
			if c.wrong++; c.wrong <= 20 {
				t.Errorf("%s %q\n got %s\nwant %s", op, args, got, want)
			}
		}
	}
	require.NoError(t, in.Err())
	require.Greater(t, len(counts), 30)
	for op, c := range counts {
		if c.wrong > 0 {
			t.Errorf("%s: %d wrong of %d", op, c.wrong, c.run)
		}
	}
}

// goldenText gives an operation's result as golden.sh writes it.
func goldenText(op string, args []string) string {
	r, err := runOp(op, args)
	var e *sqlstate.Error
	switch {
	case errors.As(err, &e):
		text := "!" + string(e.Code) + " " + e.Message
		if e.Detail != "" {
			text += "|" + e.Detail
		}
		return text
	case err != nil:
		return err.Error()
	case len(r) > 400:
		return fmt.Sprintf("md5:%x", md5.Sum([]byte(r)))
	}
	return r
}

var repeated = regexp.MustCompile(`(\d)\*(\d+)`)

// expand writes out a digit*count.
func expand(s string) string {
	return repeated.ReplaceAllStringFunc(s, func(m string) string {
		n, _ := strconv.Atoi(m[2:])
		return strings.Repeat(m[:1], n)
	})
}

func runOp(op string, args []string) (string, error) {
	switch op {
	case "fromf8", "fromf4":
		f, err := strconv.ParseFloat(args[0], 64)
		if err != nil {
			return "", err
		}
		if op == "fromf4" {
			return FromFloat32(float32(f)).String(), nil
		}
		return FromFloat64(f).String(), nil
	case "sumint", "avgint":
		return runIntSum(op, args)
	}
	var d [2]Dec
	for i := range d[:min(len(args), 2)] {
		var err error
		if d[i], err = Parse(expand(args[i])); err != nil {
			return "", err
		}
	}
	switch op {
	case "sum", "avg":
		return runSum(op, args)
	case "cmp":
		return strconv.Itoa(Cmp(d[0], d[1])), nil
	case "int8", "int4", "int2", "float8", "float4":
		return runCast(op, d[0])
	case "minscale":
		if d[0].special() {
			return "NULL", nil
		}
		return strconv.Itoa(MinScale(d[0])), nil
	}
	var r Dec
	var err error
	if two, ok := binaryOps[op]; ok {
		r, err = two(d[0], d[1])
	} else if one, ok := unaryOps[op]; ok {
		r, err = one(d[0])
	} else {
		r, err = runScaled(op, d[0], args[1:])
	}
	if err != nil {
		return "", err
	}
	return r.String(), nil
}

var binaryOps = map[string]func(a, b Dec) (Dec, error){
	"add": Add, "sub": Sub, "mul": Mul, "div": Div, "mod": Mod, "divt": DivTrunc, "log": Log, "power": Power,
}

var unaryOps = map[string]func(Dec) (Dec, error){
	"parse": func(d Dec) (Dec, error) { return d, nil },
	"neg":   func(d Dec) (Dec, error) { return Neg(d), nil },
	"abs":   func(d Dec) (Dec, error) { return Abs(d), nil },
	"trim":  func(d Dec) (Dec, error) { return TrimScale(d), nil },
	"log10": func(d Dec) (Dec, error) { return Log(FromInt64(10), d) },
	"ceil":  Ceil, "floor": Floor, "sqrt": Sqrt, "exp": Exp, "ln": Ln,
}

func runScaled(op string, d Dec, args []string) (Dec, error) {
	n, err := strconv.Atoi(args[0])
	if err != nil {
		return Dec{}, err
	}
	switch op {
	case "round":
		return Round(d, n)
	case "trunc":
		return Trunc(d, n), nil
	case "fit":
		scale, err := strconv.Atoi(args[1])
		if err != nil {
			return Dec{}, err
		}
		return Fit(d, n, scale)
	}
	return Dec{}, errors.New("unknown operation " + op)
}

func runCast(op string, d Dec) (string, error) {
	switch op {
	case "int8":
		v, err := d.Int64()
		return strconv.FormatInt(v, 10), err
	case "int4":
		v, err := d.Int32()
		return strconv.FormatInt(int64(v), 10), err
	case "int2":
		v, err := d.Int16()
		return strconv.FormatInt(int64(v), 10), err
	case "float4":
		v, err := d.Float32()
		return strconv.FormatFloat(float64(v), 'g', -1, 32), err
	}
	v, err := d.Float64()
	return strconv.FormatFloat(v, 'g', -1, 64), err
}

// same compares texts; those of floats by the value they denote, since how a float is displayed is not this package's affair.
func same(op, got, want string) bool {
	if op != "float8" && op != "float4" || strings.HasPrefix(want, "!") {
		return got == want
	}
	size := map[string]int{"float8": 64, "float4": 32}[op]
	g, err := strconv.ParseFloat(got, size)
	if err != nil {
		return false
	}
	w, err := strconv.ParseFloat(want, size)
	return err == nil && (g == w || g != g && w != w)
}

func runSum(op string, args []string) (string, error) {
	var parts [3]Sum // three partial sums, merged
	for i, a := range args {
		d, err := Parse(expand(a))
		if err != nil {
			return "", err
		}
		parts[i%3].Add(d)
	}
	parts[1].Merge(&parts[2])
	parts[0].Merge(&parts[1])
	var r Dec
	var err error
	if op == "avg" {
		r, err = parts[0].Avg(int64(len(args)))
	} else {
		r, err = parts[0].Checked()
	}
	return r.String(), err
}

func runIntSum(op string, args []string) (string, error) {
	var s, half Int128
	var sum Sum
	for i, a := range args {
		v, err := strconv.ParseInt(a, 10, 64)
		if err != nil {
			return "", err
		}
		if i%2 == 0 {
			s.Add(v)
		} else {
			half.Add(v)
		}
		sum.AddInt64(v)
	}
	s.AddInt128(half)
	if Cmp(s.Dec(0), sum.Result()) != 0 {
		return "", fmt.Errorf("Int128 has %s, Sum %s", s.Dec(0), sum.Result())
	}
	if op == "avgint" {
		r, err := s.Avg(int64(len(args)))
		return r.String(), err
	}
	return s.Dec(0).String(), nil
}
