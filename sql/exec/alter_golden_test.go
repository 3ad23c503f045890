package exec_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
)

// TestAlterGolden runs the statements of testdata/alter, of which generate.py there has asked PostgreSQL 15, on hot rows, and with all rows flushed after
// every statement.
func TestAlterGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/alter/*.golden")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			eachHeat(t, func(t *testing.T, db *database, settle func()) {
				text, err := os.ReadFile(file)
				require.NoError(t, err)
				for _, block := range strings.Split(strings.TrimSpace(string(text)), "\n\n") {
					sql, want, ok := strings.Cut(block, "\n----")
					require.True(t, ok, block)
					require.Equal(t, strings.TrimSpace(want), db.transcript(sql), sql)
					settle()
				}
			})
		})
	}
}

// transcript gives what psql shows of a statement.
func (db *database) transcript(sql string) string {
	a := db.run(sql)
	var b strings.Builder
	if a.err != nil {
		var e *sqlstate.Error
		require.True(db.t, errors.As(a.err, &e), a.err)
		c := *e
		c.Position = 0
		return strings.TrimSpace(sqlstate.Report(&c, ""))
	}
	for _, n := range a.notices {
		b.WriteString(n.Severity + ":  " + n.Message + " (SQLSTATE " + string(n.Code) + ")\n")
	}
	if a.columns == nil {
		return b.String() + a.tag
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	require.NoError(db.t, w.Write(a.columns))
	for _, r := range a.records {
		require.NoError(db.t, w.Write(r))
	}
	w.Flush()
	return b.String() + strings.TrimSpace(out.String())
}
