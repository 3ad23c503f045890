SELECT E'a\x01\x1b[31mred\x7f' AS ctl, E'\u0085\u009b' AS c1, E'a\tb\t\tc' AS tabs, E'\r\n' AS crlf, E'\n' AS lf, E'x\n' AS "tail", 'z' AS last
UNION ALL SELECT 'plain', '', E'abcdefgh\ti', 'x', 'y', E'\n\nq', E'1\n22\n333';
