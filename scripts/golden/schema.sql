-- What the contract's tables need in PostgreSQL besides the contract's own statements, which the scripts run first.
-- Stoa refuses a status that is not one of the contract's five (23514); PostgreSQL does so by this constraint.
ALTER TABLE system.jobs ADD CONSTRAINT jobs_status_check CHECK (status IN ('pending', 'running', 'completed', 'failed', 'cancelled'));
-- The contract's column tables say "Nullable: No" where its DDL only gives a default.
ALTER TABLE system.jobs ALTER COLUMN created_at SET NOT NULL;
ALTER TABLE system.live_queries ALTER COLUMN changes SET NOT NULL, ALTER COLUMN created_at SET NOT NULL, ALTER COLUMN last_update SET NOT NULL;
ALTER TABLE system.storages ALTER COLUMN created_at SET NOT NULL;
ALTER TABLE system.table_schemas ALTER COLUMN created_at SET NOT NULL;
