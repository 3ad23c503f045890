package badfiles

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
)

// Mutations makes n malformed files of a good one; the same seed makes the same files. Some may be good still: a changed statistic is no damage that a
// reader can see.
func Mutations(data []byte, n int, seed uint64) ([]Case, error) {
	f, err := Parse(data)
	if err != nil {
		return nil, err
	}
	r := rand.New(rand.NewPCG(seed, uint64(len(data))))
	m := &mutator{r: r, data: data, file: f}
	kinds := []func() (string, []byte){m.footerField, m.footerField, m.footerInPlace, m.footerInPlace, m.pageField, m.pageField, m.body, m.pages, m.cut, m.flip, m.chunks}
	cases := make([]Case, n)
	for i := range cases {
		name, bad := kinds[i%len(kinds)]()
		cases[i] = Case{Name: fmt.Sprintf("%03d %s", i, name), Data: bad}
	}
	return cases, nil
}

type mutator struct {
	r    *rand.Rand
	data []byte
	file *File
}

// place is a value within a tree, and where it hangs.
type place struct {
	path   string
	value  *Value
	parent *Value // a structure or a list
	at     int    // among the parent's fields or elements
}

// places lists the values of a tree below its root.
func places(root *Value) (out []place) {
	var walk func(path string, v *Value)
	walk = func(path string, v *Value) {
		for i, f := range v.Fields {
			p := fmt.Sprintf("%s.%d", path, f.ID)
			out = append(out, place{p, f.Value, v, i})
			walk(p, f.Value)
		}
		for i, e := range v.List {
			p := fmt.Sprintf("%s[%d]", path, i)
			out = append(out, place{p, e, v, i})
			walk(p, e)
		}
	}
	walk("", root)
	return out
}

// spoil changes one value of a tree and says how.
func (m *mutator) spoil(root *Value) string {
	all := places(root)
	p := all[m.r.IntN(len(all))]
	if m.r.IntN(5) == 0 {
		return p.path + " " + m.misplace(p)
	}
	switch p.value.Wire {
	case Byte, I16, I32, I64:
		p.value.Int = m.hostileInt(p.value.Int)
		return fmt.Sprintf("%s = %d", p.path, p.value.Int)
	case True, False:
		p.value.Wire, p.value.Int = True+False-p.value.Wire, 3-p.value.Int
		return p.path + " negated"
	case Binary, Double:
		return p.path + " " + m.hostileText(p.value)
	case List, Set, Map:
		return p.path + " " + m.hostileList(p.value)
	}
	return p.path + " " + m.misplace(p)
}

// misplace removes a value, doubles it, or makes it one of another type.
func (m *mutator) misplace(p place) string {
	switch m.r.IntN(4) {
	case 0:
		if p.parent.Wire == Struct {
			p.parent.Fields = append(p.parent.Fields[:p.at:p.at], p.parent.Fields[p.at+1:]...)
		} else {
			p.parent.List = append(p.parent.List[:p.at:p.at], p.parent.List[p.at+1:]...)
		}
		return "removed"
	case 1:
		if p.parent.Wire == Struct {
			p.parent.Fields = append(p.parent.Fields[:p.at+1:p.at+1], p.parent.Fields[p.at:]...)
		} else {
			p.parent.List = append(p.parent.List[:p.at+1:p.at+1], p.parent.List[p.at:]...)
		}
		return "doubled"
	case 2:
		if p.parent.Wire == Struct {
			p.parent.Fields[p.at].ID = int16(m.r.IntN(40) - 3)
		}
		return "moved to another field"
	}
	*p.value = *m.stranger()
	return "of another type"
}

// stranger makes a value of any type.
func (m *mutator) stranger() *Value {
	switch m.r.IntN(6) {
	case 0:
		return Int32(m.hostileInt(0))
	case 1:
		return Int64(m.hostileInt(0))
	case 2:
		return Text("stranger")
	case 3:
		return ListOf(Struct, Record(), Record())
	case 4:
		return &Value{Wire: True}
	}
	return Record(1, Int32(7))
}

