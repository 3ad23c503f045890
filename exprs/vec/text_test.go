package vec_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/exprs/vec"
)

func TestAppendUUID(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		u := [16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "uuid"))
		require.Equal(t, "before "+uuid.UUID(u).String(), string(vec.AppendUUID([]byte("before "), u)))
	})
}
