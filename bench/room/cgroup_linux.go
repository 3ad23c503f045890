package room

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// counters are the files in which a version of control groups tells what a group may have, what it has, and which line of memory.stat tells how much of that
// are pages of files that nobody has used lately: those are given back when memory runs short.
type counters struct{ limit, usage, cache string }

// groupsLeave gives the bytes that the memory control groups of a process leave it: its own and those above, each of which limits all below it. The groups are
// those of /proc/self/cgroup, in the hierarchies below root. A group that is not there is passed over: a container sees its own as the root.
func groupsLeave(root, groups string) (free int64, known bool) {
	for line := range strings.Lines(groups) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) != 3 {
			continue
		}
		home, names := root, counters{"memory.max", "memory.current", "inactive_file"}
		switch {
		case parts[1] == "": // version 2
		case parts[1] == "memory": // version 1
			home, names = filepath.Join(root, "memory"), counters{"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"}
		default:
			continue
		}
		for group := filepath.Join("/", parts[2]); ; group = filepath.Dir(group) {
			free, known = least(func() (int64, bool) { return free, known }, func() (int64, bool) { return names.left(filepath.Join(home, group)) })
			if group == "/" {
				break
			}
		}
	}
	return free, known
}

// left gives what the group of a directory leaves.
func (c *counters) left(dir string) (int64, bool) {
	limit, ok := number(filepath.Join(dir, c.limit))
	if !ok {
		return 0, false // "max" is no number
	}
	used, _ := number(filepath.Join(dir, c.usage))
	stat, _ := os.ReadFile(filepath.Join(dir, "memory.stat"))
	for line := range strings.Lines(string(stat)) {
		if rest, ok := strings.CutPrefix(line, c.cache+" "); ok {
			cached, _ := strconv.ParseInt(strings.TrimSpace(rest), 10, 64)
			used -= min(cached, used)
		}
	}
	return max(limit-used, 0), true
}

func number(file string) (int64, bool) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	return n, err == nil
}
