-- The content of the contract's tables behind the golden answers; written by scripts/golden/data.py, not by hand.
-- It expects the four tables to be empty: a new Stoa database has the storage 'primary', which is to be deleted first.
-- The moment now() is 2025-10-21 14:30:22.123456 UTC.

INSERT INTO system.jobs (job_id, job_type, status, parameters, result, trace, memory_used, cpu_used, created_at, started_at, completed_at, error) VALUES
    ('a17a4340-f9c0-4fef-ba1b-1bf13879399b', 'flush', 'completed', 'false', NULL, 'node-2:flush-actor-1:thread-17', 0, 30000000, '2025-10-20 07:30:22.123456', '2025-10-20T07:31:24.772267', '2025-10-20 07:31:24.772267Z', NULL),
    ('8d88348a-7eed-4d14-b06d-3fef701966a0', 'flush', 'failed', '["é", "🙂"]', NULL, 'node-1:x', 0, 30000000, '2025-10-21 13:30:22.123455', '2025-10-21 13:30:50.329786', '2025-10-21T13:30:50.329787', 'a_b'),
    ('156eab79-e9b1-41f4-bca5-f87b447c999d', 'backup', 'completed', '["chat", "messages", "jamal"]', NULL, 'node-1:backup-actor-1:thread-29', 1843068030, 1, '2025-10-19 21:40:22.123456', '2025-10-19T21:40:31.123853', '2025-10-19 21:40:31.373853Z', NULL),
    ('d85328b6-be77-4448-a8b0-9a933dcdb856', 'é', 'completed', '1E-7', ' lead', 'node_1:é-actor-1:thread-8', 52428800, 1500000, '2025-10-08 14:30:22.123456', '2025-10-08 14:31:20.734898', '2025-10-08T14:32:21.734899', NULL),
    ('6fea51ca-4fae-4cf5-8e33-dd7092947d94', 'flush', 'cancelled', '["p-2025-10"]', NULL, 'localhost:flush-actor-1:thread-59', 25821990813, 1, '2025-10-20 06:20:22.123456Z', '2025-10-20 06:21:49.300606', '2025-10-20 06:36:55.851729', NULL),
    ('f0e642f4-3328-4d08-8ded-3c9691eb79fa', 'backup', 'completed', NULL, '日本語', 'node-1:日本語', 1, 6404090499, '2025-10-21 13:59:22.12343', NULL, NULL, '../../etc/passwd'),
    ('c381e88f-38c0-48fd-8712-b8bc076f3787', 'flush', 'completed', 'true', NULL, 'node-10:flush-actor-0:thread-15', 1, 1, '2025-10-21 13:30:22.123455Z', '2025-10-21 13:30:23.123455', '2025-10-21 13:30:25.123455', NULL),
    ('7e0ab2ed-31b1-427e-9766-99cc6ed5d1bf', 'flush', 'pending', '["\u00e9", "\ud83d\ude42"]', NULL, 'node-10:flush-actor-4:thread-35', 1048575, 0, '2025-10-19 13:30:22.123456Z', NULL, NULL, NULL),
    ('b312ad6f-bbdc-45a2-b977-edf4959d133d', 'migrate', 'completed', '["it''s", "a,b"]', '/* none */', 'node-10:migrate-actor-0:thread-14', 1, 999999, '2025-10-20T05:50:22.123456', '2025-10-20 05:50:42.373033Z', '2025-10-20 05:50:42.373033', NULL),
    ('1d3b993f-7949-4eab-bf1a-355e526eb523', 'flush', 'completed', '[null]', '', 'node-1:', 850892, 8548073652, '2025-10-21 13:41:22.123412Z', '2025-10-21 13:42:19.303193', '2025-10-21 14:42:19.303193', '/* none */'),
    ('20012170-d418-47af-a5b7-501ac9c1ffef', 'Flush', 'completed', '{"0": "key zero", "1": "key one"}', '''''', 'NODE-1:Flush-actor-2:thread-58', 1048575, 0, '2025-10-15T14:30:22.123456', '2025-10-15 14:30:47.343002Z', '2025-10-15 14:31:09.352602', NULL),
    ('c1e6415a-95f2-4e55-8fa6-961145f21e94', 'flush', 'running', '["p-2025-10"]', NULL, 'node-10:flush-actor-4:thread-47', 1, 1000000, '2025-10-21 12:20:22Z', '2025-10-21 12:21:48.632558', NULL, NULL),
    ('dbeef77a-dcd6-4029-b805-87f07e465b19', 'time travel', 'completed', '["p-2025-10"]', 'a_b', 'NODE-1:time travel-actor-2:thread-39', 1048576, 4618508311, '2016-12-31 23:59:59Z', '2016-12-31 23:59:59.000000', '2017-01-01 00:00:00', NULL),
    ('fdc1786b-ddbd-458f-a156-c4df12bccdcb', 'FLUSH', 'completed', '-12345678901234567890123456789.000100', '100%', NULL, 1, 963175375, '2025-10-16 14:30:22.123456', '2025-10-16T14:31:37.029469', '2025-10-16 14:31:37.279469Z', NULL),
    ('CD613E30-D8F1-4ADF-91B7-584A2265B1F5', 'flush', 'completed', 'true', '\N', 'node-1:flush-actor-2:thread-2', -1048577, -1000001, '2025-10-22T14:30:21.123456', '2025-10-22 14:31:32.019264Z', '2025-10-22 14:31:32.269264', NULL),
    ('707c70b4-8a97-49d8-800e-67ed8c9cf440', 'compact', 'running', '["chat", "messages", "jamal"]', NULL, 'node-2:compact-actor-0:thread-57', NULL, 4203047739, '2025-10-19 15:20:22', '2025-10-19T15:21:05.569101', NULL, NULL),
    ('e8c7a01d-6881-4fda-88b7-cc6b99c61aa8', 'flush', 'failed', '  [ 1 ,
	2 , 3 ]  ', NULL, 'node-2:flush-actor-1:thread-39', 1, NULL, '2025-10-19 21:10:22.123456Z', '2025-10-19 21:11:39.891034', '2025-10-19 21:11:39.891034', '_'),
    ('c7038069-84c8-4999-a116-7d8fcf23cae8', 'migrate', 'completed', '["it''s", "a,b"]', 'é', 'ß', 554177, 7743566204, '2025-10-21T14:02:22.123433', NULL, NULL, 'a_b'),
    ('72470add-aefb-42ae-9515-36644039d142', 'flush', 'completed', '[[1, [2, [3, []]]], {}]', 'İstanbul', 'node-10:flush-actor-0:thread-48', 0, 1500000, '2025-10-20 01:50:22.123456', '2025-10-20 01:51:40.708963', NULL, NULL),
    ('d92a4aa2-b410-493c-8efb-c8d60b21fbac', 'migrate', 'completed', '["chat", "messages", "jamal"]', 'NULL', '--no comment', 1073741824, 1000000, '2025-10-21T14:14:22.123445', '2025-10-21 14:14:35.076266Z', '2025-10-21 15:14:35.076266', 'say "hi"');

