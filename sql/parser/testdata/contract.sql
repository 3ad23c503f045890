-- The SQL statements of the system tables' contract (version 1.0.0), in order, verbatim.

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

CREATE INDEX idx_jobs_status ON system.jobs(status);
CREATE INDEX idx_jobs_type ON system.jobs(job_type);
CREATE INDEX idx_jobs_created ON system.jobs(created_at DESC);

-- Get all running jobs
SELECT * FROM system.jobs WHERE status = 'running';

-- Get recent flush jobs with metrics
SELECT 
    job_id,
    parameters->0 AS namespace,
    parameters->1 AS table_name,
    result,
    memory_used / 1024 / 1024 AS memory_mb,
    cpu_used / 1000000 AS cpu_seconds
FROM system.jobs
WHERE job_type = 'flush'
ORDER BY created_at DESC
LIMIT 10;

-- Find jobs consuming most memory
SELECT 
    job_type,
    AVG(memory_used) / 1024 / 1024 AS avg_memory_mb,
    MAX(memory_used) / 1024 / 1024 AS max_memory_mb
FROM system.jobs
WHERE status = 'completed'
GROUP BY job_type;

-- Get job execution time distribution
SELECT 
    job_type,
    AVG(EXTRACT(EPOCH FROM (completed_at - started_at))) AS avg_duration_seconds,
    MIN(EXTRACT(EPOCH FROM (completed_at - started_at))) AS min_duration_seconds,
    MAX(EXTRACT(EPOCH FROM (completed_at - started_at))) AS max_duration_seconds
FROM system.jobs
WHERE status = 'completed'
GROUP BY job_type;

-- Find failed jobs on specific node
SELECT * FROM system.jobs
WHERE status = 'failed' AND trace LIKE 'node-1:%'
ORDER BY created_at DESC;

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

CREATE INDEX idx_live_queries_user ON system.live_queries(user_id);
CREATE INDEX idx_live_queries_table ON system.live_queries(namespace_id, table_name);
CREATE INDEX idx_live_queries_node ON system.live_queries(node);

-- Get all subscriptions for a user
SELECT * FROM system.live_queries WHERE user_id = 'jamal';

-- Get subscriptions with initial data fetch
SELECT 
    live_id,
    table_name,
    options->>'last_rows' AS initial_rows,
    changes
FROM system.live_queries
WHERE options->>'last_rows' IS NOT NULL;

-- Find most active subscriptions (by change count)
SELECT 
    user_id,
    namespace_id || '.' || table_name AS table,
    changes,
    changes / EXTRACT(EPOCH FROM (now() - created_at)) AS changes_per_second
FROM system.live_queries
ORDER BY changes DESC
LIMIT 10;

-- Get subscriptions per node (cluster load distribution)
SELECT 
    node,
    COUNT(*) AS subscription_count,
    SUM(changes) AS total_changes
FROM system.live_queries
GROUP BY node
ORDER BY subscription_count DESC;

-- Find idle subscriptions (no changes in last hour)
SELECT * FROM system.live_queries
WHERE last_update < now() - INTERVAL '1 hour';

-- Get subscriptions to specific table
SELECT 
    live_id,
    user_id,
    query,
    options,
    changes
FROM system.live_queries
WHERE namespace_id = 'chat' AND table_name = 'messages';

-- Find subscriptions with large buffers (potential memory pressure)
SELECT 
    live_id,
    table_name,
    options->>'buffer_size' AS buffer_size,
    node
FROM system.live_queries
WHERE (options->>'buffer_size')::int > 2000;

CREATE TABLE system.storages (
    storage_id UUID PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,           -- Storage location name
    base_path TEXT NOT NULL,             -- Base directory path
    path_template TEXT NOT NULL,         -- Path template with variables
    created_at TIMESTAMP DEFAULT now()
);

ALTER TABLE system.storage_locations RENAME TO system.storages;

-- List all storage locations
SELECT * FROM system.storages;

-- Get storage by name
SELECT * FROM system.storages WHERE name = 'primary';

-- Find storages with specific base path
SELECT * FROM system.storages WHERE base_path LIKE '/mnt/storage%';

-- DEPRECATED - Do not use
CREATE TABLE system.table_schemas (
    schema_id UUID PRIMARY KEY,
    namespace_id TEXT NOT NULL,
    table_name TEXT NOT NULL,
    schema_version BIGINT NOT NULL,      -- Monotonically increasing version
    schema_json JSONB NOT NULL,          -- Arrow schema as JSON
    created_at TIMESTAMP DEFAULT now(),
    INDEX (namespace_id, table_name, schema_version)
);

-- Get all schema versions for a table
SELECT 
    schema_version,
    created_at,
    jsonb_array_length(schema_json->'fields') AS column_count
