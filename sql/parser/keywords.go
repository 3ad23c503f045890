package parser

// class is how far a keyword may serve as a name.
type class uint8

const (
	notKeyword   class = iota
	unreserved         // any name
	columnName         // a column or table, but no function or type
	typeFuncName       // a function or type, but no column or table
	reserved           // only a label after AS
)

// keyword gives the class of a word in lower case, and whether it can be a column label without AS. The table is that of PostgreSQL 15's
// pg_get_keywords().
func keyword(word string) (c class, bareLabel bool) {
	switch word {
	case "char", "character", "precision":
		return columnName, false
	case "between", "bigint", "bit", "boolean", "coalesce", "dec", "decimal", "exists", "extract", "float", "greatest", "grouping", "inout",
		"int", "integer", "interval", "least", "national", "nchar", "none", "normalize", "nullif", "numeric", "out", "overlay", "position",
		"real", "row", "setof", "smallint", "substring", "time", "timestamp", "treat", "trim", "values", "varchar", "xmlattributes", "xmlconcat",
		"xmlelement", "xmlexists", "xmlforest", "xmlnamespaces", "xmlparse", "xmlpi", "xmlroot", "xmlserialize", "xmltable":
		return columnName, true
	case "array", "as", "create", "except", "fetch", "for", "from", "grant", "group", "having", "intersect", "into", "limit", "offset", "on",
		"order", "returning", "to", "union", "where", "window", "with":
		return reserved, false
	case "all", "analyse", "analyze", "and", "any", "asc", "asymmetric", "both", "case", "cast", "check", "collate", "column", "constraint",
		"current_catalog", "current_date", "current_role", "current_time", "current_timestamp", "current_user", "default", "deferrable", "desc",
		"distinct", "do", "else", "end", "false", "foreign", "in", "initially", "lateral", "leading", "localtime", "localtimestamp", "not",
		"null", "only", "or", "placing", "primary", "references", "select", "session_user", "some", "symmetric", "table", "then", "trailing",
		"true", "unique", "user", "using", "variadic", "when":
		return reserved, true
	case "isnull", "notnull", "overlaps":
		return typeFuncName, false
	case "authorization", "binary", "collation", "concurrently", "cross", "current_schema", "freeze", "full", "ilike", "inner", "is", "join",
		"left", "like", "natural", "outer", "right", "similar", "tablesample", "verbose":
		return typeFuncName, true
	case "day", "filter", "hour", "minute", "month", "over", "second", "varying", "within", "without", "year":
		return unreserved, false
	case "abort", "absolute", "access", "action", "add", "admin", "after", "aggregate", "also", "alter", "always", "asensitive", "assertion",
		"assignment", "at", "atomic", "attach", "attribute", "backward", "before", "begin", "breadth", "by", "cache", "call", "called",
		"cascade", "cascaded", "catalog", "chain", "characteristics", "checkpoint", "class", "close", "cluster", "columns", "comment",
		"comments", "commit", "committed", "compression", "configuration", "conflict", "connection", "constraints", "content", "continue",
		"conversion", "copy", "cost", "csv", "cube", "current", "cursor", "cycle", "data", "database", "deallocate", "declare", "defaults",
		"deferred", "definer", "delete", "delimiter", "delimiters", "depends", "depth", "detach", "dictionary", "disable", "discard", "document",
		"domain", "double", "drop", "each", "enable", "encoding", "encrypted", "enum", "escape", "event", "exclude", "excluding", "exclusive",
		"execute", "explain", "expression", "extension", "external", "family", "finalize", "first", "following", "force", "forward", "function",
		"functions", "generated", "global", "granted", "groups", "handler", "header", "hold", "identity", "if", "immediate", "immutable",
		"implicit", "import", "include", "including", "increment", "index", "indexes", "inherit", "inherits", "inline", "input", "insensitive",
		"insert", "instead", "invoker", "isolation", "key", "label", "language", "large", "last", "leakproof", "level", "listen", "load",
		"local", "location", "lock", "locked", "logged", "mapping", "match", "matched", "materialized", "maxvalue", "merge", "method",
		"minvalue", "mode", "move", "name", "names", "new", "next", "nfc", "nfd", "nfkc", "nfkd", "no", "normalized", "nothing", "notify",
		"nowait", "nulls", "object", "of", "off", "oids", "old", "operator", "option", "options", "ordinality", "others", "overriding", "owned",
		"owner", "parallel", "parameter", "parser", "partial", "partition", "passing", "password", "plans", "policy", "preceding", "prepare",
		"prepared", "preserve", "prior", "privileges", "procedural", "procedure", "procedures", "program", "publication", "quote", "range",
		"read", "reassign", "recheck", "recursive", "ref", "referencing", "refresh", "reindex", "relative", "release", "rename", "repeatable",
		"replace", "replica", "reset", "restart", "restrict", "return", "returns", "revoke", "role", "rollback", "rollup", "routine", "routines",
		"rows", "rule", "savepoint", "schema", "schemas", "scroll", "search", "security", "sequence", "sequences", "serializable", "server",
		"session", "set", "sets", "share", "show", "simple", "skip", "snapshot", "sql", "stable", "standalone", "start", "statement",
		"statistics", "stdin", "stdout", "storage", "stored", "strict", "strip", "subscription", "support", "sysid", "system", "tables",
		"tablespace", "temp", "template", "temporary", "text", "ties", "transaction", "transform", "trigger", "truncate", "trusted", "type",
		"types", "uescape", "unbounded", "uncommitted", "unencrypted", "unknown", "unlisten", "unlogged", "until", "update", "vacuum", "valid",
		"validate", "validator", "value", "version", "view", "views", "volatile", "whitespace", "work", "wrapper", "write", "xml", "yes", "zone":
		return unreserved, true
	}
	return notKeyword, false
}

// IsReserved reports whether word (in lower case) must be quoted to be the name of a table or column: whether it is a reserved keyword, or one that
// only names functions and types.
func IsReserved(word string) bool {
	c, _ := keyword(word)
	return c == reserved || c == typeFuncName
}

// IsKeyword reports whether word (in lower case) is a keyword of any class.
func IsKeyword(word string) bool {
	c, _ := keyword(word)
	return c != notKeyword
}
