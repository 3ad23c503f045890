package vfs

import "syscall"

// Quota bounds what a [Mem] holds. Its zero value is no bound.
type Quota struct {
	// Bytes is the most that all files that have a name or are open may have together; 0: any. A write that would make it more stores what
	// fits and fails. Overwriting needs no room; [File.Truncate] does not fail, but what it adds counts.
	Bytes int64
	// Files is the most files and directories; 0: any. What would make one more fails.
	Files int
	// Err is what fails with; nil means syscall.ENOSPC. A user's quota is syscall.EDQUOT.
	Err error
}

func (q Quota) err() error {
	if q.Err != nil {
		return q.Err
	}
	return syscall.ENOSPC
}

// SetQuota bounds what may be written from now on. What is there stays, and room is made by removing, truncating or replacing files.
func (m *Mem) SetQuota(q Quota) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.quota = q
}

// SetLimit is SetQuota of so many bytes and nothing else; 0 lifts every bound.
func (m *Mem) SetLimit(limit int64) { m.SetQuota(Quota{Bytes: limit}) }

// Used returns the bytes of all files that have a name or are open.
func (m *Mem) Used() int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.used
}

// more counts a new file or directory, if there is room for one.
func (m *Mem) more() error {
	if m.quota.Files > 0 && m.files >= m.quota.Files {
		return m.quota.err()
	}
	m.files++
	return nil
}

// writeAt writes p, or of it what the quota leaves room for.
func (m *Mem) writeAt(n *memNode, p []byte, off int64) (int, error) {
	var err error
	if grow := off + int64(len(p)) - n.data.size; m.quota.Bytes > 0 && grow > 0 && m.used+grow > m.quota.Bytes {
		fits := max(m.quota.Bytes-m.used, 0) + n.data.size - off
		p, err = p[:min(max(fits, 0), int64(len(p)))], m.quota.err()
	}
	before := n.data.size
	n.data.writeAt(p, off)
	m.used += n.data.size - before
	n.mtime = m.now
	return len(p), err
}

func (m *Mem) resize(n *memNode, size int64) {
	m.used += size - n.data.size
	n.data.resize(size)
	n.mtime = m.now
}
