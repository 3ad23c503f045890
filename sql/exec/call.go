package exec

import (
	"strings"

	"github.com/stoadb/stoa/arrowschema"
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/flush"
	"github.com/stoadb/stoa/schemahistory"
	"github.com/stoadb/stoa/sql/parser"
)

// parameter is a parameter of a procedure, in order.
type parameter struct {
	name string
	typ  arrowschema.Type
}

// procedure is what CALL can run.
type procedure struct {
	params []parameter
	run    func(s *statement, args map[string]*exprs.Const) error
}

// procedures are the procedures of the schema system.
var procedures = map[string]procedure{
	"flush":   {[]parameter{{"table_name", arrowschema.Text}, {"all_rows", arrowschema.Bool}, {"user_id", arrowschema.Text}}, (*statement).callFlush},
	"compact": {[]parameter{{"table_name", arrowschema.Text}, {"partition_name", arrowschema.Text}}, (*statement).callCompact},
	"backup": {
		[]parameter{{"backup_location", arrowschema.Text}, {"namespace_id", arrowschema.Text}, {"include_system_tables", arrowschema.Bool}},
		(*statement).callBackup,
	},
	"migrate": {nil, (*statement).callMigrate},
}

// call runs CALL system.name(…).
func (s *statement) call(st *parser.Call) (*Result, error) {
	f := st.Func
	proc, ok := procedures[f.Name]
	if !ok || f.Schema != "system" {
		name := f.Name
		if f.Schema != "" {
			name = f.Schema + "." + name
		}
		return nil, sqlstate.New(sqlstate.UndefinedFunction, "procedure %s() does not exist", name).At(st.Position()).
			WithHint("The procedures are: system.flush(table_name => text, all_rows => boolean, user_id => text), " +
				"system.compact(table_name => text, partition_name => text), " +
				"system.backup(backup_location => text, namespace_id => text, include_system_tables => boolean), system.migrate().")
	}
	args, err := s.procedureArgs(proc, f)
	if err != nil {
		return nil, err
	}
	if err := proc.run(s, args); err != nil {
		return nil, err
	}
	return done("CALL"), nil
}

// procedureArgs binds the arguments of a call, by place and by name.
func (s *statement) procedureArgs(proc procedure, f *parser.FuncCall) (map[string]*exprs.Const, error) {
	snap, err := s.engine.db.Latest(s.ctx)
	if err != nil {
		return nil, err
	}
	defer snap.Close()
	binder := s.binder(snap)
	out := map[string]*exprs.Const{}
	for i, a := range f.Args {
		var p *parameter
		value := a
		if named, ok := a.(*parser.NamedArg); ok {
			value = named.Value
			for j := range proc.params {
				if proc.params[j].name == named.Name {
					p = &proc.params[j]
				}
			}
		} else if i < len(proc.params) {
			p = &proc.params[i]
		}
		if p == nil || out[p.name] != nil {
			return nil, sqlstate.New(sqlstate.UndefinedFunction, "procedure system.%s has no such parameter", f.Name).At(a.Position()).
				WithHint("Its parameters are: %s.", paramNames(proc))
		}
		c, err := binder.Constant(value, p.typ)
		if err != nil {
			return nil, err
		}
		out[p.name] = c
	}
	return out, nil
}

func paramNames(p procedure) string {
	var names []string
	for _, x := range p.params {
		names = append(names, x.name+" "+x.typ.String())
	}
	return strings.Join(names, ", ")
}

// callFlush runs CALL system.flush(['schema.table'] [, all_rows => true] [, user_id => 'user']).
func (s *statement) callFlush(args map[string]*exprs.Const) error {
	req := flush.Request{Node: s.engine.opts.Node}
	if s.session.Progress != nil {
		req.Progress = func(done, _ int64) { s.session.Progress(done) }
	}
	if c := args["all_rows"]; c != nil && !c.IsNull() {
		req.AllRows = c.V.Bools[0]
	}
	if c := args["table_name"]; c != nil && !c.IsNull() {
		name, err := tableNamed(c.V.Strs[0])
		if err != nil {
			return err
		}
		req.Table = &name
	}
	if c := args["user_id"]; c != nil && !c.IsNull() {
		user := c.V.Strs[0]
		req.User = &user
	}
	_, err := flush.Run(s.ctx, s.engine.db, req)
	return err
}

// tableNamed reads a table's name from text, as SQL would.
func tableNamed(text string) (schemahistory.Name, error) {
	e, err := parser.ParseExpr(text)
	if err == nil {
		if ref, ok := e.(*parser.ColumnRef); ok {
			switch len(ref.Parts) {
			case 1:
				return schemahistory.Name{Namespace: defaultNamespace, Table: ref.Parts[0]}, nil
			case 2:
				return schemahistory.Name{Namespace: ref.Parts[0], Table: ref.Parts[1]}, nil
			}
		}
	}
	return schemahistory.Name{}, sqlstate.New("42602", "invalid name syntax: %q", text).WithHint("Write schema.table.")
}
