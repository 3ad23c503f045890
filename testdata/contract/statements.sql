-- The contract's statements other than its SELECTs, byte for byte and in its order, cut out by scripts/golden/extract.py.
-- "number" is the place among all 48 statements of the contract. "expect" is Stoa's answer in a new database, where the system
-- tables stand from the start: an object that exists with the same definition is a notice and success, with another one 42P07.
-- "postgresql" is what PostgreSQL 15 says to the text: three statements are extensions of its grammar (42601).

-- section: system.jobs (Enhanced) / Schema
-- number: 1
-- expect: notice 42P07 (the relation exists with this definition), tag CREATE TABLE
-- postgresql: accepted where the object is missing
CREATE TABLE system.jobs (
    job_id UUID PRIMARY KEY,
    job_type TEXT NOT NULL,              -- Job category: 'flush', 'compact', 'backup', etc.
    status TEXT NOT NULL,                -- 'pending', 'running', 'completed', 'failed', 'cancelled'
    parameters JSONB,                    -- NEW: Job input parameters as JSON array
    result TEXT,                         -- NEW: Job outcome/summary
    trace TEXT,                          -- NEW: Execution context (node, actor, thread)
    memory_used BIGINT,                  -- NEW: Memory consumed (bytes)
    cpu_used BIGINT,                     -- NEW: CPU time (microseconds)
    created_at TIMESTAMP DEFAULT now(),
    started_at TIMESTAMP,
    completed_at TIMESTAMP,
    error TEXT
);

-- section: system.jobs (Enhanced) / Schema
-- number: 2
-- expect: notice 42P07 (the index exists with this definition), tag CREATE INDEX
-- postgresql: accepted where the object is missing
CREATE INDEX idx_jobs_status ON system.jobs(status);

-- section: system.jobs (Enhanced) / Schema
-- number: 3
-- expect: notice 42P07 (the index exists with this definition), tag CREATE INDEX
-- postgresql: accepted where the object is missing
CREATE INDEX idx_jobs_type ON system.jobs(job_type);

-- section: system.jobs (Enhanced) / Schema
-- number: 4
-- expect: notice 42P07 (the index exists with this definition), tag CREATE INDEX
-- postgresql: accepted where the object is missing
CREATE INDEX idx_jobs_created ON system.jobs(created_at DESC);

-- section: system.live_queries (Enhanced) / Schema
-- number: 10
-- expect: notice 42P07 (the relation exists with this definition), tag CREATE TABLE
-- postgresql: accepted where the object is missing
CREATE TABLE system.live_queries (
    live_id UUID PRIMARY KEY,
    user_id TEXT NOT NULL,
    namespace_id TEXT NOT NULL,
    table_name TEXT NOT NULL,
    query TEXT NOT NULL,                 -- SQL query (SELECT statement)
    options JSONB,                       -- NEW: Subscription configuration
    changes BIGINT DEFAULT 0,            -- NEW: Total notifications delivered
    node TEXT,                           -- NEW: Cluster node identifier
    created_at TIMESTAMP DEFAULT now(),
    last_update TIMESTAMP DEFAULT now()
);

-- section: system.live_queries (Enhanced) / Schema
-- number: 11
-- expect: notice 42P07 (the index exists with this definition), tag CREATE INDEX
-- postgresql: accepted where the object is missing
CREATE INDEX idx_live_queries_user ON system.live_queries(user_id);

-- section: system.live_queries (Enhanced) / Schema
-- number: 12
-- expect: notice 42P07 (the index exists with this definition), tag CREATE INDEX
-- postgresql: accepted where the object is missing
CREATE INDEX idx_live_queries_table ON system.live_queries(namespace_id, table_name);

-- section: system.live_queries (Enhanced) / Schema
-- number: 13
-- expect: notice 42P07 (the index exists with this definition), tag CREATE INDEX
-- postgresql: accepted where the object is missing
CREATE INDEX idx_live_queries_node ON system.live_queries(node);

-- section: system.storages (Renamed) / Schema
-- number: 21
-- expect: notice 42P07 (the relation exists with this definition), tag CREATE TABLE
-- postgresql: accepted where the object is missing
CREATE TABLE system.storages (
    storage_id UUID PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,           -- Storage location name
    base_path TEXT NOT NULL,             -- Base directory path
    path_template TEXT NOT NULL,         -- Path template with variables
    created_at TIMESTAMP DEFAULT now()
);

