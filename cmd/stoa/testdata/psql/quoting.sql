SELECT '\.' AS a, '' AS b, NULL::text AS c, 'a,b' AS d, 'q"q' AS e, ' x ' AS f, E'cr\rcr' AS g, E'tab\tx' AS h, '\' AS i, 'a.b' AS "j,k", '"' AS "l""m", E'x\ny' AS n;
SELECT '.' AS a, '\.x' AS b, E'\\.\n' AS c, 'plain text' AS d, '''' AS e, ';' AS f;