FROM system.table_schemas
WHERE namespace_id = 'chat' AND table_name = 'messages'
ORDER BY schema_version DESC;

-- Get current schema version
SELECT * FROM system.table_schemas
WHERE namespace_id = 'chat' AND table_name = 'messages'
ORDER BY schema_version DESC
LIMIT 1;

-- Find when column was added
SELECT 
    schema_version,
    created_at
FROM system.table_schemas
WHERE namespace_id = 'chat' 
  AND table_name = 'messages'
  AND schema_json->'fields' @> '[{"name": "metadata"}]'
ORDER BY schema_version ASC
LIMIT 1;

-- Get schema differences between versions
SELECT 
    v1.schema_version AS old_version,
    v2.schema_version AS new_version,
    v1.schema_json AS old_schema,
    v2.schema_json AS new_schema
FROM system.table_schemas v1
JOIN system.table_schemas v2 
  ON v1.namespace_id = v2.namespace_id 
  AND v1.table_name = v2.table_name
WHERE v1.namespace_id = 'chat'
  AND v1.table_name = 'messages'
  AND v2.schema_version = v1.schema_version + 1;

-- Get all active background jobs
SELECT 
    j.job_type,
    j.status,
    j.parameters,
    j.started_at,
    EXTRACT(EPOCH FROM (now() - j.started_at)) AS running_seconds
FROM system.jobs j
WHERE j.status = 'running'
ORDER BY j.started_at;

-- Get all active subscriptions with activity metrics
SELECT 
    lq.user_id,
    lq.namespace_id || '.' || lq.table_name AS table,
    lq.changes,
    lq.node,
    EXTRACT(EPOCH FROM (now() - lq.last_update)) AS seconds_since_last_change
FROM system.live_queries lq
ORDER BY lq.changes DESC;

-- Average flush job duration and resource usage
SELECT 
    AVG(EXTRACT(EPOCH FROM (completed_at - started_at))) AS avg_duration_seconds,
    AVG(memory_used) / 1024 / 1024 AS avg_memory_mb,
    AVG(cpu_used) / 1000000 AS avg_cpu_seconds,
    COUNT(*) AS job_count
FROM system.jobs
WHERE job_type = 'flush' AND status = 'completed'
  AND created_at > now() - INTERVAL '24 hours';

-- Subscription changes per table
SELECT 
    namespace_id || '.' || table_name AS table,
    COUNT(*) AS subscription_count,
    SUM(changes) AS total_changes,
    AVG(changes) AS avg_changes_per_subscription
FROM system.live_queries
GROUP BY namespace_id, table_name
ORDER BY total_changes DESC;

-- Find failed jobs in last hour
SELECT 
    job_id,
    job_type,
    parameters,
    error,
    trace,
    created_at
FROM system.jobs
WHERE status = 'failed'
  AND created_at > now() - INTERVAL '1 hour'
ORDER BY created_at DESC;

-- Find stuck subscriptions (no updates in 10 minutes)
SELECT 
    live_id,
    user_id,
    table_name,
    changes,
    last_update,
    node
FROM system.live_queries
WHERE last_update < now() - INTERVAL '10 minutes'
ORDER BY last_update;

-- system.jobs
ALTER TABLE system.jobs ADD COLUMN parameters JSONB;
ALTER TABLE system.jobs ADD COLUMN result TEXT;
ALTER TABLE system.jobs ADD COLUMN trace TEXT;
ALTER TABLE system.jobs ADD COLUMN memory_used BIGINT;
ALTER TABLE system.jobs ADD COLUMN cpu_used BIGINT;

-- system.live_queries
ALTER TABLE system.live_queries ADD COLUMN options JSONB;
ALTER TABLE system.live_queries ADD COLUMN changes BIGINT DEFAULT 0;
ALTER TABLE system.live_queries ADD COLUMN node TEXT;

-- Rename storage locations
ALTER TABLE system.storage_locations RENAME TO system.storages;

CREATE TABLE system.table_schemas (
    schema_id UUID PRIMARY KEY,
    namespace_id TEXT NOT NULL,
    table_name TEXT NOT NULL,
    schema_version BIGINT NOT NULL,
    schema_json JSONB NOT NULL,
    created_at TIMESTAMP DEFAULT now()
);

CREATE INDEX idx_table_schemas_lookup 
ON system.table_schemas(namespace_id, table_name, schema_version);

-- Insert current schema for each existing table as version 1
INSERT INTO system.table_schemas (schema_id, namespace_id, table_name, schema_version, schema_json)
SELECT 
    gen_random_uuid(),
    namespace_id,
    table_name,
    1,
    '<current_schema_as_json>'
FROM system.tables;
