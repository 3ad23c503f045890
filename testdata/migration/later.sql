-- Rows that are written after the migration; written by scripts/golden/data.py later, not by hand.

INSERT INTO system.jobs (job_id, job_type, status, parameters, result, trace, memory_used, cpu_used, created_at, started_at, completed_at, error) VALUES
    ('8d88348a-7eed-4d14-b06d-3fef701966a0', 'flush', 'failed', '["é", "🙂"]', NULL, 'node-1:x', 0, 30000000, '2025-10-21 13:30:22.123455', '2025-10-21 13:30:50.329786', '2025-10-21T13:30:50.329787', 'a_b'),
    ('d85328b6-be77-4448-a8b0-9a933dcdb856', 'é', 'completed', '1E-7', ' lead', 'node_1:é-actor-1:thread-8', 52428800, 1500000, '2025-10-08 14:30:22.123456', '2025-10-08 14:31:20.734898', '2025-10-08T14:32:21.734899', NULL),
    ('f0e642f4-3328-4d08-8ded-3c9691eb79fa', 'backup', 'completed', NULL, '日本語', 'node-1:日本語', 1, 6404090499, '2025-10-21 13:59:22.12343', NULL, NULL, '../../etc/passwd'),
    ('7e0ab2ed-31b1-427e-9766-99cc6ed5d1bf', 'flush', 'pending', '["\u00e9", "\ud83d\ude42"]', NULL, 'node-10:flush-actor-4:thread-35', 1048575, 0, '2025-10-19 13:30:22.123456Z', NULL, NULL, NULL),
    ('1d3b993f-7949-4eab-bf1a-355e526eb523', 'flush', 'completed', '[null]', '', 'node-1:', 850892, 8548073652, '2025-10-21 13:41:22.123412Z', '2025-10-21 13:42:19.303193', '2025-10-21 14:42:19.303193', '/* none */'),
    ('c1e6415a-95f2-4e55-8fa6-961145f21e94', 'flush', 'running', '["p-2025-10"]', NULL, 'node-10:flush-actor-4:thread-47', 1, 1000000, '2025-10-21 12:20:22Z', '2025-10-21 12:21:48.632558', NULL, NULL),
    ('fdc1786b-ddbd-458f-a156-c4df12bccdcb', 'FLUSH', 'completed', '-12345678901234567890123456789.000100', '100%', NULL, 1, 963175375, '2025-10-16 14:30:22.123456', '2025-10-16T14:31:37.029469', '2025-10-16 14:31:37.279469Z', NULL),
    ('707c70b4-8a97-49d8-800e-67ed8c9cf440', 'compact', 'running', '["chat", "messages", "jamal"]', NULL, 'node-2:compact-actor-0:thread-57', NULL, 4203047739, '2025-10-19 15:20:22', '2025-10-19T15:21:05.569101', NULL, NULL),
    ('c7038069-84c8-4999-a116-7d8fcf23cae8', 'migrate', 'completed', '["it''s", "a,b"]', 'é', 'ß', 554177, 7743566204, '2025-10-21T14:02:22.123433', NULL, NULL, 'a_b'),
    ('d92a4aa2-b410-493c-8efb-c8d60b21fbac', 'migrate', 'completed', '["chat", "messages", "jamal"]', 'NULL', '--no comment', 1073741824, 1000000, '2025-10-21T14:14:22.123445', '2025-10-21 14:14:35.076266Z', '2025-10-21 15:14:35.076266', 'say "hi"'),
    ('2c400b95-34e4-4e75-82a9-5d35d5d8575d', 'flush', 'pending', '[null, null]', NULL, 'NODE-1:flush-actor-2:thread-45', NULL, NULL, '2025-10-21 02:00:22.123455', NULL, NULL, NULL),
    ('ae9c8563-107d-42d5-871c-5cf140a980bd', 'migrate', 'completed', '["p-2025-10"]', NULL, 'node-2:migrate-actor-3:thread-55', 1048575, NULL, '2025-10-20 01:30:22.003456Z', '2025-10-20 01:30:26.345564', NULL, NULL),
    ('3f4ed95a-aaf3-4c2f-9cb2-84f8b6febc3a', 'compact', 'running', '["chat", "s3://b/x?y=1&z", true]', NULL, 'NODE-1:compact-actor-2:thread-54', 92240116015, 30000000, '2025-10-20T02:20:22.123456', NULL, NULL, NULL),
    ('2e47dc0e-959f-4a51-8cfe-5cd12d5db79b', 'flush', 'completed', NULL, 'a b', 'node-1:a b', 1048575, 1500000, '2025-10-21 13:53:22.123424Z', '2025-10-21 13:54:32.777982', '2025-10-21 13:54:32.777983', 'İstanbul'),
    ('f81f5c80-239d-4599-b98d-dc84f59dc887', 'backup', 'pending', '["chat", "messages", "jamal"]', NULL, 'localhost:backup-actor-2:thread-30', 1048576, 1000000, '2025-10-20T08:30:22.123455', NULL, NULL, NULL),
    ('c725bd97-9e28-4761-88fe-a5d73716e7ea', 'huge', 'completed', NULL, NULL, 'node_1:huge-actor-3:thread-20', 9223372036854775807, 9223372036854775807, '2025-09-10 14:30:22.123456', '2025-09-10 14:31:42.18784', '2025-09-10T14:31:42.187841', NULL),
    ('611575c2-d673-43d6-98ae-013eaca91679', 'compact', 'failed', '["chat", 4611686018427387904]', NULL, 'node-10:compact-actor-2:thread-43', 1024, 1500000, '2025-10-19 05:30:22.123456Z', '2025-10-19 05:31:50.775740', NULL, 'a.b.c'),
    ('d3f21dcc-2be8-4b46-b5fa-6dd891fde85c', 'backup', 'pending', '[null, null]', NULL, 'node-10:backup-actor-4:thread-30', 1073741824, 30000000, '2025-10-19T18:30:22.123456', NULL, NULL, NULL),
    ('202cc828-4c71-4095-bcc9-9ae80f0c8a89', 'compact', 'completed', '-0.0', ' ', 'localhost:compact-actor-1:thread-22', 1073741824, 30000000, '2025-10-20T02:30:22.123456', '2025-10-20 02:31:50.004753Z', '2025-10-20 02:31:51.004753', NULL),
    ('5bf3f74d-cacc-4ec8-802f-c22a4a7347fa', 'flush', 'failed', '["chat", "s3://b/x?y=1&z", true]', NULL, 'node-1:old', 44493968050, 1, '2000-02-29T23:59:59.999999', '2000-03-01 00:01:12.764429Z', NULL, '--no comment');

