package copyio

import (
	"bytes"
	"fmt"
	"io"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/exprs/builtin"
)

// FuzzRead reads any bytes in every format of lines. What is read must not depend on how the bytes arrive or how large batches are.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"1,x\n", "1,\"a\nb\"\r\n\\.\r\n", "1\tx\\n\n\\.\n", `{"a":1,"b":"\u00e4"}`, "\x1f\x8b", "1,\"a\\\"b\"\n"} {
		f.Add([]byte(s), uint8(0))
		f.Add([]byte(s), uint8(1))
		f.Add([]byte(s), uint8(2))
	}
	reg := builtin.Registry()
	options := []*Options{nil, {Format: CSV}, {Format: NDJSON}, {Format: CSV, Escape: '\\', Header: HeaderOn}, {Format: CSV, Quote: '\\', Null: "x"}}
	f.Fuzz(func(t *testing.T, data []byte, option uint8) {
		o := options[int(option)%len(options)]
		read := func(in io.Reader, n int) string {
			r, err := NewReader(in, o, columnsOf(t, "a int4, b text"), "t", reg, testContext())
			if err != nil {
				return err.Error()
			}
			rows, err := readAll(r, n)
			if err != nil {
				return fmt.Sprintf("%+v", err)
			}
			return fmt.Sprintf("%q", show(rows))
		}
		whole := read(bytes.NewReader(data), 1000)
		require.Equal(t, whole, read(iotest.OneByteReader(bytes.NewReader(data)), 1))
		require.Equal(t, whole, read(iotest.DataErrReader(bytes.NewReader(data)), 2))
	})
}
