SELECT 1 AS a;
SELECT 'left' AS only_text;
SELECT 'a' AS b, 'ab' AS bc, 'abc' AS bcd, 'abcd' AS e;
SELECT 1 AS a_name_that_is_longer_than_the_label, 2 AS b;
SELECT 1 AS eleven_char, 'x' AS y;
SELECT 1 AS twelve_chars, 'x' AS y;
SELECT 1 AS thirteen_char, 'x' AS y;
SELECT 1 AS fourteen_chars, 'x' AS y;
SELECT 1 AS ten_chars_, 'x' AS y;
SELECT '日本語テキスト' AS "日本", 'ａｂ' AS wide, E'e\u0301' AS combining, '😀' AS emoji, 'ñ' AS n;
SELECT 'x' AS "a" UNION ALL SELECT 'yy' UNION ALL SELECT 'zzz' UNION ALL SELECT '' UNION ALL SELECT NULL UNION ALL SELECT '1' UNION ALL SELECT '2'
  UNION ALL SELECT '3' UNION ALL SELECT '4' UNION ALL SELECT '5' UNION ALL SELECT '6';
