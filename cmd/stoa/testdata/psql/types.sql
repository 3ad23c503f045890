SELECT 1 AS n, 'x'::text AS "long header", E'two\nlines' AS t, 1.50::numeric AS num, NULL::int AS nul, true AS b, '{"a": 1, "b": [true, null]}'::jsonb AS j,
  timestamp '2025-10-21 14:30:22.5' AS ts, interval '1 day 02:03:04.5' AS i, '日本'::text AS wide, date '2025-10-21' AS d, 1.5::float8 AS f,
  '0f0e0d0c-0b0a-0908-0706-050403020100'::uuid AS u, timestamptz '2025-10-21 14:30:22+02' AS tz
UNION ALL
SELECT 22222222, 'yyyyyyyyyyyyyyyyyyyy', 'one', 'NaN'::numeric, 5, false, NULL, NULL, interval '2 mon', 'é', NULL, 'Infinity'::float8, NULL, NULL;
