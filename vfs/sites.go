package vfs

import (
	"cmp"
	"fmt"
	"path"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Sites notes from which places in the program a file system is called, and at which of them a call was made to fail: what a test needs
// that claims to have failed every call site. Its zero value is ready. It costs a walk up the stack for each call.
type Sites struct {
	mu   sync.Mutex
	seen map[siteKey]*Site
}

// Site is a place in the source from which a file system is called.
type Site struct {
	Kind OpKind
	// Func, File and Line are where. It is the innermost caller that belongs to this module and not to this package, so that a file that
	// is read through bufio, or written by [AtomicWrite], counts for who asked for it.
	Func, File string
	Line       int
	// Via is the function of this package that was called there, if it was not the method itself, as "atomicWrite".
	Via string
	// Calls is how many calls came from there, and Failed how many of them the injector failed.
	Calls, Failed int64
}

type siteKey struct {
	kind      OpKind
	file, via string
	line      int
}

// String is the place and the call, as "wal/log.go:312 (*Log).syncFile: Sync".
func (s Site) String() string {
	via := ""
	if s.Via != "" {
		via = " through " + s.Via
	}
	return fmt.Sprintf("%s:%d %s: %s%s", s.File, s.Line, s.Func, s.Kind, via)
}

// Watch returns an injector that does what inject does (nil: let everything pass) and notes where the calls come from.
func (s *Sites) Watch(inject Injector) Injector {
	return func(op Op) error {
		site := callSite(op.Kind)
		var err error
		if inject != nil {
			err = inject(op)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		key := siteKey{site.Kind, site.File, site.Via, site.Line}
		known := s.seen[key]
		if known == nil {
			if s.seen == nil {
				s.seen = map[siteKey]*Site{}
			}
			known = &site
			s.seen[key] = known
		}
		known.Calls++
		if err != nil {
			known.Failed++
		}
		return err
	}
}

// List returns the places in the order of their files and lines.
func (s *Sites) List() []Site {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Site, 0, len(s.seen))
	for _, site := range s.seen {
		out = append(out, *site)
	}
	slices.SortFunc(out, func(a, b Site) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Via, b.Via))
	})
	return out
}

// Failed tells whether a call from a place was made to fail.
func (s *Sites) Failed(place Site) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.seen[siteKey{place.Kind, place.File, place.Via, place.Line}]
	return known != nil && known.Failed > 0
}

// NeverFailed returns the places of which no call was made to fail.
func (s *Sites) NeverFailed() []Site {
	return slices.DeleteFunc(s.List(), func(site Site) bool { return site.Failed > 0 })
}

// callSite finds who called the file system: the first caller in the module and outside this package, or, without one, the first outside
// this package. What is above the calls of faults.go are injectors. It goes by files, because a closure that is inlined bears another
// package's name.
func callSite(kind OpKind) Site {
	_, here, _, _ := runtime.Caller(0)
	module := path.Dir(reflect.TypeFor[Site]().PkgPath())
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	site := Site{Kind: kind}
	shown := false
	for more := true; more; {
		var f runtime.Frame
		f, more = frames.Next()
		dir, base := path.Split(f.File)
		inside := dir == strings.TrimSuffix(here, "sites.go") && !strings.HasSuffix(base, "_test.go")
		switch {
		case inside && base == "faults.go":
			shown = true
			continue
		case !shown:
			continue
		case inside:
			site.Via, _, _ = strings.Cut(funcName(f), ".") // the outermost helper, without the closures in it
			continue
		}
		inModule := strings.HasPrefix(f.Function, module+"/") || strings.HasPrefix(f.Function, module+".")
		if inModule || site.Func == "" {
			site.Func, site.File, site.Line = funcName(f), path.Join(path.Base(dir), base), f.Line
		}
		if inModule {
			break
		}
	}
	return site
}

// funcName returns a function's name without its package.
func funcName(f runtime.Frame) string {
	_, name, _ := strings.Cut(path.Base(f.Function), ".")
	return name
}

// FailAt makes the first call from a place that [Sites] has noted fail with err, and if forGood all calls after it as well, wherever they come from. It is
// for programs of several goroutines, in which the n-th call is not always the same one. err may be a *[Fault].
func FailAt(place Site, forGood bool, err error) Injector {
	var failed atomic.Bool
	return func(op Op) error {
		if failed.Load() {
			if forGood {
				return err
			}
			return nil
		}
		site := callSite(op.Kind)
		if site.Kind == place.Kind && site.File == place.File && site.Line == place.Line && site.Via == place.Via && failed.CompareAndSwap(false, true) {
			return err
		}
		return nil
	}
}
