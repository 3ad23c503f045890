//go:build unix

package vfs

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// A pipe in a file's place is refused and not waited for; as what a user names it is opened.
func TestPipeInAFilesPlace(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	for _, open := range []func(string) (File, error){OS().Open, OS().OpenReadWrite} {
		_, err := open(pipe)
		require.ErrorIs(t, err, errNotOrdinary)
		require.ErrorContains(t, err, pipe)
	}
	written := make(chan error, 1)
	go func() {
		w, err := openFile(pipe, syscall.O_WRONLY)
		if err == nil {
			err = w.Close()
		}
		written <- err
	}()
	r, err := OpenStream(OS(), pipe)
	require.NoError(t, err)
	require.NoError(t, <-written)
	require.NoError(t, r.Close())
}
