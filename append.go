package stoa

import (
	"context"
	"fmt"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/exprs/jsontext"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
)

// Append inserts all record batches of a reader into a table, as one atomic and durable statement, and gives the number of rows. Columns are matched by
// name; a column of the table that the reader does not have gets its default. Integers, floats, times and decimals of other widths and units are converted;
// JSON text is brought into jsonb's canonical form.
//
// Errors name the column: 42703 for one that the table does not have, 42701 for one that is there twice, 42804 for one of a type that does not hold the
// column's, and the codes of values that the column cannot hold, NOT NULL, CHECKs and keys as in SQL.
func (db *DB) Append(ctx context.Context, namespace, table string, r array.RecordReader) (int64, error) {
	var names []string
	for _, f := range r.Schema().Fields() {
		names = append(names, f.Name)
	}
	name := schemahistory.Name{Namespace: namespace, Table: table}
	return db.Session().Load(ctx, name, names, func(cols []schemahistory.Column) (*vec.Batch, error) {
		if !r.Next() {
			return nil, r.Err()
		}
		return batchOf(cols, r.RecordBatch())
	})
}

// batchOf gives a record batch as vectors of the given columns.
func batchOf(cols []schemahistory.Column, rec arrow.RecordBatch) (*vec.Batch, error) {
	b := &vec.Batch{N: int(rec.NumRows()), Cols: make([]*vec.Vec, len(cols))}
	for i, c := range cols {
		v, err := vec.FromArrow(c.Type, rec.Column(i))
		if err == nil && (c.Type == arrowschema.JSONB || c.Type == arrowschema.JSON) {
			v, err = jsonColumn(v)
		}
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", c.Name, err)
		}
		b.Cols[i] = v
	}
	return b, nil
}

// jsonColumn checks the JSON text of a column, and brings that of jsonb into canonical form: once per dictionary entry, unless there is one that no
// row may have.
func jsonColumn(v *vec.Vec) (*vec.Vec, error) {
	if v.Dict != nil {
		dict, err := jsonColumn(v.Dict)
		if err != nil {
			return jsonColumn(v.Flat())
		}
		return vec.NewDict(v.Codes, dict, v.Valid), nil
	}
	out := *v
	out.Strs = make([]string, len(v.Strs))
	for i, s := range v.Strs {
		if !v.Valid.Get(i) {
			continue
		}
		var err error
		if out.Strs[i] = s; v.Type == arrowschema.JSONB {
			out.Strs[i], err = jsontext.Canonical(s)
		} else {
			err = jsontext.ValidJSON(s)
		}
		if err != nil {
			return nil, err
		}
	}
	return &out, nil
}
