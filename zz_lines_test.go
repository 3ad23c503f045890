package stoa_test

import (
	"os"
	"errors"
	"fmt"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"strings"
	"testing"
	"encoding/json"
)

func TestZZLines(t *testing.T) {
	in := os.Getenv("STOA_LINES")
	if in == "" {
		t.Skip()
	}
	text, _ := os.ReadFile(in)
	db := newDatabase(t, 0)
	db.must("DELETE FROM system.storages")
	db.load(contractData(t))
	switch os.Getenv("FORM") {
	case "flush":
		db.flush()
	case "half":
		db.must("DELETE FROM system.jobs"); db.must("DELETE FROM system.live_queries"); db.must("DELETE FROM system.storages"); db.must("DELETE FROM system.table_schemas")
		halfForm(db, contractData(t))
		db.reshape(shape{3, 4})
	case "rewritten":
		db.must("DELETE FROM system.jobs"); db.must("DELETE FROM system.live_queries"); db.must("DELETE FROM system.storages"); db.must("DELETE FROM system.table_schemas")
		rewrittenForm(db, contractData(t))
		db.reshape(shape{5, 2})
	}
	var out []string
	var lines []string
	if err := json.Unmarshal(text, &lines); err != nil { t.Fatal(err) }
	for _, l := range lines {
		a := db.run(l)
		if a.err != nil {
			line := errorLine(a.err)
			var e *sqlstate.Error
			if os.Getenv("POS") != "" && errors.As(a.err, &e) {
				line += fmt.Sprintf(" @%d hint=%s detail=%s", e.Position, e.Hint, e.Detail)
			}
			out = append(out, line)
			continue
		}
		var b strings.Builder
		for i := range a.columns {
			b.WriteString(a.columns[i] + " " + a.types[i] + ",")
		}
		if a.columns == nil { b.WriteString(a.tag) }
		b.WriteString("\n")
		for _, r := range a.rows {
			for i, v := range r {
				if i > 0 { b.WriteString(",") }
				if v == nil { b.WriteString("NULL") } else { b.WriteString(csvField(*v)) }
			}
			b.WriteString("\n")
		}
		out = append(out, b.String())
	}
	j, _ := json.Marshal(out)
	os.WriteFile(in+".out", j, 0o644)
}
