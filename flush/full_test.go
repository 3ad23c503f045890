package flush

import (
	"context"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/tables"
	"github.com/stoadb/stoa/vfs"
)

// A full disk is told of once, in one line, however many tables there are, and whether or not the log can still say that the jobs have failed.
func TestFullDiskIsOneLine(t *testing.T) {
	t.Parallel()
	for name, full := range map[string]func(path string) bool{
		"files":   func(path string) bool { return strings.Contains(path, ".parquet") },
		"the log": func(path string) bool { return strings.Contains(filepath.ToSlash(path), "/wal/") },
		"all":     func(string) bool { return true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var armed atomic.Bool
			db := open(t, vfs.WithFaults(vfs.NewMem(), func(op vfs.Op) error {
				if armed.Load() && (op.Kind == vfs.OpWrite || op.Kind == vfs.OpWriteAt) && full(op.Path) {
					return syscall.ENOSPC
				}
				return nil
			}), "data")
			defer db.Close()
			insertJobs(t, db, 0, 10)
			insertRows(t, db, schemahistory.LiveQueries, []*tables.LiveQuery{{LiveID: testID(1), UserID: "u", NamespaceID: "n", TableName: "t", Query: "SELECT 1"}})
			armed.Store(true)
			_, err := Run(context.Background(), db, Request{AllRows: true})
			armed.Store(false)
			require.Contains(t, []sqlstate.Code{sqlstate.DiskFull, sqlstate.IOError}, sqlstate.CodeOf(err), "%v", err) // of a log that has failed
			var coded *sqlstate.Error
			require.ErrorAs(t, err, &coded)
			require.NotContains(t, coded.Message+coded.Detail+coded.Hint+err.Error(), "\n")
			require.LessOrEqual(t, strings.Count(coded.Message+coded.Detail, "no space left"), 1)
			if name == "files" {
				require.Equal(t, "3 tables could not be flushed.", coded.Detail)
			}
		})
	}
}
