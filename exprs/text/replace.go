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
	var b budget
	return rows(ctx, out, func(i int) error {
		s, old, with := args[0].Strs[args[0].At(i)], args[1].Strs[args[1].At(i)], args[2].Strs[args[2].At(i)]
		if old == "" || !strings.Contains(s, old) {
			out.Strs[i] = s
			return nil
		}
		if err := b.take(int64(len(s)) + int64(strings.Count(s, old))*int64(len(with)-len(old))); err != nil {
			return err
		}
		out.Strs[i] = strings.ReplaceAll(s, old, with)
		return nil
	})
}

// translate replaces each character that stands in the second argument by the one at the same place of the third, or drops it if there is none.
func translate(ctx *exprs.Ctx, args []*vec.Vec, out *vec.Vec) error {
	var b budget
	var table map[rune]rune
	var from, to string
	return rows(ctx, out, func(i int) error {
		s, f, t := args[0].Strs[args[0].At(i)], args[1].Strs[args[1].At(i)], args[2].Strs[args[2].At(i)]
		if table == nil || f != from || t != to {
			from, to, table = f, t, translation(f, t)
		}
		if err := b.take(int64(len(s)) * utf8.UTFMax); err != nil {
			return err
		}
		out.Strs[i] = strings.Map(func(r rune) rune {
			if with, ok := table[r]; ok {
				return with
			}
			return r
		}, s)
		b -= budget(len(s)*utf8.UTFMax - len(out.Strs[i]))
		return nil
	})
}

// translation gives what each character becomes; -1 drops it. Of a character that stands twice the first counts.
func translation(from, to string) map[rune]rune {
	table := map[rune]rune{}
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
