-- The contract's 25 SELECTs, byte for byte and in its order, cut out by scripts/golden/extract.py.
-- "title" is the contract's own comment, "section" the headings above it, "number" the place among all 48 statements.

-- title: Get all running jobs
-- section: system.jobs (Enhanced) / Query Examples
-- number: 5
SELECT * FROM system.jobs WHERE status = 'running';

-- title: Get recent flush jobs with metrics
-- section: system.jobs (Enhanced) / Query Examples
-- number: 6
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

-- title: Find jobs consuming most memory
-- section: system.jobs (Enhanced) / Query Examples
-- number: 7
SELECT 
    job_type,
    AVG(memory_used) / 1024 / 1024 AS avg_memory_mb,
    MAX(memory_used) / 1024 / 1024 AS max_memory_mb
FROM system.jobs
WHERE status = 'completed'
GROUP BY job_type;

-- title: Get job execution time distribution
-- section: system.jobs (Enhanced) / Query Examples
-- number: 8
SELECT 
    job_type,
    AVG(EXTRACT(EPOCH FROM (completed_at - started_at))) AS avg_duration_seconds,
    MIN(EXTRACT(EPOCH FROM (completed_at - started_at))) AS min_duration_seconds,
    MAX(EXTRACT(EPOCH FROM (completed_at - started_at))) AS max_duration_seconds
FROM system.jobs
WHERE status = 'completed'
GROUP BY job_type;

-- title: Find failed jobs on specific node
-- section: system.jobs (Enhanced) / Query Examples
-- number: 9
SELECT * FROM system.jobs
WHERE status = 'failed' AND trace LIKE 'node-1:%'
ORDER BY created_at DESC;

-- title: Get all subscriptions for a user
-- section: system.live_queries (Enhanced) / Query Examples
-- number: 14
SELECT * FROM system.live_queries WHERE user_id = 'jamal';

-- title: Get subscriptions with initial data fetch
-- section: system.live_queries (Enhanced) / Query Examples
-- number: 15
SELECT 
    live_id,
    table_name,
    options->>'last_rows' AS initial_rows,
    changes
FROM system.live_queries
WHERE options->>'last_rows' IS NOT NULL;

-- title: Find most active subscriptions (by change count)
-- section: system.live_queries (Enhanced) / Query Examples
-- number: 16
SELECT 
    user_id,
    namespace_id || '.' || table_name AS table,
    changes,
    changes / EXTRACT(EPOCH FROM (now() - created_at)) AS changes_per_second
FROM system.live_queries
ORDER BY changes DESC
LIMIT 10;

-- title: Get subscriptions per node (cluster load distribution)
-- section: system.live_queries (Enhanced) / Query Examples
-- number: 17
SELECT 
    node,
    COUNT(*) AS subscription_count,
    SUM(changes) AS total_changes
FROM system.live_queries
GROUP BY node
ORDER BY subscription_count DESC;

-- title: Find idle subscriptions (no changes in last hour)
-- section: system.live_queries (Enhanced) / Query Examples
-- number: 18
SELECT * FROM system.live_queries
WHERE last_update < now() - INTERVAL '1 hour';

-- title: Get subscriptions to specific table
-- section: system.live_queries (Enhanced) / Query Examples
-- number: 19
SELECT 
    live_id,
    user_id,
    query,
    options,
    changes
FROM system.live_queries
WHERE namespace_id = 'chat' AND table_name = 'messages';

-- title: Find subscriptions with large buffers (potential memory pressure)
-- section: system.live_queries (Enhanced) / Query Examples
-- number: 20
SELECT 
    live_id,
    table_name,
    options->>'buffer_size' AS buffer_size,
    node
FROM system.live_queries
WHERE (options->>'buffer_size')::int > 2000;

-- title: List all storage locations
-- section: system.storages (Renamed) / Query Examples
-- number: 23
SELECT * FROM system.storages;

-- title: Get storage by name
-- section: system.storages (Renamed) / Query Examples
-- number: 24
SELECT * FROM system.storages WHERE name = 'primary';

-- title: Find storages with specific base path
-- section: system.storages (Renamed) / Query Examples
-- number: 25
SELECT * FROM system.storages WHERE base_path LIKE '/mnt/storage%';

-- title: Get all schema versions for a table
-- section: system.table_schemas (DEPRECATED) / Query Examples
-- number: 27
SELECT 
    schema_version,
    created_at,
    jsonb_array_length(schema_json->'fields') AS column_count
FROM system.table_schemas
WHERE namespace_id = 'chat' AND table_name = 'messages'
ORDER BY schema_version DESC;

-- title: Get current schema version
-- section: system.table_schemas (DEPRECATED) / Query Examples
-- number: 28
SELECT * FROM system.table_schemas
WHERE namespace_id = 'chat' AND table_name = 'messages'
ORDER BY schema_version DESC
LIMIT 1;

-- title: Find when column was added
-- section: system.table_schemas (DEPRECATED) / Query Examples
-- number: 29
SELECT 
    schema_version,
    created_at
FROM system.table_schemas
WHERE namespace_id = 'chat' 
  AND table_name = 'messages'
  AND schema_json->'fields' @> '[{"name": "metadata"}]'
ORDER BY schema_version ASC
LIMIT 1;

-- title: Get schema differences between versions
-- section: system.table_schemas (DEPRECATED) / Query Examples
-- number: 30
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

-- title: Get all active background jobs
-- section: System Table Query Patterns / Monitoring Active Operations
-- number: 31
SELECT 
    j.job_type,
    j.status,
    j.parameters,
    j.started_at,
    EXTRACT(EPOCH FROM (now() - j.started_at)) AS running_seconds
FROM system.jobs j
WHERE j.status = 'running'
ORDER BY j.started_at;

-- title: Get all active subscriptions with activity metrics
-- section: System Table Query Patterns / Monitoring Active Operations
-- number: 32
SELECT 
    lq.user_id,
    lq.namespace_id || '.' || lq.table_name AS table,
    lq.changes,
    lq.node,
    EXTRACT(EPOCH FROM (now() - lq.last_update)) AS seconds_since_last_change
FROM system.live_queries lq
ORDER BY lq.changes DESC;

-- title: Average flush job duration and resource usage
-- section: System Table Query Patterns / Performance Analysis
-- number: 33
SELECT 
    AVG(EXTRACT(EPOCH FROM (completed_at - started_at))) AS avg_duration_seconds,
    AVG(memory_used) / 1024 / 1024 AS avg_memory_mb,
    AVG(cpu_used) / 1000000 AS avg_cpu_seconds,
    COUNT(*) AS job_count
FROM system.jobs
WHERE job_type = 'flush' AND status = 'completed'
  AND created_at > now() - INTERVAL '24 hours';

-- title: Subscription changes per table
-- section: System Table Query Patterns / Performance Analysis
-- number: 34
SELECT 
    namespace_id || '.' || table_name AS table,
    COUNT(*) AS subscription_count,
    SUM(changes) AS total_changes,
    AVG(changes) AS avg_changes_per_subscription
FROM system.live_queries
GROUP BY namespace_id, table_name
ORDER BY total_changes DESC;

-- title: Find failed jobs in last hour
-- section: System Table Query Patterns / Operational Troubleshooting
-- number: 35
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

-- title: Find stuck subscriptions (no updates in 10 minutes)
-- section: System Table Query Patterns / Operational Troubleshooting
-- number: 36
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
