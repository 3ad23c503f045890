package report

import (
	"strings"

	"github.com/stoadb/stoa/bench/measure"
)

// Pair is two engines that a report compares.
type Pair struct {
	Engine, Other string
}

// Pairs gives what there is to compare: each engine of Stoa's with the engine of another kind in its state, hot with hot and cold with cold. Without other
// engines the first of Stoa's is compared with the rest.
func Pairs(r *measure.Result) []Pair {
	var ours, others []string
	for _, e := range r.Engines {
		if strings.HasPrefix(e, "Stoa") {
			ours = append(ours, e)
		} else {
			others = append(others, e)
		}
	}
	var out []Pair
	for i, e := range ours {
		if len(others) == 0 && i > 0 {
			out = append(out, Pair{ours[0], e})
		}
		if len(others) > 0 {
			out = append(out, Pair{e, counterpart(e, others)})
		}
	}
	return out
}

// counterpart gives the other engine that keeps its rows as e does: in memory or in files.
func counterpart(e string, others []string) string {
	cold := strings.Contains(e, "cold")
	for _, o := range others {
		if strings.Contains(o, "Parquet") == cold {
			return o
		}
	}
	return others[0]
}