// hostileInt gives an integer that is likely to hurt in the place of v.
func (m *mutator) hostileInt(v int64) int64 {
	list := []int64{
		0, -1, 1, v + 1, v - 1, -v, 2 * v, v + 8, 1 << 20, 1 << 28, 1 << 30, math.MaxInt32, math.MinInt32, 1 << 40, math.MaxInt64, math.MinInt64, 17, 255,
	}
	return list[m.r.IntN(len(list))]
}

// hostileText changes a string.
func (m *mutator) hostileText(v *Value) string {
	switch m.r.IntN(6) {
	case 0:
		v.Bytes = nil
		return "emptied"
	case 1:
		v.Bytes = bytes.Repeat([]byte{'x'}, 1<<17)
		return "of 128 KiB"
	case 2:
		v.Bytes = []byte("\xff\xfe\x00\x1b[2J\x1b]0;title\a\r\n\u202e" + strings.Repeat("\u0301", 50))
		return "of control characters"
	case 3:
		claim := uint64(m.hostileInt(int64(len(v.Bytes))))
		v.Claim = &claim
		return fmt.Sprintf("that claims %d bytes", claim)
	case 4:
		if len(v.Bytes) > 0 {
			v.Bytes = v.Bytes[:m.r.IntN(len(v.Bytes))]
		}
		return "cut"
	}
	v.Bytes = bytes.Clone(v.Bytes)
	for i := range v.Bytes {
		v.Bytes[i] ^= byte(m.r.Uint32())
	}
	return "of noise"
}

// hostileList changes a list.
func (m *mutator) hostileList(v *Value) string {
	switch m.r.IntN(4) {
	case 0:
		v.List = nil
		return "emptied"
	case 1:
		claim := uint64(m.hostileInt(int64(len(v.List))))
		v.Claim = &claim
		return fmt.Sprintf("that claims %d elements", claim)
	case 2:
		v.Elem = byte(m.r.IntN(13))
		return "of elements of another type"
	}
	if n := len(v.List); n > 0 && v.Wire != Map {
		for range min(1000, 1<<14/n) {
			v.List = append(v.List, v.List[:n]...)
		}
	}
	return "repeated"
}

// footerField changes the footer of a file that is put together anew: every other reader's index is gone.
func (m *mutator) footerField() (string, []byte) {
	f := m.file.Clone()
	what := ""
	data := f.WithFooter(func(footer *Value) { what = m.spoil(footer) })
	return "footer " + what, data
}

// footerInPlace changes the footer of the file as it is, page indexes and bloom filters included.
func (m *mutator) footerInPlace() (string, []byte) {
	n := int(uint32(m.data[len(m.data)-8]) | uint32(m.data[len(m.data)-7])<<8 | uint32(m.data[len(m.data)-6])<<16 | uint32(m.data[len(m.data)-5])<<24)
	head := m.data[:len(m.data)-8-n]
	footer, _, err := parseStruct(m.data[len(head):])
	if err != nil {
		return "footer", m.data // Parse has read it before
	}
	what := m.spoil(footer)
	for range m.r.IntN(3) {
		what += ", " + m.spoil(footer)
	}
	return "footer in place " + what, Close(bytes.Clone(head), footer.Append(nil))
}

// chunk picks a chunk that has pages; nil when there is none.
func (m *mutator) chunk(f *File) (*Chunk, string) {
	var all []*Chunk
	var names []string
	for g, chunks := range f.Groups {
		for i, c := range chunks {
			if len(c.Pages) > 0 {
				all, names = append(all, c), append(names, fmt.Sprintf("chunk %d.%d", g, i))
			}
		}
	}
	if len(all) == 0 {
		return nil, ""
	}
	i := m.r.IntN(len(all))
	return all[i], names[i]
}

// pageField changes a page header.
func (m *mutator) pageField() (string, []byte) {
	f := m.file.Clone()
	c, name := m.chunk(f)
	if c == nil {
		return m.footerField()
	}
	i := m.r.IntN(len(c.Pages))
	what := m.spoil(c.Pages[i].Header)
	return fmt.Sprintf("%s page %d header %s", name, i, what), f.Bytes()
}

