-- What happens after the migration. Stoa records the versions by itself; PostgreSQL is told them.
-- stoa
ALTER TABLE chat.messages ADD COLUMN metadata TEXT DEFAULT 'none', ALTER COLUMN weight TYPE INT;

-- stoa
ALTER TABLE chat.messages RENAME COLUMN content TO body;

-- stoa
ALTER TABLE chat.messages DROP COLUMN score;

-- stoa
INSERT INTO system.table_schemas (schema_id, namespace_id, table_name, schema_version, schema_json)
VALUES (gen_random_uuid(), 'chat', 'messages', 5, '{"fields": [{"name": "metadata", "data_type": "Struct([...])", "nullable": true, "metadata": {"by": "hand"}}]}');

-- postgresql
INSERT INTO system.table_schemas (schema_id, namespace_id, table_name, schema_version, schema_json) VALUES
    (gen_random_uuid(), 'chat', 'messages', 2, '{"fields": [
        {"name": "id", "data_type": "Int64", "nullable": false, "metadata": {}}, {"name": "user_id", "data_type": "Utf8", "nullable": false, "metadata": {}},
        {"name": "content", "data_type": "Utf8", "nullable": false, "metadata": {}}, {"name": "created_at", "data_type": "Timestamp(Microsecond, None)", "nullable": false, "metadata": {}},
        {"name": "likes", "data_type": "Int32", "nullable": true, "metadata": {}}, {"name": "weight", "data_type": "Int32", "nullable": true, "metadata": {}},
        {"name": "score", "data_type": "Float64", "nullable": true, "metadata": {}}, {"name": "rate", "data_type": "Float32", "nullable": true, "metadata": {}},
        {"name": "seen", "data_type": "Boolean", "nullable": true, "metadata": {}}, {"name": "day", "data_type": "Date32", "nullable": true, "metadata": {}},
        {"name": "metadata", "data_type": "Utf8", "nullable": true, "metadata": {}}]}'),
    (gen_random_uuid(), 'chat', 'messages', 3, '{"fields": [
        {"name": "id", "data_type": "Int64", "nullable": false, "metadata": {}}, {"name": "user_id", "data_type": "Utf8", "nullable": false, "metadata": {}},
        {"name": "body", "data_type": "Utf8", "nullable": false, "metadata": {}}, {"name": "created_at", "data_type": "Timestamp(Microsecond, None)", "nullable": false, "metadata": {}},
        {"name": "likes", "data_type": "Int32", "nullable": true, "metadata": {}}, {"name": "weight", "data_type": "Int32", "nullable": true, "metadata": {}},
        {"name": "score", "data_type": "Float64", "nullable": true, "metadata": {}}, {"name": "rate", "data_type": "Float32", "nullable": true, "metadata": {}},
        {"name": "seen", "data_type": "Boolean", "nullable": true, "metadata": {}}, {"name": "day", "data_type": "Date32", "nullable": true, "metadata": {}},
        {"name": "metadata", "data_type": "Utf8", "nullable": true, "metadata": {}}]}'),
    (gen_random_uuid(), 'chat', 'messages', 4, '{"fields": [
        {"name": "id", "data_type": "Int64", "nullable": false, "metadata": {}}, {"name": "user_id", "data_type": "Utf8", "nullable": false, "metadata": {}},
        {"name": "body", "data_type": "Utf8", "nullable": false, "metadata": {}}, {"name": "created_at", "data_type": "Timestamp(Microsecond, None)", "nullable": false, "metadata": {}},
        {"name": "likes", "data_type": "Int32", "nullable": true, "metadata": {}}, {"name": "weight", "data_type": "Int32", "nullable": true, "metadata": {}},
        {"name": "rate", "data_type": "Float32", "nullable": true, "metadata": {}},
        {"name": "seen", "data_type": "Boolean", "nullable": true, "metadata": {}}, {"name": "day", "data_type": "Date32", "nullable": true, "metadata": {}},
        {"name": "metadata", "data_type": "Utf8", "nullable": true, "metadata": {}}]}'),
    (gen_random_uuid(), 'chat', 'messages', 5, '{"fields": [{"name": "metadata", "data_type": "Struct([...])", "nullable": true, "metadata": {"by": "hand"}}]}');
