package stoa

import (
	"context"
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/store"
)

// Append inserts all record batches of a reader into a table, as one atomic and durable statement, and gives the number of rows. Columns are matched by
// name; a column of the table that the reader does not have is NULL, and must allow it. JSON text is brought into jsonb's canonical form.
func (db *DB) Append(ctx context.Context, namespace, table string, r array.RecordReader) (int64, error) {
	name := schemahistory.Name{Namespace: namespace, Table: table}
	var count int64
	err := db.update(ctx, func(tx *store.Tx) error {
		def, ok := tx.Table(name)
		if !ok {
			return sqlstate.New(sqlstate.UndefinedTable, "relation %q does not exist", name.String())
		}
		places, err := matchColumns(def, r.Schema())
		if err != nil {
			return err
		}
		for r.Next() {
			b, err := batchOf(def, places, r.RecordBatch())
			if err != nil {
				return err
			}
			if err := tx.Insert(name, b); err != nil {
				return err
			}
			count += int64(b.N)
		}
		return r.Err()
	})
	if err != nil {
		return 0, err
	}
	return count, nil
}

// matchColumns finds for each column of the table its place in the schema, -1 when it is not there. A column of the schema that the table lacks is 42703.
func matchColumns(def *schemahistory.TableDefinition, schema *arrow.Schema) ([]int, error) {
	places := make([]int, len(def.Columns))
	for i := range places {
		places[i] = -1
	}
	for i, f := range schema.Fields() {
		c := def.Find(f.Name)
		if c < 0 {
			return nil, sqlstate.New(sqlstate.UndefinedColumn, "column %q of relation %q does not exist", f.Name, def.Name.Table)
		}
		if places[c] >= 0 {
			return nil, sqlstate.New(sqlstate.DuplicateColumn, "column %q specified more than once", f.Name)
		}
		places[c] = i
	}
	return places, nil
}

func batchOf(def *schemahistory.TableDefinition, places []int, rec arrow.RecordBatch) (*vec.Batch, error) {
	b := &vec.Batch{N: int(rec.NumRows())}
	for i, c := range def.Columns {
		if places[i] < 0 {
			b.Cols = append(b.Cols, vec.NewNull(c.Type, b.N))
			continue
		}
		v, err := vec.FromArrow(c.Type, rec.Column(places[i]))
		if err != nil {
			return nil, sqlstate.Wrap(sqlstate.DatatypeMismatch, err, "column %q", c.Name)
		}
		if c.Type == arrowschema.JSONB {
			if v, err = canonicalColumn(v); err != nil {
				return nil, fmt.Errorf("column %q: %w", c.Name, err)
			}
		}
		b.Cols = append(b.Cols, v)
	}
	return b, nil
}

// canonicalColumn brings JSON text into canonical form, once per dictionary entry.
func canonicalColumn(v *vec.Vec) (*vec.Vec, error) {
	if v.Dict != nil {
		dict, err := canonicalColumn(v.Dict)
		if err != nil {
			return nil, err
		}
		return vec.NewDict(v.Codes, dict, v.Valid), nil
	}
	out := *v
	out.Strs = make([]string, len(v.Strs))
	for i, s := range v.Strs {
		if !v.Valid.Get(i) {
			continue
		}
		text, err := jsontext.Canonical(s)
		if err != nil {
			return nil, err
		}
		out.Strs[i] = text
	}
	return &out, nil
}
