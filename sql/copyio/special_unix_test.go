//go:build unix

package copyio

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/vfs"
)

// TestSpecialFiles writes to what is no regular file, which must not be replaced.
func TestSpecialFiles(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/null"); err != nil {
		t.Skip("there is no /dev/null")
	}
	require.NoError(t, writeOld(vfs.OS(), "/dev/null", nil))
	info, err := os.Stat("/dev/null")
	require.NoError(t, err)
	require.False(t, info.Mode().IsRegular())
	fifo := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(fifo, 0o600))
	got := make(chan string)
	go func() {
		data, err := os.ReadFile(fifo)
		if err != nil {
			data = []byte(err.Error())
		}
		got <- string(data)
	}()
	require.NoError(t, writeOld(vfs.OS(), fifo, nil))
	require.Equal(t, "x\n"+strings.Repeat("y", 400_000)+"\n", <-got)
}

// TestPipesEnd opens and reads pipes to which nobody writes: the end of the statement ends the wait.
func TestPipesEnd(t *testing.T) {
	t.Parallel()
	fifo := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(fifo, 0o600))
	open := func(ctx context.Context, format Format) (Reader, error) {
		return Open(vfs.OS(), fifo, &Options{Format: format}, columnsOf(t, "a int"), "t", builtin.Registry(), exprs.NewCtx(ctx, 0, time.UTC))
	}
	_, err := open(context.Background(), Parquet)
	require.Equal(t, sqlstate.WrongObjectType, sqlstate.CodeOf(err), "%v", err)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	_, err = open(ctx, CSV)
	require.Equal(t, sqlstate.QueryCanceled, sqlstate.CodeOf(err), "%v", err)

	writer, err := os.OpenFile(fifo, os.O_RDWR, 0)
	require.NoError(t, err)
	defer writer.Close()
	ctx, cancel = context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	r, err := open(ctx, CSV)
	if err == nil {
		_, err = r.Read(ctx, 0)
		r.Close()
	}
	require.Equal(t, sqlstate.QueryCanceled, sqlstate.CodeOf(err), "%v", err)

	_, err = writer.WriteString("1\n2\n") // a pipe holds it as long as somebody has it open
	require.NoError(t, err)
	r, err = open(context.Background(), CSV)
	require.NoError(t, err)
	b, err := r.Read(context.Background(), 2)
	require.NoError(t, err)
	require.Equal(t, 2, b.N)
	require.NoError(t, r.Close())
}

// TestDevices reads devices without an end.
func TestDevices(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/dev/zero", "/dev/urandom"} {
		if _, err := os.Stat(path); err != nil {
			continue
		}
		for _, format := range []Format{Text, CSV, NDJSON} {
			err := copyText(t, path, &Options{Format: format}, "a text")
			require.Error(t, err)
			require.Contains(t, []sqlstate.Code{sqlstate.CharacterNotInRepertoire, sqlstate.BadCopyFileFormat}, sqlstate.CodeOf(err), "%s: %v", path, err)
		}
		err := copyText(t, path, &Options{Format: Parquet}, "a text")
		require.Equal(t, sqlstate.WrongObjectType, sqlstate.CodeOf(err), "%v", err)
	}
}
