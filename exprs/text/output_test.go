package text

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/vec"
)

func TestUUIDTexts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := make([][16]byte, rapid.IntRange(0, 70).Draw(t, "n"))
		for i := range in {
			in[i] = [16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "uuid"))
		}
		out := vec.New(txt, len(in))
		require.NoError(t, Output(runningContext(), []*vec.Vec{vec.NewFlat(arrowschema.UUID, in, nil)}, out))
		for i, u := range in {
			require.Equal(t, uuid.UUID(u).String(), out.Strs[i])
		}
	})
}
