'1' + 1
1 + '1'
'1' + '1'
'a' + 1
1 + 'a'
1 + 1.5
1 + 1.5::float8
1::int2 + 1
1::int2 + 1::int8
1::int8 + 1.5::real
1 = '1'
1 = 'x'
1 = true
true = 'yes'
true = 1
'a' || 1
1 || 'a'
1 || 2
'a' || NULL
NULL || NULL
NULL + NULL
NULL + 1
-NULL
-'1'
+'1'
-'a'
@ -5
|/ 4.0
2 ^ 3
2 % 3
5.5 % 2
'5' % 2
NOT 'true'
NOT 'x'
NOT 1
'abc' LIKE 1
1 LIKE '1'
NULL LIKE 'a'
'a' LIKE NULL
1 IN (1, 2, '3')
1 IN ('x')
1 IN (1.5, 2)
1 IN (NULL, 2)
1 IN (NULL, 1)
1 NOT IN (NULL, 1)
1 NOT IN (NULL, 2)
'a' IN ('a', 'b')
'a' IN (1, 2)
'1' IN (1, 2)
NULL IN (1, 2)
NULL IN (NULL)
1 IN (true)
1.0 IN (1)
1 IN (1, 2.0, 3::float8)
now() IN ('2025-10-21 14:30:22.123456', 'x')
DATE '2025-01-01' IN ('2025-01-01')
TIMESTAMP '2025-01-01' IN (DATE '2025-01-01')
'{"a":1}'::jsonb IN ('{"a": 1}')
CASE WHEN true THEN 1 ELSE 1.5 END
CASE WHEN true THEN 1 ELSE 'x' END
CASE WHEN true THEN 1 ELSE '2' END
CASE WHEN true THEN 'a' ELSE 'b' END
CASE WHEN true THEN NULL ELSE 'b' END
CASE WHEN true THEN NULL END
CASE WHEN true THEN 1 WHEN false THEN 2::int8 ELSE 3.5::real END
CASE WHEN true THEN 1 ELSE true END
CASE WHEN 1 THEN 1 END
CASE WHEN 'true' THEN 1 END
CASE WHEN 'x' THEN 1 END
CASE 1 WHEN 1 THEN 'a' WHEN '2' THEN 'b' END
CASE 1 WHEN 'x' THEN 'a' END
CASE 'a' WHEN 'a' THEN 1 END
CASE NULL WHEN NULL THEN 1 ELSE 2 END
CASE 1 WHEN 1.0 THEN 'eq' END
CASE 1 WHEN true THEN 1 END
CASE WHEN true THEN DATE '2025-01-01' ELSE TIMESTAMP '2025-01-01' END
CASE WHEN true THEN TIMESTAMP '2025-01-01' ELSE now() END
CASE WHEN true THEN 1::int2 ELSE 2 END
CASE WHEN true THEN '{}'::jsonb ELSE '{}' END
CASE WHEN true THEN '{}'::jsonb ELSE '{}'::json END
CASE WHEN true THEN 'a'::varchar ELSE 'b'::text END
CASE WHEN true THEN 1.5 ELSE 1::float8 END
CASE WHEN false THEN 1/0 ELSE 0 END
CASE WHEN true THEN 1 ELSE 1/0 END
COALESCE(NULL, 1)
COALESCE(NULL, NULL)
COALESCE('a', 1)
COALESCE('1', 1)
COALESCE(1, 1.5, '2')
COALESCE(1, 'x')
COALESCE(1, 1/0)
COALESCE(NULL, 'x')
COALESCE(1, true)
COALESCE(NULL::int, 1.5)
COALESCE(NULL, now())
NULLIF(1, 1)
NULLIF(1, 2)
NULLIF(1, NULL)
NULLIF(NULL, 1)
NULLIF('a', 'a')
NULLIF('a', 1)
NULLIF(1, 'a')
NULLIF(1, true)
NULLIF('1', 1)
NULLIF(1.0, 1)
NULLIF(1::int2, 1::int8)
GREATEST(1, 2.5)
GREATEST(1, 'x')
GREATEST(1, NULL)
GREATEST(NULL, NULL)
LEAST('a', 'b')
LEAST(1, '2', 0.5)
GREATEST(DATE '2025-01-01', TIMESTAMP '2024-01-01')
GREATEST(1, true)
LEAST(true, false)
LEAST(INTERVAL '1 day', '2 hours')
1 BETWEEN 0 AND 2
1 BETWEEN 2 AND 0
1 BETWEEN SYMMETRIC 2 AND 0
1 BETWEEN '0' AND '2'
'1' BETWEEN 0 AND 2
1 BETWEEN 'x' AND 2
1 BETWEEN true AND 2
1 BETWEEN NULL AND 2
1 BETWEEN NULL AND 0
1 NOT BETWEEN 0 AND NULL
'b' BETWEEN 'a' AND 'c'
1 IS DISTINCT FROM NULL
NULL IS DISTINCT FROM NULL
NULL IS NOT DISTINCT FROM 1
1 IS DISTINCT FROM 'x'
1 IS DISTINCT FROM '1'
1 IS DISTINCT FROM true
1.0 IS NOT DISTINCT FROM 1
'a' IS DISTINCT FROM 'a'
NULL = NULL
NULL <> 1
1 != 2
1 IS TRUE
'x' IS TRUE
'true' IS TRUE
NULL IS TRUE
NULL IS NOT UNKNOWN
1 IS NULL
ROW(1,2) = ROW(1,2)
(1,2) = (1,3)
(1,2) < (1,3)
(1,2) IN ((1,2))
abs('-5')
abs('x')
abs(-5)
abs(-5::int2)
abs(true)
round('1.5')
round(1.5)
round(1.5::float8)
round(1.555, 2)
round(1.555::float8, 2)
round('1.555', 2)
length('abc')
length(123)
length(NULL)
upper(NULL)
upper(1)
upper('a'::varchar)
lower('A')
concat('a', 1, true, NULL, 1.5)
concat()
concat_ws(',', 'a', NULL, 'b')
concat_ws(NULL, 'a')
substr('abc', 2)
substring('abc', '2')
substring('abc' from 2)
substring('abc' from 2 for 1)
substring('abc', 2, '1')
left('abc', '2')
left('abc', 2.5)
left('abc', 2::int8)
repeat('a', 3)
nosuch(1, 'a', NULL, 1.5)
nosuch()
NOSUCH()
"NoSuch"(1)
pg_catalog.nosuch(1)
pg_catalog.upper('a')
public.upper('a')
int4('5')
int4(5.7)
text(5)
date('2025-01-01')
timestamp '2025-01-01'
numeric(5)
varchar('x')
float8(1)
bool('t')
interval('1 day')
jsonb('{}')
uuid('00000000-0000-0000-0000-000000000000')
int8 '5'
int8('5')
float8 '1e5'
count(1)
max('a')
max(NULL)
min(1)
sum('1')
sum(NULL)
sum(true)
avg('1')
avg('x')
count(*)
count()
count(1, 2)
COUNT(DISTINCT 1)
COUNT(DISTINCT *)
sum(1, 2)
max(*)
bool_and('t')
bool_and(1)
every(true)
sum(count(*))
upper(*)
upper(DISTINCT 'a')
abs(1) FILTER (WHERE true)
count(*) FILTER (WHERE 1)
count(*) FILTER (WHERE 'x')
count(*) FILTER (WHERE NULL)
count(*) FILTER (WHERE count(*) > 1)
1::nosuchtype
'x'::int
'1'::nosuch.int4
1::pg_catalog.int4
1::bool
true::int
2.5::bool
'2.5'::int
2.5::int
3.5::int
-2.5::int
(-2.5)::int
1e10::int
1e400::float8
'1e400'::float8
'nan'::float8
'inf'::float8
'NaN'::numeric
'Infinity'::numeric
40000::int2
99999999999
9223372036854775807
9223372036854775808
-9223372036854775808
-2147483648
2147483648
0x1F
1_000
.5
5.
1.e3
1e3
1e-3
1e+3
'2025-01-01'::date::timestamp
'2025-01-01'::timestamp::date
now()::date
now()::text
1::text::int
true::text
'a'::bool
''::int
' 1 '::int
''::text::int
NULL::int
NULL::nosuch
'12:00'::time
'12:00'::time + INTERVAL '1 hour'
DATE '2025-01-01' + 1
1 + DATE '2025-01-01'
DATE '2025-01-01' - 1
DATE '2025-01-01' - DATE '2024-01-01'
DATE '2025-01-01' + INTERVAL '1 day'
DATE '2025-01-01' + '1 day'
DATE '2025-01-01' - '2024-01-01'
TIMESTAMP '2025-01-01' - '2024-01-01'
TIMESTAMP '2025-01-01' + '1 day'
now() - '1 day'
now() - INTERVAL '1 day'
now() - TIMESTAMP '2025-01-01'
now() - DATE '2025-01-01'
INTERVAL '1 day' * 2
2 * INTERVAL '1 day'
INTERVAL '1 day' * 1.5
INTERVAL '1 day' / 2
INTERVAL '1 day' + INTERVAL '1 hour'
INTERVAL '1 day' > '1 hour'
'1 day'::interval = '24 hours'
DATE '2025-01-01' < TIMESTAMP '2025-01-02'
DATE '2025-01-01' < '2025-01-02'
DATE '2025-01-01' < 'x'
TIMESTAMP '2025-01-01' < now()
TIMESTAMP '2025-01-01' = DATE '2025-01-01'
now() > '2025-01-01'
now() > 1
now() + 1
'2025-01-01' < now()
EXTRACT(EPOCH FROM INTERVAL '1 day')
EXTRACT(nosuch FROM now())
EXTRACT(year FROM 'x'::text)
date_part('year', now())
date_trunc('day', now())
date_trunc('day', '2025-01-01')
date_trunc('x', now())
'{"a":1}'::jsonb -> 'a'
'{"a":1}'::jsonb -> 0
'{"a":1}'::jsonb -> '0'
'[1,2]'::jsonb -> 0
'[1,2]'::jsonb -> '0'
'[1,2]'::jsonb ->> -1
'{"a":1}' -> 'a'
'{"a":1}'::jsonb ->> 'a' = 1
('{"a":1}'::jsonb ->> 'a')::int = 1
'{"a":1}'::jsonb -> 'a' = 1
'{"a":1}'::jsonb -> 'a' = '1'
'{"a":1}'::jsonb @> '{"a":1}'
'{"a":1}' @> '{"a":1}'
'{"a":1}'::jsonb @> '{'
'{"a":1}'::jsonb ? 'a'
'{"a":1}'::jsonb || '{"b":2}'
'{"a":1}'::jsonb - 'a'
'[1,2]'::jsonb - 0
'{"a":1}'::jsonb -> 'a'::varchar
'{"a":1}'::jsonb -> 1::int8
'{"a":1}'::jsonb -> 1::int2
'{"a":1}'::jsonb -> true
'{"a":1}'::json -> 'a'
'{"a":1}'::json = '{}'
'{"a":1}'::jsonb::text
'5'::jsonb::int
'"5"'::jsonb::int
'5.7'::jsonb::int
'true'::jsonb::bool
'null'::jsonb::int
jsonb_array_length('[1,2]')
jsonb_array_length('{}')
jsonb_array_length('[1]'::json)
jsonb_typeof('1')
'a' COLLATE "C" < 'b'
current_date
current_timestamp
localtimestamp
current_timestamp(0)
'2025-10-21'::date = current_date
1 AS "Quoted Name"
1 AS select
1 a
'x' "A b"
1 + 1 AS sum, 2
now()
count(*) AS c, 1
current_user = session_user
(SELECT 1)
(SELECT 1, 2)
(SELECT 'x')
(SELECT NULL)
EXISTS (SELECT 1)
1 IN (SELECT 1)
1 IN (SELECT 1.5)
'1' IN (SELECT 1)
1 IN (SELECT 'x')
1 IN (SELECT NULL)
1 NOT IN (SELECT NULL::int)
NULL IN (SELECT 1 WHERE false)
(SELECT 1 WHERE false)
(SELECT 1 UNION ALL SELECT 2)
true AND NULL
true AND 'x'
true AND 1
1 AND 2
NOT NULL
true OR 1/0 = 1
false AND 1/0 = 1
1/0
1/0.0
1/0.0::float8
1 % 0
2147483647 + 1
-(-2147483648)
9223372036854775807 + 1
1::int2 + 32767::int2
SELECT job_id, job_type FROM system.jobs GROUP BY job_id ORDER BY job_id LIMIT 2
SELECT j.job_id, job_type || status FROM system.jobs j GROUP BY j.job_id ORDER BY 1 LIMIT 2
SELECT j.*, count(*) FROM system.jobs j GROUP BY j.job_id ORDER BY 1 LIMIT 2
SELECT j.job_id, l.user_id FROM system.jobs j, system.live_queries l WHERE j.job_id = l.live_id GROUP BY j.job_id ORDER BY 1 LIMIT 2
SELECT j.job_id, j.status, l.user_id FROM system.jobs j, system.live_queries l WHERE j.job_id = l.live_id GROUP BY j.job_id, l.live_id ORDER BY 1 LIMIT 2
SELECT status FROM system.jobs GROUP BY job_id HAVING job_type = 'flush' ORDER BY created_at, job_id LIMIT 2
SELECT x.status FROM (SELECT * FROM system.jobs) x GROUP BY x.job_id
SELECT status, count(*) FROM system.jobs GROUP BY 1 ORDER BY 2 DESC, 1
SELECT status, count(*) FROM system.jobs GROUP BY 3
SELECT status, count(*) FROM system.jobs GROUP BY 0
SELECT status, count(*) FROM system.jobs GROUP BY -1
SELECT status, count(*) FROM system.jobs GROUP BY 2
SELECT status s, count(*) FROM system.jobs GROUP BY s ORDER BY s
SELECT lower(status) status, count(*) FROM system.jobs GROUP BY status ORDER BY 1
SELECT job_type AS status, count(*) FROM system.jobs GROUP BY status ORDER BY 1, 2
SELECT job_type AS x, status AS x FROM system.jobs GROUP BY x
SELECT status FROM system.jobs GROUP BY status, status ORDER BY 1
SELECT upper(status), count(*) FROM system.jobs GROUP BY upper(status) ORDER BY upper(status)
SELECT upper(status) FROM system.jobs GROUP BY lower(status)
SELECT memory_used + 1 FROM system.jobs WHERE memory_used < 10 GROUP BY memory_used + 1 ORDER BY 1
SELECT memory_used + 2 FROM system.jobs GROUP BY memory_used + 1
SELECT count(*) FROM system.jobs HAVING count(*) > 1
SELECT 1 FROM system.jobs HAVING true
SELECT status FROM system.jobs HAVING true
SELECT status FROM system.jobs HAVING status = 'x'
SELECT count(*) FROM system.jobs HAVING 1
SELECT count(*) FROM system.jobs WHERE count(*) > 1
SELECT count(*) FROM system.jobs GROUP BY count(*)
SELECT count(*) AS c FROM system.jobs GROUP BY c
SELECT count(*) FROM system.jobs j JOIN system.jobs k ON count(*) > 1
SELECT count(*) c FROM system.jobs GROUP BY status ORDER BY c
SELECT count(*) c FROM system.jobs GROUP BY status ORDER BY c + 1
SELECT count(*) c FROM system.jobs GROUP BY status ORDER BY count(*) + 1
SELECT status FROM system.jobs GROUP BY status ORDER BY count(*), status
SELECT status FROM system.jobs GROUP BY status ORDER BY job_type
SELECT status FROM system.jobs ORDER BY count(*)
SELECT DISTINCT status FROM system.jobs ORDER BY status
SELECT DISTINCT status FROM system.jobs ORDER BY job_type
SELECT DISTINCT status, count(*) FROM system.jobs GROUP BY status, job_type ORDER BY 1, 2
SELECT DISTINCT upper(status) FROM system.jobs ORDER BY upper(status)
SELECT DISTINCT upper(status) u FROM system.jobs ORDER BY u
SELECT DISTINCT status FROM system.jobs ORDER BY 1 LIMIT 2 OFFSET 1
SELECT DISTINCT 'x' FROM system.jobs
SELECT DISTINCT NULL FROM system.jobs
SELECT ALL status FROM system.storages s, system.jobs WHERE false
SELECT name FROM system.storages ORDER BY 2
SELECT name FROM system.storages ORDER BY 0
SELECT name FROM system.storages ORDER BY -1
SELECT name FROM system.storages ORDER BY 1.5
SELECT name FROM system.storages ORDER BY 'x'
SELECT name FROM system.storages ORDER BY NULL
SELECT name FROM system.storages ORDER BY true
SELECT name FROM system.storages ORDER BY 1 + 1, name
SELECT name AS base_path FROM system.storages ORDER BY base_path
SELECT name AS base_path FROM system.storages ORDER BY base_path || ''
SELECT name a, base_path a FROM system.storages ORDER BY a
SELECT name a, name a FROM system.storages ORDER BY a
SELECT name FROM system.storages s ORDER BY s.created_at, name
SELECT name FROM system.storages ORDER BY nosuch
SELECT name FROM system.storages ORDER BY name DESC NULLS LAST
SELECT node FROM system.live_queries ORDER BY node NULLS FIRST LIMIT 3
SELECT node FROM system.live_queries ORDER BY node DESC LIMIT 3
SELECT node FROM system.live_queries ORDER BY node DESC NULLS LAST LIMIT 3
SELECT node FROM system.live_queries ORDER BY node USING > LIMIT 1
SELECT name FROM system.storages ORDER BY name LIMIT 1 + 1
SELECT name FROM system.storages ORDER BY name LIMIT '2'
SELECT name FROM system.storages ORDER BY name LIMIT 'x'
SELECT name FROM system.storages ORDER BY name LIMIT NULL
SELECT name FROM system.storages ORDER BY name LIMIT ALL
SELECT name FROM system.storages ORDER BY name LIMIT 1.5
SELECT name FROM system.storages ORDER BY name LIMIT 2.5
SELECT name FROM system.storages ORDER BY name LIMIT true
SELECT name FROM system.storages ORDER BY name LIMIT name
SELECT name FROM system.storages ORDER BY name LIMIT length(name)
SELECT name FROM system.storages ORDER BY name LIMIT count(*)
SELECT name FROM system.storages ORDER BY name LIMIT (SELECT 2)
SELECT name FROM system.storages ORDER BY name OFFSET 100
SELECT name FROM system.storages ORDER BY name OFFSET NULL
SELECT name FROM system.storages ORDER BY name OFFSET 8 ROWS FETCH FIRST 1 ROW ONLY
SELECT name FROM system.storages ORDER BY name LIMIT nosuch
SELECT name FROM system.storages ORDER BY name LIMIT 0
SELECT s.name FROM system.storages
SELECT storages.name FROM system.storages ORDER BY 1 LIMIT 1
SELECT system.storages.name FROM system.storages ORDER BY 1 LIMIT 1
SELECT system.storages.name FROM system.storages s
SELECT storages.name FROM system.storages s
SELECT public.storages.name FROM system.storages
SELECT a.b.c.d FROM system.storages
SELECT nosuchdb.system.storages.name FROM system.storages ORDER BY 1 LIMIT 1
SELECT s.nosuch FROM system.storages s
SELECT nosuch.* FROM system.storages s
SELECT s.* FROM system.storages s WHERE false
SELECT storages.* FROM system.storages s
SELECT system.storages.* FROM system.storages WHERE false
SELECT *, name FROM system.storages WHERE false
SELECT name.* FROM system.storages
SELECT * FROM system.storages a, system.storages a
SELECT * FROM system.storages, system.storages
SELECT * FROM system.storages, public.storages
SELECT name FROM system.storages a, system.storages b
SELECT a.name FROM system.storages a CROSS JOIN system.storages b ORDER BY 1 LIMIT 1
SELECT * FROM system.storages a JOIN system.storages b
SELECT count(*) FROM system.storages a JOIN system.storages b ON true
SELECT count(*) FROM system.storages a JOIN system.storages b ON 1
SELECT count(*) FROM system.storages a JOIN system.storages b ON 'x'
SELECT count(*) FROM system.storages a JOIN system.storages b ON NULL
SELECT count(*) FROM system.storages a JOIN system.storages b USING (name)
SELECT count(*) FROM system.storages a JOIN system.storages b USING (nosuch)
SELECT count(*) FROM system.storages a JOIN system.jobs b USING (name)
SELECT count(*) FROM system.jobs a JOIN system.storages b USING (name)
SELECT count(*) FROM system.storages a JOIN system.storages b USING (name, name)
SELECT name FROM system.storages a JOIN system.storages b USING (name) ORDER BY name LIMIT 1
SELECT base_path FROM system.storages a JOIN system.storages b USING (name)
SELECT * FROM system.storages a JOIN system.storages b USING (name) WHERE false
SELECT * FROM system.storages a NATURAL JOIN system.storages b ORDER BY 1 LIMIT 1
SELECT count(*) FROM system.storages a NATURAL JOIN system.jobs b
SELECT a.created_at, created_at FROM system.storages a NATURAL JOIN system.jobs b WHERE false
SELECT * FROM system.storages a NATURAL LEFT JOIN system.jobs b WHERE false
SELECT created_at, a.created_at, b.created_at FROM system.storages a FULL JOIN system.live_queries b USING (created_at) ORDER BY 1, 2, 3 LIMIT 3
SELECT created_at, a.created_at, b.created_at FROM system.storages a RIGHT JOIN system.live_queries b USING (created_at) ORDER BY 1, 2, 3 LIMIT 3
SELECT count(*), count(created_at), count(a.created_at), count(b.created_at) FROM system.storages a FULL JOIN system.live_queries b USING (created_at)
SELECT count(*) FROM system.storages a JOIN system.storages b USING (name) JOIN system.storages c USING (name)
SELECT count(*) FROM system.storages a JOIN system.storages b ON a.name = b.name JOIN system.storages c USING (name)
SELECT x.name FROM (system.storages a JOIN system.storages b USING (name)) AS x ORDER BY 1 LIMIT 1
SELECT a.name FROM (system.storages a JOIN system.storages b USING (name)) AS x
SELECT x.base_path FROM (system.storages a JOIN system.storages b USING (name)) AS x
SELECT * FROM system.storages a LEFT JOIN system.jobs j ON j.job_id = a.storage_id AND j.status = 'nosuch' ORDER BY a.name LIMIT 1
SELECT count(*) FROM system.storages a LEFT JOIN system.jobs j ON false
SELECT count(*) FROM system.storages a RIGHT JOIN system.jobs j ON false
SELECT count(*) FROM system.storages a FULL JOIN system.jobs j ON false
SELECT count(*) FROM system.storages a FULL JOIN system.jobs j ON a.created_at = j.created_at AND j.status = 'completed'
SELECT count(*) FROM system.storages a LEFT JOIN system.jobs j ON a.created_at = j.created_at WHERE j.job_id IS NULL
SELECT count(*) FROM system.jobs a JOIN system.jobs b ON a.memory_used = b.cpu_used
SELECT count(*) FROM system.jobs a JOIN system.jobs b ON a.memory_used = b.memory_used + 0.0
SELECT count(*) FROM system.jobs a JOIN system.jobs b ON a.memory_used::float8 = b.memory_used
SELECT count(*) FROM system.jobs a JOIN system.live_queries l ON a.parameters = l.options
SELECT count(*) FROM system.jobs a, system.live_queries l WHERE a.parameters -> 0 = l.options
SELECT count(*) FROM system.jobs j, system.jobs k WHERE j.started_at = k.started_at AND j.job_id < k.job_id
SELECT count(*) FROM system.jobs JOIN system.live_queries ON jobs.job_id = live_queries.live_id
SELECT jobs.created_at = live_queries.created_at FROM system.jobs JOIN system.live_queries ON created_at = created_at
SELECT b.name FROM system.storages a JOIN system.jobs j ON b.name = 'x' JOIN system.storages b ON true
SELECT name FROM system.storages AS s (id, n) WHERE false
SELECT id, n, base_path FROM system.storages AS s (id, n) WHERE false
SELECT * FROM system.storages AS s (a, b, c, d, e, f)
SELECT * FROM (SELECT 1)
SELECT * FROM (SELECT 1) x
SELECT * FROM (SELECT 1, 2) x(a)
SELECT * FROM (SELECT 'a', NULL) x(a, b)
SELECT a || 1 FROM (SELECT 'a') x(a)
SELECT a + 1 FROM (SELECT '1') x(a)
SELECT * FROM (VALUES (1, 'a'), (2, NULL), (NULL, 'c')) v(n, s) ORDER BY n
SELECT * FROM (VALUES (1), (1.5), ('2')) v(n) ORDER BY n
SELECT * FROM (VALUES (1), ('x')) v(n)
SELECT * FROM (VALUES (1), (true)) v(n)
VALUES (1, 2), (3)
VALUES (1, 'a'), (2, 'b') ORDER BY 1 DESC
VALUES (1) ORDER BY column1
VALUES (1), (2) LIMIT 1
VALUES (DEFAULT)
VALUES (NULL), ('x')
VALUES (nosuch)
VALUES (count(*))
WITH a AS (SELECT 1 AS x) SELECT x + 1 FROM a
WITH a(y) AS (SELECT 1 AS x) SELECT y FROM a
WITH a(y, z) AS (SELECT 1 AS x) SELECT y FROM a
WITH a AS (SELECT 1), a AS (SELECT 2) SELECT * FROM a
WITH a AS (SELECT 1 x), b AS (SELECT x + 1 y FROM a) SELECT * FROM a, b
WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a
WITH jobs AS (SELECT 1 x) SELECT * FROM jobs
WITH jobs AS (SELECT 1 x) SELECT count(*) > 1 FROM system.jobs
SELECT 1 UNION SELECT 2 ORDER BY 1
SELECT 1 UNION ALL SELECT 'x'
SELECT 1 UNION ALL SELECT '2' ORDER BY 1
SELECT 1 UNION SELECT 1.5 ORDER BY 1
SELECT 1 UNION SELECT true
SELECT 1, 2 UNION SELECT 1
SELECT NULL UNION SELECT NULL
SELECT NULL UNION SELECT 1 ORDER BY 1
SELECT NULL UNION ALL SELECT NULL UNION ALL SELECT 1
SELECT 'a' UNION SELECT 'b' ORDER BY 1
SELECT 1 AS a UNION SELECT 2 AS b ORDER BY a
SELECT 1 AS a UNION SELECT 2 ORDER BY a + 1
SELECT 1 AS a UNION SELECT 2 ORDER BY 2
SELECT 1 INTERSECT SELECT 1
SELECT 1 EXCEPT SELECT 1
(SELECT 1 LIMIT 1) UNION ALL (SELECT 2 LIMIT 1) ORDER BY 1
SELECT 1 LIMIT 1 UNION SELECT 2
SELECT status FROM system.jobs INTERSECT SELECT 'running' ORDER BY 1
SELECT status FROM system.jobs EXCEPT ALL SELECT 'running' ORDER BY 1 LIMIT 1
SELECT 1 UNION SELECT 2 INTERSECT SELECT 2 ORDER BY 1
SELECT name FROM system.storages WHERE name
SELECT name FROM system.storages WHERE 1
SELECT name FROM system.storages WHERE 'x'
SELECT name FROM system.storages WHERE NULL
SELECT name FROM system.storages WHERE name = 1
SELECT name FROM system.storages WHERE name = 'primary' AND 1 = '1'
SELECT name FROM system.storages WHERE storage_id = 'x'
SELECT name FROM system.storages WHERE storage_id = '00000000-0000-0000-0000-000000000000'
SELECT name FROM system.storages WHERE storage_id = '00000000-0000-0000-0000-000000000000'::text
SELECT name FROM system.storages WHERE storage_id::text = '00000000-0000-0000-0000-000000000000'
SELECT name FROM system.storages WHERE storage_id LIKE '0%'
SELECT name FROM system.storages WHERE created_at = '2025-10-21'
SELECT name FROM system.storages WHERE created_at = 'x'
SELECT name FROM system.storages WHERE created_at > 5
SELECT name FROM system.storages WHERE created_at::date = DATE '2025-10-21' ORDER BY 1
SELECT count(*) FROM system.jobs WHERE memory_used > '5'
SELECT count(*) FROM system.jobs WHERE memory_used > 'x'
SELECT count(*) FROM system.jobs WHERE memory_used > 5.5
SELECT count(*) FROM system.jobs WHERE memory_used > 1e300
SELECT count(*) FROM system.jobs WHERE memory_used = NULL
SELECT count(*) FROM system.jobs WHERE memory_used IS NULL
SELECT count(*) FROM system.jobs WHERE NOT (memory_used > 5)
SELECT count(*) FROM system.jobs WHERE memory_used > 5 OR memory_used IS NULL
SELECT count(*) FROM system.jobs WHERE status IN ('running', 'failed')
SELECT count(*) FROM system.jobs WHERE status NOT IN ('running', NULL)
SELECT count(*) FROM system.jobs WHERE trace NOT IN ('x')
SELECT count(*) FROM system.jobs WHERE memory_used IN (1, 2, 52428800)
SELECT count(*) FROM system.jobs WHERE memory_used IN (1.0, 2.5)
SELECT count(*) FROM system.jobs WHERE parameters = '["chat", "messages", "jamal"]'
SELECT count(*) FROM system.jobs WHERE parameters IN ('[null]', '{}')
SELECT count(*) FROM system.jobs WHERE created_at IN ('2025-10-21 14:30:22.123456')
SELECT count(*) FROM system.jobs WHERE created_at BETWEEN '2025-10-20' AND '2025-10-21'
SELECT count(*) FROM system.jobs WHERE created_at > now() - INTERVAL '1 hour'
SELECT count(*) FROM system.jobs WHERE trace LIKE 'node-1:%'
SELECT count(*) FROM system.jobs WHERE trace LIKE '%\'
SELECT count(*) FROM system.jobs WHERE trace LIKE '%_'
SELECT count(*) FROM system.jobs WHERE trace ILIKE 'NODE-1:%'
SELECT count(*) FROM system.jobs WHERE trace NOT LIKE 'node-1:%'
SELECT count(*) FROM system.jobs WHERE trace LIKE 'node-1:!%%' ESCAPE '!'
SELECT count(*) FROM system.jobs WHERE trace LIKE NULL
SELECT sum(memory_used), avg(memory_used), min(memory_used), max(memory_used), count(memory_used), count(*) FROM system.jobs
SELECT sum(memory_used) FILTER (WHERE memory_used < 1000000), count(*) FILTER (WHERE status = 'running') FROM system.jobs
SELECT count(DISTINCT status), count(DISTINCT memory_used), sum(DISTINCT memory_used), avg(DISTINCT memory_used) FROM system.jobs
SELECT count(DISTINCT parameters), count(DISTINCT created_at), count(DISTINCT trace) FROM system.jobs
SELECT min(status), max(status), min(created_at), max(created_at), min(trace), max(trace) FROM system.jobs
SELECT min(job_id) FROM system.jobs
SELECT min(parameters) FROM system.jobs
SELECT max(completed_at - started_at), min(completed_at - started_at), sum(completed_at - started_at) FROM system.jobs
SELECT avg(completed_at - started_at) FROM system.jobs
SELECT sum(status) FROM system.jobs
SELECT avg(created_at) FROM system.jobs
SELECT bool_and(memory_used > 0), bool_or(memory_used > 0) FROM system.jobs
SELECT status, bool_and(memory_used > 5) FROM system.jobs GROUP BY status ORDER BY 1
SELECT sum(1), count(1), sum(1.5), avg(1) FROM system.jobs
SELECT sum(memory_used) FROM system.jobs WHERE false
SELECT status, sum(memory_used) FROM system.jobs WHERE false GROUP BY status
SELECT sum(memory_used + cpu_used) FROM system.jobs WHERE memory_used < 1000000 AND cpu_used < 1000000
SELECT sum(memory_used * cpu_used) FROM system.jobs
SELECT count(*), sum(changes) FROM system.live_queries GROUP BY namespace_id || table_name ORDER BY 1 DESC, 2 LIMIT 5
SELECT CASE WHEN memory_used > 1000000 THEN 'big' WHEN memory_used IS NULL THEN 'none' ELSE 'small' END AS size, count(*) FROM system.jobs GROUP BY size ORDER BY size
SELECT CASE WHEN memory_used > 1000000 THEN 'big' ELSE 'small' END, count(*) FROM system.jobs GROUP BY 1 ORDER BY 2
SELECT date_trunc('day', created_at), count(*) FROM system.jobs GROUP BY 1 ORDER BY 1 LIMIT 5
SELECT created_at::date, count(*) FROM system.jobs GROUP BY created_at::date ORDER BY created_at::date LIMIT 5
SELECT parameters ->> 0 AS p, count(*) FROM system.jobs GROUP BY p ORDER BY 2 DESC, 1 LIMIT 5
SELECT parameters, count(*) FROM system.jobs GROUP BY parameters ORDER BY 2 DESC, 1 LIMIT 5
SELECT memory_used IS NULL, count(*) FROM system.jobs GROUP BY 1 ORDER BY 1
SELECT 1 FROM system.jobs GROUP BY ()
SELECT count(*) FROM system.jobs GROUP BY ()
SELECT 5, count(*) FROM system.jobs GROUP BY 1
SELECT 'x' AS a, count(*) FROM system.jobs GROUP BY a
SELECT NULL, count(*) FROM system.jobs GROUP BY 1
SELECT now(), count(*) FROM system.jobs GROUP BY now()
SELECT status, now() FROM system.jobs GROUP BY status ORDER BY 1
SELECT j.status FROM system.jobs AS j GROUP BY status ORDER BY 1
SELECT status FROM system.jobs AS j GROUP BY j.status ORDER BY j.status
SELECT max(status) FROM system.jobs ORDER BY max(status)
SELECT max(status) m FROM system.jobs ORDER BY m
SELECT max(status) FROM system.jobs ORDER BY status
SELECT max(status), status FROM system.jobs
SELECT max(max(status)) FROM system.jobs
SELECT max(status) + 1 FROM system.jobs
SELECT sum(memory_used) / count(*) FROM system.jobs
SELECT count(*) FROM system.jobs LIMIT 0
SELECT count(*) FROM system.jobs OFFSET 1
SELECT 1 WHERE false
SELECT 1 WHERE true
SELECT 1 WHERE NULL
SELECT count(*)
SELECT count(*) WHERE false
SELECT max(1) WHERE false
SELECT 1 GROUP BY 1
SELECT 1 HAVING false
SELECT 1 ORDER BY 1
SELECT 1 AS x ORDER BY x
SELECT 1 AS x WHERE x = 1
SELECT (SELECT max(status) FROM system.jobs), name FROM system.storages ORDER BY 2 LIMIT 1
SELECT name FROM system.storages WHERE name IN (SELECT name FROM system.storages WHERE base_path LIKE '/mnt%') ORDER BY 1
SELECT name FROM system.storages WHERE name NOT IN (SELECT trace FROM system.jobs)
SELECT count(*) FROM system.jobs WHERE memory_used > (SELECT avg(memory_used) FROM system.jobs)
SELECT count(*) FROM system.jobs WHERE EXISTS (SELECT 1 FROM system.storages)
SELECT count(*) FROM system.jobs WHERE memory_used = (SELECT memory_used FROM system.jobs)
INSERT INTO system.storages VALUES ('x')
INSERT INTO system.storages (nosuch) VALUES (1)
INSERT INTO system.storages (name, name) VALUES (1, 2)
INSERT INTO system.storages (name) VALUES (1, 2)
INSERT INTO system.storages (name, base_path) VALUES (1)
INSERT INTO system.storages (name) SELECT 1, 2
INSERT INTO system.storages (name, base_path) SELECT 1
INSERT INTO system.storages (storage_id) VALUES (1)
INSERT INTO system.storages (storage_id, name, base_path, path_template) VALUES (gen_random_uuid(), 1, 2, '{tableName}') RETURNING name, base_path
INSERT INTO system.storages (storage_id, name, base_path, path_template) VALUES (gen_random_uuid(), true, 'a', '{tableName}')
INSERT INTO system.storages (created_at) VALUES ('x')
INSERT INTO system.storages (created_at) VALUES (5)
INSERT INTO system.storages DEFAULT VALUES
INSERT INTO system.storages (name) VALUES (DEFAULT)
INSERT INTO system.storages (name) VALUES (count(*))
INSERT INTO system.jobs (job_id, job_type, status, memory_used) VALUES (gen_random_uuid(), 'x', 'running', 1.5) RETURNING memory_used
INSERT INTO system.jobs (job_id, job_type, status, memory_used) VALUES (gen_random_uuid(), 'x', 'running', '1.5')
INSERT INTO system.jobs (job_id, job_type, status, parameters) VALUES (gen_random_uuid(), 'x', 'running', '{')
INSERT INTO system.jobs (job_id, job_type, status, parameters) VALUES (gen_random_uuid(), 'x', 'running', 5)
INSERT INTO system.jobs (job_id, job_type, status) VALUES (gen_random_uuid(), 'x', 'nosuch')
INSERT INTO system.jobs (job_id, job_type, status) VALUES (gen_random_uuid(), NULL, 'running')
INSERT INTO system.jobs (job_id, job_type, status) VALUES ('a17a4340-f9c0-4fef-ba1b-1bf13879399b', 'x', 'running')
INSERT INTO system.jobs (job_id, job_type, status, created_at) VALUES (gen_random_uuid(), 'x', 'running', now()) RETURNING created_at
INSERT INTO system.jobs (job_id, job_type, status, created_at) VALUES (gen_random_uuid(), 'x', 'running', NULL)
INSERT INTO system.jobs (job_id, job_type, status, created_at) VALUES (gen_random_uuid(), 'x', 'running', DATE '2025-01-01') RETURNING created_at
INSERT INTO nosuch VALUES (1)
INSERT INTO system.nosuch VALUES (1)
UPDATE system.jobs SET nosuch = 1
UPDATE system.jobs SET status = 1 WHERE false
UPDATE system.jobs SET memory_used = 'x' WHERE false
UPDATE system.jobs SET memory_used = status WHERE false
UPDATE system.jobs SET memory_used = true WHERE false
UPDATE system.jobs SET status = 'x', status = 'y'
UPDATE system.jobs SET memory_used = count(*)
UPDATE system.jobs SET (memory_used, cpu_used) = (1, 2) WHERE false
UPDATE system.jobs SET (memory_used, cpu_used) = (1) WHERE false
UPDATE system.jobs SET memory_used = DEFAULT WHERE memory_used < 0 RETURNING memory_used
UPDATE system.jobs j SET status = j.status WHERE jobs.status = 'x'
UPDATE system.jobs SET status = 'nosuch' WHERE status = 'running'
UPDATE system.jobs SET memory_used = memory_used + 9223372036854775807
UPDATE system.nosuch SET a = 1
DELETE FROM system.nosuch
DELETE FROM system.jobs WHERE nosuch = 1
DELETE FROM system.jobs WHERE 1
DELETE FROM system.jobs WHERE count(*) = 1
DELETE FROM system.jobs j WHERE j.status = 'nosuch' RETURNING j.*
DELETE FROM system.jobs WHERE memory_used = -1 RETURNING status || '!' AS s, memory_used
(1,2) = (1,3)
(1,2) <> (1,2)
(1,NULL) = (1,2)
(1,NULL) = (2,NULL)
(1,2) < (1,3)
(2,NULL) < (1,3)
(NULL,1) < (1,3)
(1,NULL) <= (1,3)
(1,2) >= (1,2)
(1,2) IN ((1,2),(3,4))
(1,2) NOT IN ((1,NULL),(3,4))
(1,2) = (1,2,3)
ROW() = ROW()
(1,NULL) IS NULL
(NULL,NULL) IS NULL
(1,NULL) IS NOT NULL
(1,'a') = ('1','a')
(1,'a') = ('x','a')
(1,true) = (true,1)
ROW(1) = ROW(1)
SELECT count(*) FROM system.jobs WHERE (status, job_type) = ('running', 'flush')
SELECT count(*) FROM system.jobs WHERE (status, job_type) IN (('running', 'flush'), ('failed', 'compact'))
SELECT count(*) FROM system.jobs WHERE (created_at, job_id) > ('2025-10-21', '00000000-0000-0000-0000-000000000000')
SELECT DISTINCT ON (status) status, created_at, job_id FROM system.jobs ORDER BY status, created_at DESC, job_id
SELECT DISTINCT ON (1) status, created_at, job_id FROM system.jobs ORDER BY 1, created_at DESC, job_id
SELECT DISTINCT ON (s) status AS s, job_id FROM system.jobs ORDER BY s DESC, job_id
SELECT DISTINCT ON (status, job_type) job_id FROM system.jobs ORDER BY job_type, status, job_id
SELECT DISTINCT ON (status) job_id FROM system.jobs ORDER BY job_type, status
SELECT DISTINCT ON (status, job_type) job_id FROM system.jobs ORDER BY status, job_id
SELECT DISTINCT ON (status) status FROM system.jobs
SELECT DISTINCT ON (memory_used IS NULL) memory_used IS NULL, job_id FROM system.jobs ORDER BY memory_used IS NULL, job_id LIMIT 1 OFFSET 1
SELECT DISTINCT ON (trace) trace FROM system.jobs ORDER BY trace NULLS FIRST LIMIT 3
SELECT DISTINCT ON (status) status, count(*) FROM system.jobs GROUP BY status, job_type ORDER BY status, count(*) DESC, job_type
SELECT DISTINCT ON (5) status FROM system.jobs
SELECT DISTINCT ON ('x') status FROM system.jobs ORDER BY 'x'
SELECT DISTINCT ON (nosuch) status FROM system.jobs
SELECT DISTINCT ON (parameters) parameters, job_id FROM system.jobs ORDER BY parameters, job_id LIMIT 5
UPDATE system.live_queries l SET changes = s.schema_version FROM system.table_schemas s WHERE l.namespace_id = s.namespace_id AND l.table_name = s.table_name AND s.schema_version = 8
UPDATE system.live_queries l SET changes = 5 FROM system.table_schemas s WHERE l.namespace_id = s.namespace_id AND l.table_name = s.table_name
UPDATE system.live_queries SET changes = 5 FROM system.live_queries l WHERE l.live_id = live_queries.live_id AND l.changes = 0
UPDATE system.live_queries SET changes = 5 FROM system.live_queries WHERE true
UPDATE system.live_queries SET changes = changes FROM system.live_queries l
UPDATE system.live_queries l SET changes = 5 FROM system.storages s
UPDATE system.live_queries l SET changes = s.nosuch FROM system.storages s
UPDATE system.live_queries l SET changes = 5 FROM system.storages s JOIN system.jobs j ON s.storage_id = j.job_id WHERE j.job_id = l.live_id
DELETE FROM system.jobs USING system.storages s WHERE job_id = s.storage_id
DELETE FROM system.jobs j USING system.storages s, system.live_queries l WHERE j.job_id = s.storage_id AND l.live_id = j.job_id
DELETE FROM system.jobs j USING system.storages s
DELETE FROM system.jobs j USING system.jobs k WHERE j.created_at = k.created_at AND j.job_id > k.job_id
SELECT count(*), sum(changes % 1000) FROM system.live_queries
SELECT count(*), min(job_id::text) FROM system.jobs
SELECT DISTINCT '' AS c0, created_at FROM system.jobs ORDER BY 1, 2 LIMIT 2
SELECT DISTINCT 'x', NULL FROM system.jobs ORDER BY 1, 2
SELECT 'x' AS a, count(*) FROM system.jobs GROUP BY a ORDER BY a
SELECT 'x' AS a, count(*) FROM system.jobs GROUP BY 1 ORDER BY 1
SELECT NULL AS a, count(*) FROM system.jobs GROUP BY 1 ORDER BY a
SELECT 'x' AS a, status FROM system.jobs GROUP BY status, a ORDER BY a, status
INSERT INTO system.jobs (job_id, job_type, status, created_at) SELECT gen_random_uuid(), 'x', 'running', '2025-01-01' FROM system.storages ORDER BY name
INSERT INTO system.jobs (job_id, job_type, status, created_at) SELECT gen_random_uuid(), 'x', 'running', '2025-01-01' FROM system.storages ORDER BY 4
SELECT '1' AS a UNION SELECT 2 ORDER BY a
SELECT DISTINCT '1' AS a UNION SELECT 2
SELECT DISTINCT ON ('x'::text) status FROM system.jobs ORDER BY 'x'::text, status LIMIT 1
SELECT string_agg(DISTINCT status, ',' ORDER BY status) FROM system.jobs
SELECT string_agg(DISTINCT status, ',' ORDER BY status DESC) FROM system.jobs
SELECT string_agg(DISTINCT status, ',') FROM system.jobs
SELECT string_agg(DISTINCT status, ',' ORDER BY job_type) FROM system.jobs
SELECT string_agg(name, ',' ORDER BY created_at DESC, name) FROM system.storages
SELECT string_agg(name, ',' ORDER BY name) FROM system.storages
SELECT string_agg(name, ',' ORDER BY 1) = string_agg(name, ',') FROM system.storages
SELECT status, string_agg(job_type, '|' ORDER BY memory_used NULLS FIRST, job_id) FROM system.jobs WHERE job_type <> 'flush' GROUP BY status ORDER BY 1
SELECT status, string_agg(job_type, '|' ORDER BY memory_used DESC, job_id) FILTER (WHERE job_type LIKE 'c%'), count(*) FROM system.jobs GROUP BY status HAVING count(*) > 1 ORDER BY 1
SELECT jsonb_agg(memory_used ORDER BY memory_used, job_id) FROM system.jobs WHERE memory_used < 10
SELECT jsonb_agg(DISTINCT memory_used) FROM system.jobs WHERE memory_used < 10
SELECT jsonb_object_agg(name, base_path ORDER BY name DESC) FROM system.storages
SELECT sum(memory_used ORDER BY job_id) FROM system.jobs
SELECT string_agg(name, ',' ORDER BY nosuch) FROM system.storages
SELECT string_agg(name, ',' ORDER BY count(*)) FROM system.storages
SELECT string_agg(name, ',' ORDER BY name) FROM system.storages WHERE false
SELECT count(* ORDER BY name) FROM system.storages
SELECT max(name ORDER BY name) FROM system.storages
SELECT string_agg(status, ',' ORDER BY status) FROM system.jobs WHERE memory_used IN (SELECT max(memory_used) FROM system.jobs)
INSERT INTO system.jobs (job_id, job_type, status, created_at) SELECT gen_random_uuid(), 'x', 'running', 'nonsense' FROM system.storages WHERE false
INSERT INTO system.jobs (job_id, job_type, status, parameters) SELECT gen_random_uuid(), 'x', 'running', '{"a": 1}' FROM system.storages RETURNING parameters
INSERT INTO system.jobs (job_id, job_type, status, parameters) SELECT 'x', 'x', 'running', '{"a": 1}' FROM system.storages WHERE false
INSERT INTO system.jobs (job_id, job_type, status) SELECT gen_random_uuid(), NULL, 'running' FROM system.storages
SELECT created_at FROM system.jobs j, system.storages s GROUP BY created_at
SELECT j.created_at AS created_at FROM system.jobs j, system.storages s GROUP BY created_at
SELECT count(*) FROM system.jobs WHERE memory_used + 9223372036854775807 > 1 AND status = 'x'
SELECT count(*) FROM system.jobs WHERE (result || '')::int > 1 AND status = 'x'
SELECT ('x' || '')::int WHERE false
SELECT upper(NULL) FROM system.jobs LIMIT 1
SELECT count(*) FROM system.jobs WHERE status IN ('x', NULL) OR false
SELECT count(*) FROM system.jobs WHERE NULL OR status = 'running'
SELECT count(*) FROM system.jobs WHERE NOT (NULL AND status = 'running')
SELECT (1 > 2) OR NULL
SELECT (1 > 2) AND NULL
SELECT NULL::bool AND memory_used > 1 FROM system.jobs WHERE memory_used IS NOT NULL ORDER BY memory_used, job_id LIMIT 2
SELECT count(*) FROM system.jobs WHERE extract(epoch from started_at - started_at) <> 0 AND 1 / extract(epoch from started_at - started_at) > 1
SELECT count(*) FROM system.jobs WHERE 1 / extract(epoch from started_at - started_at) > 1 AND extract(epoch from started_at - started_at) <> 0
SELECT count(*) FROM system.live_queries WHERE (options->>'buffer_size')::int > 2000 AND jsonb_typeof(options->'buffer_size') = 'number'
SELECT job_id, cpu_used / memory_used FROM system.jobs ORDER BY created_at LIMIT 1
SELECT * FROM (SELECT cpu_used / memory_used AS x, status FROM system.jobs) t WHERE status = 'none'
SELECT x FROM (SELECT cpu_used / memory_used AS x, status FROM system.jobs WHERE memory_used <> 0) t WHERE x > 1000000000000 ORDER BY 1 LIMIT 2
SELECT x FROM (SELECT cpu_used / memory_used AS x, status FROM system.jobs WHERE memory_used <> 0 OFFSET 0) t WHERE x > 1000000000000 ORDER BY 1 LIMIT 2
SELECT status, sum(cpu_used / memory_used) FROM system.jobs WHERE memory_used > 0 GROUP BY status HAVING status = 'failed'
