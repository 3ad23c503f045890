package flush

import "github.com/stoadb/stoa/vfs"

// earlySync writes to a file, and has what was written brought to the disk while more is made, so that the sync at the end finds little to do: that of the
// 168 MB of 3,000,000 jobs took 122 ms on a disk of 1.4 GB/s, and takes 3. It is used by one goroutine.
type earlySync struct {
	file    vfs.File
	every   int64               // bytes
	working func() (end func()) // called by a goroutine that syncs

	since   int64      // bytes written since the last sync began
	pending chan error // what the sync that is under way will say; nil for none
}

// earlyBytes are some hundredths of a second of writing: what is left at the end takes no longer.
const earlyBytes = 16 << 20

// Write writes to the file. Its error may be that of an earlier sync.
func (e *earlySync) Write(p []byte) (int, error) {
	n, err := e.file.Write(p)
	if e.since += int64(n); err != nil || e.since < e.every {
		return n, err
	}
	select {
	case err = <-e.pending:
		e.pending = nil
	default:
	}
	if err == nil && e.pending == nil {
		e.begin()
	}
	return n, err
}

// begin begins a sync beside the writing.
func (e *earlySync) begin() {
	done := make(chan error, 1)
	e.since, e.pending = 0, done
	go func() {
		end := e.working()
		err := e.sync()
		end()
		done <- err
	}()
}

// end waits for the sync that is under way. The file may be closed then.
func (e *earlySync) end() error {
	if e.pending == nil {
		return nil
	}
	err := <-e.pending
	e.pending = nil
	return err
}

// sync makes durable what was written.
func (e *earlySync) sync() error { return e.file.Sync() }
