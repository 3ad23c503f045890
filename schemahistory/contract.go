package schemahistory

import "github.com/stoadb/stoa/arrowschema"

// The names of the contract's tables.
var (
	Jobs         = Name{"system", "jobs"}
	LiveQueries  = Name{"system", "live_queries"}
	Storages     = Name{"system", "storages"}
	TableSchemas = Name{"system", "table_schemas"}
)

// Statuses are the contract's five states of a job; the last three are final.
var Statuses = []string{"pending", "running", "completed", "failed", "cancelled"}

// Contract gives fresh definitions of the four tables of the Enhanced System Tables Schema Contract 1.0.0, in the order of the contract.
// Names, types, order, nullability and defaults are the contract's; so is what its column tables add: live_queries.changes and the
// timestamps with a default are NOT NULL there, although the CREATE TABLE statements leave the word out.
func Contract() []*TableDefinition {
	return []*TableDefinition{jobs(), liveQueries(), storages(), tableSchemas()}
}

const (
	required = 1 << iota // NOT NULL
	repeats              // few distinct values
)

// define numbers the columns and names the primary key, which is the first column.
func define(id uint32, name Name, columns []Column) *TableDefinition {
	for i := range columns {
		columns[i].ID = int32(i + 1)
	}
	d := &TableDefinition{
		ID: id, Name: name, Version: 1, Columns: columns, LastColumn: int32(len(columns)), Storage: "primary", SortColumn: -1, UserColumn: -1, System: true,
		Keys: []Key{{Name: name.Table + "_pkey", Columns: []int{0}, Primary: true}},
	}
	d.SortColumn = d.Find("created_at")
	d.UserColumn = d.Find("user_id")
	return d
}

func column(name string, t arrowschema.Type, flags int, def string) Column {
	return Column{Name: name, Type: t, NotNull: flags&required != 0, Dictionary: flags&repeats != 0, Default: def}
}

// index declares an ascending index.
func index(name string, columns ...string) Index {
	x := Index{Name: name}
	for _, c := range columns {
		x.Columns = append(x.Columns, IndexColumn{Name: c})
	}
	return x
}

func jobs() *TableDefinition {
	d := define(1, Jobs, []Column{
		column("job_id", arrowschema.UUID, required, ""),
		column("job_type", arrowschema.Text, required|repeats, ""),
		column("status", arrowschema.Text, required|repeats, ""),
		column("parameters", arrowschema.JSONB, repeats, ""),
		column("result", arrowschema.Text, repeats, ""),
		column("trace", arrowschema.Text, repeats, ""),
		column("memory_used", arrowschema.Int8, 0, ""),
		column("cpu_used", arrowschema.Int8, 0, ""),
		column("created_at", arrowschema.Timestamp, required, "now()"),
		column("started_at", arrowschema.Timestamp, 0, ""),
		column("completed_at", arrowschema.Timestamp, 0, ""),
		column("error", arrowschema.Text, repeats, ""),
	})
	d.Checks = []Check{{Name: "jobs_status_check", Column: 2, Values: Statuses}}
	d.Indexes = []Index{
		index("idx_jobs_status", "status"), index("idx_jobs_type", "job_type"),
		{Name: "idx_jobs_created", Columns: []IndexColumn{{Name: "created_at", Descending: true}}},
	}
	return d
}

func liveQueries() *TableDefinition {
	d := define(2, LiveQueries, []Column{
		column("live_id", arrowschema.UUID, required, ""),
		column("user_id", arrowschema.Text, required|repeats, ""),
		column("namespace_id", arrowschema.Text, required|repeats, ""),
		column("table_name", arrowschema.Text, required|repeats, ""),
		column("query", arrowschema.Text, required|repeats, ""),
		column("options", arrowschema.JSONB, repeats, ""),
		column("changes", arrowschema.Int8, required, "0"),
		column("node", arrowschema.Text, repeats, ""),
		column("created_at", arrowschema.Timestamp, required, "now()"),
		column("last_update", arrowschema.Timestamp, required, "now()"),
	})
	d.Indexes = []Index{
		index("idx_live_queries_user", "user_id"), index("idx_live_queries_table", "namespace_id", "table_name"), index("idx_live_queries_node", "node"),
	}
	return d
}

func storages() *TableDefinition {
	d := define(3, Storages, []Column{
		column("storage_id", arrowschema.UUID, required, ""),
		column("name", arrowschema.Text, required, ""),
		column("base_path", arrowschema.Text, required, ""),
		column("path_template", arrowschema.Text, required, ""),
		column("created_at", arrowschema.Timestamp, required, "now()"),
	})
	d.Keys = append(d.Keys, Key{Name: "storages_name_key", Columns: []int{1}})
	return d
}

func tableSchemas() *TableDefinition {
	d := define(4, TableSchemas, []Column{
		column("schema_id", arrowschema.UUID, required, ""),
		column("namespace_id", arrowschema.Text, required|repeats, ""),
		column("table_name", arrowschema.Text, required|repeats, ""),
		column("schema_version", arrowschema.Int8, required, ""),
		column("schema_json", arrowschema.JSONB, required|repeats, ""),
		column("created_at", arrowschema.Timestamp, required, "now()"),
	})
	d.Indexes = []Index{index("idx_table_schemas_lookup", "namespace_id", "table_name", "schema_version")}
	return d
}
