package parser

import "strings"

// subquery writes a query in parentheses.
func (f *formatter) subquery(q *Query) {
	f.put("(")
	f.query(q)
	f.put(")")
}

// query writes a query.
func (f *formatter) query(q *Query) {
	if q.With != nil {
		f.with(q.With)
	}
	switch b := q.Body.(type) {
	case *Select:
		f.selectCore(b)
	case *Values:
		for i, row := range b.Rows {
			f.call([...]string{"VALUES ", ", "}[min(i, 1)], row...)
		}
	case *SetOperation:
		f.setOperand(b.Left)
		f.put([...]string{Union: " UNION ", Intersect: " INTERSECT ", Except: " EXCEPT "}[b.Op])
		if b.All {
			f.put("ALL ")
		}
		f.setOperand(b.Right)
	}
	f.orderBy(" ORDER BY ", q.OrderBy)
	if q.Limit != nil && !q.WithTies {
		f.put(" LIMIT ")
		f.expr(q.Limit)
	}
	if q.Offset != nil {
		f.put(" OFFSET ")
		f.expr(q.Offset)
	}
	if q.Limit != nil && q.WithTies {
		f.put(" FETCH FIRST (")
		f.expr(q.Limit)
		f.put(") ROWS WITH TIES")
	}
	for _, l := range q.Locking {
		f.locking(l)
	}
}

// setOperand writes an operand of a set operator, in parentheses unless it is simple.
func (f *formatter) setOperand(q *Query) {
	_, nested := q.Body.(*SetOperation)
	if nested || q.With != nil || q.OrderBy != nil || q.Limit != nil || q.Offset != nil || q.Locking != nil {
		f.subquery(q)
		return
	}
	f.query(q)
}

func (f *formatter) with(w *With) {
	f.put("WITH ")
	if w.Recursive {
		f.put("RECURSIVE ")
	}
	for i, c := range w.CTEs {
		if i > 0 {
			f.put(", ")
		}
		f.put(QuoteIdent(c.Name), identList(c.Columns), " AS ")
		if c.Materialized != nil {
			f.put(not(!*c.Materialized), "MATERIALIZED ")
		}
		if q, ok := c.Query.(*Query); ok { // in an expression it always is one
			f.subquery(q)
		}
	}
	f.put(" ")
}

func (f *formatter) selectCore(s *Select) {
	f.put("SELECT")
	switch {
	case s.DistinctOn != nil:
		f.call(" DISTINCT ON ", s.DistinctOn...)
	case s.Distinct:
		f.put(" DISTINCT")
	case s.All:
		f.put(" ALL")
	}
	for i, item := range s.Items {
		f.put([...]string{" ", ", "}[min(i, 1)])
		f.expr(item.Expr)
		if item.Alias != "" {
			f.put(" AS ", QuoteIdent(item.Alias))
		}
	}
	for i, t := range s.From {
		f.put([...]string{" FROM ", ", "}[min(i, 1)])
		f.table(t)
	}
	f.clause(" WHERE ", s.Where)
	for i, e := range s.GroupBy {
		f.put([...]string{" GROUP BY ", ", "}[min(i, 1)])
		f.expr(e)
	}
	f.clause(" HAVING ", s.Having)
	for i, w := range s.Windows {
		f.put([...]string{" WINDOW ", ", "}[min(i, 1)], QuoteIdent(w.Name), " AS ")
		f.window(w.Spec)
	}
}

// clause writes words and an expression, if there is one.
func (f *formatter) clause(words string, e Expr) {
	if e != nil {
		f.put(words)
		f.expr(e)
	}
}

// table writes a FROM item.
func (f *formatter) table(t TableExpr) {
	switch t := t.(type) {
	case *Table:
		if t.Only {
			f.put("ONLY ")
		}
		f.put(t.ObjectName.String())
		f.alias(t.Alias)
	case *DerivedTable:
		if t.Lateral {
			f.put("LATERAL ")
		}
		f.subquery(t.Query)
		f.alias(t.Alias)
	case *FunctionTable:
		f.tableFunction(t)
	case *Join:
		f.join(t)
	}
}

func (f *formatter) alias(a *Alias) {
	if a != nil {
		f.put(" AS ", QuoteIdent(a.Name), identList(a.Columns))
	}
}

func (f *formatter) tableFunction(t *FunctionTable) {
	if t.Lateral {
		f.put("LATERAL ")
	}
	f.expr(t.Func)
	if t.Ordinality {
		f.put(" WITH ORDINALITY")
	}
	if t.ColumnDefs == nil {
		f.alias(t.Alias)
		return
	}
	f.put(" AS ")
	if t.Alias.Name != "" {
		f.put(QuoteIdent(t.Alias.Name), " ")
	}
	for i, c := range t.ColumnDefs {
		f.put([...]string{"(", ", "}[min(i, 1)], QuoteIdent(c.Name), " ", c.Type.String())
		if c.Collation != nil {
			f.put(" COLLATE ", c.Collation.String())
		}
	}
	f.put(")")
}

// join writes a join in parentheses.
func (f *formatter) join(j *Join) {
	f.put("(")
	f.table(j.Left)
	if j.Natural {
		f.put(" NATURAL")
	}
	f.put([...]string{InnerJoin: " JOIN ", LeftJoin: " LEFT JOIN ", RightJoin: " RIGHT JOIN ", FullJoin: " FULL JOIN ", CrossJoin: " CROSS JOIN "}[j.Kind])
	f.table(j.Right)
	if j.Using != nil {
		f.put(" USING", identList(j.Using))
		if j.UsingAlias != nil {
			f.put(" AS ", QuoteIdent(j.UsingAlias.Name))
		}
	}
	f.clause(" ON ", j.On)
	f.put(")")
	f.alias(j.Alias)
}

func (f *formatter) locking(l Locking) {
	f.put(" FOR ", strings.ToUpper(l.Strength))
	for i, n := range l.Of {
		f.put([...]string{" OF ", ", "}[min(i, 1)], n.String())
	}
	if l.Wait != "" {
		f.put(" ", strings.ToUpper(l.Wait))
	}
}

// identList gives (a, b) with a space before it, or nothing.
func identList(names []Ident) string {
	if names == nil {
		return ""
	}
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = QuoteIdent(n.Name)
	}
	return " (" + strings.Join(quoted, ", ") + ")"
}
