package bind

import (
	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/parser"
)

// The clauses of a definition in which no sub-query may stand, as errors about aggregates name them.
const (
	inDefault   = "DEFAULT expressions" // in which nothing can be named
	inTransform = "transform expressions"
	inCheck     = "check constraints"
)

// noSubquery refuses a sub-query where the expression belongs to a definition.
func (b *exprBinder) noSubquery(at parser.Pos) error {
	clause := map[string]string{inDefault: "DEFAULT expression", inTransform: "transform expression", inCheck: "check constraint"}[b.where]
	if clause == "" {
		return nil
	}
	return sqlstate.New(sqlstate.FeatureNotSupported, "cannot use subquery in %s", clause).At(int(at))
}

// NewDefault binds the default that a statement gives a column, as a value of the column.
func (b *Binder) NewDefault(col schemahistory.Column, e parser.Expr) (exprs.Expr, error) {
	eb := &exprBinder{Binder: b, scope: newScope(nil), where: inDefault}
	x, err := eb.bind(e)
	if err != nil {
		return nil, err
	}
	if !b.canCoerce(x.Type(), col.Type, exprs.Assignment) {
		return nil, sqlstate.New(sqlstate.DatatypeMismatch, "column %q is of type %s but default expression is of type %s", col.Name, col.Type, x.Type()).
			At(int(pos(e))).WithHint("You will need to rewrite or cast the expression.")
	}
	return b.toColumn(x, col.Type, col.Modifier, col.Name, pos(e))
}

// Assignable tells whether a value of one type can be stored in a column of another.
func (b *Binder) Assignable(from, to arrowschema.Type) bool {
	return b.canCoerce(from, to, exprs.Assignment)
}

// DefaultType gives the type that a default has before it is made a value of its column; Unknown for a literal without one.
func (b *Binder) DefaultType(e parser.Expr) (arrowschema.Type, error) {
	x, err := (&exprBinder{Binder: b, scope: newScope(nil), where: inDefault}).bind(e)
	if err != nil {
		return arrowschema.Unknown, err
	}
	return x.Type(), nil
}

// Retype binds ALTER COLUMN … TYPE: what becomes of the values of column i when it is to be to, on the table's columns in order. Without using, which
// may be nil, it is the assignment cast.
func (b *Binder) Retype(def *schemahistory.TableDefinition, i int, to schemahistory.Column, using parser.Expr) (exprs.Expr, error) {
	col := def.Columns[i]
	var e exprs.Expr = &exprs.Column{Index: i, T: col.Type, Name: col.Name}
	at := parser.Pos(0)
	if using != nil {
		eb := &exprBinder{Binder: b, scope: tableScope(def, def.Name.Table), where: inTransform}
		var err error
		if e, err = eb.bind(using); err != nil {
			return nil, err
		}
		at = pos(using)
	}
	if !b.canCoerce(e.Type(), to.Type, exprs.Assignment) {
		if using != nil {
			return nil, sqlstate.New(sqlstate.DatatypeMismatch, "result of USING clause for column %q cannot be cast automatically to type %s", col.Name, to.Type).
				WithHint("You might need to add an explicit cast.")
		}
		return nil, sqlstate.New(sqlstate.DatatypeMismatch, "column %q cannot be cast automatically to type %s", col.Name, to.Type).
			WithHint(`You might need to specify "USING %s::%s".`, parser.QuoteIdent(col.Name), to.Type.Format(to.Modifier))
	}
	out, err := b.coerce(e, to.Type, exprs.Assignment, at)
	if err != nil {
		return nil, err
	}
	return b.applyModifier(out, to.Modifier, false)
}

// Check binds the condition of a CHECK constraint on the table's columns in order.
func (b *Binder) Check(def *schemahistory.TableDefinition, e parser.Expr) (exprs.Expr, error) {
	return (&exprBinder{Binder: b, scope: tableScope(def, def.Name.Table), where: inCheck}).condition(e, "CHECK")
}

// ModifierOf gives the modifier of a type's name, checked as PostgreSQL checks it. A precision of seconds above 6 is 6.
func ModifierOf(t arrowschema.Type, name *parser.TypeName) ([]int32, error) {
	if len(name.Mods) == 0 {
		return nil, nil
	}
	first, count := name.Mods[0], len(name.Mods)
	refuse := func(format string, args ...any) ([]int32, error) {
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, format, args...).At(int(name.Pos))
	}
	mods := make([]int32, count)
	for i, m := range name.Mods {
		mods[i] = int32(m)
	}
	switch t {
	case arrowschema.Varchar:
		switch {
		case first < 1:
			return refuse("length for type varchar must be at least 1")
		case first > maxVarchar:
			return refuse("length for type varchar cannot exceed %d", maxVarchar)
		}
	case arrowschema.Numeric:
		switch {
		case count > 2:
			return refuse("invalid NUMERIC type modifier")
		case first < 1 || first > maxNumeric:
			return refuse("NUMERIC precision %d must be between 1 and %d", first, maxNumeric)
		case count == 2 && (name.Mods[1] < -maxNumeric || name.Mods[1] > maxNumeric):
			return refuse("NUMERIC scale %d must be between %d and %d", name.Mods[1], -maxNumeric, maxNumeric)
		}
	case arrowschema.Time, arrowschema.Timestamp, arrowschema.TimestampTZ, arrowschema.Interval:
		mods[0] = min(mods[0], maxSeconds)
	default:
		return nil, sqlstate.New(sqlstate.SyntaxError, "type modifier is not allowed for type %q", t.Name()).At(int(name.Pos))
	}
	return mods, nil
}

// PostgreSQL's limits of modifiers (MaxAttrSize, NUMERIC_MAX_PRECISION, MAX_TIMESTAMP_PRECISION).
const (
	maxVarchar = 10485760
	maxNumeric = 1000
	maxSeconds = 6
)
