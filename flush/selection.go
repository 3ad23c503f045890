package flush

import (
	"cmp"
	"context"
	"slices"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/flush/pathtemplate"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
)

// ref names a row of a selection in 4 bytes, so that 10 million rows to be sorted take 40 MB: the segment's place in the view and the row's offset.
// Refs are ordered as the rows were inserted.
type ref uint32

const maxSegments = 1 << 16

func (r ref) segment() int { return int(r >> 16) }
func (r ref) offset() int  { return int(r & 0xffff) }

// selection is the rows of a table that are flushed.
type selection struct {
	def  *schemahistory.TableDefinition
	segs []tables.SegmentView
	refs []ref
	cpu  int64 // microseconds that it took to select them
}

// selectRows selects the live rows of a view that have settled, or all, and of these the rows of one user, if one is given.
func selectRows(ctx context.Context, view *tables.View, all bool, user *string, now int64) (*selection, error) {
	s := &selection{def: view.Def(), segs: view.Segments()}
	if len(s.segs) > maxSegments {
		return nil, sqlstate.New(sqlstate.ProgramLimitExceeded, "table %s has %d hot segments, more than %d", s.def.Name, len(s.segs), maxSegments)
	}
	before := cpuTime()
	var sel []int32
	for i := range s.segs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		seg := &s.segs[i]
		sel = seg.Live(0, seg.Rows(), sel[:0])
		if !all {
			sel = settled(s.def, seg, sel, now)
		}
		if user != nil {
			sel = keepTexts(seg.Column(s.def.UserColumn), sel, func(name string) bool { return name == *user })
		}
		if cap(s.refs)-len(s.refs) < len(sel) { // the segments to come are taken to be like those that were
			s.refs = slices.Grow(s.refs, len(sel)+(len(s.refs)+len(sel))/(i+1)*(len(s.segs)-i-1))
		}
		for _, o := range sel {
			s.refs = append(s.refs, ref(i<<16|int(o)))
		}
	}
	s.cpu = cpuTime() - before
	return s, nil
}

// maxOwnJobs bounds the rows that onlyOurs looks at: more of them are worth a file whosesoever they are.
const maxOwnJobs = 1000

// onlyOurs tells whether the rows are nothing but a few flushes' own jobs. They wait for company: otherwise every flush of an idle database would write the
// job of the one before to a file of its own.
func (s *selection) onlyOurs() bool {
	if s.def.Name != schemahistory.Jobs || len(s.refs) > maxOwnJobs {
		return false
	}
	for _, r := range s.refs {
		row := &vec.Batch{N: 1}
		for c := range s.def.Columns {
			row.Cols = append(row.Cols, s.segs[r.segment()].Column(c).Gather([]int32{int32(r.offset())}))
		}
		if j := tables.JobAt(s.def, row, 0); !isOurs(&j) {
			return false
		}
	}
	return true
}

// group is the rows that go into one file.
type group struct {
	dir  string // below the storage's base path, with slashes
	user string // when the template has {userId}; "" for NULL
	refs []ref
}

// owners says whose rows a selection's are: of each row the number of its user, and the users by number, nil for NULL. A nil *owners is that of a
// table without a user column.
type owners struct {
	of    []int32
	users []*string
}

// only gives the one user whose rows they all are; nil when there are several, or the one is NULL.
func (o *owners) only() *string {
	if o == nil || len(o.users) != 1 {
		return nil
	}
	return o.users[0]
}

// groups divides the rows by directory, in the order of the directories' names.
func (s *selection) groups(template *pathtemplate.Template, o *owners) (out []group) {
	values := pathtemplate.Values{Namespace: s.def.Name.Namespace, Table: s.def.Name.Table}
	if o == nil {
		system := pathtemplate.SystemUser
		values.User = &system
		return []group{{dir: template.Expand(values), user: ownerName(template, &system), refs: s.refs}}
	}
	places := make([]int32, len(o.users)) // of each user's group
	byDir := map[string]int32{}
	for u, user := range o.users {
		values.User = user
		dir := template.Expand(values)
		place, known := byDir[dir]
		if !known {
			place = int32(len(out))
			byDir[dir] = place
			out = append(out, group{dir: dir, user: ownerName(template, user)})
		}
		places[u] = place
	}
	s.distribute(o.of, places, out)
	slices.SortFunc(out, func(a, b group) int { return cmp.Compare(a.dir, b.dir) })
	return out
}

// ownerName gives the user of a directory.
func ownerName(template *pathtemplate.Template, user *string) string {
	switch {
	case user == nil || !template.UsesUser():
		return ""
	default:
		return *user
	}
}

// owners finds out whose rows they are.
func (s *selection) owners() *owners {
	c := s.def.UserColumn
	if c < 0 || s.def.Columns[c].Type.Physical() != arrowschema.Strings {
		return nil
	}
	o := &owners{of: make([]int32, len(s.refs))}
	n := numbering{owners: o, byName: map[string]int32{}, null: -1}
	for lo := 0; lo < len(s.refs); {
		hi := s.endOfSegment(lo)
		n.number(s.segs[s.refs[lo].segment()].Column(c), s.refs[lo:hi], o.of[lo:hi])
		lo = hi
	}
	return o
}

// numbering numbers users in the order in which they come by.
type numbering struct {
	*owners
	byName map[string]int32
	null   int32 // the number of NULL, -1 when it has not come by
}

// number gives the users of rows of one segment their numbers; under a dictionary, each entry once.
func (n *numbering) number(v *vec.Vec, refs []ref, out []int32) {
	var byCode []int32 // number+1, 0 for a code that has not come by
	if v.Dict != nil {
		byCode = make([]int32, v.Dict.N)
	}
	for i, r := range refs {
		at := r.offset()
		switch {
		case v.IsNull(at):
			out[i] = n.ofNull()
		case byCode == nil:
			out[i] = n.ofName(v.Strs[v.At(at)])
		default:
			c := v.Codes[at]
			if byCode[c] == 0 {
				byCode[c] = n.ofName(v.Dict.Strs[c]) + 1
			}
			out[i] = byCode[c] - 1
		}
	}
}

func (n *numbering) ofName(name string) int32 {
	number, known := n.byName[name]
	if !known {
		number = int32(len(n.users))
		n.byName[name] = number
		n.users = append(n.users, &name)
	}
	return number
}

func (n *numbering) ofNull() int32 {
	if n.null < 0 {
		n.null = int32(len(n.users))
		n.users = append(n.users, nil)
	}
	return n.null
}

// endOfSegment gives the place behind the rows that are in the same segment as the row at lo.
func (s *selection) endOfSegment(lo int) int {
	next := ref(s.refs[lo].segment()+1) << 16
	if s.refs[lo].segment() == maxSegments-1 {
		return len(s.refs)
	}
	at, _ := slices.BinarySearch(s.refs[lo:], next)
	return lo + at
}

// distribute gives the groups their rows, in the order of insertion.
func (s *selection) distribute(owners, places []int32, out []group) {
	if len(out) == 1 {
		out[0].refs = s.refs
		return
	}
	counts := make([]int, len(out))
	for _, u := range owners {
		counts[places[u]]++
	}
	all, at := make([]ref, len(s.refs)), 0
	for g := range out {
		out[g].refs = all[at : at : at+counts[g]]
		at += counts[g]
	}
	for i, u := range owners {
		g := &out[places[u]]
		g.refs = append(g.refs, s.refs[i])
	}
}
