package exec

import (
	"context"

	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/exprs/vec"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/bind"
	"github.com/stoadb/stoa/sql/parser"
	"github.com/stoadb/stoa/sql/plan"
	"github.com/stoadb/stoa/store"
)

// Load inserts the batches that next gives, until it gives nil, as one statement, and gives the number of rows. It is INSERT for programs: the batches have
// the named columns, in that order and of the table's types, which next is told; the others get their defaults. next must not use the database.
func (s *Session) Load(ctx context.Context, name schemahistory.Name, columns []string, next func(cols []schemahistory.Column) (*vec.Batch, error)) (int64, error) {
	ctx, cancel := s.deadline(ctx)
	defer cancel()
	run := s.begin(ctx)
	defer func() { s.notices = nil }() // there is no result that could carry them
	var count int64
	err := s.engine.db.Update(ctx, func(tx *store.Tx) error {
		def, ok := tx.Table(name)
		if !ok {
			return sqlstate.New(sqlstate.UndefinedTable, "relation %q does not exist", name.String())
		}
		names := make([]parser.Ident, len(columns))
		for i, c := range columns {
			names[i].Name = c
		}
		target, err := bind.TargetColumns(def, names)
		if err != nil {
			return err
		}
		count, err = run.load(tx, def, target, next)
		return err
	})
	if err != nil {
		return 0, Cancelled(err)
	}
	return count, nil
}

func (s *statement) load(tx *store.Tx, def *schemahistory.TableDefinition, target []int, next func([]schemahistory.Column) (*vec.Batch, error)) (int64, error) {
	cols := make([]schemahistory.Column, len(target))
	for i, c := range target {
		cols[i] = def.Columns[c]
	}
	rows, err := s.completer(def, target, true)
	if err != nil {
		return 0, err
	}
	w := &inserter{stmt: s, tx: tx, def: def, ret: &returned{}}
	for {
		b, err := next(cols)
		if err != nil || b == nil {
			return w.count, err
		}
		if b, err = rows.complete(b); err != nil {
			return 0, err
		}
		if err := w.add(b); err != nil {
			return 0, err
		}
	}
}

// completer makes rows of a table of batches that have some of its columns.
type completer struct {
	exprs []exprs.Expr // of the table's columns, on the batch's; nil when the batch is such rows already
	ctx   *exprs.Ctx
}

// completer gives the completer for batches that have the columns target. The others get their defaults. With fit, values are made to fit types such as
// varchar(3), for which those of readers have been made.
func (s *statement) completer(def *schemahistory.TableDefinition, target []int, fit bool) (*completer, error) {
	given, whole := &plan.Virtual{Name: "rows"}, len(target) == len(def.Columns)
	for i, c := range target {
		given.Cols = append(given.Cols, plan.Column{Name: def.Columns[c].Name, Type: def.Columns[c].Type})
		whole = whole && c == i && !(fit && len(def.Columns[c].Modifier) > 0)
	}
	if whole {
		return &completer{}, nil
	}
	binder := &bind.Binder{Registry: s.engine.registry, Eval: s.eval()}
	n, err := binder.WithDefaults(def, given, target, 0)
	if err != nil {
		return nil, err
	}
	p, ok := n.(*plan.Project)
	if !ok {
		return nil, sqlstate.New(sqlstate.InternalError, "internal error: the defaults of %s are a %T", def.Name, n)
	}
	return &completer{exprs: p.Exprs, ctx: s.eval()}, nil
}

// complete gives a batch's rows as rows of the table.
func (c *completer) complete(b *vec.Batch) (*vec.Batch, error) {
	if c.exprs == nil {
		return b, nil
	}
	c.ctx.Settle()
	out := &vec.Batch{N: b.N, Cols: make([]*vec.Vec, len(c.exprs))}
	for i, e := range c.exprs {
		var err error
		if out.Cols[i], err = e.Eval(c.ctx, b); err != nil {
			return nil, err
		}
	}
	return out, nil
}
