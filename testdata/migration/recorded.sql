-- What CALL system.migrate() records of chat.messages, said to PostgreSQL by hand.
INSERT INTO system.table_schemas (schema_id, namespace_id, table_name, schema_version, schema_json) VALUES
    (gen_random_uuid(), 'chat', 'messages', 1, '{"fields": [
        {"name": "id", "data_type": "Int64", "nullable": false, "metadata": {}}, {"name": "user_id", "data_type": "Utf8", "nullable": false, "metadata": {}},
        {"name": "content", "data_type": "Utf8", "nullable": false, "metadata": {}}, {"name": "created_at", "data_type": "Timestamp(Microsecond, None)", "nullable": false, "metadata": {}},
        {"name": "likes", "data_type": "Int32", "nullable": true, "metadata": {}}, {"name": "weight", "data_type": "Int16", "nullable": true, "metadata": {}},
        {"name": "score", "data_type": "Float64", "nullable": true, "metadata": {}}, {"name": "rate", "data_type": "Float32", "nullable": true, "metadata": {}},
        {"name": "seen", "data_type": "Boolean", "nullable": true, "metadata": {}}, {"name": "day", "data_type": "Date32", "nullable": true, "metadata": {}}]}');
