package room

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGroupsLeave(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write := func(dir string, files ...string) {
		dir = filepath.Join(root, dir)
		require.NoError(t, os.MkdirAll(dir, 0o700))
		for i := 0; i < len(files); i += 2 {
			require.NoError(t, os.WriteFile(filepath.Join(dir, files[i]), []byte(files[i+1]+"\n"), 0o600))
		}
	}
	write("v2/pod/box", "memory.max", "1000", "memory.current", "700", "memory.stat", "anon 100\ninactive_file 300\nactive_file 200")
	write("v2/pod", "memory.max", "5000", "memory.current", "4550", "memory.stat", "anon 100")
	write("v2/pod/free", "memory.max", "max", "memory.current", "70")
	write("v2/full", "memory.max", "1000", "memory.current", "1200", "memory.stat", "inactive_file 100")
	write("v1/memory/box", "memory.limit_in_bytes", "1000", "memory.usage_in_bytes", "400", "memory.stat", "inactive_file 7\ntotal_inactive_file 50")
	write("v1/memory", "memory.limit_in_bytes", "9223372036854771712", "memory.usage_in_bytes", "400")
	for _, c := range []struct {
		root, groups string
		want         int64
		known        bool
	}{
		{"v2", "0::/pod/box\n", 450, true}, // what is above it leaves least
		{"v2", "0::/pod/free\n", 450, true},
		{"v2", "0::/full\n", 0, true},
		{"v2", "0::/\n", 0, false},
		{"v1", "9:name=systemd:/box\n4:memory:/box\n1:cpu:/\n0::/\n", 650, true},
		{"v1", "4:memory:/docker/unseen\n", 9223372036854771712 - 400, true},
		{"v1", "nonsense\n", 0, false},
		{"none", "4:memory:/box\n0::/box\n", 0, false},
	} {
		free, known := groupsLeave(filepath.Join(root, c.root), c.groups)
		require.Equal(t, c.known, known, c)
		require.Equal(t, c.want, free, c)
	}
}
