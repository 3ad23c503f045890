package vfs

import (
	"encoding/binary"
	"maps"
	"slices"
	"sync/atomic"
)

const (
	pageSize = 4096
	// sectorSize is what a disk writes whole or not at all.
	sectorSize = 512
	sectors    = pageSize / sectorSize
)

// page holds pageSize bytes; nil reads as zeros. A frozen page is shared with another file or with the durable state and is copied before
// it is changed. The flag is atomic because a clone and its original have different mutexes.
type page struct {
	frozen atomic.Bool
	b      [pageSize]byte
}

// memData is the content of a file, as it reads now and as it is on the disk. Bytes behind the size are always zero.
type memData struct {
	size  int64
	pages []*page

	safeSize int64
	// dirty holds, for the pages that differ from the disk, what is there. A page may be nil.
	dirty map[int]*page
	// forgotten are dirty pages that a failed sync has given up: no later one saves them, unless they are written again.
	forgotten map[int]bool
}

func (d *memData) readAt(p []byte, off int64) int {
	if off >= d.size {
		return 0
	}
	p = p[:min(int64(len(p)), d.size-off)]
	for done := 0; done < len(p); {
		i, at := int((off+int64(done))/pageSize), int((off+int64(done))%pageSize)
		n := min(pageSize-at, len(p)-done)
		if pg := d.page(i); pg == nil {
			clear(p[done : done+n])
		} else {
			copy(p[done:done+n], pg.b[at:])
		}
		done += n
	}
	return len(p)
}

func (d *memData) page(i int) *page {
	if i < len(d.pages) {
		return d.pages[i]
	}
	return nil
}

// writable returns page i for changing it, having kept what the disk has.
func (d *memData) writable(i int) *page {
	for len(d.pages) <= i {
		d.pages = append(d.pages, nil)
	}
	pg := d.pages[i]
	delete(d.forgotten, i)
	if _, known := d.dirty[i]; !known {
		if d.dirty == nil {
			d.dirty = map[int]*page{}
		}
		d.dirty[i] = pg
		if pg != nil {
			pg.frozen.Store(true)
		}
	}
	switch {
	case pg == nil:
		pg = &page{}
	case pg.frozen.Load():
		pg = &page{b: pg.b}
	}
	d.pages[i] = pg
	return pg
}

func (d *memData) writeAt(p []byte, off int64) {
	if len(p) == 0 {
		return
	}
	for done := 0; done < len(p); {
		i, at := int((off+int64(done))/pageSize), int((off+int64(done))%pageSize)
		done += copy(d.writable(i).b[at:], p[done:])
	}
	d.size = max(d.size, off+int64(len(p)))
}

func (d *memData) resize(size int64) {
	if size < d.size {
		keep := int((size + pageSize - 1) / pageSize)
		for i := keep; i < len(d.pages); i++ {
			if d.pages[i] != nil {
				d.writable(i)
				d.pages[i] = nil
			}
		}
		if at := size % pageSize; at != 0 && d.page(keep-1) != nil {
			clear(d.writable(keep - 1).b[at:])
		}
		d.pages = d.pages[:min(keep, len(d.pages))]
	}
	d.size = size
}

func (d *memData) sync() {
	for i := range d.dirty {
		if !d.forgotten[i] {
			delete(d.dirty, i)
		}
	}
	d.safeSize = d.size
}

func (d *memData) forget() {
	for i := range d.dirty {
		if d.forgotten == nil {
			d.forgotten = map[int]bool{}
		}
		d.forgotten[i] = true
	}
}

// crash returns the content that a crash leaves: size bytes, and of each dirty page what mix makes of the old and the new one.
func (d *memData) crash(size int64, mix func(i int, old, now *page) *page) memData {
	out := memData{size: size, safeSize: size, pages: make([]*page, (size+pageSize-1)/pageSize)}
	for i := range out.pages {
		pg := d.page(i)
		if safe, dirty := d.dirty[i]; dirty {
			if d.forgotten[i] {
				pg = safe
			} else {
				pg = mix(i, safe, pg)
			}
		}
		if pg != nil {
			pg.frozen.Store(true)
		}
		out.pages[i] = pg
	}
	if at := size % pageSize; at != 0 {
		if last := out.page(len(out.pages) - 1); last != nil && !zero(last.b[at:]) {
			last = &page{b: last.b}
			clear(last.b[at:])
			out.pages[len(out.pages)-1] = last
		}
	}
	return out
}

// zero tells whether there are only zeros; most clones can then share a file's last page too.
func zero(b []byte) bool {
	for len(b) >= 8 {
		if binary.NativeEndian.Uint64(b) != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// dirtySectors returns the bounds of the sectors that differ from the disk; there must be some.
func (d *memData) dirtySectors() (low, high int) {
	pages := slices.Sorted(maps.Keys(d.dirty))
	return pages[0] * sectors, (pages[len(pages)-1] + 1) * sectors
}

// writeBack writes some sectors, and the size.
func (d *memData) writeBack(size int64, keep func(sector int) bool) {
	for _, i := range slices.Sorted(maps.Keys(d.dirty)) {
		if !d.forgotten[i] {
			d.dirty[i] = tear(i, d.dirty[i], d.page(i), keep)
		}
	}
	d.safeSize = size
}

// tear mixes the sectors of page i on disk with those of a newer one.
func tear(i int, old, now *page, keep func(sector int) bool) *page {
	var mixed page
	for s := 0; s < pageSize; s += sectorSize {
		from := old
		if keep(i*sectors + s/sectorSize) {
			from = now
		}
		if from != nil {
			copy(mixed.b[s:s+sectorSize], from.b[s:])
		}
	}
	return &mixed
}
