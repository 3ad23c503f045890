package jsontext

import "github.com/stoadb/stoa/arrowschema/sqlstate"

// Pretty is jsonb_pretty: one item a line, four spaces for each level. The error is 54000, when deep nesting makes that more than MaxSize.
func Pretty(doc string) (string, error) {
	return pretty(doc, MaxSize, nil)
}

func pretty(doc string, limit int, watch Watch) (string, error) {
	p := printer{s: doc, dst: make([]byte, 0, len(doc)+len(doc)/2), limit: limit, watcher: watcher{watch: watch}}
	p.value(0, 0)
	if p.err != nil {
		return "", p.err
	}
	if p.full() {
		return "", sqlstate.New(sqlstate.ProgramLimitExceeded, "out of memory").
			WithDetail("The indented text would exceed %d bytes.", limit)
	}
	return view(p.dst), nil
}

type printer struct {
	s     string
	dst   []byte
	limit int // of the length of dst

	watcher watcher
	err     error
}

func (p *printer) full() bool { return len(p.dst) > p.limit || p.err != nil }

// value prints the value at i, on a line that is indented already, and gives the index behind it.
func (p *printer) value(i, depth int) int {
	k := kindAt(p.s, i)
	if k < Array {
		end := skipValue(p.s, i)
		p.dst = append(p.dst, p.s[i:end]...)
		return end
	}
	p.dst = append(p.dst, p.s[i])
	closing := byte(']')
	if k == Object {
		closing = '}'
	}
	i++
	for first := true; !atEnd(p.s, i) && !p.full(); first = false {
		if !first {
			p.dst = append(p.dst, ',')
		}
		p.newLine(depth + 1)
		end := i
		if k == Object {
			end = min(skipString(p.s, i)+2, len(p.s))
			p.dst = append(p.dst, p.s[i:end]...)
		}
		next := skipComma(p.s, p.value(end, depth+1))
		if next == i {
			break // damaged text
		}
		i = next
	}
	p.newLine(depth)
	p.dst = append(p.dst, closing)
	return min(i+1, len(p.s))
}

func (p *printer) newLine(depth int) {
	if p.err == nil {
		p.err = p.watcher.step(len(p.dst))
	}
	p.dst = append(p.dst, '\n')
	for range depth {
		p.dst = append(p.dst, "    "...)
	}
}
