package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

var keys = []string{"a", "b", "aa", "", "ü", "last_rows", "a\"b", "a\nb", "chat", "x\x01", "0"}

var paths = [][]string{
	nil, {"a"}, {"a", "b"}, {"0"}, {" +1"}, {"-1"}, {"1", "0"}, {"a", "0"}, {"1", "a"}, {"x"}, {""}, {"1x"}, {"2147483648"}, {"-2147483648"}, {"0 "}, {"a", "a", "a"},
}

var rawDocuments = []string{
	`[1, 2]`, ` [ 1 ,"a" , { "a" : [ 1 , 2 ] } ] `, `{"a":1,"a":2}`, ` {"b" : null , "a" : "x\u0041\n" } `, `{"a":{"b":1},"a":2}`, `{"a":{"b":1},"a":{"b" : {}}}`,
	`"x"`, ` "x\t" `, ` null`, ` 12 `, `[]`, ` { } `, `[null, "\ud83d\ude00", 1e5, -0]`, `{"\u0061": 1.50, "0": [ ]}`, `["\u0000"]`, `{"z": "\ud800"}`, `[[],[ [ ] ]]`,
	`{"a":[{"a":{"a":3}}, {"b" : [1 ] }]}`, `{"":{"":""}}`, "[\n1,\n\t2\n]",
}

// documents are well-formed; some are canonical.
func documents() []string {
	docs := []string{
		`["chat", "messages", "jamal"]`, `{"last_rows": 100, "buffer_size": 1000}`, `{}`, `[]`, `null`, `true`, `false`, `1`, `"a"`, `""`, `{"a": 1}`, `[1]`, `["a"]`,
		`{"a": {"b": [1, 2, {"c": null}]}, "b": null}`, `[[]]`, `[{}]`, `[null]`, `{"a": null}`, `{"a": []}`, `{"a": {}}`, `[1, 2, 2]`, `[2, 1]`, `[1.0, "1"]`, `1.0`, `-1`, `-1.50`,
		`0`, `-0.0`, `1e3`, `1000.000`, `10.5`, `9.5`, `-10.5`, `-9.5`, `1e40`, `0.00001`, `"b"`, `"aa"`, `"ü"`, `"z"`, `"a\nb"`, `"a\u0001b"`, `"a\"b"`, `"\u00fc\ud83d\ude00"`,
		`{"ü": 1, "z": 2, "aa": 3}`, `{"a\"b": 1, "a\nb": 2, "x\u0001": 3, "": 4}`, `{"b": 1, "a": 2, "b": 3}`, `{"fields": [{"name": "id"}, {"name": "metadata", "nullable": false}]}`,
		`{"fields": [{"name": "metadata"}]}`, `[{"name": "metadata"}]`, `[[1, 2], [3]]`, `[[2]]`, `[[3], [1]]`, `[[[1]], 1]`, `[["a"], "a"]`, `[true, false, null, 1, "a", [], {}]`,
		`{"a": [1, {"b": 2}], "c": "x"}`, `{"a": [{"b": 2.0}]}`, `{"a": "b"}`, `{"b": "a"}`, `{"a": 1, "b": 2}`, `{"a": 1, "c": 0}`, `{"aa": 1, "b": 2}`, `["chat", null]`, `[{"a": null, "b": [null]}, null]`,
		`{"a": 1, "a": null}`, `[["chat"]]`, `"chat"`, `[12345678901234567890.123, 1e-10]`, `{"1": 1, "0": "zero"}`, `["0", "a\nb", "x\u0001"]`, `[{"a": {"a": {"a": 1}}}]`, `{"a": {"a": {"a": 1.00}}}`,
	}
	return docs
}