INSERT INTO system.jobs (job_id, job_type, status, parameters, result, trace, memory_used, cpu_used, created_at, started_at, completed_at, error) VALUES
    ('19de2ded-a0e2-4045-8153-bbc7ced5669f', 'flush', 'completed', NULL, NULL, 'localhost:flush-actor-0:thread-28', 1048576, 1, '2025-10-20 12:30:22.123456', '2025-10-20 12:31:44.053682', '2025-10-20T12:31:44.053682', NULL),
    ('139f7110-60c7-4494-ad19-2da3c82ad589', 'a,b', 'completed', '[[1, [2, [3, []]]], {}]', NULL, 'NODE-1:a,b-actor-4:thread-60', 694437, 1500000, '2025-10-14 14:30:22.123456', '2025-10-14 14:31:01.504064', '2025-10-14T14:31:01.504065', NULL),
    ('e69bae29-f652-4008-b7b4-000bd1c51f86', 'flush', 'cancelled', '[null]', NULL, 'NODE-1:flush-actor-3:thread-29', 1, 1000000, '2025-10-19 19:30:22.123456', '2025-10-19T19:30:36.468774', '2025-10-19 19:30:37.468774Z', NULL),
    ('44c5b476-3fe3-4d03-87fc-816ac16e2284', 'backup', 'completed', '{"long key": 1, "k": [1.0, 1.00, 1]}', ';', 'node-1:;', 52428800, 1500000, '2025-10-21 13:47:22.123418', '2025-10-21T13:48:29.255048', '2025-10-21 13:48:29.505048Z', '﻿bom'),
    ('59a78b13-7315-4969-b7cc-ba58713b831b', 'flush', 'cancelled', '["chat", "messages", "jamal"]', NULL, 'localhost:flush-actor-4:thread-62', NULL, 7659948892, '2025-10-21T07:40:22.123456', '2025-10-21 07:40:56.3778Z', '2025-10-21 07:40:56.627800', NULL),
    ('f78047cf-d788-47cc-9ded-54fdc69806ea', 'backup', 'failed', '  [ 1 ,
	2 , 3 ]  ', NULL, 'node-1:backup-actor-3:thread-31', 1024, NULL, '2025-10-20 00:20:22.123456Z', '2025-10-20 00:21:04.006988', NULL, ' lead'),
    ('c76330af-a23c-4b27-a7f5-2fa9a117511f', 'flush', 'completed', '  [ 1 ,
	2 , 3 ]  ', '..', 'node-2:flush-actor-0:thread-19', 1048575, 999999, '2025-10-20 20:00:22.003456Z', '2025-10-20 20:00:47.049633', '2025-10-20 20:00:47.049633', NULL),
    ('c234472f-5b58-496a-ad61-1a3e80c6bcbd', 'compact', 'failed', '[]', NULL, 'NODE-1:compact-actor-2:thread-60', 59125506212, 1, '2025-10-20 06:50:22.000000', '2025-10-20 06:50:33.837472', NULL, ' lead'),
    ('1a2b8f1f-f1fd-42a2-9755-d4c13a902931', 'flush', 'pending', '  [ 1 ,
	2 , 3 ]  ', NULL, 'node-2:flush-actor-0:thread-10', NULL, -1000001, '2025-10-22T14:30:13.123456', NULL, NULL, NULL),
    ('6e1fb6ad-cee9-44fd-b25a-9a5bf6a07500', 'compact', 'pending', '["p-2025-10"]', NULL, 'node-10:compact-actor-4:thread-56', 1048575, 1, '2025-10-21 03:10:22.003456', NULL, NULL, NULL),
    ('6653c3b7-8fa0-4fa2-a47e-c1543b6bd0a4', 'flush', 'cancelled', '[""]', NULL, 'node-1:flush-actor-3:thread-42', 1048576, NULL, '2025-10-20T08:50:22', '2025-10-20 08:50:49.048188Z', '2025-10-20 08:50:49.048188', NULL),
    ('906704c3-65d6-4b6e-86e3-db95d4350b28', 'flush', 'completed', '{"a": 1, "a": 2, "b": {"z": null, "y": [1, 2]}, "a": 3}', 'é', 'node-10:flush-actor-3:thread-1', 1024, 0, '2025-10-20 10:10:22.123455', '2025-10-20T10:11:47.471994', '2025-10-20 10:25:50.063464Z', NULL),
    ('4c41d9c0-f075-44fe-aacc-110e4f73fd94', 'compact', 'pending', '1E-7', NULL, 'NODE-1:compact-actor-4:thread-25', 1048575, 1500000, '2025-10-19 23:30:22.123456', NULL, NULL, NULL),
    ('427005f6-ca2e-4611-bbce-c85d2c1ffacc', 'backup', 'running', '""', NULL, 'NODE-1:backup-actor-4:thread-43', 1, 0, '2025-10-19 16:10:22.123456Z', '2025-10-19 16:11:51.937148', NULL, NULL),
    ('16d8e80e-9cc9-40d3-ac13-9c1966ad51fd', 'migrate', 'completed', '["chat", "s3://b/x?y=1&z", true]', 'say "hi"', 'node_1:migrate-actor-4:thread-2', 52428800, 1500000, '2025-10-21T11:30:22', '2025-10-21 11:30:48.25876Z', '2025-10-21 11:31:49.258761', NULL),
    ('0326324d-fb69-4ffb-ba18-90c78092b4d4', 'backup', 'completed', '["chat", 5.50]', '_', 'node-1:_', 1048576, 9878113130, '2025-10-21 14:11:22.123442', NULL, NULL, 'tab	here'),
    ('f5bb9188-b805-49e9-890b-20bb257e8454', 'flush', 'cancelled', '{}', NULL, 'node_1:flush-actor-3:thread-14', 394422, 30000000, '2025-10-20T10:30:22.123456', '2025-10-20 10:31:05.546572Z', '2025-10-20 10:31:06.546572', NULL),
    ('af5e490b-dfba-4afa-a940-776cb540cce4', 'migrate', 'pending', '  [ 1 ,
	2 , 3 ]  ', NULL, NULL, 1073741824, 1000000, '2025-10-21 00:00:22.003456', NULL, NULL, NULL),
    ('39c97ab1-bb3e-480f-a39c-c4b2afbf5310', 'compact', 'pending', '["chat", {"deep": {"er": [{"x": 1e3}]}}]', NULL, 'NODE-1:compact-actor-3:thread-6', 78836095403, 0, '2025-10-20T05:00:22', NULL, NULL, NULL),
    ('51423286-a6ec-431f-b526-3b4519a2105c', '\.', 'completed', '["chat", "s3://b/x?y=1&z", true]', NULL, 'node-1:\.-actor-1:thread-13', 663096, 999999, '2025-10-06 14:30:21.123456', '2025-10-06T14:31:44.699417', '2025-10-06 14:31:44.949417Z', NULL);

