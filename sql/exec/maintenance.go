package exec

import (
	"github.com/stoadb/stoa/arrowschema/sqlstate"
	"github.com/stoadb/stoa/exprs"
	"github.com/stoadb/stoa/flush"
)

// callCompact runs CALL system.compact(['schema.table'] [, partition_name => 'directory']).
func (s *statement) callCompact(args map[string]*exprs.Const) error {
	req := flush.CompactRequest{Node: s.engine.opts.Node, Progress: s.progress(), Partition: textArg(args, "partition_name")}
	if text := textArg(args, "table_name"); text != nil {
		name, err := tableNamed(*text)
		if err != nil {
			return err
		}
		req.Table = &name
	}
	_, err := flush.Compact(s.ctx, s.engine.db, req)
	return err
}

const nullNotAllowed sqlstate.Code = "22004"

// callBackup runs CALL system.backup('directory' [, namespace_id => 'namespace'] [, include_system_tables => false]).
func (s *statement) callBackup(args map[string]*exprs.Const) error {
	dest := textArg(args, "backup_location")
	switch {
	case args["backup_location"] == nil:
		return sqlstate.New(sqlstate.UndefinedFunction, "procedure system.backup() does not exist").WithHint("Name a directory that does not exist or is empty: CALL system.backup('dir').")
	case dest == nil:
		return sqlstate.New(nullNotAllowed, "backup_location cannot be NULL")
	}
	req := flush.BackupRequest{Node: s.engine.opts.Node, Progress: s.progress(), Dest: *dest, Namespace: textArg(args, "namespace_id")}
	if c := args["include_system_tables"]; c != nil && !c.IsNull() {
		req.NoSystemTables = !c.V.Bools[0]
	}
	_, err := flush.Backup(s.ctx, s.engine.db, req)
	return err
}

// textArg gives an argument of a procedure; nil when it is NULL or was not given.
func textArg(args map[string]*exprs.Const, name string) *string {
	c := args[name]
	if c == nil || c.IsNull() {
		return nil
	}
	return &c.V.Strs[0]
}

// progress gives what tells the session how far something has come; nil when it does not want to know.
func (s *statement) progress() func(done, total int64) {
	if s.session.Progress == nil {
		return nil
	}
	return func(done, _ int64) { s.session.Progress(done) }
}
