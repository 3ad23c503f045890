package pathtemplate

import (
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// hostileValues gives at least 1,000 distinct values that want to get out of their directory, into another one, or to break something.
func hostileValues() []string {
	seeds := []string{
		"", ".", "..", "...", "/", "//", "\\", "..\\", "../", "/..", "a/..", "../a", "a/../b", "..\\..\\windows", "/etc/passwd", "C:\\x", "c:", "\\\\server\\share",
		"\x00", "a\x00", "\x00a", "a\x00b", "%", "%%", "%2e", "%2E", "%2e%2e", "%2e%2e%2f", "%252e", "%00", "%empty", "%null", "%sha%", "%zz", "%u002e", "%c0%ae", "\xc0\xae",
		"．", "．．", "．．／", "‥", "…", "。", "․․", "∕", "⁄", "／", "＼", "\u2024\u2024", "\u200b", "\u202e", "\ufeff", "\u00a0", "\u0301", "e\u0301", "é", "K", "\u212a", "ﬀ", "ff", "İ", "ı", "ß", "ẞ",
		"{shard}", "{userId}", "{storageLocation}", "{tableName}", "{", "}", "{}", "{{", "jamal", "Jamal", "JAMAL", "jamal ", " jamal", "jamal.", ".jamal", "jamal/", "jamal\\", "jamal%", "j%61mal",
		"~", "~root", "$HOME", "`id`", "$(id)", "*", "?", "[a]", "a*", "|", "<", ">", "\"", "'", ":", ";", "&", "#", "!", "=", "+", ",", "^", "(", ")", "-", "--", "-rf", "_", "__", "_SUCCESS", "@", "@@",
		"con", "CON", "con.txt", "prn", "aux", "nul", "NUL", "nul.", "com0", "com1", "COM9", "lpt1", "LPT9.log", "com¹", "conin$", "con ", "con/", "system", "default",
		"\n", "\r", "\t", "\x7f", "\x1b[2J", "\x01", "\x1f", "\x80", "\xff", "\xff\xfe", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\nb", "batch-2025-10-21-143022.parquet", ".stoa-x.tmp", "LOCK", "MANIFEST", "wal",
		strings.Repeat("a", 254), strings.Repeat("a", 255), strings.Repeat("a", 256), strings.Repeat("a", 300), strings.Repeat("a", 299) + "b", strings.Repeat("/", 300), strings.Repeat("../", 100),
		strings.Repeat("é", 150), strings.Repeat("\x00", 300), strings.Repeat("%", 300), strings.Repeat("a", 5000), "aaaaaaaaaaaaaaaaaaaa%sha%", strings.Repeat(".", 300),
	}
	set, out := map[string]bool{}, []string(nil)
	add := func(s string) {
		if !set[s] {
			set[s] = true
			out = append(out, s)
		}
	}
	for _, s := range seeds {
		add(s)
	}
	for b := range 256 { // every byte, alone, in front, behind and in the middle
		for _, s := range []string{string([]byte{byte(b)}), string([]byte{byte(b), 'x'}), string([]byte{'x', byte(b)}), string([]byte{'x', byte(b), 'x'})} {
			add(s)
		}
	}
	for _, s := range seeds {
		for _, u := range []string{s + s, s + "/" + s, "../" + s, s + ".", s + "%2e", strings.ToUpper(s), "x" + s} {
			add(u)
		}
	}
	tmpl, _ := Parse("{tableName}/{userId}")
	for _, s := range seeds { // what other values become
		add(path.Base(tmpl.Expand(Values{Table: "t", User: &s})))
	}
	return out
}

var hostileTemplates = []string{
	"{storageLocation}/{namespace}/users/{userId}/{tableName}/{shard}/", "{tableName}/{userId}", "{tableName}/{userId}/", "{tableName}/user={userId}",
	"{tableName}/{shard}-{userId}", "{tableName}/{userId}{shard}", "{tableName}.{userId}", "{userId}_{tableName}", "{userId}/{tableName}", "{tableName}/a{userId}b/c",
}

func TestHostileValues(t *testing.T) {
	t.Parallel()
	values := hostileValues()
	require.GreaterOrEqual(t, len(values), 1000)
	for _, template := range hostileTemplates {
		tmpl, err := Parse(template)
		require.NoError(t, err)
		seen := map[string]string{}
		for _, v := range values {
			dir := tmpl.Expand(Values{Namespace: "chat", Table: "messages", User: &v})
			requireInside(t, tmpl, dir)
			before, taken := seen[dir]
			require.False(t, taken, "%s: %q and %q both become %s", template, before, v, dir)
			seen[dir] = v
		}
	}
}

// requireInside checks that a directory is a plain path of as many names as the template has elements.
func requireInside(t require.TestingT, tmpl *Template, dir string) {
	require.True(t, filepath.IsLocal(filepath.FromSlash(dir)), "%q", dir)
	require.Equal(t, dir, path.Clean(dir))
	require.Equal(t, "/base/"+dir, path.Join("/base", dir))
	names := strings.Split(dir, "/")
	require.Len(t, names, len(tmpl.elements))
	for _, n := range names {
		ok := n != "" && n != "." && n != ".." && len(n) <= maxElement && !strings.HasPrefix(n, ".") && !strings.HasSuffix(n, ".")
		for i := range len(n) {
			ok = ok && n[i] > ' ' && n[i] < 0x7f && strings.IndexByte(`\/:*?"<>|{}`, n[i]) < 0
		}
		require.True(t, ok, "%q", n)
	}
}

// TestHostileValuesOnDisk makes the directories: what the operating system thinks of the names is what counts. Mkdir fails where two are one.
func TestHostileValuesOnDisk(t *testing.T) {
	t.Parallel()
	base := filepath.Join(t.TempDir(), "outer", "base")
	require.NoError(t, os.MkdirAll(filepath.Join(base, "messages"), 0o755))
	tmpl, err := Parse("{tableName}/{userId}")
	require.NoError(t, err)
	values := hostileValues()
	for _, v := range values {
		dir := filepath.Join(base, filepath.FromSlash(tmpl.Expand(Values{Table: "messages", User: &v})))
		require.NoError(t, os.Mkdir(dir, 0o755), "%q", v)
	}
	for dir, n := range map[string]int{filepath.Join(base, "messages"): len(values), base: 1, filepath.Dir(base): 1} {
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Len(t, entries, n)
	}
}

// TestInjective takes three hostile values at once: two different triples never share a directory.
func TestInjective(t *testing.T) {
	t.Parallel()
	value := rapid.OneOf(rapid.SampledFrom(hostileValues()), rapid.StringMatching(`[-_.@%a-c]{0,4}`), rapid.String(),
		rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) }))
	templates := []string{"{namespace}/{tableName}/{userId}", "{namespace}.{tableName}_{userId}", "{namespace}-x{tableName}a-b{shard}{userId}", "{userId}--{tableName}/{namespace}",
		"{tableName}@{namespace}%-%{userId}"}
	rapid.Check(t, func(t *rapid.T) {
		tmpl, err := Parse(rapid.SampledFrom(templates).Draw(t, "template"))
		require.NoError(t, err)
		draw := func(label string) (Values, [3]string) {
			v := [3]string{value.Draw(t, label), value.Draw(t, label), value.Draw(t, label)}
			return Values{Namespace: v[0], Table: v[1], User: &v[2]}, v
		}
		a, as := draw("a")
		b, bs := draw("b")
		x, y := tmpl.Expand(a), tmpl.Expand(b)
		if (as == bs) != (x == y) {
			t.Fatalf("%q and %q become %q and %q", as, bs, x, y)
		}
		for _, dir := range []string{x, y} {
			for _, n := range strings.Split(dir, "/") {
				require.True(t, n != "" && n != "." && n != ".." && len(n) <= maxElement)
			}
			require.True(t, filepath.IsLocal(dir))
		}
	})
}

// FuzzParse: whatever is accepted keeps hostile values inside.
func FuzzParse(f *testing.F) {
	for _, s := range hostileTemplates {
		f.Add(s, "..")
	}
	f.Fuzz(func(t *testing.T, template, value string) {
		tmpl, err := Parse(template)
		if err != nil {
			return
		}
		dir := tmpl.Expand(Values{Namespace: value, Table: value, User: &value})
		require.True(t, filepath.IsLocal(dir), "%q", dir)
		require.Equal(t, dir, path.Clean(dir))
	})
}
