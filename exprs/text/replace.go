package text

import (
	"strings"
	"unicode/utf8"

	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
)

func replaceFunctions() []exprs.Func {
	return []exprs.Func{fn("replace", txt, replace, txt, txt, txt), fn("translate", txt, translate, txt, txt, txt)}
}

func replace(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
	b := budget{ctx: ctx}
	var all []byte // of the results of some rows
	return rows(ctx, out, func(i int) error {
		s, old, with := args[0].Strs[args[0].At(i)], args[1].Strs[args[1].At(i)], args[2].Strs[args[2].At(i)]
		if old == "" {
			out.Strs[i] = s
			return nil
		}
		n, err := countOf(ctx, s, old)
		if n == 0 || err != nil {
			out.Strs[i] = s
			return err
		}
		size := int64(len(s)) + n*int64(len(with)-len(old))
		if err := b.take(size); err != nil {
			return err
		}
		if max(size, int64(len(s))) <= chunk {
			if int(size) > cap(all)-len(all) {
				all = make([]byte, 0, max(int(size), min(int(size)*(out.N-i), joinedAtOnce)))
			}
			at := len(all)
			all = appendReplaced(all, s, old, with)
			out.Strs[i] = bytesAsText(all[at:len(all):len(all)])
			return nil
		}
		out.Strs[i], err = replaceLong(ctx, s, old, with, int(size))
		return err
	})
}

// appendReplaced is strings.ReplaceAll.
func appendReplaced(dst []byte, s, old, with string) []byte {
	for {
		at := strings.Index(s, old)
		if at < 0 {
			return append(dst, s...)
		}
		dst = append(append(dst, s[:at]...), with...)
		s = s[at+len(old):]
	}
}

// replaceLong is strings.ReplaceAll with looks at the context. The result has size bytes.
func replaceLong(ctx *exprs.Ctx, s, old, with string, size int) (string, error) {
	var all strings.Builder
	all.Grow(size)
	worked := 0
	for {
		at, err := indexOf(ctx, s, old)
		if err != nil {
			return "", err
		}
		if at < 0 {
			err := pieces(ctx, s, func(p string) { all.WriteString(p) })
			return all.String(), err
		}
		if err := pieces(ctx, s[:at], func(p string) { all.WriteString(p) }); err != nil {
			return "", err
		}
		all.WriteString(with)
		s = s[at+len(old):]
		if worked += at + len(old) + len(with); worked > chunk {
			worked = 0
			if err := ctx.Check(); err != nil {
				return "", err
			}
		}
	}
}

// translate replaces each character that stands in the second argument by the one at the same place of the third, or drops it if there is none.
func translate(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
	b := budget{ctx: ctx}
	var table map[rune]rune
	var from, to string
	return rows(ctx, out, func(i int) error {
		s, f, t := args[0].Strs[args[0].At(i)], args[1].Strs[args[1].At(i)], args[2].Strs[args[2].At(i)]
		if table == nil || f != from || t != to {
			from, to, table = f, t, translation(f, t)
		}
		swap := func(r rune) rune {
			if with, ok := table[r]; ok {
				return with
			}
			return r
		}
		if len(s) <= chunk {
			out.Strs[i] = strings.Map(swap, s)
			return b.take(int64(len(out.Strs[i])))
		}
		if err := b.take(int64(len(s)) * utf8.UTFMax); err != nil {
			return err
		}
		var all strings.Builder
		all.Grow(len(s))
		err := pieces(ctx, s, func(p string) { all.WriteString(strings.Map(swap, p)) })
		out.Strs[i] = all.String()
		return err
	})
}

// translation gives what each character becomes; -1 drops it. Of a character that stands twice the first counts.
func translation(from, to string) map[rune]rune {
	table := map[rune]rune{} // a character has one entry: it does not grow with the texts
	targets := []rune(to)
	for i, r := range []rune(from) {
		if _, ok := table[r]; ok {
			continue
		}
		table[r] = -1
		if i < len(targets) {
			table[r] = targets[i]
		}
	}
	return table
}