// inputs are texts to be read as jsonb and json: right, wrong, and random changes of right ones. The longest numbers are left to a test in Go.
func inputs() []string {
	list := append(documents(), rawDocuments...)
	list = append(list,
		``, ` `, "\n\n", `[`, `{`, `]`, `}`, `,`, `:`, `[1`, `[1,`, `[1,]`, `[,]`, `[1 2]`, `[1]]`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `{"a" 1}`, `{1:2}`, `{a:1}`, `{"a":1 "b":2}`, `{,}`, `{"a":}`,
		`{"a",1}`, `1 2`, `1,`, `"a" "b"`, `tru`, `true1`, `TRUE`, `nul`, `nulll`, `falsee`, `foo`, `fo-o`, `+1`, `-`, `-a`, `01`, `00`, `-01`, `1.`, `.5`, `1.e5`, `1e`, `1e+`, `1e+5`, `1E-5`, `1.5.5`, `1a`, `0x10`, `1_000`,
		`NaN`, `-Infinity`, `1e-`, `--1`, `1-`, `1e5e5`, `"`, `"abc`, `"\`, `"\u`, `"\u1`, `"\u12`, `"\u123`, `"\u123g"`, `"\u00ü0"`, `"\q"`, `"\ü"`, `"\U0041"`, `'a'`, "\"a\tb\"", "\"a\nb\"", "\"a\x01b\"", `"\ud800"`, `"\ud800`,
		`"\ud800x"`, `"\ud800ü"`, `"\ud800\n"`, `"\ud800\u0041"`, `"\ud800\ud800"`, `"\udc00"`, `"\udc00\ud800"`, `"\ud800\"`, "\"\\ud800\t\"", `"\uD83D\uDE00"`, `"\u0000"`, `"a\u0000b`, `["x", "\u0000"]`, `{"\u0000": 1}`,
		`"\u0001\u0008\u0009\u000a\u000b\u000c\u000d\u001f\u0020\u007f\u0080\u2028"`, `"\/"`, `"\u002f\u0022\u005c"`, `"\u0041\u00E9\u00e9"`, "\"\x7f\"", "\u00a0", "[1,\u20282]", "\ufeff[]", "\"\ufeff\"", "[1,\v2]", "[1,\f2]",
		`[1] x`, `{} {}`, `[1, 2, "three", {"four": 5}] trailing garbage here`, `ü`, `[ü]`, `aü1`, `$`, `[#]`, `{"a": @}`, `/* c */ 1`, `// c`, `[1, // c`, `{"a":1}}`, `[[1]`, `[{"a":1]`, `{"a":[1}`, `[1;2]`, `{"a"=1}`, `{'a':1}`,
		`<current_schema_as_json>`, `{"b":1,"a":2,"b":{"y":1,"x":2},"aa":[{"d":1,"c":2}]}`, `{"bb":1,"a":{"bb":1,"a":{"bb":1,"a":{}}}}`, `{"a":{"z":1,"y":1},"a":{"x":1,"w":{"q":1,"p":2}}}`, `{ }`, `[ ]`, "\t\r\n{\"a\"\n:\n1\n}\n",
		`{"\u0061":1,"a":2}`, `{"\n":1,"b":2,"\u0001":3,"\u00e9":4,"e":5,"é":6}`, `{"a\"":1,"a":2,"\"":3}`, `1e131072`, `1e-16384`, `0e-16384`, `0e131072`, `0e1073741822`, `0e1073741823`, `1e1073741823`,
		`0e99999999999999999999`, `1e-99999999999999999999`, `[1e999999, x]`, `[1e999999 x`, `[1e999999, 2]`, `-0`, `-0.00`, `-0e5`, `-0e-5`, `0.0`, `1.10`, `1.10e1`, `1.10e2`, `1.10e-2`, `110e-2`, `110e-5`, `0.0012e2`, `0.0012e3`, `0.0012e5`,
		`0.10e1`, `12345678901234567890123456789012345678901234567890.5e-10`, `100e-2`, `1E3`, `1E+03`, `1e0`, `1.0e0`, `0.5e-0`, `10000e-4`, `10000e-5`, `99999e4`, `0.00001e5`, `-1e-3`,
		strings.Repeat("[", 300)+strings.Repeat("]", 300), strings.Repeat(`{"b":1,"a":`, 200)+"0"+strings.Repeat("}", 200),
	)
	long := strings.Repeat(`"0123456789", `, 10)
	for n := range 9 {
		list = append(list, "["+long[:40+n]+`"`, "["+strings.Repeat("1,", 22+n)+"x]", "["+strings.Repeat(`"ü€",`, 5+n)+"ü}", "[1,\n"+strings.Repeat("2,", n)+"\n"+strings.Repeat(" 3,", n+13)+" oops, 4]",
			strings.Repeat(" ", 44+n)+"x\n", "[\n"+strings.Repeat("€", n)+"]", strings.Repeat(" ", n)+`"`+strings.Repeat("😀", 11)+`\ud800€"`)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 350 {
		list = append(list, randomDocument(random, 4))
	}
	for range 1100 {
		list = append(list, mutate(random, list[random.IntN(280)]))
	}
	return list
}

// randomDocument makes JSON with odd spacing, spellings and keys.
func randomDocument(r *rand.Rand, depth int) string {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	space := func() string { return pick("", "", "", " ", "\n", "\t ") }
	kind := r.IntN(10)
	if depth == 0 {
		kind = r.IntN(6)
	}
	switch kind {
	case 0:
		return pick("null", "true", "false")
	case 1, 2:
		return fmt.Sprintf("%s%d%s%s", pick("", "-"), r.IntN(40), pick("", "", ".0", ".50", ".125"), pick("", "", "", "e1", "E-2", "e+3"))
	case 3, 4, 5:
		return `"` + pick("", "a", "b", "ab", `\n`, `\u0041`, `\u00e9`, "é", "€", `\ud83d\ude00`, `\/`, `\"`, "x y") + pick("", "", "1", "zz") + `"`
	case 6, 7:
		var items []string
		for range r.IntN(4) {
			items = append(items, space()+randomDocument(r, depth-1)+space())
		}
		return "[" + strings.Join(items, ",") + "]"
	default:
		var items []string
		for range r.IntN(4) {
			key := `"` + pick("a", "b", "c", "aa", "", `\u0061`, "é", `\t`, `x\"`) + `"`
			items = append(items, space()+key+space()+":"+space()+randomDocument(r, depth-1)+space())
		}
		return "{" + strings.Join(items, ",") + "}"
	}
}

// mutate changes, removes, inserts or doubles a character or two of s, if s is short.
func mutate(r *rand.Rand, s string) string {
	chars := []rune(s)
	if len(chars) > 300 {
		chars = chars[:300]
	}
	alphabet := []rune("{}[]\",:\\u0dn1e-+.tfa \n\t\x01üé€😀_/")
	for range 1 + r.IntN(2) {
		i := r.IntN(len(chars) + 1)
		c := alphabet[r.IntN(len(alphabet))]
		switch r.IntN(4) {
		case 0:
			if i < len(chars) {
				chars[i] = c
			}
		case 1:
			chars = append(chars[:i:i], append([]rune{c}, chars[i:]...)...)
		case 2:
			if i < len(chars) {
				chars = append(chars[:i:i], chars[i+1:]...)
			}
		default:
			j := r.IntN(len(chars) + 1)
			chars = append(chars[:i:i], chars[min(i, j):]...)
		}
	}
	return string(chars)
}