-- section: system.storages (Renamed) / Migration
-- number: 22
-- expect: notice 42P01 (the old name is gone, the new one stands), tag ALTER TABLE
-- postgresql: 42601
ALTER TABLE system.storage_locations RENAME TO system.storages;

-- section: system.table_schemas (DEPRECATED) / Schema
-- number: 26
-- expect: notice 42P07 (the relation exists with this definition), tag CREATE TABLE
-- postgresql: 42601
CREATE TABLE system.table_schemas (
    schema_id UUID PRIMARY KEY,
    namespace_id TEXT NOT NULL,
    table_name TEXT NOT NULL,
    schema_version BIGINT NOT NULL,      -- Monotonically increasing version
    schema_json JSONB NOT NULL,          -- Arrow schema as JSON
    created_at TIMESTAMP DEFAULT now(),
    INDEX (namespace_id, table_name, schema_version)
);

-- section: Migration Guide / From Older Versions
-- number: 37
-- expect: notice 42701 (the column exists with this type and default), tag ALTER TABLE
-- postgresql: accepted where the object is missing
ALTER TABLE system.jobs ADD COLUMN parameters JSONB;

-- section: Migration Guide / From Older Versions
-- number: 38
-- expect: notice 42701 (the column exists with this type and default), tag ALTER TABLE
-- postgresql: accepted where the object is missing
ALTER TABLE system.jobs ADD COLUMN result TEXT;

-- section: Migration Guide / From Older Versions
-- number: 39
-- expect: notice 42701 (the column exists with this type and default), tag ALTER TABLE
-- postgresql: accepted where the object is missing
ALTER TABLE system.jobs ADD COLUMN trace TEXT;

-- section: Migration Guide / From Older Versions
-- number: 40
-- expect: notice 42701 (the column exists with this type and default), tag ALTER TABLE
-- postgresql: accepted where the object is missing
ALTER TABLE system.jobs ADD COLUMN memory_used BIGINT;

-- section: Migration Guide / From Older Versions
-- number: 41
-- expect: notice 42701 (the column exists with this type and default), tag ALTER TABLE
-- postgresql: accepted where the object is missing
ALTER TABLE system.jobs ADD COLUMN cpu_used BIGINT;

-- section: Migration Guide / From Older Versions
-- number: 42
-- expect: notice 42701 (the column exists with this type and default), tag ALTER TABLE
-- postgresql: accepted where the object is missing
ALTER TABLE system.live_queries ADD COLUMN options JSONB;

-- section: Migration Guide / From Older Versions
-- number: 43
-- expect: notice 42701 (the column exists with this type and default), tag ALTER TABLE
-- postgresql: accepted where the object is missing
ALTER TABLE system.live_queries ADD COLUMN changes BIGINT DEFAULT 0;

-- section: Migration Guide / From Older Versions
-- number: 44
-- expect: notice 42701 (the column exists with this type and default), tag ALTER TABLE
-- postgresql: accepted where the object is missing
ALTER TABLE system.live_queries ADD COLUMN node TEXT;

-- section: Migration Guide / From Older Versions
-- number: 45
-- expect: notice 42P01 (the old name is gone, the new one stands), tag ALTER TABLE
-- postgresql: 42601
ALTER TABLE system.storage_locations RENAME TO system.storages;

-- section: Migration Guide / From Older Versions
-- number: 46
-- expect: notice 42P07 (the relation exists with this definition), tag CREATE TABLE
-- postgresql: accepted where the object is missing
CREATE TABLE system.table_schemas (
    schema_id UUID PRIMARY KEY,
    namespace_id TEXT NOT NULL,
    table_name TEXT NOT NULL,
    schema_version BIGINT NOT NULL,
    schema_json JSONB NOT NULL,
    created_at TIMESTAMP DEFAULT now()
);

-- section: Migration Guide / From Older Versions
-- number: 47
-- expect: notice 42P07 (the index exists with this definition), tag CREATE INDEX
-- postgresql: accepted where the object is missing
CREATE INDEX idx_table_schemas_lookup 
ON system.table_schemas(namespace_id, table_name, schema_version);

-- section: Migration Guide / From Older Versions
-- number: 48
-- expect: error 22P02 (the placeholder is no JSON); with a JSON text in its place, tag INSERT 0 n
-- postgresql: 42P01, as system.tables is not the contract's; 22P02 where it exists
INSERT INTO system.table_schemas (schema_id, namespace_id, table_name, schema_version, schema_json)
SELECT 
    gen_random_uuid(),
    namespace_id,
    table_name,
    1,
    '<current_schema_as_json>'
FROM system.tables;
