//go:build unix

package exec_test

import (
	"context"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/sql/exec"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/store"
)

// A pipe to which nobody writes is refused, not waited for.
func TestReadParquetOfPipe(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	st, err := store.Open(context.Background(), filepath.Join(t.TempDir(), "db"), nil)
	require.NoError(t, err)
	defer st.Close()
	session := exec.New(st, builtin.Registry(), &exec.Options{Workers: 1, Node: "test"}).NewSession()
	stmts, err := parser.Parse("SELECT * FROM read_parquet('" + pipe + "')")
	require.NoError(t, err)
	_, err = session.Execute(context.Background(), stmts[0], nil)
	require.Equal(t, sqlstate.WrongObjectType, sqlstate.CodeOf(err), "%v", err)
}
