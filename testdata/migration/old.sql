-- Queries of applications that know the older form alone. They answer the same before and after the migration.

SELECT * FROM chat.messages;

SELECT job_id, job_type, status, created_at, started_at, completed_at, error FROM system.jobs;

SELECT job_type, status, count(*), min(created_at), max(completed_at - started_at) FROM system.jobs GROUP BY job_type, status;

SELECT job_id, error FROM system.jobs WHERE status = 'failed' AND error LIKE '%a%' ORDER BY created_at DESC, job_id LIMIT 5;

SELECT live_id, user_id, namespace_id, table_name, query, created_at, last_update FROM system.live_queries;

SELECT namespace_id || '.' || table_name AS "table", count(*) FROM system.live_queries WHERE user_id = 'jamal' GROUP BY 1;

SELECT count(*) FROM system.live_queries WHERE last_update < now() - INTERVAL '10 minutes';

SELECT j.job_type, count(*) FROM system.jobs j JOIN system.live_queries l ON j.created_at < l.created_at GROUP BY j.job_type;

SELECT n.id, m.content FROM notes n LEFT JOIN chat.messages m ON n.id = m.id;

SELECT max(job_id::text) FROM system.jobs WHERE completed_at IS NULL AND started_at IS NOT NULL;
