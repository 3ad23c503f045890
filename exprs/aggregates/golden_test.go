package aggregates_test

import (
	"testing"

	"github.com/stoadb/stoa/exprs/builtin"
	"github.com/stoadb/stoa/exprs/exprtest"
)

func TestGolden(t *testing.T) {
	t.Parallel()
	exprtest.Aggregates(t, builtin.Registry(), "testdata/golden.tsv")
}
