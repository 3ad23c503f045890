package shell

import (
	"strings"

	"github.com/reeflective/readline"

	"github.com/stoadb/stoa/cmd/stoa/internal/client"
	"github.com/stoadb/stoa/cmd/stoa/internal/render"
	"github.com/stoadb/stoa/exprs/builtin"
)

// keywords are the words that a statement here can need; a list of all of PostgreSQL's would bury them.
var keywords = strings.Fields(`add all alter and array as asc between bigint boolean by call cascade case cast check column conflict constraint copy count
	create cross csv current_timestamp date default delete desc distinct do drop else end except exists explain extract false fetch filter first for
	foreign from full group having if in index inner insert integer intersect interval into is join jsonb key last left like limit
	ndjson not nothing null nulls numeric offset on or order outer parquet partition primary references rename returning right rows schema select
	set show stdin stdout swf table text then timestamp to true truncate union unique update using uuid values view when where with`)

// Completion is what can stand where the cursor is.
type completion struct {
	word  string   // what is typed of it
	blank string   // what stands before the cursor up to a blank: the editor's idea of a word
	list  []string // ways to go on, each beginning with word as it is typed
}

// complete implements readline's Completer.
func (s *shell) complete(line []rune, cursor int) readline.Completions {
	if !s.multi {
		return readline.Completions{}
	}
	c := candidates(string(line[:cursor]), string(line), s.client.Relations())
	values := make([]readline.Completion, 0, len(c.list))
	head := strings.TrimSuffix(c.blank, c.word)
	for _, v := range c.list {
		if render.Harmless(v) { // the editor writes them as they are
			values = append(values, readline.Completion{Value: head + v, Display: v})
		}
	}
	out := readline.CompleteRaw(values).NoSort()
	out.PREFIX = c.blank
	return out
}

// candidates finds what can follow text: commands after a backslash, tables after FROM and its like, else columns, tables, functions and keywords, in this
// order. The columns are those of the tables that the statement names, or of all when it names none.
func candidates(text, statement string, relations []client.Relation) completion {
	c := completion{blank: text[strings.LastIndexAny(text, " \t\n")+1:]}
	start := len(text)
	for start > 0 && isWord(text[start-1]) {
		start--
	}
	c.word = text[start:]
	before := strings.Fields(strings.ToLower(text[:start]))
	switch {
	case strings.HasPrefix(c.blank, `\`) && len(before) == 0 || strings.TrimSpace(text) == c.blank && strings.HasPrefix(c.blank, `\`):
		c.word = c.blank
		c.add(client.Commands(), false)
	case len(before) > 0 && (before[0] == `\d` || before[0] == `\d+` || wantsTable(before[len(before)-1])):
		c.add(tableNames(relations), false)
	default:
		c.columns(statement, relations)
		if c.word != "" && !strings.Contains(c.word, ".") {
			c.add(tableNames(relations), false)
			c.add(functionNames(), false)
			c.add(keywords, c.word == strings.ToUpper(c.word))
		} else if c.word != "" {
			c.add(tableNames(relations), false)
		}
	}
	return c
}

func isWord(b byte) bool {
	return b == '_' || b == '.' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= 0x80
}

// wantsTable tells whether a table's name follows a word.
func wantsTable(word string) bool {
	switch strings.Trim(word, "(") {
	case "from", "join", "into", "update", "table", "copy", "truncate", "flush":
		return true
	}
	return false
}

// add adds the words that go on from what is typed.
func (c *completion) add(words []string, upper bool) {
	typed := strings.ToLower(c.word)
	for _, w := range words {
		if !strings.HasPrefix(strings.ToLower(w), typed) || c.has(w) {
			continue
		}
		rest := w[len(typed):]
		if upper {
			rest = strings.ToUpper(rest)
		}
		c.list = append(c.list, c.word+rest)
	}
}

func (c *completion) has(word string) bool {
	for _, have := range c.list {
		if strings.EqualFold(have, word) {
			return true
		}
	}
	return false
}

// columns adds the columns of the tables in a statement; after "alias." or "table." with that in front of them.
func (c *completion) columns(statement string, relations []client.Relation) {
	lower := strings.ToLower(statement)
	qualifier := ""
	if dot := strings.LastIndexByte(c.word, '.'); dot >= 0 {
		qualifier = c.word[:dot+1]
	}
	named := false
	for pass := 0; pass < 2 && !named; pass++ {
		for _, r := range relations {
			if pass == 0 && !strings.Contains(lower, r.Schema+"."+r.Name) || pass == 1 && c.word == "" {
				continue
			}
			named = named || pass == 0
			for _, col := range r.Columns {
				c.add([]string{qualifier + col}, false)
			}
		}
	}
}

func tableNames(relations []client.Relation) []string {
	var names []string
	for _, r := range relations {
		names = append(names, r.Schema+"."+r.Name)
	}
	return names
}

func functionNames() []string {
	var names []string
	for _, n := range builtin.Registry().FuncNames() {
		names = append(names, n+"(")
	}
	return names
}
