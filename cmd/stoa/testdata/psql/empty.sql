SELECT 1 AS a, 'b'::text AS b WHERE false;
SELECT 'x'::text AS "a rather long header for nothing" WHERE false;