// body changes what is behind a page header, which keeps its checksum true.
func (m *mutator) body() (string, []byte) {
	f := m.file.Clone()
	c, name := m.chunk(f)
	if c == nil {
		return m.flip()
	}
	i := m.r.IntN(len(c.Pages))
	p := c.Pages[i]
	p.Body = bytes.Clone(p.Body)
	what := m.noise(p)
	return fmt.Sprintf("%s page %d %s", name, i, what), f.Bytes()
}

// noise changes the bytes of a page.
func (m *mutator) noise(p *Page) string {
	n := len(p.Body)
	switch kind := m.r.IntN(5); {
	case n == 0 || kind == 0:
		p.Body = append(p.Body, bytes.Repeat([]byte{0xff}, 1+m.r.IntN(64))...)
		p.Header.Set(pageSize, Int32(int64(len(p.Body))))
		return "longer"
	case kind == 1:
		p.Body = p.Body[:m.r.IntN(n)]
		p.Header.Set(pageSize, Int32(int64(len(p.Body))))
		return "cut"
	case kind == 2:
		at := m.r.IntN(n)
		for i := at; i < min(n, at+1+m.r.IntN(16)); i++ {
			p.Body[i] = 0xff
		}
		return "with a run of ones"
	case kind == 3:
		clear(p.Body[:min(n, 1+m.r.IntN(16))])
		return "that begins with zeros"
	}
	for range 1 + m.r.IntN(4) {
		p.Body[m.r.IntN(n)] ^= 1 << m.r.IntN(8)
	}
	return "with flipped bits"
}

// pages changes the order or the number of pages.
func (m *mutator) pages() (string, []byte) {
	f := m.file.Clone()
	c, name := m.chunk(f)
	if c == nil {
		return m.cut()
	}
	i := m.r.IntN(len(c.Pages))
	what := ""
	switch m.r.IntN(3) {
	case 0:
		c.Pages = append(c.Pages[:i], c.Pages[i+1:]...)
		what = "missing"
	case 1:
		c.Pages = append(c.Pages[:i+1:i+1], c.Pages[i:]...)
		what = "twice"
	default:
		other, from := m.chunk(f)
		c.Pages[i] = other.Pages[m.r.IntN(len(other.Pages))]
		what = "from " + from
	}
	return fmt.Sprintf("%s page %d %s", name, i, what), f.Bytes()
}

// chunks lets a chunk lie upon another one.
func (m *mutator) chunks() (string, []byte) {
	f := m.file.Clone()
	a, from := m.chunk(f)
	if a == nil {
		return m.cut()
	}
	b, to := m.chunk(f)
	data := f.WithFooter(func(*Value) {
		for _, id := range []int16{metaDataPage, metaDictPage, metaCompressed} {
			a.Meta.Set(id, b.Meta.Get(id).Clone())
		}
	})
	return from + " lies upon " + to, data
}

// cut ends the file early.
func (m *mutator) cut() (string, []byte) {
	n := m.r.IntN(len(m.data))
	if m.r.IntN(2) == 0 { // but for the end that makes it a Parquet file
		bad := bytes.Clone(m.data[:n/2+4])
		return fmt.Sprintf("without bytes %d to %d", len(bad), len(m.data)-n/2), append(bad, m.data[len(m.data)-n/2:]...)
	}
	return fmt.Sprintf("cut at %d", n), m.data[:n:n]
}

// flip changes single bits and bytes anywhere.
func (m *mutator) flip() (string, []byte) {
	bad := bytes.Clone(m.data)
	n := 1 + m.r.IntN(4)
	for range n {
		at := m.r.IntN(len(bad))
		if m.r.IntN(2) == 0 {
			at = len(bad) - 1 - m.r.IntN(min(len(bad), 2000))
		}
		bad[at] ^= byte(1 + m.r.IntN(255))
	}
	return fmt.Sprintf("%d bytes flipped", n), bad
}