INSERT INTO system.jobs (job_id, job_type, status, parameters, result, trace, memory_used, cpu_used, created_at, started_at, completed_at, error) VALUES
    ('92484194-aef4-459c-bb2b-92c3c87868fa', 'flush', 'completed', 'null', '\N', 'localhost:flush-actor-1:thread-0', NULL, 999999, '2025-10-20 13:30:22.123456', '2025-10-20 13:30:50.637102', '2025-10-20T13:47:06.892619', NULL),
    ('b2221a58-008a-45a6-8464-7159c324c985', 'flush', 'failed', '{"0": "key zero", "1": "key one"}', NULL, 'node-1:flush-actor-3:thread-8', -1048577, 9223372036854775807, '2025-10-22 14:30:17.123456', NULL, NULL, '{shard}'),
    ('60900772-923c-4e5d-8392-4f05f5c7b9aa', 'compact', 'pending', 'null', NULL, 'node_1:compact-actor-2:thread-20', 1, 1000000, '2025-10-20 11:50:22.123455', NULL, NULL, NULL),
    ('88c780f6-907f-4669-8ba9-55f3e4096150', 'q"q', 'completed', NULL, 'it''s', 'node-1:q"q-actor-2:thread-63', 396550, 999999, '2025-10-13 14:30:22.123456Z', '2025-10-13 14:31:47.284374', '2025-10-13 14:31:47.284374', NULL),
    ('3099fdf5-ab99-454a-a901-e35cd47d380d', 'flush', 'failed', '["chat", "s3://b/x?y=1&z", true]', NULL, 'node-1:x', NULL, 0, '2025-10-21T14:30:22.123457', '2025-10-21 14:30:38.727603Z', '2025-10-21 14:32:17.482876', '日本語'),
    ('c78fec45-9a9e-494c-b1a9-a658de0f39a7', ' ', 'completed', NULL, 'C:\temp\x', 'NODE-1: -actor-2:thread-53', 1073741824, NULL, '2025-10-18 14:30:21.123456', NULL, NULL, NULL),
    ('3f64c50c-beea-4c97-bcd5-8c0f7e21b8aa', 'compact', 'running', '{"0": "key zero", "1": "key one"}', NULL, 'node-2:compact-actor-2:thread-16', 1024, 0, '2025-10-19 23:40:22.123456', '2025-10-19 23:41:20.688529', NULL, NULL),
    ('d50e0097-8b71-49cd-ad39-eb43ad9cedde', 'compact', 'running', 'true', NULL, NULL, 1, 0, '2025-10-20 08:30:22.123456', NULL, NULL, NULL),
    ('8d103ed3-cc66-4e97-9773-308cdc6b13ab', 'compact', 'failed', '["chat", "messages", "jamal"]', ' lead', '_', 84883946568, 1, '2025-10-21 13:52:22.123423', '2025-10-21 13:52:51.6502', '2025-10-21T14:01:02.633431', '日本語'),
    ('1959b9ef-58d0-4674-b34d-e73d60c290d0', 'backup', 'failed', '{"a": 1, "a": 2, "b": {"z": null, "y": [1, 2]}, "a": 3}', NULL, 'localhost:backup-actor-2:thread-33', 828955, 4050637752, '2025-10-19 15:30:22.123456', NULL, NULL, 'a_b'),
    ('a2cf179f-66e4-4927-97d2-59adb0c12c60', 'flush', 'pending', 'true', NULL, 'node_1:flush-actor-3:thread-32', 1048576, 8754083918, '2025-10-21 07:20:22.123456', NULL, NULL, NULL),
    ('e1018cc5-920f-4663-b57d-6f2ec4e199a1', 'flush', 'completed', '["chat", "messages", "jamal"]', '''''', 'NODE-1:flush-actor-4:thread-52', 1048576, 1, '2025-10-19 19:20:22.003456', '2025-10-19 19:20:48.336553', '2025-10-19T19:20:48.336553', NULL),
    ('3db18a28-ec9f-4fbf-99d9-320e71ef5e7a', 'migrate', 'cancelled', '{"a": 1, "a": 2, "b": {"z": null, "y": [1, 2]}, "a": 3}', NULL, 'localhost:migrate-actor-0:thread-33', 1048576, 1000000, '2025-10-19 08:00:22.123455', '2025-10-19T08:01:23.113616', '2025-10-19 08:16:48.364228Z', NULL),
    ('e585552f-ac95-4ab5-92c9-357d34accd78', 'compact', 'cancelled', '{"0": "key zero", "1": "key one"}', NULL, 'localhost:compact-actor-3:thread-34', 36147962488, 30000000, '2025-10-19T14:30:22.123456', '2025-10-19 14:31:28.606467Z', '2025-10-19 14:31:28.606467', NULL),
    ('0bb662a8-c979-4b06-9b94-3cfc46f57327', 'it''s', 'completed', '[0.000001, 1e-20]', '/* none */', 'node-1:it''s-actor-4:thread-1', 660543, 999999, '2025-10-12 14:30:21.123456', '2025-10-12T14:30:40.651956', NULL, NULL),
    ('78255d68-0792-4986-bb96-8a437d5c8dfc', 'backup', 'completed', '[[1, [2, [3, []]]], {}]', '\N', 'node-1:\N', 1, 0, '2025-10-21 14:15:22.123446', '2025-10-21T14:16:06.722598', '2025-10-21 14:16:06.722598Z', 'it''s'),
    ('825f8542-13bd-488e-93fd-f07ccb8409d6', 'flush', 'failed', '[{"b": 1, "a": 2, "aa": 3, "": 4}, 2]', NULL, 'node-1:old', 1073741824, 0, '2016-12-31 23:59:59', '2017-01-01T00:01:27.311673', '2017-01-01 00:01:27.311674Z', 'a.b.c'),
    ('a2a7ae1f-3ac7-452c-8df8-440407295e42', 'migrate', 'completed', '["עברית", "e\u0301"]', '﻿bom', 'a_b', 57586858207, 1500000, '2025-10-21T13:54:22.123425', '2025-10-21 13:55:08.254229Z', '2025-10-21 13:55:08.254229', 'ß'),
    ('0067dba8-5898-4008-aa17-b9af5b569643', 'flush', 'completed', '["chat", "s3://b/x?y=1&z", true]', '‮evil‬', 'node-1:‮evil‬', 52428800, NULL, '2025-10-21 13:57:22.123428Z', '2025-10-21 13:58:11.554034', '2025-10-21 13:58:11.554034', '
CRLF
'),
    ('14fe7ebc-b34d-4c74-afc6-ee6fa8e33c94', 'migrate', 'completed', '["chat", "messages", "jamal"]', 'null', 'localhost:migrate-actor-4:thread-32', 30655654682, 1000000, '2025-10-19 12:40:22.000000', '2025-10-19 12:41:24.675158', '2025-10-19T12:41:24.925158', NULL);

INSERT INTO system.jobs (job_id, job_type, status, parameters, result, trace, memory_used, cpu_used, created_at, started_at, completed_at, error) VALUES
    ('45547d9d-0b9e-4d4d-82a4-c12e779409b9', 'migrate', 'completed', '["quo\"te", "back\\slash"]', '100%', 'node-1:migrate-actor-3:thread-27', 848966, 999999, '2025-10-21 08:20:22.123455Z', '2025-10-21 08:21:42.140935', '2025-10-21 09:21:42.140935', NULL),
    ('2b28fef0-2b9c-414e-a5ac-06d864c2f2e3', 'compact', 'completed', NULL, '%', 'trail ', 280558, 1, '2025-10-21 14:12:22.123443', '2025-10-21 14:12:52.295801', '2025-10-21T14:23:59.319772', 'line one
line two'),
    ('66fec086-df22-4650-9cb4-71a55349da48', 'flush', 'failed', '["quo\"te", "back\\slash"]', NULL, 'node-1:flush-actor-2:thread-38', 96687565768, 1000000, '2025-10-19T10:30:22.123456', '2025-10-19 10:31:43.700961Z', '2025-10-19 10:32:44.700962', NULL),
    ('025b413f-8a9a-421e-a648-a7dd06839eb9', 'flush', 'failed', NULL, NULL, 'node-1:x', 52428800, 999999, '2025-10-21 13:30:22.123456', '2025-10-21 13:31:38.099791', '2025-10-21T13:31:38.349791', 'null'),
    ('77cab1f9-5e42-43e0-a8a6-217585f049fe', 'flush', 'running', 'null', NULL, 'localhost:flush-actor-3:thread-37', NULL, 1000000, '2025-10-20 01:50:22.123456', '2025-10-20T01:50:57.231168', NULL, NULL),
    ('d87064fc-83da-4265-a24c-4b62591550ff', 'flush', 'running', '["chat", "s3://b/x?y=1&z", true]', NULL, 'node-2:flush-actor-2:thread-25', NULL, 1000000, '2025-10-21 00:40:22', '2025-10-21T00:40:25.044115', NULL, NULL),
    ('736a947a-843f-4da7-b1ee-daffcc3d5506', 'backup', 'failed', '"scalar"', NULL, 'node-2:backup-actor-2:thread-18', 1048576, 0, '2025-10-20T06:30:22.123456', '2025-10-20 06:31:20.777453Z', '2025-10-20 07:31:20.777453', ' lead'),
    ('81f9c1f6-6c0f-4459-b79b-17aeefba91fc', 'flush', 'completed', '["p-2025-10"]', '﻿bom', 'node-10:flush-actor-0:thread-25', 0, NULL, '2025-10-21 14:30:22.123457', '2025-10-21T14:30:23.123457', '2025-10-21 14:30:25.123457Z', NULL),
    ('e49df6bb-803a-4506-9136-bf628758ff4d', 'migrate', 'completed', '[null, null]', 'line one
line two', 'node-1:migrate-actor-1:thread-4', 1048575, NULL, '2025-10-19 19:30:22.000000', '2025-10-19 19:31:37.263398', '2025-10-19T19:32:38.263399', NULL),
    ('a745ba6d-eaee-419b-ba6c-ac4ae82d2fef', 'flush', 'pending', '["chat", "messages", "jamal"]', NULL, 'NODE-1:flush-actor-2:thread-10', 0, 1, '2025-10-21T04:30:22', NULL, NULL, NULL),
    ('32864238-87ec-4e86-ab39-20349eba8775', 'flush', 'running', '["tab\there", "new\nline"]', NULL, 'node_1:flush-actor-1:thread-10', 1, 1000000, '2025-10-21T02:00:22', '2025-10-21 02:00:33.616042Z', NULL, NULL),
    ('4e3d4d0f-51dd-4d5c-9d94-6658d2511c38', 'flush', 'failed', NULL, NULL, 'node-1:old', 1048576, NULL, '1969-12-31 23:59:59.999999', '1970-01-01 00:00:19.28388', '1970-01-01T01:00:19.28388', ' lead'),
    ('452fac9a-c850-420a-a5b6-99ecefe6f675', 'flush', 'completed', '["p-2025-10"]', '👩‍👩‍👧', 'localhost:flush-actor-1:thread-20', 0, NULL, '2025-10-20 14:10:22.003456', '2025-10-20 14:11:27.878161', '2025-10-20T14:12:28.878162', NULL),
    ('c52f4fbe-8d19-421f-9478-10d822a608bf', 'flush ', 'completed', '[true, false, null]', NULL, 'node_1:flush -actor-4:thread-55', 1024, 30000000, '2025-10-17 14:30:21.123456Z', '2025-10-17 14:31:14.363345', '2025-10-17 14:41:55.464837', NULL),
    ('f3c64af7-75a8-4294-82cd-789a380208a9', 'flush', 'failed', NULL, NULL, 'node-1:x', 1, 30000000, '2025-10-20T14:30:22.123456', '2025-10-20 14:31:37.823503Z', '2025-10-20 15:31:37.823503', '..'),
    ('a11d459a-2f97-4d87-9999-9e3fa46d6753', 'flush', 'completed', NULL, 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'node_1:flush-actor-1:thread-21', 1, 30000000, '2025-10-20 14:30:22.123455', '2025-10-20T14:30:23.123455', '2025-10-20 14:30:25.123455Z', NULL),
    ('62397bc7-0176-4741-bab9-f87ff5059285', 'flush', 'completed', '-12345678901234567890123456789.000100', 'C:\temp\x', 'node-1:C:\temp\x', 52428800, 3782013108, '2025-10-21 14:05:22.123436Z', NULL, NULL, '%'),
    ('6d21f4cd-a185-4c8e-a8ea-37f7523d2a54', 'backup', 'running', '-0', NULL, 'node-10:backup-actor-0:thread-21', 0, 1500000, '2025-10-20 03:30:22.123456', '2025-10-20T03:30:29.782959', NULL, NULL),
    ('7ceb5fb4-e8ac-4bff-9f55-c5fc20572aeb', 'flush', 'running', '[{"b": 1, "a": 2, "aa": 3, "": 4}, 2]', NULL, 'node-10:flush-actor-4:thread-37', NULL, 30000000, '2025-10-20 08:40:22', '2025-10-20T08:41:32.490952', NULL, NULL),
    ('a310a849-b797-4b28-a4c3-71cfae7fba11', 'migrate', 'cancelled', '1e2', NULL, 'node-2:migrate-actor-1:thread-24', 52428800, 8293443961, '2025-10-20 23:10:22.123456', '2025-10-20 23:11:06.979615', '2025-10-21T00:11:06.979615', NULL);

INSERT INTO system.jobs (job_id, job_type, status, parameters, result, trace, memory_used, cpu_used, created_at, started_at, completed_at, error) VALUES
    ('0994940e-8245-4cc8-9f7a-7dafb43adc4f', 'flush', 'completed', '[{"b": 1, "a": 2, "aa": 3, "": 4}, 2]', 'Compacted 12 files into 3 files, saved 15.3 MB', 'node-10:flush-actor-1:thread-32', 205244, 0, '2025-10-19 16:30:22.123456', '2025-10-19 16:30:23.016903', NULL, NULL),
    ('1157c8b3-bfaf-4e2f-b7ad-c0aee5dd6001', 'flush', 'failed', '["chat", "s3://b/x?y=1&z", true]', NULL, 'node_1:flush-actor-1:thread-15', 0, NULL, '2025-10-21 06:00:22.123456Z', '2025-10-21 06:00:35.908360', '2025-10-21 06:01:36.908361', NULL),
    ('9b29b54b-e587-4d21-9f8c-e97adb34fa8d', 'migrate', 'pending', '["chat", "messages", "jamal"]', NULL, 'NODE-1:migrate-actor-1:thread-19', 1024, 7303171495, '2025-10-20 02:40:22.123456Z', NULL, NULL, NULL),
    ('fca7cb5f-bf05-48fa-b187-8d5fd739543b', 'flush', 'pending', NULL, NULL, 'node_1:flush-actor-4:thread-51', NULL, 1000000, '2025-10-20 07:00:22.123456Z', NULL, NULL, NULL),
    ('2d75c25d-01ea-4639-bc6a-47a73bc8996b', 'flush', 'completed', NULL, 'a,b', 'node-10:flush-actor-0:thread-3', 1073741824, 8729619271, '2025-10-20 04:00:22.003456Z', '2025-10-20 04:00:26.795345', NULL, NULL),
    ('bd6679c0-9c13-47a3-9b19-16cd450f0864', 'flush', 'pending', '["chat", 4611686018427387904]', NULL, NULL, 1048576, 30000000, '2025-10-21 01:10:22.003456', NULL, NULL, NULL),
    ('243bd888-fc22-42d2-a649-c1b0c6b5a1c6', 'time travel', 'running', '[null]', NULL, 'node-2:time travel-actor-1:thread-43', 1, 1, '1970-01-01 00:00:00.000001Z', '1969-12-31 23:59:59.999999', NULL, NULL),
    ('909ff497-6a8a-43ef-a880-4790be6c6fe9', 'flush', 'running', '-12345678901234567890123456789.000100', NULL, 'node_1:flush-actor-0:thread-26', 1048576, 999999, '2025-10-19T22:30:22.123456', '2025-10-19 22:31:06.367487Z', NULL, NULL),
    ('32e9c069-82ce-49de-ba77-25a3d454f36d', 'migrate', 'running', '"scalar"', NULL, 'node-10:migrate-actor-1:thread-5', 52428800, 7205252312, '2025-10-20 02:10:22.003456', '2025-10-20T02:10:37.857087', NULL, NULL),
    ('0297c0d6-9aff-456c-86ad-0327d0b93207', 'migrate', 'running', '["chat", "messages", "jamal"]', NULL, 'node-10:migrate-actor-3:thread-22', 1073741824, NULL, '2025-10-20T05:20:22', '2025-10-20 05:20:25.054837Z', NULL, NULL),
    ('ac859f8f-f706-4832-8be1-b2488b97ef45', 'flush', 'completed', NULL, '', 'NODE-1:flush-actor-3:thread-56', 1048576, 1, '2025-10-21 06:30:22.123456', '2025-10-21 06:31:24.304598', '2025-10-21T06:31:24.304599', NULL),
    ('ee52bdb6-d102-4a15-99ed-17e3cc0e95ee', 'backup', 'completed', NULL, 'trail ', 'node-1:trail ', 521414, 1, '2025-10-21 13:51:22.123422', '2025-10-21T13:52:19.697549', '2025-10-21 14:52:19.697549Z', 'עברית שלום'),
    ('ae4ecf4b-2ad9-440a-b36e-bf511d95389b', 'é', 'completed', '1e2', 'a b', 'node-1:é-actor-0:thread-7', 52428800, 1000000, '2025-10-09 14:30:21.123456Z', '2025-10-09 14:31:30.236165', '2025-10-09 14:31:30.236165', NULL),
    ('6a8ac4ba-0580-4975-ad2f-89d94a2f20aa', 'flush', 'completed', '["p-2025-10"]', 'é', 'node-2:flush-actor-4:thread-19', 1073741824, 1000000, '2025-10-20 14:30:22.123457Z', '2025-10-20 14:30:23.123457', '2025-10-20 14:30:25.123457', NULL),
    ('4be03db0-dc25-44bd-b940-67edfe175330', 'flush', 'failed', NULL, NULL, 'node-1:x', 1, 1500000, '2025-10-20T14:30:22.123455', '2025-10-20 14:30:35.874404Z', '2025-10-20 14:30:36.874404', 'é'),
    ('de3a5db5-154e-4512-9209-3d26ac512b01', 'flush', 'failed', NULL, '--no comment', 'node-1:--no comment', 1073741824, 30000000, '2025-10-21 13:49:22.12342Z', '2025-10-21 13:49:39.042605', '2025-10-21 13:49:39.292605', '🙂'),
    ('56e0a246-663f-423b-8a0f-42834e0751d7', 'migrate', 'pending', '[0.000001, 1e-20]', NULL, NULL, 52428800, 7053280949, '2025-10-21 07:00:22Z', NULL, NULL, NULL),
    ('f772f8ea-63f6-46e0-ba38-9b09f0d3fa5c', 'cancels out', 'completed', '["p-2025-10"]', 'it''s', 'localhost:cancels out-actor-1:thread-28', 9223372036854775807, 9223372036854775807, '2025-09-08 14:30:22.123456', '2025-09-08 14:30:29.464412', '2025-09-08T14:30:29.464412', NULL),
    ('f9bddea5-d129-42e4-ae80-fa489b0bca16', 'backup', 'completed', '["chat", "s3://b/x?y=1&z", true]', '/* none */', 'node-2:backup-actor-1:thread-12', 36934337362, 1, '2025-10-20 12:30:22.123456', '2025-10-20 12:30:30.652198', '2025-10-20T12:31:31.652199', NULL),
    ('eaf5c033-a5cd-45e7-9cf3-d1797e0750ea', 'migrate', 'completed', '1e2', 'a,b', 'localhost:migrate-actor-2:thread-1', 666840, 999999, '2025-10-20 10:10:22.003456', '2025-10-20T10:11:20.855722', '2025-10-20 10:11:20.855722Z', NULL);

INSERT INTO system.jobs (job_id, job_type, status, parameters, result, trace, memory_used, cpu_used, created_at, started_at, completed_at, error) VALUES
    ('3c35612e-4a8d-45d8-9d29-6588571ceeee', ' ', 'completed', '["quo\"te", "back\\slash"]', 'ß', 'localhost: -actor-1:thread-52', NULL, NULL, '2025-10-18 14:30:22.123456', '2025-10-18 14:31:22.315114', '2025-10-18T14:35:51.656891', NULL),
    ('2adf559a-11cb-4288-8a50-12dc582c18c9', 'flush', 'completed', '["chat", "s3://b/x?y=1&z", true]', '{shard}', 'node-1:{shard}', 1048575, 999999, '2025-10-21 13:45:22.123416Z', '2025-10-21 13:46:24.085955', '2025-10-21 13:46:24.085955', ' lead'),
    ('fe8b2b79-bada-4947-8b52-30ed2a30363b', 'migrate', 'cancelled', NULL, NULL, 'node-2:migrate-actor-3:thread-26', 1, 77058617, '2025-10-21T00:00:22.123456', '2025-10-21 00:00:35.925448Z', '2025-10-21 01:00:35.925448', NULL),
    ('99d026a7-762a-4ba5-ac5d-f2c7fcad3888', 'compact', 'cancelled', '["chat", "s3://b/x?y=1&z", true]', NULL, 'NODE-1:compact-actor-2:thread-6', 1048576, 1000000, '2025-10-20T05:50:22', '2025-10-20 05:51:36.929266Z', '2025-10-20 06:02:01.170093', NULL),
    ('0289eb06-a2a8-46b4-8581-f255133bb4c2', 'time travel', 'running', '-0.0', NULL, 'node_1:time travel-actor-0:thread-37', 52428800, 1, '2000-03-01 00:00:00', '2000-02-29T23:59:59.999999', NULL, NULL),
    ('5e6279db-e09e-4d5a-a531-9f4782fe3a4a', 'migrate', 'cancelled', '["p-2025-10"]', NULL, 'node-2:migrate-actor-0:thread-13', 1073741824, 1500000, '2025-10-19 21:20:22.003456', '2025-10-19T21:21:13.441838', '2025-10-19 21:22:14.441839Z', NULL),
    ('70293815-5351-42c1-a8fb-46b52a2d551f', 'flush', 'failed', '["chat", "messages", "jamal"]', NULL, 'node-10:flush-actor-3:thread-36', 89230321538, 30000000, '2025-10-21 02:50:22.123456', '2025-10-21 02:51:24.041347', '2025-10-21T02:51:24.041348', ' '),
    ('bcfbb050-acab-4a6b-869d-4bd8b3fa7aa7', 'backup', 'failed', '[null]', 'line one
line two', 'node-1:line one
line two', 1, 1000000, '2025-10-21 14:19:22.12345', '2025-10-21T14:19:50.764043', '2025-10-21 14:20:51.764044Z', 'Compacted 12 files into 3 files, saved 15.3 MB'),
    ('9439c746-d8dd-42ef-8af0-78b051158de5', 'time travel', 'completed', '["chat", "messages", "jamal"]', '日本語', NULL, 1048576, 0, '1970-01-01T00:00:00', '1970-01-01 00:00:00Z', '2099-12-31 23:59:59.999999', NULL),
    ('ceea590b-0537-4b76-b85c-1b333ebebe3e', 'time travel', 'running', '["tab\there", "new\nline"]', NULL, 'localhost:time travel-actor-2:thread-34', 1, 1, '1970-01-01T00:00:00', '1970-01-01 00:00:00Z', NULL, NULL),
    ('97f2a702-2366-4676-947f-81435add92d1', 'backup', 'pending', '["sl\/ash", "\u0001\u007f"]', NULL, 'NODE-1:backup-actor-1:thread-63', NULL, 2591971256, '2025-10-19 21:20:22.003456Z', NULL, NULL, NULL),
    ('4c78c7ab-4fd2-4206-b42f-22bae20cea4a', 'flush', 'pending', '["chat", "s3://b/x?y=1&z", true]', NULL, 'NODE-1:flush-actor-2:thread-15', 0, 1000000, '2025-10-21 03:00:22.123455Z', NULL, NULL, NULL),
    ('973082d6-09b4-45d2-99bc-1d97e0f3a7ef', 'compact', 'failed', '1e30', NULL, 'NODE-1:compact-actor-2:thread-28', 1024, 1, '2025-10-19 20:30:22.123456', '2025-10-19 20:31:15.610392', '2025-10-19T20:32:16.610393', '👩‍👩‍👧'),
    ('cadff918-c41a-46d9-82fa-4d7a28d2e08e', 'backup', 'cancelled', '["chat", "messages", "jamal"]', NULL, 'localhost:backup-actor-1:thread-14', 0, 8635310533, '2025-10-19T23:50:22', '2025-10-19 23:50:51.728368Z', NULL, NULL),
    ('9b810e76-6ec9-4286-a3ca-828dd5f4b3b2', 'flush', 'completed', '[[1, [2, [3, []]]], {}]', '_', NULL, -1, NULL, '2025-10-22 14:30:18.123456Z', '2025-10-22 14:30:34.511197', NULL, NULL),
    ('8f332483-bfe4-440e-a0fc-47fa3f8b1baa', 'flush', 'running', '["chat", "s3://b/x?y=1&z", true]', NULL, 'localhost:flush-actor-3:thread-41', 1048576, 1500000, '2025-10-21 08:20:22.003456', '2025-10-21T08:20:46.256264', NULL, NULL),
    ('69dd6493-1778-4b95-83b9-6d91aba018ea', 'new
line', 'completed', '1E-7', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'localhost:new
line-actor-1:thread-3', NULL, 0, '2025-10-11 14:30:21.123456Z', '2025-10-11 14:30:42.252683', '2025-10-11 14:30:42.252684', NULL),
    ('b8a61715-6831-45a8-8551-98c0a1326797', 'flush', 'completed', '[null]', 'a,b', 'node-10:flush-actor-4:thread-18', 52428800, 1000000, '2025-10-19T14:10:22.123456', '2025-10-19 14:11:27.939634Z', '2025-10-19 14:12:28.939635', NULL),
    ('3e036333-9b0a-4817-b91c-85fda0a59518', 'backup', 'failed', '[]', NULL, 'localhost:backup-actor-1:thread-44', 1048575, 5079540128, '2025-10-21 09:30:22.123456', '2025-10-21 09:31:42.087304', '2025-10-21T09:31:42.087305', ''),
    ('83333218-bd91-41b7-b03e-dca7e2dcaa37', 'backup', 'completed', '["p-2025-10"]', 'é', 'node-1:é', 1024, 999999, '2025-10-21 14:03:22.123434', '2025-10-21T14:03:54.056841', '2025-10-21 14:04:55.056842Z', '100%');

INSERT INTO system.jobs (job_id, job_type, status, parameters, result, trace, memory_used, cpu_used, created_at, started_at, completed_at, error) VALUES
    ('1724925f-fb31-4da0-8630-43d70a6be26c', 'backup', 'running', '["chat", "messages", "jamal"]', NULL, 'node_1:backup-actor-4:thread-27', 1048575, 30000000, '2025-10-20 17:50:22.123456Z', '2025-10-20 17:50:26.386398', NULL, NULL),
    ('88c9da8a-afe6-43f6-9673-0839e1e48557', 'backup', 'pending', '["it''s", "a,b"]', NULL, 'localhost:backup-actor-4:thread-45', 496621, 1, '2025-10-19 03:30:22.123456', NULL, NULL, NULL),
    ('eb8ac8ce-8a24-4e6b-b313-8131c541013d', 'migrate', 'failed', '["p-2025-10"]', '100%', 'a b', 52428800, NULL, '2025-10-21T14:10:22.123441', '2025-10-21 14:10:27.592082Z', '2025-10-21 14:11:28.592083', 'back\slash'),
    ('8f8b2b83-022b-4320-a161-5022409a8a78', 'backup', 'completed', '9223372036854775808', 'İstanbul', 'node-10:backup-actor-1:thread-27', 1024, 30000000, '2025-10-19 21:30:22.123456Z', '2025-10-19 21:31:22.092541', '2025-10-19 21:34:13.593185', NULL),
    ('7eba0352-0d58-4a58-8842-c19ac1fbe94c', 'compact', 'pending', '["chat", "s3://b/x?y=1&z", true]', NULL, NULL, 52428800, 1500000, '2025-10-20 10:00:22.123456Z', NULL, NULL, NULL),
    ('335082dc-8ad6-41c4-a5fe-3a1848e772ba', 'flush', 'cancelled', 'true', NULL, 'node-2:flush-actor-3:thread-46', 0, 9123508952, '2025-10-20T23:50:22', NULL, NULL, NULL),
    ('5b177a38-a96d-4b2c-b80b-25d9b02d3504', 'huge', 'completed', '["chat", "s3://b/x?y=1&z", true]', 'a_b', 'node_1:huge-actor-0:thread-22', 9223372036854775807, 9223372036854775807, '2025-09-10T14:30:22.123456', '2025-09-10 14:31:04.203884Z', NULL, NULL),
    ('0a57af35-b9b8-4635-90b8-fe223c116549', 'flush', 'completed', '["עברית", "e\u0301"]', 'Compacted 12 files into 3 files, saved 15.3 MB', 'node-1:flush-actor-1:thread-47', 1024, 1500000, '2025-10-19 01:30:22.123456Z', '2025-10-19 01:30:28.876947', '2025-10-19 01:30:28.876947', NULL),
    ('8e903fd9-3433-460c-a1e4-06a660a7a7b7', 'migrate', 'completed', '9223372036854775808', '../../etc/passwd', 'NODE-1:migrate-actor-3:thread-2', 1073741824, NULL, '2025-10-19T23:00:22.123455', '2025-10-19 23:01:19.667775Z', '2025-10-19 23:01:19.667776', NULL),
    ('cfa6cf3e-53e6-4093-9b87-872d336b1a45', 'compact', 'pending', '  [ 1 ,
	2 , 3 ]  ', NULL, 'node-2:compact-actor-4:thread-40', 0, 999999, '2025-10-19 08:30:22.123456', NULL, NULL, NULL),
    ('57e54acc-62f5-480c-8fdf-8e1a060cea63', 'compact', 'failed', '["chat", {"deep": {"er": [{"x": 1e3}]}}]', 'Flushed 10,000 records to ./data/storage/chat/users/jamal/messages/j/batch-2025-10-21-143022.parquet', '''''', 52428800, NULL, '2025-10-21 13:40:22.123411', NULL, NULL, ';'),
    ('b386d25c-b387-42ad-aa49-26f05f221dfc', 'compact', 'pending', NULL, NULL, 'node-10:compact-actor-4:thread-17', NULL, 0, '2025-10-20 00:30:22.123455', NULL, NULL, NULL),
    ('4a77814e-a614-4e5b-b78d-9952a3ee54d4', 'flush', 'running', '{"0": "key zero", "1": "key one"}', NULL, 'localhost:flush-actor-3:thread-17', 1048576, 1, '2025-10-21 03:10:22.123456', '2025-10-21T03:10:33.107679', NULL, NULL),
    ('00000000-0000-0000-0000-000000000000', 'flush', 'pending', '["chat", "messages", "jamal"]', NULL, 'NODE-1:flush-actor-0:thread-0', NULL, 9223372036854775807, '2025-10-22 14:30:22.123456', NULL, NULL, NULL),
    ('e4b06ce6-0741-47a8-bce4-2c8218072e8c', 'flush', 'running', '1e30', NULL, 'node-1:flush-actor-1:thread-6', 4611686018427387904, -1000001, '2025-10-22T14:30:18.123456', '2025-10-22 14:30:28.323194Z', NULL, NULL),
    ('cb06718c-063f-42b6-bc5c-483d420a4323', 'compact', 'pending', '["p-2025-10"]', NULL, 'localhost:compact-actor-3:thread-60', NULL, 1, '2025-10-20 12:00:22.123455', NULL, NULL, NULL),
    ('ee1b8cc4-7035-4a27-aba1-a9d3a61a59e3', 'migrate', 'completed', '["it''s", "a,b"]', NULL, 'node_1:migrate-actor-2:thread-5', 1, 1, '2025-10-19 21:30:22.003456', '2025-10-19T21:31:25.5802', '2025-10-19 21:32:26.580201Z', NULL),
    ('9d19ee45-032b-4328-8bb5-7b5cd3e89d32', 'new
line', 'completed', '{"long key": 1, "k": [1.0, 1.00, 1]}', 'tab	here', 'node-1:new
line-actor-0:thread-2', 0, 0, '2025-10-11T14:30:22.123456', '2025-10-11 14:31:38.841099Z', '2025-10-11 14:31:39.091099', NULL),
    ('678a5aa3-3b6f-4507-8c5f-e8f8dc3bf364', 'flush', 'completed', '["עברית", "e\u0301"]', 'a_b', 'node-1:a_b', NULL, 30000000, '2025-10-21 14:09:22.12344Z', '2025-10-21 14:10:07.726949', '2025-10-21 14:10:07.976949', '\.'),
    ('443baac5-3689-4eeb-ade2-b33b56cef8ec', 'backup', 'completed', '["chat", 5.50]', '．．', 'node-2:backup-actor-1:thread-42', 798109, 999999, '2025-10-19T06:30:22.123456', '2025-10-19 06:30:29.129478Z', '2025-10-19 06:30:30.129478', NULL);

INSERT INTO system.jobs (job_id, job_type, status, parameters, result, trace, memory_used, cpu_used, created_at, started_at, completed_at, error) VALUES
    ('e1fab9d7-8c7e-434f-9dfb-d3d12c4a3698', 'compact', 'completed', '["עברית", "e\u0301"]', 'a,b', '．．', 1073741824, NULL, '2025-10-21 14:20:22.123451', '2025-10-21 14:20:48.289867', '2025-10-21T14:20:48.539867', 'Flushed 10,000 records to ./data/storage/chat/users/jamal/messages/j/batch-2025-10-21-143022.parquet'),
    ('bc2e9ff5-a72f-4600-8c00-15082b265442', 'compact', 'cancelled', NULL, NULL, 'node-1:compact-actor-0:thread-39', 1048576, NULL, '2025-10-20 13:50:22Z', '2025-10-20 13:50:37.906090', '2025-10-20 13:50:38.90609', NULL),
    ('d037cdff-7c24-4d49-a9d4-95dd81355c53', 'migrate', 'failed', '["é", "🙂"]', 'עברית שלום', 'C:\temp\x', 52428800, 0, '2025-10-21T13:58:22.123429', '2025-10-21 13:59:20.137563Z', '2025-10-21 13:59:20.387563', 'C:\temp\x'),
    ('de1bf0cd-8afc-4bee-a426-4c9ffade312d', 'huge', 'completed', '[true, false, null]', '‮evil‬', 'localhost:huge-actor-4:thread-21', 9223372036854775807, 9223372036854775807, '2025-09-10 14:30:22.123456', '2025-09-10T14:31:50.661496', '2025-09-10 14:31:50.661497Z', NULL),
    ('ec148cb4-8e73-4a47-aa90-a8f0d66b829e', 'flush', 'failed', '["p-2025-10"]', NULL, 'node-1:x', NULL, 0, '2025-10-20 14:30:22.123457', '2025-10-20 14:31:33.694099', '2025-10-20T14:44:08.414839', 'C:\temp\x'),
    ('15c0cdd5-9836-404c-b6fb-b6edbc85e5de', 'compact', 'completed', '["é", "🙂"]', 'NULL', 'node-1:compact-actor-0:thread-18', 1, NULL, '2025-10-19T14:30:22.123455', '2025-10-19 14:31:38.537321Z', '2025-10-19 14:31:38.537322', NULL),
    ('a2b249ab-4712-4faa-bead-3bed00fdfeae', 'backup', 'cancelled', '[]', NULL, 'NODE-1:backup-actor-4:thread-3', 1024, 1500000, '2025-10-19 16:40:22.123456Z', NULL, NULL, NULL),
    ('a5f09e63-45dd-487d-a81a-a40a2b0b8c12', 'backup', 'failed', '[""]', '．．', 'node-1:．．', NULL, 1500000, '2025-10-21 13:43:22.123414', '2025-10-21T13:43:44.046805', '2025-10-21 13:44:45.046806Z', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'),
    ('56befa39-5e3c-436c-815a-c400d7547080', '', 'completed', '{"long key": 1, "k": [1.0, 1.00, 1]}', '/* none */', 'localhost:none-actor-0:thread-51', 52428800, 1, '2025-10-19 14:30:22.123456Z', '2025-10-19 14:30:33.234255', '2025-10-19 14:30:33.484255', NULL),
    ('8181e84d-99a7-4924-950d-40ddc2557035', 'flush', 'pending', '[0.000001, 1e-20]', NULL, 'node-2:flush-actor-4:thread-50', 52428800, 1500000, '2025-10-18T22:30:22.123456', NULL, NULL, NULL);

INSERT INTO system.live_queries (live_id, user_id, namespace_id, table_name, query, options, changes, node, created_at, last_update) VALUES
    ('ff3fe32a-30ff-44ee-90a7-bd04e85bfcdd', 'jamal', 'x', 'y
z', '	SELECT	1;
', '"buffer_size"', 0, 'node
3', '2025-10-21 14:30:23.123456', '2025-10-21 13:30:33.416857'),
    ('ffed9235-288b-4781-ae66-267594c9c950', 'jamal ', 'a', 'b.c', '', '"buffer_size"', 1000000000000, NULL, '2025-10-21 14:30:22.123453Z', '2025-10-22 14:30:22.123456'),
    ('007ee4fa-b105-483e-85e9-51862f0981ae', '..', '%', '_', 'SELECT ''🙂'', ''עברית''', '{"buffer_size": 2000}', 314785426, 'no"de', '2025-10-21T14:30:15.123456', '2025-10-21 14:30:22.123456Z'),
    ('e2520e33-e44c-4055-ac71-c4a66148a86f', '🙂', 'x', 'y
z', '	SELECT	1;
', '{"buffer_size": 2147483647}', 0, 'node
3', '2025-10-21T14:30:22.123453', '2025-10-21 14:30:22.123456Z'),
    ('59cc60b1-7604-44b4-a736-95c3e652c71a', 'o''neil', 'chat', 'messages', 'SELECT * FROM chat.messages', '{"last_rows": 123456789012345678901234567890}', 331951516, 'node-1', '2024-09-16T14:30:22.123456', '2025-10-21 14:20:22.123457Z'),
    ('6a27e0df-cbf8-4544-b215-4e76e4c11ab2', 'jamal', 'chat', 'messages', 'SELECT * FROM chat.messages', '{"last_rows": ""}', 0, 'node-2', '1970-01-01 00:00:00.000000', '1970-01-01 00:00:00'),
    ('d08f1bb2-531d-4460-b0ca-eef038c89b38', '日本', 'chat', 'messages', 'SELECT ''🙂'', ''עברית''', '{"buffer_size": 3e3}', 327223941, 'node-1', '2025-10-21 14:30:23.123456', '2025-10-21T14:20:22.123457'),
    ('D95BAFC8-F2A4-427B-9CF4-BB99F4BEA973', 'jamal', 'chat', 'messages', '', '{"last_rows": 50, "buffer_size": 5000}', 4611686018427387904, 'node-1', '2025-10-21T14:30:22.123453', '2025-10-21 13:30:22.123457Z'),
    ('7d28f934-3533-4774-bb1e-386c4fd5079e', 'jamal', 'chat', '', 'SELECT * FROM chat.messages', '{"buffer_size": null}', 679505629, 'localhost', '2025-10-21 14:30:20.623456', '2025-10-21 14:30:22.123456'),
    ('97eeab64-ca2c-46bc-9d3f-d983c34c769f', 'jamal', 'a', 'b.c', '', '{"last_rows": [1, {"x": 2.50}]}', 638942244, NULL, '2025-10-21T14:29:15.255648', '2025-10-21 13:30:22.123456Z'),
    ('0600571f-ac3a-4b26-bfdf-57cd2c006497', '日本', 'chat', 'Messages', 'SELECT ''🙂'', ''עברית''', NULL, 452383338, NULL, '2025-10-21 14:30:20.623456', '2025-10-21T13:30:22.123456'),
    ('e6b58de7-44ab-4cce-8087-7b6f71e1f6d2', '../../x', 'ns,1', 't"2', 'SELECT id,
       ''it''''s'', "q"
FROM chat.messages -- comment
WHERE x LIKE ''50\%'' AND y = $1', '{"buffer_size": "+2001"}', 1523, 'us-west-2-instance-3', '2025-10-21 13:30:22.123455Z', '2025-10-21 13:30:22.123456'),
    ('d4c0dca8-b4c9-4755-8c9c-3adcf515a823', 'new
line', 'a', 'b.c', '', '{"buffer_size": 2000}', 854046, NULL, '2025-10-21 13:30:22.123455', '2025-10-21T13:30:22.123456'),
    ('2d6c797f-8f7d-4b78-aa1b-e9cd8697bbd0', 'x,y', 'chat', 'messages', 'SELECT * FROM chat.messages', '{"buffer_size": -2147483648}', 0, 'node-1', '2024-09-16 14:30:22.123456Z', '2025-10-21 14:30:22.123455'),
    ('930cdbd3-0f0a-42a8-9b2d-19a2beaa14a7', 'jamal', 'chat', 'messages', 'SELECT * FROM chat.messages', '"buffer_size"', 564323, 'node-1', '2024-09-16 14:30:22.123456', '2025-10-21T14:20:22.123457'),
    ('5c374746-5cc3-4c27-8e8a-35b10828d569', 'a/b', 'a', 'b.c', '', '{"buffer_size": "+2001"}', 557742664, NULL, '2025-10-21 14:30:20.623456', '2025-10-21 14:30:22.123455'),
    ('22f1a831-85b9-4f5f-811e-60de1b343f52', '', 'chat', 'messages', 'SELECT ''🙂'', ''עברית''', '{"buffer_size": 2147483647}', 702425204, 'node-1', '2024-09-16 14:30:22.123456', '2025-10-21 12:41:51.693702'),
    ('5c6e433715ba4bdd977219d30e7a269f', 'jamal', 'chat', 'messages', 'SELECT ''🙂'', ''עברית''', '{}', 4611686018427387903, 'node-1', '2024-09-16 14:30:22.123456Z', '2025-10-21 14:20:22.123456'),
    ('7f81375e-ecc1-4b63-8773-3e847d718d73', 'jamal ', '日', '本', '', '{"buffer_size": 1, "buffer_size": 9000}', 397247012, 'nœud,1', '2025-10-21 14:30:22.123453Z', '2025-10-21 14:20:22.123457'),
    ('a8acb513-7c92-40dc-b4e0-88a9b9492f25', 'a/b', 'chat', 'messages', '', 'true', 406834355, 'node-1', '2025-10-20 14:30:22.123456', '2025-10-21 14:30:22.123455');

INSERT INTO system.live_queries (live_id, user_id, namespace_id, table_name, query, options, changes, node, created_at, last_update) VALUES
    ('4067c358-4ee2-47f8-9a94-e3e8ab73738f', 'jamal', 'chat', 'messages', 'SELECT * FROM chat.messages', 'null', 1000000000000000000, 'node-2', '2025-10-21 14:30:23.123456', '2025-10-21T14:20:22.123457'),
    ('2d3d854e-061b-4030-bb08-c6e33c729578', 'q"q', 'chat', 'messages', 'SELECT id,
       ''it''''s'', "q"
FROM chat.messages -- comment
WHERE x LIKE ''50\%'' AND y = $1', '{"buffer_size": 3e3}', -1, 'node-1', '2025-10-21 14:30:23.123456', '2025-10-21 14:30:22.123455'),
    ('cb4deeec-0b0c-495e-96e6-bc4d62b47204', '%2e', 'x', 'y
z', '	SELECT	1;
', '{"last_rows": 50, "buffer_size": 5000}', 526755, 'node
3', '2025-10-21 14:30:20.623456Z', '2025-10-21 13:30:22.123456'),
    ('3ff98ff3-87c5-4473-a7a8-3ee0761ebfd2', 'Jamal', 'ns,1', 't"2', 'SELECT id,
       ''it''''s'', "q"
FROM chat.messages -- comment
WHERE x LIKE ''50\%'' AND y = $1', '{"last_rows": "🙂\u00e9"}', 0, 'us-west-2-instance-3', '2025-10-21T14:30:22.123453', '2025-10-21 14:30:22.123456Z'),
    ('cbd4d3e2-d4de-49ef-83f0-be4e80371eb9', '', '%', '_', 'SELECT ''🙂'', ''עברית''', '{"last_rows": "line\nbreak", "buffer_size": 2500}', 377582, 'no"de', '2025-10-21 13:30:22.123455', '2025-10-21 12:46:11.925236'),
    ('5d300cb9-0706-4045-9efc-044a09325626', 'a/b', '日', '本', '', '{"buffer_size": 2000}', 1523, 'nœud,1', '2025-10-21 14:30:15.123456', '2025-10-21 14:30:22.123456'),
    ('d322a735-3ead-4efe-840e-2b4fda9c025a', 'ana', 'chat', 'messages', '	SELECT	1;
', '{"buffer_size": 1000}', 0, 'node-2', '2025-10-20 14:30:22.123456', '2025-10-21T14:30:22.123456'),
    ('0925e474-9b57-4bd1-b653-f8dd9b1f282e', 'Jamal', 'a.b', 'c', 'SELECT id,
       ''it''''s'', "q"
FROM chat.messages -- comment
WHERE x LIKE ''50\%'' AND y = $1', '[1, 2]', 1000000000000000000, 'node-2', '2025-10-21T13:05:13.044404', '2025-10-21 14:30:22.123456Z'),
    ('4da4daeb-4f3f-4777-bad1-f45ae9500ec9', 'q"q', 'a.b', 'c', 'SELECT id,
       ''it''''s'', "q"
FROM chat.messages -- comment
WHERE x LIKE ''50\%'' AND y = $1', '{"last_rows": {"n": 1, "n": 2}}', 0, 'node-2', '2025-10-21 11:50:36.283567', '2025-10-21 14:20:22.123457'),
    ('bd143fa9-b714-410c-a65d-7435c1066932', 'jamal', 'chat', '', 'SELECT * FROM chat.messages', '{"last_rows": 1.50}', 279373, 'localhost', '2025-10-20 14:30:22.123456', '2025-10-21T13:45:11.072146');

