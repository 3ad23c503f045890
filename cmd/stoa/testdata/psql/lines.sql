SELECT E'a\nb' AS x, 1 AS y UNION ALL SELECT 'c', 22;
SELECT 1 AS y, E'a\nb\n\nc' AS x UNION ALL SELECT 22, 'c';
SELECT E'line one\nline two is longer' AS "first", E'\n' AS empty, 'w' AS w, 123456 AS n;
SELECT 1 AS "ab
cdefg
h", 'val' AS "x
y";