INSERT INTO system.jobs (job_id, job_type, status, parameters, result, trace, memory_used, cpu_used, created_at, started_at, completed_at, error) VALUES
    ('5eda92d8-64ac-4db9-9707-107e855c3844', 'compact', 'failed', '["chat", "messages", "jamal"]', '\.', ';', 808869, 0, '2025-10-21 14:16:22.123447', NULL, NULL, ''''''),
    ('2c400b95-34e4-4e75-82a9-5d35d5d8575d', 'flush', 'pending', '[null, null]', NULL, 'NODE-1:flush-actor-2:thread-45', NULL, NULL, '2025-10-21 02:00:22.123455', NULL, NULL, NULL),
    ('8742ced2-3099-44e2-b5b5-b9340106bb05', 'compact', 'completed', '["chat", "s3://b/x?y=1&z", true]', NULL, 'node_1:compact-actor-4:thread-42', 1048575, 1000000, '2025-10-20T06:10:22.123455', '2025-10-20 06:10:36.232669Z', '2025-10-20 06:10:36.232669', NULL),
    ('ae9c8563-107d-42d5-871c-5cf140a980bd', 'migrate', 'completed', '["p-2025-10"]', NULL, 'node-2:migrate-actor-3:thread-55', 1048575, NULL, '2025-10-20 01:30:22.003456Z', '2025-10-20 01:30:26.345564', NULL, NULL),
    ('4ded5faa-9ae0-41b9-869a-8a20b05c4a59', 'compact', 'pending', NULL, NULL, 'node_1:compact-actor-4:thread-33', NULL, 1000000, '2025-10-19 19:10:22.123456', NULL, NULL, NULL),
    ('3f4ed95a-aaf3-4c2f-9cb2-84f8b6febc3a', 'compact', 'running', '["chat", "s3://b/x?y=1&z", true]', NULL, 'NODE-1:compact-actor-2:thread-54', 92240116015, 30000000, '2025-10-20T02:20:22.123456', NULL, NULL, NULL),
    ('764a44e3-26ee-4eac-8dbd-3dc98b53c16b', 'migrate', 'failed', NULL, NULL, 'node_1:migrate-actor-1:thread-25', 692459, 999999, '2025-10-21 14:00:22.123455', '2025-10-21T14:01:26.170357', '2025-10-21 14:01:26.170358Z', '/* none */'),
    ('2e47dc0e-959f-4a51-8cfe-5cd12d5db79b', 'flush', 'completed', NULL, 'a b', 'node-1:a b', 1048575, 1500000, '2025-10-21 13:53:22.123424Z', '2025-10-21 13:54:32.777982', '2025-10-21 13:54:32.777983', 'İstanbul'),
    ('8cda80a3-4b45-4123-917f-6494e8c2d219', '🙂', 'completed', '["p-2025-10"]', '{shard}', 'node_1:🙂-actor-4:thread-11', 84884912522, 1000000, '2025-10-07 14:30:22.123456Z', '2025-10-07 14:31:02.555372', '2025-10-07 14:46:44.073017', NULL),
    ('f81f5c80-239d-4599-b98d-dc84f59dc887', 'backup', 'pending', '["chat", "messages", "jamal"]', NULL, 'localhost:backup-actor-2:thread-30', 1048576, 1000000, '2025-10-20T08:30:22.123455', NULL, NULL, NULL),
    ('da711448-96c8-4a19-a4b2-d2bc815a47c5', 'backup', 'completed', NULL, '''''', 'node-1:''''', 40608720936, 1500000, '2025-10-21 14:23:22.123454', '2025-10-21T14:24:34.144075', '2025-10-21 14:35:56.971441Z', '．．'),
    ('c725bd97-9e28-4761-88fe-a5d73716e7ea', 'huge', 'completed', NULL, NULL, 'node_1:huge-actor-3:thread-20', 9223372036854775807, 9223372036854775807, '2025-09-10 14:30:22.123456', '2025-09-10 14:31:42.18784', '2025-09-10T14:31:42.187841', NULL),
    ('2a04ff67-050d-458c-b146-99bda826e5f1', 'migrate', 'failed', '["chat", 4611686018427387904]', NULL, 'node-10:migrate-actor-1:thread-30', 1, NULL, '2025-10-19T10:50:22.123456', '2025-10-19 10:51:37.701259Z', '2025-10-19 10:52:38.701260', NULL),
    ('611575c2-d673-43d6-98ae-013eaca91679', 'compact', 'failed', '["chat", 4611686018427387904]', NULL, 'node-10:compact-actor-2:thread-43', 1024, 1500000, '2025-10-19 05:30:22.123456Z', '2025-10-19 05:31:50.775740', NULL, 'a.b.c'),
    ('aa2ca1af-6a10-4b75-a77f-6cbdcc22af58', 'flush', 'completed', '["é", "🙂"]', 'say "hi"', 'node-1:say "hi"', 52428800, 8176197902, '2025-10-21 14:21:22.123452Z', NULL, NULL, ''),
    ('d3f21dcc-2be8-4b46-b5fa-6dd891fde85c', 'backup', 'pending', '[null, null]', NULL, 'node-10:backup-actor-4:thread-30', 1073741824, 30000000, '2025-10-19T18:30:22.123456', NULL, NULL, NULL),
    ('02c8261b-740c-4a65-89be-4b4bd9ee50e2', 'backup', 'pending', 'false', NULL, 'node_1:backup-actor-1:thread-58', 1, 1000000, '2025-10-21T09:40:22.123456', NULL, NULL, NULL),
    ('202cc828-4c71-4095-bcc9-9ae80f0c8a89', 'compact', 'completed', '-0.0', ' ', 'localhost:compact-actor-1:thread-22', 1073741824, 30000000, '2025-10-20T02:30:22.123456', '2025-10-20 02:31:50.004753Z', '2025-10-20 02:31:51.004753', NULL),
    ('b11379a2-0ff4-4f65-84d7-59889213147b', 'flush', 'pending', '["sl\/ash", "\u0001\u007f"]', NULL, NULL, 1073741824, 30000000, '2025-10-21T11:30:22.123456', NULL, NULL, NULL),
    ('5bf3f74d-cacc-4ec8-802f-c22a4a7347fa', 'flush', 'failed', '["chat", "s3://b/x?y=1&z", true]', NULL, 'node-1:old', 44493968050, 1, '2000-02-29T23:59:59.999999', '2000-03-01 00:01:12.764429Z', NULL, '--no comment');

INSERT INTO system.jobs (job_id, job_type, status, parameters, result, trace, memory_used, cpu_used, created_at, started_at, completed_at, error) VALUES
    ('05b6e6e3-07d4-4edc-9143-1193e6c3f339', 'flush', 'completed', '9223372036854775808', '{shard}', 'node_1:flush-actor-1:thread-11', 1247880828, 999999, '2025-10-21 13:30:22.123456Z', '2025-10-21 13:30:23.123456', '2025-10-21 13:30:25.123456', NULL),
    ('19de2ded-a0e2-4045-8153-bbc7ced5669f', 'flush', 'completed', NULL, NULL, 'localhost:flush-actor-0:thread-28', 1048576, 1, '2025-10-20 12:30:22.123456', '2025-10-20 12:31:44.053682', '2025-10-20T12:31:44.053682', NULL),
    ('382f21e4-a57b-4700-b8ec-2d3446752b5c', 'flush', 'completed', NULL, '', 'localhost:flush-actor-3:thread-11', NULL, 999999, '2025-10-20 17:50:22.003456Z', '2025-10-20 17:51:37.413185', '2025-10-20 17:52:38.413186', NULL),
    ('139f7110-60c7-4494-ad19-2da3c82ad589', 'a,b', 'completed', '[[1, [2, [3, []]]], {}]', NULL, 'NODE-1:a,b-actor-4:thread-60', 694437, 1500000, '2025-10-14 14:30:22.123456', '2025-10-14 14:31:01.504064', '2025-10-14T14:31:01.504065', NULL),
    ('f0a3a668-61e1-480d-99db-30aff8a10e70', 'compact', 'pending', NULL, NULL, 'NODE-1:compact-actor-1:thread-34', NULL, 1, '2025-10-19T13:40:22', NULL, NULL, NULL),
    ('e69bae29-f652-4008-b7b4-000bd1c51f86', 'flush', 'cancelled', '[null]', NULL, 'NODE-1:flush-actor-3:thread-29', 1, 1000000, '2025-10-19 19:30:22.123456', '2025-10-19T19:30:36.468774', '2025-10-19 19:30:37.468774Z', NULL),
    ('65b675cd-0492-44f5-b9b2-1c95055455e8', 'compact', 'failed', '[]', NULL, 'node-2:compact-actor-2:thread-13', 523530, 1500000, '2025-10-20 11:30:22.123456', '2025-10-20T11:31:22.021995', '2025-10-20 11:32:23.021996Z', NULL),
    ('44c5b476-3fe3-4d03-87fc-816ac16e2284', 'backup', 'completed', '{"long key": 1, "k": [1.0, 1.00, 1]}', ';', 'node-1:;', 52428800, 1500000, '2025-10-21 13:47:22.123418', '2025-10-21T13:48:29.255048', '2025-10-21 13:48:29.505048Z', '﻿bom'),
    ('29e821a4-c748-43e3-9ba1-621582283d15', 'flush', 'completed', NULL, 'back\slash', 'node-1:back\slash', 1073741824, 999999, '2025-10-21 14:17:22.123448Z', '2025-10-21 14:18:32.745388', '2025-10-21 14:18:32.745389', ' '),
    ('59a78b13-7315-4969-b7cc-ba58713b831b', 'flush', 'cancelled', '["chat", "messages", "jamal"]', NULL, 'localhost:flush-actor-4:thread-62', NULL, 7659948892, '2025-10-21T07:40:22.123456', '2025-10-21 07:40:56.3778Z', '2025-10-21 07:40:56.627800', NULL),
    ('a9ec0806-705f-4a16-9622-bd795fec898f', 'migrate', 'completed', NULL, 'tab	here', '{shard}', 52428800, 0, '2025-10-21T14:18:22.123449', '2025-10-21 14:19:16.122124Z', '2025-10-21 14:19:16.122125', ''),
    ('f78047cf-d788-47cc-9ded-54fdc69806ea', 'backup', 'failed', '  [ 1 ,
	2 , 3 ]  ', NULL, 'node-1:backup-actor-3:thread-31', 1024, NULL, '2025-10-20 00:20:22.123456Z', '2025-10-20 00:21:04.006988', NULL, ' lead'),
    ('2b6c5763-7c0b-43ee-8264-d159d53dde5e', 'migrate', 'completed', '[true, false, null]', NULL, 'localhost:migrate-actor-2:thread-26', NULL, 7302713268, '2025-10-20T10:30:22', '2025-10-20 10:31:25.928638Z', '2025-10-20 10:31:25.928638', NULL),
    ('c76330af-a23c-4b27-a7f5-2fa9a117511f', 'flush', 'completed', '  [ 1 ,
	2 , 3 ]  ', '..', 'node-2:flush-actor-0:thread-19', 1048575, 999999, '2025-10-20 20:00:22.003456Z', '2025-10-20 20:00:47.049633', '2025-10-20 20:00:47.049633', NULL),
    ('1f2e490c-db0f-4126-ab82-ed5c7da5ad52', 'compact', 'running', '["chat", "messages", "jamal"]', NULL, 'localhost:compact-actor-3:thread-51', 1024, 9071567884, '2025-10-20 00:10:22.123455Z', '2025-10-20 00:10:23.040991', NULL, NULL),
    ('c234472f-5b58-496a-ad61-1a3e80c6bcbd', 'compact', 'failed', '[]', NULL, 'NODE-1:compact-actor-2:thread-60', 59125506212, 1, '2025-10-20 06:50:22.000000', '2025-10-20 06:50:33.837472', NULL, ' lead'),
    ('d5ae305b-83ac-4b7e-b596-41d21b5c56d3', 'flush', 'completed', '1.10', NULL, NULL, 0, 0, '2025-10-20 07:00:22', '2025-10-20T07:01:15.586485', '2025-10-20 08:01:15.586485Z', NULL),
    ('1a2b8f1f-f1fd-42a2-9755-d4c13a902931', 'flush', 'pending', '  [ 1 ,
	2 , 3 ]  ', NULL, 'node-2:flush-actor-0:thread-10', NULL, -1000001, '2025-10-22T14:30:13.123456', NULL, NULL, NULL),
    ('3eefe734-4d84-4990-abdd-b098e4bc6e82', 'time travel', 'running', '["chat", "s3://b/x?y=1&z", true]', NULL, 'node-10:time travel-actor-4:thread-31', 1024, 1000000, '2099-12-31 23:59:59.999999Z', '1970-01-01 00:00:00.000000', NULL, NULL),
    ('6e1fb6ad-cee9-44fd-b25a-9a5bf6a07500', 'compact', 'pending', '["p-2025-10"]', NULL, 'node-10:compact-actor-4:thread-56', 1048575, 1, '2025-10-21 03:10:22.003456', NULL, NULL, NULL);

INSERT INTO system.jobs (job_id, job_type, status, parameters, result, trace, memory_used, cpu_used, created_at, started_at, completed_at, error) VALUES
    ('c71a5b11-805d-406a-99d6-d73b2778507c', 'time travel', 'running', '[{"b": 1, "a": 2, "aa": 3, "": 4}, 2]', NULL, 'node-2:time travel-actor-3:thread-40', 1048576, 1000000, '2017-01-01 00:00:00.000000', '2016-12-31 23:59:59', NULL, NULL),
    ('6653c3b7-8fa0-4fa2-a47e-c1543b6bd0a4', 'flush', 'cancelled', '[""]', NULL, 'node-1:flush-actor-3:thread-42', 1048576, NULL, '2025-10-20T08:50:22', '2025-10-20 08:50:49.048188Z', '2025-10-20 08:50:49.048188', NULL),
    ('b67d153d-399d-4b3c-b4df-c9a57a946602', 'migrate', 'completed', '{"0": "key zero", "1": "key one"}', NULL, 'NODE-1:migrate-actor-0:thread-8', 1073741824, 0, '2025-10-19 19:10:22.123455', NULL, NULL, NULL),
    ('906704c3-65d6-4b6e-86e3-db95d4350b28', 'flush', 'completed', '{"a": 1, "a": 2, "b": {"z": null, "y": [1, 2]}, "a": 3}', 'é', 'node-10:flush-actor-3:thread-1', 1024, 0, '2025-10-20 10:10:22.123455', '2025-10-20T10:11:47.471994', '2025-10-20 10:25:50.063464Z', NULL),
    ('47158a7e-4ba4-4898-a917-2a051e3b25e5', 'flush', 'completed', '1e30', NULL, 'node-2:flush-actor-2:thread-40', 52428800, 1331263546, '2025-10-20 07:50:22.123456', '2025-10-20 07:51:18.431024', '2025-10-20T07:51:18.431025', NULL),
    ('4c41d9c0-f075-44fe-aacc-110e4f73fd94', 'compact', 'pending', '1E-7', NULL, 'NODE-1:compact-actor-4:thread-25', 1048575, 1500000, '2025-10-19 23:30:22.123456', NULL, NULL, NULL),
    ('56c11669-a4ba-4161-9309-0287a6ea2981', 'negative', 'completed', '1e30', NULL, 'node-10:negative-actor-0:thread-27', 0, 0, '2025-09-09 14:30:22.123456Z', '2025-10-21 14:30:22.123456', '2025-10-21 13:00:22.123455', NULL),
    ('427005f6-ca2e-4611-bbce-c85d2c1ffacc', 'backup', 'running', '""', NULL, 'NODE-1:backup-actor-4:thread-43', 1, 0, '2025-10-19 16:10:22.123456Z', '2025-10-19 16:11:51.937148', NULL, NULL),
    ('6e671698-1e83-4596-b646-9fabf59cd100', 'compact', 'failed', '[{"b": 1, "a": 2, "aa": 3, "": 4}, 2]', NULL, 'node-10:compact-actor-0:thread-38', 334653, 1000000, '2025-10-20T01:40:22.003456', '2025-10-20 01:41:06.474246Z', '2025-10-20 01:41:07.474246', NULL),
    ('16d8e80e-9cc9-40d3-ac13-9c1966ad51fd', 'migrate', 'completed', '["chat", "s3://b/x?y=1&z", true]', 'say "hi"', 'node_1:migrate-actor-4:thread-2', 52428800, 1500000, '2025-10-21T11:30:22', '2025-10-21 11:30:48.25876Z', '2025-10-21 11:31:49.258761', NULL),
    ('50806f01-7a1d-456c-b62c-228e40df7c9a', '\.', 'completed', '["chat", "s3://b/x?y=1&z", true]', NULL, 'node-1:\.-actor-0:thread-12', 52428800, 1000000, '2025-10-06 14:30:22.123456', '2025-10-06 14:31:02.583494', '2025-10-06T14:32:03.583495', NULL),
    ('0326324d-fb69-4ffb-ba18-90c78092b4d4', 'backup', 'completed', '["chat", 5.50]', '_', 'node-1:_', 1048576, 9878113130, '2025-10-21 14:11:22.123442', NULL, NULL, 'tab	here'),
    ('f0dfb4a5-d8a0-44df-bfd6-3116e1ea24c4', 'compact', 'completed', '["chat", "messages", "jamal"]', ' ', 'Compacted 12 files into 3 files, saved 15.3 MB', NULL, 30000000, '2025-10-21 14:24:22.123455', NULL, NULL, '%2e%2e'),
    ('f5bb9188-b805-49e9-890b-20bb257e8454', 'flush', 'cancelled', '{}', NULL, 'node_1:flush-actor-3:thread-14', 394422, 30000000, '2025-10-20T10:30:22.123456', '2025-10-20 10:31:05.546572Z', '2025-10-20 10:31:06.546572', NULL),
    ('803468b6-b610-49f7-b927-0f4eb8b333a8', 'flush', 'failed', '["chat", "messages", "jamal"]', NULL, 'node-1:x', 52428800, 30000000, '2025-10-21 14:30:22.123456', NULL, NULL, 'ß'),
    ('af5e490b-dfba-4afa-a940-776cb540cce4', 'migrate', 'pending', '  [ 1 ,
	2 , 3 ]  ', NULL, NULL, 1073741824, 1000000, '2025-10-21 00:00:22.003456', NULL, NULL, NULL),
    ('449c4ca2-3685-456b-89c8-0c4de9367ed9', 'compact', 'cancelled', '["chat", {"deep": {"er": [{"x": 1e3}]}}]', NULL, 'node-10:compact-actor-3:thread-49', 295311, 7886310517, '2025-10-18 23:30:22.123456', '2025-10-18T23:31:19.225102', '2025-10-18 23:31:19.225102Z', NULL),
    ('39c97ab1-bb3e-480f-a39c-c4b2afbf5310', 'compact', 'pending', '["chat", {"deep": {"er": [{"x": 1e3}]}}]', NULL, 'NODE-1:compact-actor-3:thread-6', 78836095403, 0, '2025-10-20T05:00:22', NULL, NULL, NULL),
    ('e5920673-7530-4db7-9d43-d1ffecd1345e', 'it''s', 'completed', '{"long key": 1, "k": [1.0, 1.00, 1]}', '日本語', 'NODE-1:it''s-actor-3:thread-0', 1024, 1500000, '2025-10-12 14:30:22.123456', NULL, NULL, NULL),
    ('51423286-a6ec-431f-b526-3b4519a2105c', '\.', 'completed', '["chat", "s3://b/x?y=1&z", true]', NULL, 'node-1:\.-actor-1:thread-13', 663096, 999999, '2025-10-06 14:30:21.123456', '2025-10-06T14:31:44.699417', '2025-10-06 14:31:44.949417Z', NULL);

INSERT INTO system.jobs (job_id, job_type, status, parameters, result, trace, memory_used, cpu_used, created_at, started_at, completed_at, error) VALUES
    ('1e2feb89414c443c9027c4d1c386bbc4', 'flush', 'failed', '""', NULL, NULL, 9223372036854775807, NULL, '2025-10-22 14:30:21.123456Z', '2025-10-22 14:30:29.899892', '2025-10-22 14:30:30.899892', NULL),
    ('92484194-aef4-459c-bb2b-92c3c87868fa', 'flush', 'completed', 'null', '\N', 'localhost:flush-actor-1:thread-0', NULL, 999999, '2025-10-20 13:30:22.123456', '2025-10-20 13:30:50.637102', '2025-10-20T13:47:06.892619', NULL),
    ('1126d71a-5aec-468f-91db-6acf6c2f5ecc', 'backup', 'running', NULL, NULL, NULL, 1048575, 1, '2025-10-19 20:10:22', '2025-10-19T20:11:34.428167', NULL, NULL),
    ('b2221a58-008a-45a6-8464-7159c324c985', 'flush', 'failed', '{"0": "key zero", "1": "key one"}', NULL, 'node-1:flush-actor-3:thread-8', -1048577, 9223372036854775807, '2025-10-22 14:30:17.123456', NULL, NULL, '{shard}'),
    ('f9ef954e-6aab-4b78-aec1-754ca57d041e', 'backup', 'completed', '["chat", "messages", "jamal"]', 'a,b', 'NODE-1:backup-actor-4:thread-61', NULL, 1000000, '2025-10-20 05:30:22.003456', '2025-10-20T05:31:36.588444', '2025-10-20 05:31:37.588444Z', NULL),
    ('60900772-923c-4e5d-8392-4f05f5c7b9aa', 'compact', 'pending', 'null', NULL, 'node_1:compact-actor-2:thread-20', 1, 1000000, '2025-10-20 11:50:22.123455', NULL, NULL, NULL),
    ('cf80f751-48b7-4541-b46f-3293621d1733', 'flush', 'cancelled', NULL, NULL, NULL, NULL, 1, '2025-10-20 16:50:22.003456', '2025-10-20T16:51:39.240605', '2025-10-20 16:51:39.490605Z', NULL),
    ('88c780f6-907f-4669-8ba9-55f3e4096150', 'q"q', 'completed', NULL, 'it''s', 'node-1:q"q-actor-2:thread-63', 396550, 999999, '2025-10-13 14:30:22.123456Z', '2025-10-13 14:31:47.284374', '2025-10-13 14:31:47.284374', NULL),
    ('1391f9b9-dbc7-49b0-921b-28004e6f5a94', 'backup', 'cancelled', '1e2', NULL, 'NODE-1:backup-actor-3:thread-24', 1048575, 1, '2025-10-20 00:30:22.123456', '2025-10-20 00:31:09.29285', '2025-10-20T00:32:10.292851', NULL),
    ('3099fdf5-ab99-454a-a901-e35cd47d380d', 'flush', 'failed', '["chat", "s3://b/x?y=1&z", true]', NULL, 'node-1:x', NULL, 0, '2025-10-21T14:30:22.123457', '2025-10-21 14:30:38.727603Z', '2025-10-21 14:32:17.482876', '日本語'),
    ('8afd2973-f863-4958-8e75-f4ba60d6c766', 'é', 'completed', NULL, 'C:\temp\x', 'localhost:é-actor-3:thread-10', 1073741824, NULL, '2025-10-08T14:30:20.123456', '2025-10-08 14:30:48.028186Z', '2025-10-08 14:30:48.278186', NULL),
    ('c78fec45-9a9e-494c-b1a9-a658de0f39a7', ' ', 'completed', NULL, 'C:\temp\x', 'NODE-1: -actor-2:thread-53', 1073741824, NULL, '2025-10-18 14:30:21.123456', NULL, NULL, NULL),
    ('1fb7f628-0037-4c0d-92dd-34d68744d3c0', 'flush', 'running', '["chat", "s3://b/x?y=1&z", true]', NULL, 'node_1:flush-actor-3:thread-61', 1024, 1000000, '2025-10-21 01:40:22', '2025-10-21T01:40:41.68435', NULL, NULL),
    ('3f64c50c-beea-4c97-bcd5-8c0f7e21b8aa', 'compact', 'running', '{"0": "key zero", "1": "key one"}', NULL, 'node-2:compact-actor-2:thread-16', 1024, 0, '2025-10-19 23:40:22.123456', '2025-10-19 23:41:20.688529', NULL, NULL),
    ('29606598-f235-42b7-b5d2-8dee81d57930', 'migrate', 'completed', '0', 'C:\temp\x', 'NODE-1:migrate-actor-2:thread-31', 1, 1000000, '2025-10-20 03:20:22.003456Z', '2025-10-20 03:20:37.176780', '2025-10-20 03:21:38.176781', NULL),
    ('d50e0097-8b71-49cd-ad39-eb43ad9cedde', 'compact', 'running', 'true', NULL, NULL, 1, 0, '2025-10-20 08:30:22.123456', NULL, NULL, NULL),
    ('be6521cc-3e24-44e3-baf0-27bc08d6af57', 'migrate', 'failed', '["p-2025-10"]', 'it''s', '', 1024, 30000000, '2025-10-21T14:22:22.123453', '2025-10-21 14:23:28.129686Z', '2025-10-21 14:23:28.129687', 'a/b'),
    ('8d103ed3-cc66-4e97-9773-308cdc6b13ab', 'compact', 'failed', '["chat", "messages", "jamal"]', ' lead', '_', 84883946568, 1, '2025-10-21 13:52:22.123423', '2025-10-21 13:52:51.6502', '2025-10-21T14:01:02.633431', '日本語'),
    ('f86668c1-6d05-4818-9450-085b63a029a5', 'flush', 'completed', NULL, '/* none */', 'node-2:flush-actor-3:thread-12', 1, 999999, '2025-10-20 05:20:22.123455', '2025-10-20 05:21:04.429299', '2025-10-20T05:22:05.4293', NULL),
    ('1959b9ef-58d0-4674-b34d-e73d60c290d0', 'backup', 'failed', '{"a": 1, "a": 2, "b": {"z": null, "y": [1, 2]}, "a": 3}', NULL, 'localhost:backup-actor-2:thread-33', 828955, 4050637752, '2025-10-19 15:30:22.123456', NULL, NULL, 'a_b');

INSERT INTO system.jobs (job_id, job_type, status, parameters, result, trace, memory_used, cpu_used, created_at, started_at, completed_at, error) VALUES
    ('5fac971a-8018-4844-933f-3b0a22f7d343', 'flush', 'failed', '9223372036854775808', NULL, 'node_1:flush-actor-0:thread-58', 1048575, 2348565468, '2025-10-21T12:20:22.123456', '2025-10-21 12:20:42.114225Z', '2025-10-21 12:21:00.582951', '$1'),
    ('a2cf179f-66e4-4927-97d2-59adb0c12c60', 'flush', 'pending', 'true', NULL, 'node_1:flush-actor-3:thread-32', 1048576, 8754083918, '2025-10-21 07:20:22.123456', NULL, NULL, NULL),
    ('730b19ec-2b99-4f07-b3f0-b94c4e2a89f5', 'migrate', 'completed', '["tab\there", "new\nline"]', 'C:\temp\x', 'node-2:migrate-actor-0:thread-9', 38234837082, 6135803113, '2025-10-19 14:20:22', '2025-10-19T14:21:34.17882', '2025-10-19 14:21:34.42882Z', NULL),
    ('e1018cc5-920f-4663-b57d-6f2ec4e199a1', 'flush', 'completed', '["chat", "messages", "jamal"]', '''''', 'NODE-1:flush-actor-4:thread-52', 1048576, 1, '2025-10-19 19:20:22.003456', '2025-10-19 19:20:48.336553', '2025-10-19T19:20:48.336553', NULL),
    ('07dbf924-a604-4457-861e-02ec39235bc0', 'compact', 'cancelled', '""', NULL, NULL, 0, 999999, '2025-10-20 05:30:22.123456Z', NULL, NULL, NULL),
    ('3db18a28-ec9f-4fbf-99d9-320e71ef5e7a', 'migrate', 'cancelled', '{"a": 1, "a": 2, "b": {"z": null, "y": [1, 2]}, "a": 3}', NULL, 'localhost:migrate-actor-0:thread-33', 1048576, 1000000, '2025-10-19 08:00:22.123455', '2025-10-19T08:01:23.113616', '2025-10-19 08:16:48.364228Z', NULL),
    ('f72f2bb8-3586-4ca7-ba0b-85188296f5ea', 'flush', 'running', '["p-2025-10"]', NULL, 'node-1:flush-actor-0:thread-11', 466378, 30000000, '2025-10-20 13:30:22.123456Z', '2025-10-20 13:30:33.699456', NULL, NULL),
    ('e585552f-ac95-4ab5-92c9-357d34accd78', 'compact', 'cancelled', '{"0": "key zero", "1": "key one"}', NULL, 'localhost:compact-actor-3:thread-34', 36147962488, 30000000, '2025-10-19T14:30:22.123456', '2025-10-19 14:31:28.606467Z', '2025-10-19 14:31:28.606467', NULL),
    ('03621f97-bf4c-4645-91be-34eb1e39ef8e', 'flush', 'cancelled', '[null, null]', NULL, 'localhost:flush-actor-2:thread-55', 1, 0, '2025-10-20 10:30:22.123455Z', '2025-10-20 10:31:10.708656', '2025-10-20 10:32:11.708657', NULL),
    ('0bb662a8-c979-4b06-9b94-3cfc46f57327', 'it''s', 'completed', '[0.000001, 1e-20]', '/* none */', 'node-1:it''s-actor-4:thread-1', 660543, 999999, '2025-10-12 14:30:21.123456', '2025-10-12T14:30:40.651956', NULL, NULL),
    ('8e65e4cf-d0a4-40da-bf11-dc91b6a3ce92', 'backup', 'pending', '["\u00e9", "\ud83d\ude42"]', NULL, 'node-2:backup-actor-1:thread-40', 354706, 6927927184, '2025-10-21 06:20:22.000000', NULL, NULL, NULL),
    ('78255d68-0792-4986-bb96-8a437d5c8dfc', 'backup', 'completed', '[[1, [2, [3, []]]], {}]', '\N', 'node-1:\N', 1, 0, '2025-10-21 14:15:22.123446', '2025-10-21T14:16:06.722598', '2025-10-21 14:16:06.722598Z', 'it''s'),
    ('f18dd1ee-d77c-46c0-884f-3dd6415af341', 'migrate', 'completed', '["\u00e9", "\ud83d\ude42"]', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'null', 63012, 30000000, '2025-10-21T13:50:22.123421', '2025-10-21 13:50:54.479882Z', '2025-10-21 13:50:54.729882', '‮evil‬'),
    ('825f8542-13bd-488e-93fd-f07ccb8409d6', 'flush', 'failed', '[{"b": 1, "a": 2, "aa": 3, "": 4}, 2]', NULL, 'node-1:old', 1073741824, 0, '2016-12-31 23:59:59', '2017-01-01T00:01:27.311673', '2017-01-01 00:01:27.311674Z', 'a.b.c'),
    ('b9d179e0-6c0f-44f5-b813-0c4237730edf', 'flush', 'failed', '["chat", "messages", "jamal"]', NULL, 'node-1:x', 1048576, 1000000, '2025-10-21T13:30:22.123457', '2025-10-21 13:31:39.970594Z', '2025-10-21 14:31:39.970594', '_'),
    ('a2a7ae1f-3ac7-452c-8df8-440407295e42', 'migrate', 'completed', '["עברית", "e\u0301"]', '﻿bom', 'a_b', 57586858207, 1500000, '2025-10-21T13:54:22.123425', '2025-10-21 13:55:08.254229Z', '2025-10-21 13:55:08.254229', 'ß'),
    ('9c7d498a-8f76-4c87-9642-74036988f668', 'flush', 'failed', '["chat", "s3://b/x?y=1&z", true]', NULL, 'NODE-1:flush-actor-1:thread-9', 115225, 0, '2025-10-20 20:50:22.123455', '2025-10-20T20:50:53.471034', '2025-10-20 21:50:53.471034Z', NULL),
    ('0067dba8-5898-4008-aa17-b9af5b569643', 'flush', 'completed', '["chat", "s3://b/x?y=1&z", true]', '‮evil‬', 'node-1:‮evil‬', 52428800, NULL, '2025-10-21 13:57:22.123428Z', '2025-10-21 13:58:11.554034', '2025-10-21 13:58:11.554034', '
CRLF
'),
    ('106ee2ab-101e-45eb-a607-b61550332cb8', '_', 'completed', NULL, '$1', 'localhost:_-actor-0:thread-17', 1073741824, 5602556321, '2025-10-04 14:30:22.123456', '2025-10-04T14:31:41.091513', '2025-10-04 15:31:41.091513Z', NULL),
    ('14fe7ebc-b34d-4c74-afc6-ee6fa8e33c94', 'migrate', 'completed', '["chat", "messages", "jamal"]', 'null', 'localhost:migrate-actor-4:thread-32', 30655654682, 1000000, '2025-10-19 12:40:22.000000', '2025-10-19 12:41:24.675158', '2025-10-19T12:41:24.925158', NULL);

INSERT INTO system.jobs (job_id, job_type, status, parameters, result, trace, memory_used, cpu_used, created_at, started_at, completed_at, error) VALUES
    ('b9fad67e-4ba9-47c3-acf4-5ccbfb8a99a2', '%', 'completed', NULL, '$1', 'NODE-1:%-actor-3:thread-15', 1048575, 1, '2025-10-05 14:30:21.123456Z', NULL, NULL, NULL),
    ('45547d9d-0b9e-4d4d-82a4-c12e779409b9', 'migrate', 'completed', '["quo\"te", "back\\slash"]', '100%', 'node-1:migrate-actor-3:thread-27', 848966, 999999, '2025-10-21 08:20:22.123455Z', '2025-10-21 08:21:42.140935', '2025-10-21 09:21:42.140935', NULL),
    ('f320cd57-6d14-475b-b49a-ae908fb5262c', 'flush', 'failed', '  [ 1 ,
	2 , 3 ]  ', 'ß', 'node-1:ß', 122259, 721099516, '2025-10-21 14:01:22.123432Z', '2025-10-21 14:01:50.836029', '2025-10-21 14:01:50.836029', 'a.b.c'),
    ('2b28fef0-2b9c-414e-a5ac-06d864c2f2e3', 'compact', 'completed', NULL, '%', 'trail ', 280558, 1, '2025-10-21 14:12:22.123443', '2025-10-21 14:12:52.295801', '2025-10-21T14:23:59.319772', 'line one
line two'),
    ('65b184f7-6ed3-430b-a746-ebebcd7e80a2', 'compact', 'failed', '["chat", "messages", "jamal"]', NULL, 'node-2:compact-actor-2:thread-35', 52428800, 999999, '2025-10-20 10:00:22.003456Z', '2025-10-20 10:01:35.538304', '2025-10-20 10:01:35.538305', '../../etc/passwd'),
    ('66fec086-df22-4650-9cb4-71a55349da48', 'flush', 'failed', '["quo\"te", "back\\slash"]', NULL, 'node-1:flush-actor-2:thread-38', 96687565768, 1000000, '2025-10-19T10:30:22.123456', '2025-10-19 10:31:43.700961Z', '2025-10-19 10:32:44.700962', NULL),
    ('cd447e35-b8b6-48fe-842e-3d437204e52d', 'flush', 'cancelled', '["tab\there", "new\nline"]', NULL, 'NODE-1:flush-actor-4:thread-9', 9223372036854775807, -999999, '2025-10-22 14:30:16.123456', '2025-10-22T14:31:31.943011', '2025-10-22 14:31:32.943011Z', NULL),
    ('025b413f-8a9a-421e-a648-a7dd06839eb9', 'flush', 'failed', NULL, NULL, 'node-1:x', 52428800, 999999, '2025-10-21 13:30:22.123456', '2025-10-21 13:31:38.099791', '2025-10-21T13:31:38.349791', 'null'),
    ('{78e51061-7311-48a3-82ce-6f447ed4d57b}', 'flush', 'cancelled', '-0.0', NULL, 'localhost:flush-actor-4:thread-4', -9223372036854775808, 9223372036854775807, '2025-10-22 14:30:20.123456', '2025-10-22 14:30:58.975433', '2025-10-22T14:31:59.975434', NULL),
    ('77cab1f9-5e42-43e0-a8a6-217585f049fe', 'flush', 'running', 'null', NULL, 'localhost:flush-actor-3:thread-37', NULL, 1000000, '2025-10-20 01:50:22.123456', '2025-10-20T01:50:57.231168', NULL, NULL),
    ('282ee0bc-04a1-4de4-8806-aa81e65150b5', 'backup', 'cancelled', '["sl\/ash", "\u0001\u007f"]', NULL, 'NODE-1:backup-actor-3:thread-39', 41581391239, 0, '2025-10-19 09:30:22.123456Z', NULL, NULL, NULL),
    ('d87064fc-83da-4265-a24c-4b62591550ff', 'flush', 'running', '["chat", "s3://b/x?y=1&z", true]', NULL, 'node-2:flush-actor-2:thread-25', NULL, 1000000, '2025-10-21 00:40:22', '2025-10-21T00:40:25.044115', NULL, NULL),
    ('9733ef95-bea7-4879-993f-d24d82a1c54c', 'migrate', 'cancelled', '["עברית", "e\u0301"]', NULL, 'node-10:migrate-actor-4:thread-28', 1048576, 1000000, '2025-10-20 18:10:22.000000', '2025-10-20 18:11:29.992306', '2025-10-20T18:11:29.992306', NULL),
    ('736a947a-843f-4da7-b1ee-daffcc3d5506', 'backup', 'failed', '"scalar"', NULL, 'node-2:backup-actor-2:thread-18', 1048576, 0, '2025-10-20T06:30:22.123456', '2025-10-20 06:31:20.777453Z', '2025-10-20 07:31:20.777453', ' lead'),
    ('0c250a03-e023-433d-b64e-433ff7c882f4', 'flush', 'failed', '1.10', NULL, 'node_1:flush-actor-2:thread-23', 769424, 1000000, '2025-10-20 01:30:22.123456Z', '2025-10-20 01:30:26.572616', '2025-10-20 01:30:26.822616', '．．'),
    ('81f9c1f6-6c0f-4459-b79b-17aeefba91fc', 'flush', 'completed', '["p-2025-10"]', '﻿bom', 'node-10:flush-actor-0:thread-25', 0, NULL, '2025-10-21 14:30:22.123457', '2025-10-21T14:30:23.123457', '2025-10-21 14:30:25.123457Z', NULL),
    ('bd1296cd-e1b4-4960-b8e7-df9b992149e8', 'migrate', 'running', '["chat", "messages", "jamal"]', NULL, 'node-1:migrate-actor-0:thread-4', 406447, 999999, '2025-10-19 11:20:22.003456', '2025-10-19 11:21:08.967951', NULL, NULL),
    ('e49df6bb-803a-4506-9136-bf628758ff4d', 'migrate', 'completed', '[null, null]', 'line one
line two', 'node-1:migrate-actor-1:thread-4', 1048575, NULL, '2025-10-19 19:30:22.000000', '2025-10-19 19:31:37.263398', '2025-10-19T19:32:38.263399', NULL),
    ('6d3fad4c-4027-4546-a7e1-25a42d206ada', 'backup', 'completed', '["p-2025-10"]', '100%', 'localhost:backup-actor-3:thread-21', 1, 1000000, '2025-10-20 18:50:22.123455', '2025-10-20T18:51:38.601108', '2025-10-20 18:59:01.928606Z', NULL),
    ('a745ba6d-eaee-419b-ba6c-ac4ae82d2fef', 'flush', 'pending', '["chat", "messages", "jamal"]', NULL, 'NODE-1:flush-actor-2:thread-10', 0, 1, '2025-10-21T04:30:22', NULL, NULL, NULL);

INSERT INTO system.jobs (job_id, job_type, status, parameters, result, trace, memory_used, cpu_used, created_at, started_at, completed_at, error) VALUES
    ('297a21d7-6bc7-4bf5-9638-0ed6fcf7f49d', 'é', 'completed', '["chat", 5]', NULL, 'node-1:é-actor-4:thread-6', 0, 1, '2025-10-09T14:30:22.123456', '2025-10-09 14:30:46.509185Z', '2025-10-09 14:31:47.509186', NULL),
    ('32864238-87ec-4e86-ab39-20349eba8775', 'flush', 'running', '["tab\there", "new\nline"]', NULL, 'node_1:flush-actor-1:thread-10', 1, 1000000, '2025-10-21T02:00:22', '2025-10-21 02:00:33.616042Z', NULL, NULL),
    ('f3b37f32-8702-46c4-8155-d7ef28dd37eb', 'compact', 'completed', '["chat", "messages", "jamal"]', '%2e%2e', 'line one
line two', 1, 999999, '2025-10-21 13:44:22.123415', '2025-10-21 13:44:32.407806', '2025-10-21T13:45:33.407807', 'trail '),
    ('4e3d4d0f-51dd-4d5c-9d94-6658d2511c38', 'flush', 'failed', NULL, NULL, 'node-1:old', 1048576, NULL, '1969-12-31 23:59:59.999999', '1970-01-01 00:00:19.28388', '1970-01-01T01:00:19.28388', ' lead'),
    ('effe76e0-68b1-43c9-8454-6026d5a7eb2e', 'migrate', 'cancelled', '{"long key": 1, "k": [1.0, 1.00, 1]}', NULL, 'NODE-1:migrate-actor-3:thread-7', 1, 999999, '2025-10-20 09:20:22.123456Z', '2025-10-20 09:21:47.840405', '2025-10-20 09:22:48.840406', NULL),
    ('452fac9a-c850-420a-a5b6-99ecefe6f675', 'flush', 'completed', '["p-2025-10"]', '👩‍👩‍👧', 'localhost:flush-actor-1:thread-20', 0, NULL, '2025-10-20 14:10:22.003456', '2025-10-20 14:11:27.878161', '2025-10-20T14:12:28.878162', NULL),
    ('2df810b9-2c59-4859-aa4d-a822f3009a5c', 'time travel', 'completed', '{"0": "key zero", "1": "key one"}', '﻿bom', NULL, 1073741824, 1, '1969-12-31T23:59:59.999999', '1969-12-31 23:59:59.999999Z', '1970-01-01 00:00:00.000001', NULL),
    ('c52f4fbe-8d19-421f-9478-10d822a608bf', 'flush ', 'completed', '[true, false, null]', NULL, 'node_1:flush -actor-4:thread-55', 1024, 30000000, '2025-10-17 14:30:21.123456Z', '2025-10-17 14:31:14.363345', '2025-10-17 14:41:55.464837', NULL),
    ('2fd2f792-53c6-47eb-8a82-66954e896a65', 'cancels out', 'completed', '[]', NULL, 'localhost:cancels out-actor-2:thread-29', -9223372036854775808, -9223372036854775808, '2025-09-08 14:30:22.123456', '2025-09-08T14:31:31.337735', '2025-09-08 14:31:31.337735Z', NULL),
    ('f3c64af7-75a8-4294-82cd-789a380208a9', 'flush', 'failed', NULL, NULL, 'node-1:x', 1, 30000000, '2025-10-20T14:30:22.123456', '2025-10-20 14:31:37.823503Z', '2025-10-20 15:31:37.823503', '..'),
    ('d8f33418-f3d4-4711-9804-f92283868a29', 'compact', 'completed', '["p-2025-10"]', 'a.b.c', '👩‍👩‍👧', NULL, 30000000, '2025-10-21 14:08:22.123439', '2025-10-21 14:08:46.87773', '2025-10-21T14:08:46.87773', '\N'),
    ('a11d459a-2f97-4d87-9999-9e3fa46d6753', 'flush', 'completed', NULL, 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'node_1:flush-actor-1:thread-21', 1, 30000000, '2025-10-20 14:30:22.123455', '2025-10-20T14:30:23.123455', '2025-10-20 14:30:25.123455Z', NULL),
    ('fcd26dad-fcd2-4f1e-b64e-172fbea01ca0', 'flush', 'pending', NULL, NULL, 'node_1:flush-actor-4:thread-8', 1024, 0, '2025-10-20 19:00:22.003456', NULL, NULL, NULL),
    ('62397bc7-0176-4741-bab9-f87ff5059285', 'flush', 'completed', '-12345678901234567890123456789.000100', 'C:\temp\x', 'node-1:C:\temp\x', 52428800, 3782013108, '2025-10-21 14:05:22.123436Z', NULL, NULL, '%'),
    ('baaad651-1227-432f-9e18-27478d1bc13a', 'time travel', 'completed', NULL, 'é', 'node_1:time travel-actor-4:thread-36', 967185, 1000000, '2000-02-29 23:59:59.999999', '2000-02-29 23:59:59.999999', '2000-03-01T00:00:00', NULL),
    ('6d21f4cd-a185-4c8e-a8ea-37f7523d2a54', 'backup', 'running', '-0', NULL, 'node-10:backup-actor-0:thread-21', 0, 1500000, '2025-10-20 03:30:22.123456', '2025-10-20T03:30:29.782959', NULL, NULL),
    ('adb55556-00e6-4305-86b4-6f015c03151c', 'flush', 'failed', '-0.0', NULL, 'node-10:flush-actor-2:thread-11', 61480668960, 7326703, '2025-10-20 17:20:22.123456Z', '2025-10-20 17:21:28.192201', '2025-10-20 17:21:28.192202', '/* none */'),
    ('7ceb5fb4-e8ac-4bff-9f55-c5fc20572aeb', 'flush', 'running', '[{"b": 1, "a": 2, "aa": 3, "": 4}, 2]', NULL, 'node-10:flush-actor-4:thread-37', NULL, 30000000, '2025-10-20 08:40:22', '2025-10-20T08:41:32.490952', NULL, NULL),
    ('642a357c-7329-42f4-91fb-fcc798b8da9f', '%', 'completed', '["chat", "s3://b/x?y=1&z", true]', 'line one
line two', 'node-2:%-actor-4:thread-16', 1073741824, 999999, '2025-10-05 14:30:20.123456', '2025-10-05 14:31:04.172446', '2025-10-05T14:31:05.172446', NULL),
    ('a310a849-b797-4b28-a4c3-71cfae7fba11', 'migrate', 'cancelled', '1e2', NULL, 'node-2:migrate-actor-1:thread-24', 52428800, 8293443961, '2025-10-20 23:10:22.123456', '2025-10-20 23:11:06.979615', '2025-10-21T00:11:06.979615', NULL);

INSERT INTO system.jobs (job_id, job_type, status, parameters, result, trace, memory_used, cpu_used, created_at, started_at, completed_at, error) VALUES
    ('0cbbeab0-bc9a-4e0c-8ec2-361582f2e770', 'migrate', 'cancelled', '["p-2025-10"]', NULL, 'node_1:migrate-actor-4:thread-38', 52428800, 6257603799, '2025-10-19T22:10:22.123455', '2025-10-19 22:11:03.757568Z', '2025-10-19 22:19:56.175977', NULL),
    ('0994940e-8245-4cc8-9f7a-7dafb43adc4f', 'flush', 'completed', '[{"b": 1, "a": 2, "aa": 3, "": 4}, 2]', 'Compacted 12 files into 3 files, saved 15.3 MB', 'node-10:flush-actor-1:thread-32', 205244, 0, '2025-10-19 16:30:22.123456', '2025-10-19 16:30:23.016903', NULL, NULL),
    ('c10faa40-03ba-43db-b3f7-ba8e0445d656', 'compact', 'completed', '["chat", "messages", "jamal"]', '/* none */', '\N', 1024, 1500000, '2025-10-21 13:48:22.123419', '2025-10-21 13:49:27.946269', '2025-10-21T13:49:27.94627', '👩‍👩‍👧'),
    ('1157c8b3-bfaf-4e2f-b7ad-c0aee5dd6001', 'flush', 'failed', '["chat", "s3://b/x?y=1&z", true]', NULL, 'node_1:flush-actor-1:thread-15', 0, NULL, '2025-10-21 06:00:22.123456Z', '2025-10-21 06:00:35.908360', '2025-10-21 06:01:36.908361', NULL),
    ('118cc43e-44e1-4856-957d-728ce2d28da8', 'flush', 'running', '["chat", "s3://b/x?y=1&z", true]', NULL, NULL, 1024, 2945281949, '2025-10-21 06:10:22.123456Z', '2025-10-21 06:11:15.292311', NULL, NULL),
    ('9b29b54b-e587-4d21-9f8c-e97adb34fa8d', 'migrate', 'pending', '["chat", "messages", "jamal"]', NULL, 'NODE-1:migrate-actor-1:thread-19', 1024, 7303171495, '2025-10-20 02:40:22.123456Z', NULL, NULL, NULL),
    ('3534ccae-8aa6-4235-aee7-af97425375be', 'huge', 'completed', NULL, 'C:\temp\x', 'node-2:huge-actor-1:thread-23', 4611686018427387904, 4611686018427387904, '2025-09-10 14:30:22.123456Z', '2025-09-10 14:31:04.516728', '2025-09-10 14:31:04.766728', NULL),
    ('fca7cb5f-bf05-48fa-b187-8d5fd739543b', 'flush', 'pending', NULL, NULL, 'node_1:flush-actor-4:thread-51', NULL, 1000000, '2025-10-20 07:00:22.123456Z', NULL, NULL, NULL),
    ('c91752a3-3d58-4cab-b01b-a9880a3efb80', '日本語', 'completed', NULL, 'back\slash', 'localhost:日本語-actor-3:thread-5', NULL, 1500000, '2025-10-10 14:30:22.123456', '2025-10-10T14:31:17.158957', '2025-10-10 14:31:17.408957Z', NULL),
    ('2d75c25d-01ea-4639-bc6a-47a73bc8996b', 'flush', 'completed', NULL, 'a,b', 'node-10:flush-actor-0:thread-3', 1073741824, 8729619271, '2025-10-20 04:00:22.003456Z', '2025-10-20 04:00:26.795345', NULL, NULL),
    ('c9546b43-9f9d-4129-8a44-9ebe89d9bf02', 'compact', 'completed', NULL, '🙂', '..', 1024, 30000000, '2025-10-21 13:56:22.123427', '2025-10-21 13:57:11.587556', '2025-10-21T13:57:12.587556', 'é'),
    ('bd6679c0-9c13-47a3-9b19-16cd450f0864', 'flush', 'pending', '["chat", 4611686018427387904]', NULL, NULL, 1048576, 30000000, '2025-10-21 01:10:22.003456', NULL, NULL, NULL),
    ('f463b337-d20b-4d59-9b61-0487c89da11b', 'compact', 'failed', '[""]', '
CRLF
', '日本語', 1073741824, 4675608782, '2025-10-21 14:04:22.123435', '2025-10-21 14:05:11.420073', '2025-10-21T14:05:11.670073', '_'),
    ('243bd888-fc22-42d2-a649-c1b0c6b5a1c6', 'time travel', 'running', '[null]', NULL, 'node-2:time travel-actor-1:thread-43', 1, 1, '1970-01-01 00:00:00.000001Z', '1969-12-31 23:59:59.999999', NULL, NULL),
    ('fbb41d14-4255-4a33-a374-75e120087497', 'flush', 'failed', NULL, NULL, 'node-10:flush-actor-2:thread-0', 52428800, 30000000, '2025-10-21 04:40:22.123455', '2025-10-21 04:40:23.989993', NULL, 'İstanbul'),
    ('909ff497-6a8a-43ef-a880-4790be6c6fe9', 'flush', 'running', '-12345678901234567890123456789.000100', NULL, 'node_1:flush-actor-0:thread-26', 1048576, 999999, '2025-10-19T22:30:22.123456', '2025-10-19 22:31:06.367487Z', NULL, NULL),
    ('b8378d82-91cb-4386-b112-cfd037b5dbac', 'backup', 'completed', '["chat", "s3://b/x?y=1&z", true]', 'line one
line two', 'localhost:backup-actor-4:thread-22', 0, NULL, '2025-10-20T02:40:22.003456', NULL, NULL, NULL),
    ('32e9c069-82ce-49de-ba77-25a3d454f36d', 'migrate', 'running', '"scalar"', NULL, 'node-10:migrate-actor-1:thread-5', 52428800, 7205252312, '2025-10-20 02:10:22.003456', '2025-10-20T02:10:37.857087', NULL, NULL),
    ('819d7ca7-b461-48cc-b217-54ef2904acec', 'backup', 'pending', 'null', NULL, 'localhost:backup-actor-4:thread-15', NULL, 7037711212, '2025-10-20 09:30:22.123456Z', NULL, NULL, NULL),
    ('0297c0d6-9aff-456c-86ad-0327d0b93207', 'migrate', 'running', '["chat", "messages", "jamal"]', NULL, 'node-10:migrate-actor-3:thread-22', 1073741824, NULL, '2025-10-20T05:20:22', '2025-10-20 05:20:25.054837Z', NULL, NULL);

INSERT INTO system.jobs (job_id, job_type, status, parameters, result, trace, memory_used, cpu_used, created_at, started_at, completed_at, error) VALUES
    ('c360b3b7-1251-410b-abee-35210c56a92d', 'flush', 'pending', '["chat", "s3://b/x?y=1&z", true]', NULL, NULL, 1048576, 1000000, '2025-10-20 08:00:22.003456', NULL, NULL, NULL),
    ('ac859f8f-f706-4832-8be1-b2488b97ef45', 'flush', 'completed', NULL, '', 'NODE-1:flush-actor-3:thread-56', 1048576, 1, '2025-10-21 06:30:22.123456', '2025-10-21 06:31:24.304598', '2025-10-21T06:31:24.304599', NULL),
    ('07e30f11-0562-4748-943e-c25a70536e9b', 'backup', 'completed', '["p-2025-10"]', '/* none */', 'localhost:backup-actor-0:thread-43', 1073741824, 999999, '2025-10-20 18:40:22.003456Z', '2025-10-20 18:41:21.532341', '2025-10-20 18:49:25.630513', NULL),
    ('ee52bdb6-d102-4a15-99ed-17e3cc0e95ee', 'backup', 'completed', NULL, 'trail ', 'node-1:trail ', 521414, 1, '2025-10-21 13:51:22.123422', '2025-10-21T13:52:19.697549', '2025-10-21 14:52:19.697549Z', 'עברית שלום'),
    ('449fd49b-1284-4ea1-a6da-a3653e67026c', 'flush', 'failed', NULL, NULL, 'node-1:old', NULL, 30000000, '1970-01-01 00:00:00Z', '1970-01-01 00:00:28.211839', '1970-01-01 01:00:28.211839', ''''''),
    ('ae4ecf4b-2ad9-440a-b36e-bf511d95389b', 'é', 'completed', '1e2', 'a b', 'node-1:é-actor-0:thread-7', 52428800, 1000000, '2025-10-09 14:30:21.123456Z', '2025-10-09 14:31:30.236165', '2025-10-09 14:31:30.236165', NULL),
    ('88534206-fc4a-447e-8498-72c67c081bb7', 'compact', 'running', '[""]', NULL, 'node_1:compact-actor-0:thread-46', NULL, NULL, '2025-10-19T02:30:22.123456', '2025-10-19 02:31:34.63426Z', NULL, NULL),
    ('6a8ac4ba-0580-4975-ad2f-89d94a2f20aa', 'flush', 'completed', '["p-2025-10"]', 'é', 'node-2:flush-actor-4:thread-19', 1073741824, 1000000, '2025-10-20 14:30:22.123457Z', '2025-10-20 14:30:23.123457', '2025-10-20 14:30:25.123457', NULL),
    ('a63e0c32-f938-47b0-b96c-c27ac2d532fa', 'backup', 'completed', '["p-2025-10"]', '', 'node-10:backup-actor-4:thread-57', 1048575, 1, '2025-10-20 18:30:22.003456', '2025-10-20T18:30:51.386766', '2025-10-20 18:43:16.985589Z', NULL),
    ('4be03db0-dc25-44bd-b940-67edfe175330', 'flush', 'failed', NULL, NULL, 'node-1:x', 1, 1500000, '2025-10-20T14:30:22.123455', '2025-10-20 14:30:35.874404Z', '2025-10-20 14:30:36.874404', 'é'),
    ('20552f5f-4b22-40a4-9a15-a311eb5af9f9', 'flush', 'cancelled', '["p-2025-10"]', NULL, 'node_1:flush-actor-4:thread-46', NULL, 1, '2025-10-21T14:10:22.003456', '2025-10-21 14:10:45.073237Z', '2025-10-21 14:11:46.073238', NULL),
    ('de3a5db5-154e-4512-9209-3d26ac512b01', 'flush', 'failed', NULL, '--no comment', 'node-1:--no comment', 1073741824, 30000000, '2025-10-21 13:49:22.12342Z', '2025-10-21 13:49:39.042605', '2025-10-21 13:49:39.292605', '🙂'),
    ('afbd67f9-6196-49cf-a198-8ad9f06c144a', 'flush', 'completed', 'false', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'node_1:flush-actor-3:thread-13', 1024, NULL, '2025-10-21 13:30:22.123457', '2025-10-21T13:30:23.123457', '2025-10-21 13:30:25.123457Z', NULL),
    ('56e0a246-663f-423b-8a0f-42834e0751d7', 'migrate', 'pending', '[0.000001, 1e-20]', NULL, NULL, 52428800, 7053280949, '2025-10-21 07:00:22Z', NULL, NULL, NULL),
    ('2aa3300b-2b71-4343-a20d-672b15ad9a9d', 'backup', 'failed', '{"long key": 1, "k": [1.0, 1.00, 1]}', NULL, 'node-2:backup-actor-2:thread-48', 1, 1500000, '2025-10-19 00:30:22.123456', '2025-10-19 00:31:26.203827', '2025-10-19T00:32:27.203828', 'say "hi"'),
    ('f772f8ea-63f6-46e0-ba38-9b09f0d3fa5c', 'cancels out', 'completed', '["p-2025-10"]', 'it''s', 'localhost:cancels out-actor-1:thread-28', 9223372036854775807, 9223372036854775807, '2025-09-08 14:30:22.123456', '2025-09-08 14:30:29.464412', '2025-09-08T14:30:29.464412', NULL),
    ('2be893f4-56b3-4574-9617-2adf654d479a', 'flush', 'completed', '1.10', NULL, 'NODE-1:flush-actor-2:thread-59', 82520665919, 1, '2025-10-19 21:30:22.123456Z', '2025-10-19 21:31:03.316848', '2025-10-19 21:44:03.578724', NULL),
    ('f9bddea5-d129-42e4-ae80-fa489b0bca16', 'backup', 'completed', '["chat", "s3://b/x?y=1&z", true]', '/* none */', 'node-2:backup-actor-1:thread-12', 36934337362, 1, '2025-10-20 12:30:22.123456', '2025-10-20 12:30:30.652198', '2025-10-20T12:31:31.652199', NULL),
    ('062ebc92-cebb-498a-a76d-b5ef1baf02cf', 'backup', 'completed', '["p-2025-10"]', NULL, 'node_1:backup-actor-1:thread-54', NULL, 1000000, '2025-10-21T08:30:22.003456', '2025-10-21 08:31:03.427513Z', '2025-10-21 08:31:03.677513', NULL),
    ('eaf5c033-a5cd-45e7-9cf3-d1797e0750ea', 'migrate', 'completed', '1e2', 'a,b', 'localhost:migrate-actor-2:thread-1', 666840, 999999, '2025-10-20 10:10:22.003456', '2025-10-20T10:11:20.855722', '2025-10-20 10:11:20.855722Z', NULL);

INSERT INTO system.jobs (job_id, job_type, status, parameters, result, trace, memory_used, cpu_used, created_at, started_at, completed_at, error) VALUES
    ('90e32e82-3945-4353-8cde-ce75921ebce6', 'a,b', 'completed', '["é", "🙂"]', 'NULL', 'node-1:a,b-actor-0:thread-61', 1024, NULL, '2025-10-14 14:30:21.123456', '2025-10-14T14:30:46.556623', '2025-10-14 14:30:47.556623Z', NULL),
    ('3c35612e-4a8d-45d8-9d29-6588571ceeee', ' ', 'completed', '["quo\"te", "back\\slash"]', 'ß', 'localhost: -actor-1:thread-52', NULL, NULL, '2025-10-18 14:30:22.123456', '2025-10-18 14:31:22.315114', '2025-10-18T14:35:51.656891', NULL),
    ('f6f62c28-e927-4b48-af62-e63a1a5356b5', 'é', 'completed', NULL, NULL, NULL, 18864768886, 1500000, '2025-10-08 14:30:21.123456', '2025-10-08T14:30:46.993685', '2025-10-08 14:31:47.993686Z', NULL),
    ('2adf559a-11cb-4288-8a50-12dc582c18c9', 'flush', 'completed', '["chat", "s3://b/x?y=1&z", true]', '{shard}', 'node-1:{shard}', 1048575, 999999, '2025-10-21 13:45:22.123416Z', '2025-10-21 13:46:24.085955', '2025-10-21 13:46:24.085955', ' lead'),
    ('99901c04-7549-4bc3-94c5-6c9a9cc9af4e', 'backup', 'failed', '["chat", "messages", "jamal"]', '👩‍👩‍👧', 'node-1:👩‍👩‍👧', 1048575, NULL, '2025-10-21 13:55:22.123426', '2025-10-21T13:56:10.669356', '2025-10-21 13:56:10.919356Z', 'é'),
    ('fe8b2b79-bada-4947-8b52-30ed2a30363b', 'migrate', 'cancelled', NULL, NULL, 'node-2:migrate-actor-3:thread-26', 1, 77058617, '2025-10-21T00:00:22.123456', '2025-10-21 00:00:35.925448Z', '2025-10-21 01:00:35.925448', NULL),
    ('172a4012-72a9-48a4-80d7-6560fbbe9381', 'negative', 'completed', '[]', '
CRLF
', 'node_1:negative-actor-4:thread-26', -1, -1, '2025-09-09T14:30:22.123456', '2025-10-21 14:30:22.123456Z', '2025-10-21 13:00:22.123455', NULL),
    ('99d026a7-762a-4ba5-ac5d-f2c7fcad3888', 'compact', 'cancelled', '["chat", "s3://b/x?y=1&z", true]', NULL, 'NODE-1:compact-actor-2:thread-6', 1048576, 1000000, '2025-10-20T05:50:22', '2025-10-20 05:51:36.929266Z', '2025-10-20 06:02:01.170093', NULL),
    ('ea190b2a-5806-4a9d-8c31-406deea3d685', 'flush', 'cancelled', '[true, false, null]', NULL, 'node-1:flush-actor-3:thread-44', 1, 1, '2025-10-19 04:30:22.123456', '2025-10-19 04:31:51.486249', '2025-10-19T04:31:52.486249', NULL),
    ('0289eb06-a2a8-46b4-8581-f255133bb4c2', 'time travel', 'running', '-0.0', NULL, 'node_1:time travel-actor-0:thread-37', 52428800, 1, '2000-03-01 00:00:00', '2000-02-29T23:59:59.999999', NULL, NULL),
    ('9403560d-97da-438d-9d64-3c25fbb230bb', 'flush', 'failed', '["p-2025-10"]', 'null', 'node-1:null', 1073741824, 999999, '2025-10-21 14:13:22.123444Z', '2025-10-21 14:13:35.120504', '2025-10-21 15:13:35.120504', 'a,b'),
    ('5e6279db-e09e-4d5a-a531-9f4782fe3a4a', 'migrate', 'cancelled', '["p-2025-10"]', NULL, 'node-2:migrate-actor-0:thread-13', 1073741824, 1500000, '2025-10-19 21:20:22.003456', '2025-10-19T21:21:13.441838', '2025-10-19 21:22:14.441839Z', NULL),
    ('dae720b2-cf03-4d21-9c7a-4beeca84ebca', 'backup', 'completed', '["p-2025-10"]', '🙂', 'node-1:backup-actor-1:thread-49', NULL, 999999, '2025-10-19 18:00:22.123456', '2025-10-19T18:00:53.815844', '2025-10-19 18:00:54.065844Z', NULL),
    ('70293815-5351-42c1-a8fb-46b52a2d551f', 'flush', 'failed', '["chat", "messages", "jamal"]', NULL, 'node-10:flush-actor-3:thread-36', 89230321538, 30000000, '2025-10-21 02:50:22.123456', '2025-10-21 02:51:24.041347', '2025-10-21T02:51:24.041348', ' '),
    ('b3df44a4-7467-437a-8b63-e0efb62ac1fe', 'migrate', 'completed', '["chat", "messages", "jamal"]', 'a/b', 'say "hi"', 1048576, NULL, '2025-10-21T13:42:22.123413', '2025-10-21 13:42:56.732389Z', '2025-10-21 13:42:56.982389', '--no comment'),
    ('bcfbb050-acab-4a6b-869d-4bd8b3fa7aa7', 'backup', 'failed', '[null]', 'line one
line two', 'node-1:line one
line two', 1, 1000000, '2025-10-21 14:19:22.12345', '2025-10-21T14:19:50.764043', '2025-10-21 14:20:51.764044Z', 'Compacted 12 files into 3 files, saved 15.3 MB'),
    ('8d64b3ad-d957-4b6b-8cb0-5ec1b14b69dc', 'flush', 'running', '["chat", 5.50]', NULL, 'node-10:flush-actor-3:thread-16', 0, 1500000, '2025-10-20 09:30:22.123456', '2025-10-20 09:31:50.279919', NULL, NULL),
    ('9439c746-d8dd-42ef-8af0-78b051158de5', 'time travel', 'completed', '["chat", "messages", "jamal"]', '日本語', NULL, 1048576, 0, '1970-01-01T00:00:00', '1970-01-01 00:00:00Z', '2099-12-31 23:59:59.999999', NULL),
    ('8d8e3b13-e83b-4ab1-ac15-3076cdc98666', 'compact', 'running', '["chat", "s3://b/x?y=1&z", true]', NULL, 'node-10:compact-actor-3:thread-50', 1024, 181403999, '2025-10-21T04:00:22.003456', '2025-10-21 04:00:42.88692Z', NULL, NULL),
    ('ceea590b-0537-4b76-b85c-1b333ebebe3e', 'time travel', 'running', '["tab\there", "new\nline"]', NULL, 'localhost:time travel-actor-2:thread-34', 1, 1, '1970-01-01T00:00:00', '1970-01-01 00:00:00Z', NULL, NULL);

INSERT INTO system.jobs (job_id, job_type, status, parameters, result, trace, memory_used, cpu_used, created_at, started_at, completed_at, error) VALUES
    ('179030da-9891-4052-8ebc-c1ba943863a5', 'time travel', 'completed', '1e30', NULL, 'node-1:time travel-actor-1:thread-33', NULL, 0, '1970-01-01 00:00:00', '1970-01-01T00:00:00', '1970-01-01 00:00:00Z', NULL),
    ('97f2a702-2366-4676-947f-81435add92d1', 'backup', 'pending', '["sl\/ash", "\u0001\u007f"]', NULL, 'NODE-1:backup-actor-1:thread-63', NULL, 2591971256, '2025-10-19 21:20:22.003456Z', NULL, NULL, NULL),
    ('12cb2f3f-c47a-4dc9-ad9b-4f22d8a50636', 'compact', 'completed', '1E-7', 'İstanbul', NULL, NULL, 999999, '2025-10-19 08:40:22.123456', '2025-10-19T08:41:41.074762', '2025-10-19 08:41:42.074762Z', NULL),
    ('4c78c7ab-4fd2-4206-b42f-22bae20cea4a', 'flush', 'pending', '["chat", "s3://b/x?y=1&z", true]', NULL, 'NODE-1:flush-actor-2:thread-15', 0, 1000000, '2025-10-21 03:00:22.123455Z', NULL, NULL, NULL),
    ('99f86c8d-f845-4ed9-913d-d1a6e9d40f2b', 'all null', 'completed', '[]', 'Flushed 10,000 records to ./data/storage/chat/users/jamal/messages/j/batch-2025-10-21-143022.parquet', 'localhost:all null-actor-1:thread-18', NULL, NULL, '2025-09-11T14:30:22.123456', NULL, NULL, NULL),
    ('973082d6-09b4-45d2-99bc-1d97e0f3a7ef', 'compact', 'failed', '1e30', NULL, 'NODE-1:compact-actor-2:thread-28', 1024, 1, '2025-10-19 20:30:22.123456', '2025-10-19 20:31:15.610392', '2025-10-19T20:32:16.610393', '👩‍👩‍👧'),
    ('afdbe9d2-7ebd-4e05-901f-c6f43d061f79', 'flush', 'pending', '  [ 1 ,
	2 , 3 ]  ', NULL, 'node-10:flush-actor-4:thread-7', 1048575, 1000000, '2025-10-20 07:40:22.003456Z', NULL, NULL, NULL),
    ('cadff918-c41a-46d9-82fa-4d7a28d2e08e', 'backup', 'cancelled', '["chat", "messages", "jamal"]', NULL, 'localhost:backup-actor-1:thread-14', 0, 8635310533, '2025-10-19T23:50:22', '2025-10-19 23:50:51.728368Z', NULL, NULL),
    ('ca357568-e293-4bf1-937c-99611d775b7c', 'new
line', 'completed', '["chat", "messages", "jamal"]', 'İstanbul', 'localhost:new
line-actor-2:thread-4', 1073741824, 4026091548, '2025-10-11 14:30:20.123456', '2025-10-11 14:30:42.798803', NULL, NULL),
    ('9b810e76-6ec9-4286-a3ca-828dd5f4b3b2', 'flush', 'completed', '[[1, [2, [3, []]]], {}]', '_', NULL, -1, NULL, '2025-10-22 14:30:18.123456Z', '2025-10-22 14:30:34.511197', NULL, NULL),
    ('63db01fc-aa7c-414b-b01d-bf291abb8ba3', 'backup', 'running', '["é", "🙂"]', NULL, 'NODE-1:backup-actor-0:thread-36', NULL, 999999, '2025-10-19 12:30:22.123456', '2025-10-19 12:30:58.57446', NULL, NULL),
    ('8f332483-bfe4-440e-a0fc-47fa3f8b1baa', 'flush', 'running', '["chat", "s3://b/x?y=1&z", true]', NULL, 'localhost:flush-actor-3:thread-41', 1048576, 1500000, '2025-10-21 08:20:22.003456', '2025-10-21T08:20:46.256264', NULL, NULL),
    ('e90c0722-d4a7-4958-b2fe-7205132ba600', 'flush', 'failed', '["chat", "messages", "jamal"]', NULL, 'localhost:flush-actor-2:thread-36', NULL, 30000000, '2025-10-20 10:50:22.123455', '2025-10-20 10:50:58.031453', '2025-10-20T10:50:59.031453', ' lead'),
    ('69dd6493-1778-4b95-83b9-6d91aba018ea', 'new
line', 'completed', '1E-7', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'localhost:new
line-actor-1:thread-3', NULL, 0, '2025-10-11 14:30:21.123456Z', '2025-10-11 14:30:42.252683', '2025-10-11 14:30:42.252684', NULL),
    ('9be3cecb-8c49-4c68-a8c2-4d4244ef7feb', 'migrate', 'completed', '["chat", "messages", "jamal"]', '../../etc/passwd', '‮evil‬', NULL, 1364868094, '2025-10-21T14:06:22.123437', '2025-10-21 14:07:31.381207Z', '2025-10-21 14:07:31.381207', 'null'),
    ('b8a61715-6831-45a8-8551-98c0a1326797', 'flush', 'completed', '[null]', 'a,b', 'node-10:flush-actor-4:thread-18', 52428800, 1000000, '2025-10-19T14:10:22.123456', '2025-10-19 14:11:27.939634Z', '2025-10-19 14:12:28.939635', NULL),
    ('2f429ce5-9ff3-478f-8c1b-0c3e1c07724e', 'migrate', 'failed', '["chat", "s3://b/x?y=1&z", true]', '$1', 'back\slash', 1048576, 1, '2025-10-21T13:46:22.123417', '2025-10-21 13:46:59.096555Z', '2025-10-21 13:46:59.346555', 'a b'),
    ('3e036333-9b0a-4817-b91c-85fda0a59518', 'backup', 'failed', '[]', NULL, 'localhost:backup-actor-1:thread-44', 1048575, 5079540128, '2025-10-21 09:30:22.123456', '2025-10-21 09:31:42.087304', '2025-10-21T09:31:42.087305', ''),
    ('6816de06-0a04-4f48-921b-18a91ab1c42f', 'flush ', 'completed', '["chat", "messages", "jamal"]', 'line one
line two', 'NODE-1:flush -actor-0:thread-56', 830833, 999999, '2025-10-17 14:30:20.123456', NULL, NULL, NULL),
    ('83333218-bd91-41b7-b03e-dca7e2dcaa37', 'backup', 'completed', '["p-2025-10"]', 'é', 'node-1:é', 1024, 999999, '2025-10-21 14:03:22.123434', '2025-10-21T14:03:54.056841', '2025-10-21 14:04:55.056842Z', '100%');

INSERT INTO system.jobs (job_id, job_type, status, parameters, result, trace, memory_used, cpu_used, created_at, started_at, completed_at, error) VALUES
    ('40041e00-1c82-4d9e-b4b3-1bfbf8449560', 'all null', 'completed', '["p-2025-10"]', NULL, NULL, NULL, NULL, '2025-09-11 14:30:22.123456Z', NULL, NULL, NULL),
    ('1724925f-fb31-4da0-8630-43d70a6be26c', 'backup', 'running', '["chat", "messages", "jamal"]', NULL, 'node_1:backup-actor-4:thread-27', 1048575, 30000000, '2025-10-20 17:50:22.123456Z', '2025-10-20 17:50:26.386398', NULL, NULL),
    ('c79d4440-0821-4b65-b8fe-2f4be91553a9', 'backup', 'failed', '0', NULL, 'node-10:backup-actor-1:thread-48', 1048575, 1000000, '2025-10-19 13:20:22.123456', NULL, NULL, NULL),
    ('88c9da8a-afe6-43f6-9673-0839e1e48557', 'backup', 'pending', '["it''s", "a,b"]', NULL, 'localhost:backup-actor-4:thread-45', 496621, 1, '2025-10-19 03:30:22.123456', NULL, NULL, NULL),
    ('ad45f23d-3b1a-41df-987f-d2803bab6c39', 'flush', 'completed', '["chat", "s3://b/x?y=1&z", true]', NULL, 'localhost:flush-actor-2:thread-17', 1048576, NULL, '2025-10-20 14:30:22.123456', '2025-10-20T14:30:23.123456', '2025-10-20 14:30:25.123456Z', NULL),
    ('eb8ac8ce-8a24-4e6b-b313-8131c541013d', 'migrate', 'failed', '["p-2025-10"]', '100%', 'a b', 52428800, NULL, '2025-10-21T14:10:22.123441', '2025-10-21 14:10:27.592082Z', '2025-10-21 14:11:28.592083', 'back\slash'),
    ('cdaaac43-936a-440c-acc6-6a576518093d', 'flush', 'pending', '0', NULL, 'node-10:flush-actor-4:thread-20', 69886466509, 1, '2025-10-20 04:30:22.123456', NULL, NULL, NULL),
    ('8f8b2b83-022b-4320-a161-5022409a8a78', 'backup', 'completed', '9223372036854775808', 'İstanbul', 'node-10:backup-actor-1:thread-27', 1024, 30000000, '2025-10-19 21:30:22.123456Z', '2025-10-19 21:31:22.092541', '2025-10-19 21:34:13.593185', NULL),
    ('0c6e5973-286b-4f29-8999-18a76ec15d38', 'flush', 'cancelled', '["chat", "s3://b/x?y=1&z", true]', NULL, 'node-2:flush-actor-1:thread-53', 1048576, 0, '2025-10-20 14:10:22.123456', '2025-10-20T14:10:42.847936', '2025-10-20 14:10:42.847937Z', NULL),
    ('7eba0352-0d58-4a58-8842-c19ac1fbe94c', 'compact', 'pending', '["chat", "s3://b/x?y=1&z", true]', NULL, NULL, 52428800, 1500000, '2025-10-20 10:00:22.123456Z', NULL, NULL, NULL),
    ('e5446dd4-552b-42f6-be3e-dc0a1ef2a4f0', 'flush', 'completed', '["chat", "s3://b/x?y=1&z", true]', '
CRLF
', 'NODE-1:flush-actor-3:thread-23', 21944058613, 1500000, '2025-10-21 14:30:22.123456Z', '2025-10-21 14:30:23.123456', '2025-10-21 14:30:25.123456', NULL),
    ('335082dc-8ad6-41c4-a5fe-3a1848e772ba', 'flush', 'cancelled', 'true', NULL, 'node-2:flush-actor-3:thread-46', 0, 9123508952, '2025-10-20T23:50:22', NULL, NULL, NULL),
    ('5d5f576c-deb8-4c4c-bb29-7d0b0e5e18ba', 'compact', 'completed', NULL, 'İstanbul', 'é', 0, 9310127622, '2025-10-21 14:00:22.123431', '2025-10-21 14:00:26.96687', '2025-10-21T14:01:27.966871', '..'),
    ('5b177a38-a96d-4b2c-b80b-25d9b02d3504', 'huge', 'completed', '["chat", "s3://b/x?y=1&z", true]', 'a_b', 'node_1:huge-actor-0:thread-22', 9223372036854775807, 9223372036854775807, '2025-09-10T14:30:22.123456', '2025-09-10 14:31:04.203884Z', NULL, NULL),
    ('5d698c8b-4448-4030-b3c6-68b114ed2049', 'a,b', 'completed', NULL, 'it''s', 'node_1:a,b-actor-1:thread-62', 75361183555, NULL, '2025-10-14T14:30:20.123456', '2025-10-14 14:31:07.963515Z', '2025-10-14 14:31:07.963515', NULL),
    ('0a57af35-b9b8-4635-90b8-fe223c116549', 'flush', 'completed', '["עברית", "e\u0301"]', 'Compacted 12 files into 3 files, saved 15.3 MB', 'node-1:flush-actor-1:thread-47', 1024, 1500000, '2025-10-19 01:30:22.123456Z', '2025-10-19 01:30:28.876947', '2025-10-19 01:30:28.876947', NULL),
    ('5b616e42-8b9d-43d4-ab00-b570f93ee7cc', 'migrate', 'completed', '["עברית", "e\u0301"]', '..', 'localhost:migrate-actor-2:thread-50', 1073741824, 1000000, '2025-10-19T17:20:22.003456', '2025-10-19 17:20:33.763913Z', '2025-10-19 18:20:33.763913', NULL),
    ('8e903fd9-3433-460c-a1e4-06a660a7a7b7', 'migrate', 'completed', '9223372036854775808', '../../etc/passwd', 'NODE-1:migrate-actor-3:thread-2', 1073741824, NULL, '2025-10-19T23:00:22.123455', '2025-10-19 23:01:19.667775Z', '2025-10-19 23:01:19.667776', NULL),
    ('baeb41a5-e65a-4149-80e2-a20a1bd7ce73', 'compact', 'pending', '["chat", "messages", "jamal"]', NULL, 'node-2:compact-actor-4:thread-10', 998901, 8206096427, '2025-10-20T14:30:22.123456', NULL, NULL, NULL),
    ('cfa6cf3e-53e6-4093-9b87-872d336b1a45', 'compact', 'pending', '  [ 1 ,
	2 , 3 ]  ', NULL, 'node-2:compact-actor-4:thread-40', 0, 999999, '2025-10-19 08:30:22.123456', NULL, NULL, NULL);

INSERT INTO system.jobs (job_id, job_type, status, parameters, result, trace, memory_used, cpu_used, created_at, started_at, completed_at, error) VALUES
    ('e8e5b461-7589-482b-9a70-2cfa93ea5c4e', 'backup', 'failed', NULL, '..', 'node-1:..', 724153, 999999, '2025-10-21 14:07:22.123438', '2025-10-21T14:08:07.053606', '2025-10-21 14:08:07.053606Z', 'NULL'),
    ('57e54acc-62f5-480c-8fdf-8e1a060cea63', 'compact', 'failed', '["chat", {"deep": {"er": [{"x": 1e3}]}}]', 'Flushed 10,000 records to ./data/storage/chat/users/jamal/messages/j/batch-2025-10-21-143022.parquet', '''''', 52428800, NULL, '2025-10-21 13:40:22.123411', NULL, NULL, ';'),
    ('3cbb5615-352c-4f80-8731-16f03579c67e', 'migrate', 'pending', NULL, NULL, NULL, 0, 999999, '2025-10-21T06:10:22.123455', NULL, NULL, NULL),
    ('b386d25c-b387-42ad-aa49-26f05f221dfc', 'compact', 'pending', NULL, NULL, 'node-10:compact-actor-4:thread-17', NULL, 0, '2025-10-20 00:30:22.123455', NULL, NULL, NULL),
    ('2298bdb1-c85f-4d46-9037-15c8fcaf4a5a', 'flush', 'running', '["chat", 5]', NULL, 'node_1:flush-actor-0:thread-41', 1, 30000000, '2025-10-19 07:30:22.123456', '2025-10-19T07:30:49.310313', NULL, NULL),
    ('4a77814e-a614-4e5b-b78d-9952a3ee54d4', 'flush', 'running', '{"0": "key zero", "1": "key one"}', NULL, 'localhost:flush-actor-3:thread-17', 1048576, 1, '2025-10-21 03:10:22.123456', '2025-10-21T03:10:33.107679', NULL, NULL),
    ('7d2186d3-e323-4e54-b711-5c02f44d7e40', 'flush ', 'completed', NULL, ' ', 'node_1:flush -actor-3:thread-54', 1048576, 0, '2025-10-17T14:30:22.123456', '2025-10-17 14:30:37.250855Z', '2025-10-17 14:31:38.250856', NULL),
    ('00000000-0000-0000-0000-000000000000', 'flush', 'pending', '["chat", "messages", "jamal"]', NULL, 'NODE-1:flush-actor-0:thread-0', NULL, 9223372036854775807, '2025-10-22 14:30:22.123456', NULL, NULL, NULL),
    ('35bf992d-c9e9-4616-a12e-7696a6cecc1b', 'flush', 'pending', '1E-7', NULL, 'NODE-1:flush-actor-0:thread-5', NULL, -999999, '2025-10-22 14:30:19.123456', NULL, NULL, NULL),
    ('e4b06ce6-0741-47a8-bce4-2c8218072e8c', 'flush', 'running', '1e30', NULL, 'node-1:flush-actor-1:thread-6', 4611686018427387904, -1000001, '2025-10-22T14:30:18.123456', '2025-10-22 14:30:28.323194Z', NULL, NULL),
    ('04673b75-7ff2-4341-810d-2e304bcb6b22', 'compact', 'completed', '["tab\there", "new\nline"]', NULL, 'node-10:compact-actor-1:thread-37', 1024, 30000000, '2025-10-19 11:30:22.123456', '2025-10-19T11:30:25.01968', '2025-10-19 11:30:25.01968Z', NULL),
    ('cb06718c-063f-42b6-bc5c-483d420a4323', 'compact', 'pending', '["p-2025-10"]', NULL, 'localhost:compact-actor-3:thread-60', NULL, 1, '2025-10-20 12:00:22.123455', NULL, NULL, NULL),
    ('8ba56d34-2445-4ecf-b4ec-f2ede4cd6075', 'flush', 'completed', NULL, ' lead', 'localhost:flush-actor-0:thread-47', 1, 0, '2025-10-19 20:50:22.123455Z', '2025-10-19 20:50:34.899222', '2025-10-19 20:50:34.899222', NULL),
    ('ee1b8cc4-7035-4a27-aba1-a9d3a61a59e3', 'migrate', 'completed', '["it''s", "a,b"]', NULL, 'node_1:migrate-actor-2:thread-5', 1, 1, '2025-10-19 21:30:22.003456', '2025-10-19T21:31:25.5802', '2025-10-19 21:32:26.580201Z', NULL),
    ('9f22ce0a-dc7a-4283-9604-c3b667be9998', 'flush', 'completed', '["chat", "messages", "jamal"]', NULL, 'localhost:flush-actor-4:thread-13', NULL, 999999, '2025-10-21 13:10:22', '2025-10-21T13:11:26.485376', '2025-10-21 13:11:26.485377Z', NULL),
    ('9d19ee45-032b-4328-8bb5-7b5cd3e89d32', 'new
line', 'completed', '{"long key": 1, "k": [1.0, 1.00, 1]}', 'tab	here', 'node-1:new
line-actor-0:thread-2', 0, 0, '2025-10-11T14:30:22.123456', '2025-10-11 14:31:38.841099Z', '2025-10-11 14:31:39.091099', NULL),
    ('96605d95-9d7c-44f6-9d5c-482557450e65', 'Flush', 'completed', '["chat", "messages", "jamal"]', '👩‍👩‍👧', 'node_1:Flush-actor-3:thread-59', 1073741824, NULL, '2025-10-15 14:30:21.123456Z', '2025-10-15 14:31:00.703859', '2025-10-15 14:31:00.953859', NULL),
    ('678a5aa3-3b6f-4507-8c5f-e8f8dc3bf364', 'flush', 'completed', '["עברית", "e\u0301"]', 'a_b', 'node-1:a_b', NULL, 30000000, '2025-10-21 14:09:22.12344Z', '2025-10-21 14:10:07.726949', '2025-10-21 14:10:07.976949', '\.'),
    ('9f9f80d0-e730-4b28-922f-02f350e9e079', 'compact', 'running', '1.10', NULL, 'NODE-1:compact-actor-2:thread-49', 52428800, NULL, '2025-10-20 09:40:22.123456', '2025-10-20T09:41:37.442969', NULL, NULL),
    ('443baac5-3689-4eeb-ade2-b33b56cef8ec', 'backup', 'completed', '["chat", 5.50]', '．．', 'node-2:backup-actor-1:thread-42', 798109, 999999, '2025-10-19T06:30:22.123456', '2025-10-19 06:30:29.129478Z', '2025-10-19 06:30:30.129478', NULL);

INSERT INTO system.jobs (job_id, job_type, status, parameters, result, trace, memory_used, cpu_used, created_at, started_at, completed_at, error) VALUES
    ('f9341c68-966b-4ea1-88be-ab134da98f1d', 'flush', 'failed', NULL, '', 'node-1:', 1073741824, 999999, '2025-10-21 14:25:22.123456Z', '2025-10-21 14:25:40.359020', '2025-10-21 14:26:41.359021', '{shard}'),
    ('e1fab9d7-8c7e-434f-9dfb-d3d12c4a3698', 'compact', 'completed', '["עברית", "e\u0301"]', 'a,b', '．．', 1073741824, NULL, '2025-10-21 14:20:22.123451', '2025-10-21 14:20:48.289867', '2025-10-21T14:20:48.539867', 'Flushed 10,000 records to ./data/storage/chat/users/jamal/messages/j/batch-2025-10-21-143022.parquet'),
    ('c7af3626-f949-4568-9eb0-e066de26e655', 'compact', 'running', '[[1, [2, [3, []]]], {}]', NULL, 'NODE-1:compact-actor-0:thread-31', 1048576, 8809736047, '2025-10-19 17:30:22.123456Z', '2025-10-19 17:31:46.516490', NULL, NULL),
    ('bc2e9ff5-a72f-4600-8c00-15082b265442', 'compact', 'cancelled', NULL, NULL, 'node-1:compact-actor-0:thread-39', 1048576, NULL, '2025-10-20 13:50:22Z', '2025-10-20 13:50:37.906090', '2025-10-20 13:50:38.90609', NULL),
    ('9c842b6a-8b52-4b4f-99d7-b4035596dfde', 'flush', 'failed', '["p-2025-10"]', NULL, 'node-1:old', 1048575, 1500000, '1970-01-01 00:00:00.000000', '1970-01-01 00:00:36.35362', '1970-01-01T00:00:36.35362', '%'),
    ('d037cdff-7c24-4d49-a9d4-95dd81355c53', 'migrate', 'failed', '["é", "🙂"]', 'עברית שלום', 'C:\temp\x', 52428800, 0, '2025-10-21T13:58:22.123429', '2025-10-21 13:59:20.137563Z', '2025-10-21 13:59:20.387563', 'C:\temp\x'),
    ('5c47577b-3f12-468e-b2ff-d03d4eac98d6', 'negative', 'completed', '["chat", 4611686018427387904]', NULL, 'NODE-1:negative-actor-2:thread-24', -9223372036854775808, -9223372036854775808, '2025-09-09 14:30:22.123456', '2025-10-21 14:30:22.123456', '2025-10-21T13:00:22.123455', NULL),
    ('de1bf0cd-8afc-4bee-a426-4c9ffade312d', 'huge', 'completed', '[true, false, null]', '‮evil‬', 'localhost:huge-actor-4:thread-21', 9223372036854775807, 9223372036854775807, '2025-09-10 14:30:22.123456', '2025-09-10T14:31:50.661496', '2025-09-10 14:31:50.661497Z', NULL),
    ('4c867062-2d9b-4ebf-b497-553cb0894f5a', 'flush', 'completed', '9223372036854775808', '/* none */', 'localhost:flush-actor-0:thread-52', 1048576, 999999, '2025-10-21 07:30:22.123455', '2025-10-21 07:31:48.534519', '2025-10-21T07:31:48.534519', NULL),
    ('ec148cb4-8e73-4a47-aa90-a8f0d66b829e', 'flush', 'failed', '["p-2025-10"]', NULL, 'node-1:x', NULL, 0, '2025-10-20 14:30:22.123457', '2025-10-20 14:31:33.694099', '2025-10-20T14:44:08.414839', 'C:\temp\x'),
    ('FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF', 'flush', 'running', '[]', NULL, 'node-2:flush-actor-1:thread-1', -1, -999999, '2025-10-22 14:30:21.123456', '2025-10-22T14:31:47.726871', NULL, NULL),
    ('15c0cdd5-9836-404c-b6fb-b6edbc85e5de', 'compact', 'completed', '["é", "🙂"]', 'NULL', 'node-1:compact-actor-0:thread-18', 1, NULL, '2025-10-19T14:30:22.123455', '2025-10-19 14:31:38.537321Z', '2025-10-19 14:31:38.537322', NULL),
    ('cc5d375a-43bb-4a66-a9a4-13ca59758f83', 'flush', 'failed', '["chat", "s3://b/x?y=1&z", true]', NULL, 'node_1:flush-actor-4:thread-23', 52428800, NULL, '2025-10-21 09:20:22.003456Z', '2025-10-21 09:20:46.660609', NULL, NULL),
    ('a2b249ab-4712-4faa-bead-3bed00fdfeae', 'backup', 'cancelled', '[]', NULL, 'NODE-1:backup-actor-4:thread-3', 1024, 1500000, '2025-10-19 16:40:22.123456Z', NULL, NULL, NULL),
    ('16e3e380-47e1-438b-91ea-041814d4954e', 'negative', 'completed', '{"long key": 1, "k": [1.0, 1.00, 1]}', NULL, 'localhost:negative-actor-3:thread-25', -9223372036854775808, -9223372036854775808, '2025-09-09 14:30:22.123456', '2025-10-21T14:30:22.123456', '2025-10-21 13:00:22.123455Z', NULL),
    ('a5f09e63-45dd-487d-a81a-a40a2b0b8c12', 'backup', 'failed', '[""]', '．．', 'node-1:．．', NULL, 1500000, '2025-10-21 13:43:22.123414', '2025-10-21T13:43:44.046805', '2025-10-21 13:44:45.046806Z', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'),
    ('4227de21-3023-480c-8bd3-f5e06bc15385', 'backup', 'completed', NULL, 'Compacted 12 files into 3 files, saved 15.3 MB', 'node-1:Compacted 12 files into 3 files, saved 15.3 MB', 611979, 999999, '2025-10-21 13:39:22.12341', '2025-10-21T13:40:08.725262', '2025-10-21 13:41:09.725263Z', '$1'),
    ('56befa39-5e3c-436c-815a-c400d7547080', '', 'completed', '{"long key": 1, "k": [1.0, 1.00, 1]}', '/* none */', 'localhost:none-actor-0:thread-51', 52428800, 1, '2025-10-19 14:30:22.123456Z', '2025-10-19 14:30:33.234255', '2025-10-19 14:30:33.484255', NULL),
    ('c96fa758-02b0-47f8-86fa-adb10a248cff', '%', 'completed', NULL, 'trail ', 'localhost:%-actor-2:thread-14', 1048575, 999999, '2025-10-05T14:30:22.123456', '2025-10-05 14:31:33.677371Z', '2025-10-05 14:31:34.677371', NULL),
    ('8181e84d-99a7-4924-950d-40ddc2557035', 'flush', 'pending', '[0.000001, 1e-20]', NULL, 'node-2:flush-actor-4:thread-50', 52428800, 1500000, '2025-10-18T22:30:22.123456', NULL, NULL, NULL);

INSERT INTO system.live_queries (live_id, user_id, namespace_id, table_name, query, options, changes, node, created_at, last_update) VALUES
    ('f4767f26-2943-45b2-b21d-ea3bf63f23d0', 'jamal', '', 'messages', '	SELECT	1;
', '{"last_rows": false}', 385656714, '', '2024-09-16 14:30:22.123456', '2025-10-21 14:30:22.123455'),
    ('ff3fe32a-30ff-44ee-90a7-bd04e85bfcdd', 'jamal', 'x', 'y
z', '	SELECT	1;
', '"buffer_size"', 0, 'node
3', '2025-10-21 14:30:23.123456', '2025-10-21 13:30:33.416857'),
    ('81e220df-848b-4df7-8feb-994a81167346', '..', 'chat', 'Messages', 'SELECT ''🙂'', ''עברית''', '{"last_rows": 0}', 562939, NULL, '2025-10-21T13:09:36.821635', '2025-10-21 13:30:22.123456Z'),
    ('ffed9235-288b-4781-ae66-267594c9c950', 'jamal ', 'a', 'b.c', '', '"buffer_size"', 1000000000000, NULL, '2025-10-21 14:30:22.123453Z', '2025-10-22 14:30:22.123456'),
    ('11457d9c-f45e-4fa0-9d7f-427515392480', '🙂', '', 'messages', '	SELECT	1;
', '{"nested": {"buffer_size": 7000}}', 592987, '', '2025-10-21T14:30:22.123453', '2025-10-21 14:20:22.123457Z'),
    ('007ee4fa-b105-483e-85e9-51862f0981ae', '..', '%', '_', 'SELECT ''🙂'', ''עברית''', '{"buffer_size": 2000}', 314785426, 'no"de', '2025-10-21T14:30:15.123456', '2025-10-21 14:30:22.123456Z'),
    ('0227eeb7-b9d7-401f-9769-da05d205bbfc', 'jamal', '%', '_', 'SELECT ''🙂'', ''עברית''', 'true', 444082, 'no"de', '2025-10-20 14:30:22.123456Z', '2025-10-21 14:30:22.123455'),
    ('e2520e33-e44c-4055-ac71-c4a66148a86f', '🙂', 'x', 'y
z', '	SELECT	1;
', '{"buffer_size": 2147483647}', 0, 'node
3', '2025-10-21T14:30:22.123453', '2025-10-21 14:30:22.123456Z'),
    ('{cf1822ff-bc68-4778-ab49-1044d5e34124}', 'jamal', 'chat', 'messages', '	SELECT	1;
', '[]', 1000000000000000000, 'node-2', '2025-10-21 13:30:22.123455', '2025-10-21 14:20:22.123455'),
    ('59cc60b1-7604-44b4-a736-95c3e652c71a', 'o''neil', 'chat', 'messages', 'SELECT * FROM chat.messages', '{"last_rows": 123456789012345678901234567890}', 331951516, 'node-1', '2024-09-16T14:30:22.123456', '2025-10-21 14:20:22.123457Z'),
    ('bc1b00d9-2838-4766-af9b-6bf2d037fe2e', 'new
line', '日', '本', '', NULL, 0, 'nœud,1', '2025-10-21 14:30:22.123453', '2025-10-21T12:45:12.752041'),
    ('6a27e0df-cbf8-4544-b215-4e76e4c11ab2', 'jamal', 'chat', 'messages', 'SELECT * FROM chat.messages', '{"last_rows": ""}', 0, 'node-2', '1970-01-01 00:00:00.000000', '1970-01-01 00:00:00'),
    ('fec3f6b3-2e8d-4b8a-8f54-f8ceacaab39e', '%2e', 'chat', 'messages', '	SELECT	1;
', '{"last_rows": 0}', 632130351, 'node-2', '2024-09-16 14:30:22.123456Z', '2025-10-21 13:30:22.123456'),
    ('d08f1bb2-531d-4460-b0ca-eef038c89b38', '日本', 'chat', 'messages', 'SELECT ''🙂'', ''עברית''', '{"buffer_size": 3e3}', 327223941, 'node-1', '2025-10-21 14:30:23.123456', '2025-10-21T14:20:22.123457'),
    ('af29d115-ef24-4d62-9dd9-61e6830b54fa', 'jamal', 'ns,1', 't"2', 'SELECT id,
       ''it''''s'', "q"
FROM chat.messages -- comment
WHERE x LIKE ''50\%'' AND y = $1', NULL, 780768591, 'us-west-2-instance-3', '2025-10-21 13:30:22.123455', '2025-10-21T13:30:22.123456'),
    ('D95BAFC8-F2A4-427B-9CF4-BB99F4BEA973', 'jamal', 'chat', 'messages', '', '{"last_rows": 50, "buffer_size": 5000}', 4611686018427387904, 'node-1', '2025-10-21T14:30:22.123453', '2025-10-21 13:30:22.123457Z'),
    ('e8624fab-5186-4e32-ae8d-7ee9770348a0', '日本', '%', '_', 'SELECT ''🙂'', ''עברית''', '{"buffer_size": 2001}', 0, 'no"de', '2024-09-16 14:30:22.123456', '2025-10-21T14:20:22.123457'),
    ('7d28f934-3533-4774-bb1e-386c4fd5079e', 'jamal', 'chat', '', 'SELECT * FROM chat.messages', '{"buffer_size": null}', 679505629, 'localhost', '2025-10-21 14:30:20.623456', '2025-10-21 14:30:22.123456'),
    ('cdbd47d3-64be-4049-a372-db8f6e405d93', '', 'chat', 'Messages', 'SELECT ''🙂'', ''עברית''', '["buffer_size", "last_rows"]', 1000000000000, NULL, '2025-10-21 13:30:22.123455', '2025-10-21 12:30:22.123456'),
    ('97eeab64-ca2c-46bc-9d3f-d983c34c769f', 'jamal', 'a', 'b.c', '', '{"last_rows": [1, {"x": 2.50}]}', 638942244, NULL, '2025-10-21T14:29:15.255648', '2025-10-21 13:30:22.123456Z');

INSERT INTO system.live_queries (live_id, user_id, namespace_id, table_name, query, options, changes, node, created_at, last_update) VALUES
    ('c8c69069-134b-4cd3-a1cf-4f589f8e4ce0', 'jamal', '日', '本', '', '{"buffer_size": 2001}', 902503, 'nœud,1', '2025-10-20T14:30:22.123456', '2025-10-21 13:30:22.123456Z'),
    ('0600571f-ac3a-4b26-bfdf-57cd2c006497', '日本', 'chat', 'Messages', 'SELECT ''🙂'', ''עברית''', NULL, 452383338, NULL, '2025-10-21 14:30:20.623456', '2025-10-21T13:30:22.123456'),
    ('829a48d4-22fe-49a2-ac70-501e533c9135', 'new
line', 'chat', 'messages', '', '{"buffer_size": null}', -9223372036854775808, 'node-1', '2025-10-21 14:30:15.123456', '2025-10-21T13:30:22.123456'),
    ('e6b58de7-44ab-4cce-8087-7b6f71e1f6d2', '../../x', 'ns,1', 't"2', 'SELECT id,
       ''it''''s'', "q"
FROM chat.messages -- comment
WHERE x LIKE ''50\%'' AND y = $1', '{"buffer_size": "+2001"}', 1523, 'us-west-2-instance-3', '2025-10-21 13:30:22.123455Z', '2025-10-21 13:30:22.123456'),
    ('ea748db9-e020-407a-aeb6-db2c3a038a70', 'jamal ', 'chat', 'messages', '', '{"last_rows": "a,b"}', 15663, 'node-1', '2025-10-21 13:30:22.123455Z', '2025-10-21 13:06:05.053188'),
    ('d4c0dca8-b4c9-4755-8c9c-3adcf515a823', 'new
line', 'a', 'b.c', '', '{"buffer_size": 2000}', 854046, NULL, '2025-10-21 13:30:22.123455', '2025-10-21T13:30:22.123456'),
    ('c268a20e-b78a-4332-a5e1-38e26c4454b9', '../../x', 'a.b', 'c', 'SELECT id,
       ''it''''s'', "q"
FROM chat.messages -- comment
WHERE x LIKE ''50\%'' AND y = $1', '{"buffer_size": -2147483648}', 0, 'node-2', '2025-10-21 14:30:22.123453Z', '2025-10-21 13:30:22.123456'),
    ('2d6c797f-8f7d-4b78-aa1b-e9cd8697bbd0', 'x,y', 'chat', 'messages', 'SELECT * FROM chat.messages', '{"buffer_size": -2147483648}', 0, 'node-1', '2024-09-16 14:30:22.123456Z', '2025-10-21 14:30:22.123455'),
    ('e06f291b-2a83-4af8-95c4-4a4eb3172062', '🙂', 'chat', 'messages', '	SELECT	1;
', '{"last_rows": [1, {"x": 2.50}]}', 0, 'node-2', '2025-10-21T14:30:20.623456', '2025-10-21 14:30:22.123456Z'),
    ('930cdbd3-0f0a-42a8-9b2d-19a2beaa14a7', 'jamal', 'chat', 'messages', 'SELECT * FROM chat.messages', '"buffer_size"', 564323, 'node-1', '2024-09-16 14:30:22.123456', '2025-10-21T14:20:22.123457'),
    ('74667bff-e202-449d-a964-3a295a9ac6de', 'ana', 'x', 'y
z', '	SELECT	1;
', '{"nested": {"buffer_size": 7000}}', 0, 'node
3', '2025-10-20 14:30:22.123456', '2025-10-21T13:30:22.123456'),
    ('5c374746-5cc3-4c27-8e8a-35b10828d569', 'a/b', 'a', 'b.c', '', '{"buffer_size": "+2001"}', 557742664, NULL, '2025-10-21 14:30:20.623456', '2025-10-21 14:30:22.123455'),
    ('eb2b5693-babb-4fbb-8a76-c196067cfdcb', 'x,y', 'chat', '', 'SELECT * FROM chat.messages', '"buffer_size"', 0, 'localhost', '2025-10-21 14:30:23.123456Z', '2025-10-21 14:20:22.123457'),
    ('22f1a831-85b9-4f5f-811e-60de1b343f52', '', 'chat', 'messages', 'SELECT ''🙂'', ''עברית''', '{"buffer_size": 2147483647}', 702425204, 'node-1', '2024-09-16 14:30:22.123456', '2025-10-21 12:41:51.693702'),
    ('9779ac1f-45e9-4d32-8c85-5fdfa7251af0', 'Jamal', 'chat', 'messages', 'SELECT id,
       ''it''''s'', "q"
FROM chat.messages -- comment
WHERE x LIKE ''50\%'' AND y = $1', '"buffer_size"', 0, 'node-1', '2025-10-21T13:30:22.123455', '2025-10-21 13:30:22.123456Z'),
    ('5c6e433715ba4bdd977219d30e7a269f', 'jamal', 'chat', 'messages', 'SELECT ''🙂'', ''עברית''', '{}', 4611686018427387903, 'node-1', '2024-09-16 14:30:22.123456Z', '2025-10-21 14:20:22.123456'),
    ('e89204e2-e816-4561-867e-5e15bc01bfce', 'jamal', 'a.b', 'c', 'SELECT id,
       ''it''''s'', "q"
FROM chat.messages -- comment
WHERE x LIKE ''50\%'' AND y = $1', '{"last_rows": "a,b"}', 79829285, 'node-2', '2099-12-31 23:59:59.999999', '2099-12-31T00:00:00'),
    ('7f81375e-ecc1-4b63-8773-3e847d718d73', 'jamal ', '日', '本', '', '{"buffer_size": 1, "buffer_size": 9000}', 397247012, 'nœud,1', '2025-10-21 14:30:22.123453Z', '2025-10-21 14:20:22.123457'),
    ('681b8f58-9683-4b76-9da5-9b74a6c3181c', '%2e', '', 'messages', '	SELECT	1;
', '{"last_rows": false}', 0, '', '2025-10-20 14:30:22.123456Z', '2025-10-21 12:35:03.817575'),
    ('a8acb513-7c92-40dc-b4e0-88a9b9492f25', 'a/b', 'chat', 'messages', '', 'true', 406834355, 'node-1', '2025-10-20 14:30:22.123456', '2025-10-21 14:30:22.123455');

INSERT INTO system.live_queries (live_id, user_id, namespace_id, table_name, query, options, changes, node, created_at, last_update) VALUES
    ('FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF', 'jamal', 'chat', 'messages', 'SELECT id,
       ''it''''s'', "q"
FROM chat.messages -- comment
WHERE x LIKE ''50\%'' AND y = $1', '{"last_rows": 100, "buffer_size": 1000}', 4611686018427387904, 'node-1', '2025-10-21 14:30:20.623456', '2025-10-21T13:30:22.123455'),
    ('4067c358-4ee2-47f8-9a94-e3e8ab73738f', 'jamal', 'chat', 'messages', 'SELECT * FROM chat.messages', 'null', 1000000000000000000, 'node-2', '2025-10-21 14:30:23.123456', '2025-10-21T14:20:22.123457'),
    ('dbe53fca-fb21-47df-9ca4-95fa5a91c89b', 'jamal', 'chat', 'Messages', 'SELECT ''🙂'', ''עברית''', '{"last_rows": {"n": 1, "n": 2}}', 624022, NULL, '2025-10-20 14:30:22.123456Z', '2025-10-21 14:30:22.123455'),
    ('2d3d854e-061b-4030-bb08-c6e33c729578', 'q"q', 'chat', 'messages', 'SELECT id,
       ''it''''s'', "q"
FROM chat.messages -- comment
WHERE x LIKE ''50\%'' AND y = $1', '{"buffer_size": 3e3}', -1, 'node-1', '2025-10-21 14:30:23.123456', '2025-10-21 14:30:22.123455'),
    ('82523e86-feac-4eb7-9c38-f519b91751da', 'ana', '', 'messages', '	SELECT	1;
', '{"buffer_size": "3000"}', 100000000000, '', '2025-10-21 14:30:15.123456', '2025-10-21T12:30:22.123456'),
    ('cb4deeec-0b0c-495e-96e6-bc4d62b47204', '%2e', 'x', 'y
z', '	SELECT	1;
', '{"last_rows": 50, "buffer_size": 5000}', 526755, 'node
3', '2025-10-21 14:30:20.623456Z', '2025-10-21 13:30:22.123456'),
    ('c5e2486c-44a4-48f6-9dc8-db48e86ec9c6', 'x,y', 'chat', 'messages', 'SELECT * FROM chat.messages', 'null', 158514949, 'node-2', '2025-10-20 14:30:22.123456Z', '2025-10-21 11:49:12.833171'),
    ('3ff98ff3-87c5-4473-a7a8-3ee0761ebfd2', 'Jamal', 'ns,1', 't"2', 'SELECT id,
       ''it''''s'', "q"
FROM chat.messages -- comment
WHERE x LIKE ''50\%'' AND y = $1', '{"last_rows": "🙂\u00e9"}', 0, 'us-west-2-instance-3', '2025-10-21T14:30:22.123453', '2025-10-21 14:30:22.123456Z'),
    ('20b6a846-4174-475a-9f83-4da70569c018', 'q"q', 'ns,1', 't"2', 'SELECT id,
       ''it''''s'', "q"
FROM chat.messages -- comment
WHERE x LIKE ''50\%'' AND y = $1', NULL, 805184110, 'us-west-2-instance-3', '2025-10-21 14:30:15.123456', '2025-10-21 13:22:31.152162'),
    ('cbd4d3e2-d4de-49ef-83f0-be4e80371eb9', '', '%', '_', 'SELECT ''🙂'', ''עברית''', '{"last_rows": "line\nbreak", "buffer_size": 2500}', 377582, 'no"de', '2025-10-21 13:30:22.123455', '2025-10-21 12:46:11.925236'),
    ('8ebdbfe3-eb9a-4688-b9d3-9cca91551e82', '../../x', 'chat', 'messages', 'SELECT id,
       ''it''''s'', "q"
FROM chat.messages -- comment
WHERE x LIKE ''50\%'' AND y = $1', '5', 0, 'node-1', '2025-10-20 14:30:22.123456Z', '2025-10-21 12:15:41.878803'),
    ('5d300cb9-0706-4045-9efc-044a09325626', 'a/b', '日', '本', '', '{"buffer_size": 2000}', 1523, 'nœud,1', '2025-10-21 14:30:15.123456', '2025-10-21 14:30:22.123456'),
    ('0f756132-e16d-4e72-b18e-859835e1f291', 'o''neil', 'chat', 'messages', 'SELECT * FROM chat.messages', '{"buffer_size": " 4000 "}', 801170913, 'node-2', '2025-10-21T14:30:20.623456', '2025-10-21 13:30:22.123456Z'),
    ('d322a735-3ead-4efe-840e-2b4fda9c025a', 'ana', 'chat', 'messages', '	SELECT	1;
', '{"buffer_size": 1000}', 0, 'node-2', '2025-10-20 14:30:22.123456', '2025-10-21T14:30:22.123456'),
    ('83844b40-ffa9-49f1-9c14-bc4a829e07b0', '..', 'chat', 'messages', 'SELECT ''🙂'', ''עברית''', '{"last_rows": null, "buffer_size": 9999}', 698670846, 'node-1', '2024-09-16T14:30:22.123456', '2025-10-21 14:30:22.123456Z'),
    ('0925e474-9b57-4bd1-b653-f8dd9b1f282e', 'Jamal', 'a.b', 'c', 'SELECT id,
       ''it''''s'', "q"
FROM chat.messages -- comment
WHERE x LIKE ''50\%'' AND y = $1', '[1, 2]', 1000000000000000000, 'node-2', '2025-10-21T13:05:13.044404', '2025-10-21 14:30:22.123456Z'),
    ('00000000-0000-0000-0000-000000000000', 'jamal', 'chat', 'messages', 'SELECT * FROM chat.messages', '{"buffer_size": 1000}', 9223372036854775807, 'node-1', '2025-10-21 14:30:20.623456', '2025-10-21 13:30:22.123456'),
    ('4da4daeb-4f3f-4777-bad1-f45ae9500ec9', 'q"q', 'a.b', 'c', 'SELECT id,
       ''it''''s'', "q"
FROM chat.messages -- comment
WHERE x LIKE ''50\%'' AND y = $1', '{"last_rows": {"n": 1, "n": 2}}', 0, 'node-2', '2025-10-21 11:50:36.283567', '2025-10-21 14:20:22.123457'),
    ('ef8acd12-8b4f-4fc1-9f3f-57ebf30b94fa', 'o''neil', 'chat', '', 'SELECT * FROM chat.messages', '{"buffer_size": " 4000 "}', 10000000000, 'localhost', '2025-10-21T14:30:15.123456', '2025-10-21 12:16:42.833516Z'),
    ('bd143fa9-b714-410c-a65d-7435c1066932', 'jamal', 'chat', '', 'SELECT * FROM chat.messages', '{"last_rows": 1.50}', 279373, 'localhost', '2025-10-20 14:30:22.123456', '2025-10-21T13:45:11.072146');

INSERT INTO system.storages (storage_id, name, base_path, path_template, created_at) VALUES
    ('00000000-0000-0000-0000-000000000000', 'primary', './data/storage', '{storageLocation}/{namespace}/users/{userId}/{tableName}/', '2025-10-21 14:30:22.123456'),
    ('FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF', 'Primary', '/mnt/storage', '{storageLocation}/{namespace}/{tableName}/', '2025-10-21 14:30:22.123456'),
    ('21636369-8B52-4B4A-97B7-50923CEB3FFD', 'backup', '/mnt/storage1', '{storageLocation}/{shard}/{userId}/{namespace}/{tableName}/', '2025-10-20T14:30:22.123456'),
    ('795b929e9a9a40fdaa7b5bf55eb561a4', 'it''s, "quoted"', '/mnt/storage%/x', '{storageLocation}/{namespace}/users/{userId}/{tableName}/', '1970-01-01 00:00:00Z'),
    ('{9b08923d-10c6-4fd9-94b2-b8fda02f34a6}', 'primary ', '/mnt/storag_', '{storageLocation}/{namespace}/users/{userId}/{tableName}/', '2099-12-31 23:59:59.999999'),
    ('781f9c58-d664-4fa9-a8a8-529f035efa25', 'new
line', '/mnt/storage with space/é', '{storageLocation}/{namespace}/users/{userId}/{tableName}/', '2025-10-21 14:30:22.123455'),
    ('31162427-3bfd-4d33-8d00-38ec42650644', '日本語🙂', '/MNT/STORAGE', '{storageLocation}/{tableName}/', '2025-10-21T14:30:22.123457'),
    ('8a7d43b5-7863-4074-b797-0386fee29476', '', '/mnt/storage\back', '{storageLocation}/{namespace}/users/{userId}/{tableName}/', '2025-10-21 14:30:22.123456Z'),
    ('65aa9c82-79f2-48b0-8cb4-a0d7d6225675', 'a.b%c_d', 'mnt/storage', '{storageLocation}/a%b/{tableName}/', '2000-01-01 00:00:00.000000'),
    ('3b5f3d86-268e-4c45-9c6b-f1e1a399f82a', 'é', '/mnt/storage/עברית', '{storageLocation}/{namespace}/users/{userId}/{tableName}/', '2024-02-29 12:00:00');

INSERT INTO system.table_schemas (schema_id, namespace_id, table_name, schema_version, schema_json, created_at) VALUES
    ('00000000-0000-0000-0000-000000000000', 'chat', 'messages', 1, '{"fields": [{"name": "id", "data_type": "Int64", "nullable": true, "metadata": {}}, {"name": "user_id", "data_type": "Utf8", "nullable": true, "metadata": {}}]}', '2025-10-21 14:30:22.123456'),
    ('FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF', 'chat', 'messages', 2, '{"fields": [{"name": "id", "data_type": "Int64", "nullable": true, "metadata": {}}, {"name": "user_id", "data_type": "Utf8", "nullable": true, "metadata": {}}, {"name": "content", "data_type": "Utf8", "nullable": true, "metadata": {}}]}', '2025-10-21 14:30:22.123456'),
    ('B8A1ABCD-1A69-46C7-8DA4-F9FC3C6DA5D7', 'chat', 'messages', 3, '{"fields": [{"name": "id", "data_type": "Int64", "nullable": true, "metadata": {}}, {"name": "user_id", "data_type": "Utf8", "nullable": true, "metadata": {}}, {"name": "content", "data_type": "Utf8", "nullable": true, "metadata": {}}, {"metadata": {}, "name": "metadata", "data_type": "Struct([...])", "nullable": true, "name": "metadata"}]}', '2025-10-21T13:30:22.123456'),
    ('1710cf5327ac435aba97c643656412a9', 'chat', 'messages', 4, '{"fields": [{"name": "metadata", "data_type": "Utf8", "nullable": true, "metadata": {}}, {"name": "é", "data_type": "Timestamp(Microsecond, None)", "nullable": true, "metadata": {}}]}', '2025-10-21 13:30:22.123456Z'),
    ('{8ca59966-66ce-4b36-8512-bd1311072231}', 'chat', 'messages', 6, '{"fields": []}', '2025-10-21 12:30:22.123456'),
    ('fd724452-ccea-41ff-8a14-876aeaff1a09', 'chat', 'messages', 7, '{"nofields": [1, 2], "fields ": 3}', '2025-10-21 12:30:22.123456'),
    ('8534f457-38d0-48ec-8f10-99c6c3e1b258', 'chat', 'messages', 4611686018427387904, '{"fields": [{"name": "id", "data_type": "Int64", "nullable": true, "metadata": {}}, {"name": "user_id", "data_type": "Utf8", "nullable": true, "metadata": {}}, {"name": "Metadata"}, ["metadata"], "metadata"]}', '2025-10-21T11:30:22.123456'),
    ('c79d6793-46d4-4c7a-9c39-02b38963dc6e', 'chat', 'messages', 4611686018427387905, '{"fields": [{"name": "metadata", "x": 1.50}]}', '2025-10-21 11:30:22.123456Z'),
    ('43000de0-1b2e-440e-93ad-dccb2c33be0a', 'chat', 'messages', -1, '{"fields": []}', '2025-10-21 10:30:22.123456'),
    ('06905269-ed6f-4b09-b165-c8ce36e2f24b', 'chat', 'messages', 0, '{"fields": [{"name": null}]}', '2025-10-21 10:30:22.123456'),
    ('42a00403-ce80-44b0-a404-2bb3d4341aad', 'chat', 'Messages', 8, '{"fields": [{"name": "id", "data_type": "Int64", "nullable": true, "metadata": {}}, {"name": "user_id", "data_type": "Utf8", "nullable": true, "metadata": {}}]}', '2025-10-21T09:30:22.123456'),
    ('2a318785-3184-4f27-8591-42deccea2645', 'Chat', 'messages', 5, '{"fields": "no array"}', '2025-10-21 09:30:22.123456Z'),
    ('de08caa1-a081-4910-8a25-e4664f5253a0', 'it''s', 'a.b', 9223372036854775807, '[]', '2025-10-21 08:30:22.123456'),
    ('d93936e1-daca-4c06-b5ff-0c03bb5d7385', '', '', -9223372036854775808, 'null', '2025-10-21 08:30:22.123456'),
    ('d8441b56-1633-4aca-9f55-2773e14b0190', 'chat', 'messages ', 2, '"scalar \u00e9"', '2025-10-21T07:30:22.123456');

