package main

import (
	"sync"
	"time"

	"github.com/cheggaaa/pb/v3"
)

// patience is how long something may take before a bar appears: what is done at once needs none.
const patience = 300 * time.Millisecond

// bar shows how far a long step has come, on a terminal. A nil bar shows nothing.
type bar struct {
	out     any
	label   string
	total   int64 // 0 when unknown
	started time.Time
	mu      sync.Mutex // progress may be told from any goroutine
	bar     *pb.ProgressBar
}

// newBar makes a bar on the error output when that is a terminal, otherwise nil.
func (s *streams) newBar(label string, total int64) *bar {
	if _, ok := terminal(s.err); !ok {
		return nil
	}
	return &bar{out: s.err, label: label, total: total, started: time.Now()}
}

const (
	totalTemplate   = `{{string . "label"}} {{bar . "[" "=" ">" " " "]"}} {{percent . }} {{counters . }} {{rtime . "%s left"}}`
	unknownTemplate = `{{string . "label"}} {{counters . }} rows, {{speed . "%s/s"}}`
)

// set says how many rows are done.
func (b *bar) set(done int64) {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.bar == nil && time.Since(b.started) < patience {
		return
	}
	if b.bar == nil {
		f, _ := terminal(b.out)
		template := totalTemplate
		if b.total == 0 {
			template = unknownTemplate
		}
		b.bar = pb.ProgressBarTemplate(template).New(0).SetTotal(b.total).SetWriter(f).Set("label", b.label).Set(pb.CleanOnFinish, true).SetMaxWidth(100)
		b.bar.Start()
	}
	b.bar.SetCurrent(done)
}

// finish takes the bar away.
func (b *bar) finish() {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.bar != nil {
		b.bar.Finish()
		b.bar = nil
	}
}
