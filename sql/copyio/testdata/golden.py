#!/usr/bin/env -S python3 -B
"""Asks PostgreSQL 15 what COPY does with the cases below, and writes options.json, read.json and write.json beside this script.

usage: golden.py, with a server as scripts/golden/lib.sh finds it (STOA_PG_HOST, STOA_PG_PORT, STOA_PG_USER) that runs on this machine: the
files of the cases are read and written by the server. Only temporary tables are made.
"""
import base64
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "scripts" / "golden"))
from oracle import Session  # noqa: E402

# Options that both directions are asked about, on COPY t FROM '/dev/null' and COPY t TO '/dev/null'; t has the columns a int, b text.
OPTIONS = r"""
(format csv)|(format text)|(format 'csv')|(format csv2)|(format csv, format csv)|(format (a,b))|csv|csv header|csv header null 'x' delimiter ';'
delimiter '|' null ''|delimiters ','|null as 'n'|(header)|(header true)|(header off)|(header 1)|(header 0)|(header 2)|(header 1.0)|(header maybe)
(header match)|(header 'MATCH', format csv)|(header true, header)|(delimiter)|(delimiter 'ab')|(delimiter '')|(delimiter 5)|(delimiter 'a')|(delimiter '.')
(delimiter E'\\')|(delimiter 'A')|(delimiter '|')|(delimiter E'\n')|(delimiter E'\r', format csv)|(delimiter (a,b))|(delimiter 'ü')|(null E'a\nb')
(null 'a', delimiter '|')|(null 'a|b', delimiter '|')|(null 1.50)|(null 'NULL', format csv)|(null 'a,b', format csv)|(null 'a"b', format csv)|(null *)
(quote 'x')|(quote '', format csv)|(quote '''', format csv)|(quote 'xy', format csv)|(quote ',', format csv)|(escape 'x')|(escape 'xy', format csv)
(escape E'\\', format csv)|(escape '', format csv)|(force_null (a))|(force_null (a), format csv)|(force_null a, format csv)|(force_null (a, b), format csv)
(force_not_null (a))|(force_not_null (a), format csv)|(force_not_null *, format csv)|(force_quote (a))|(force_quote (a), format csv)|(force_quote *, format csv)
(force_quote *)|(force_quote *, force_quote (a), format csv)|(force_quote a, format csv)|(encoding 'UTF8')|(encoding 'utf-8')|(encoding unicode)|(freeze off)
(freeze 3)|(freeze maybe)|(foo)|(foo 1, foo 2)|("Format" csv)|(FORMAT CSV)|(format "CSV")|(null 'x', null 'y')|(quote 'x', quote 'y')|(delimiter ',', delimiter ';')
(escape 'x', escape 'x', format csv)|(format csv, delimiter '"')|(format csv, delimiter E'\t', null E'\t')|(format csv, header, quote E'\b', escape E'\\')
""".replace("\n", "|").split("|")


def pieces(text):
    """Options that hold the separator themselves are put back together."""
    out, open_quote = [], ""
    for part in text:
        open_quote = open_quote + "|" + part if open_quote else part
        if open_quote.count("'") % 2 == 0:
            out.append(open_quote)
            open_quote = ""
    return [o for o in out if o]


T = "a int, b text"
ALL = "i2 int2, i4 int4, i8 int8, n numeric(10,2), f4 float4, f8 float8, ok bool, t text, v varchar(4), u uuid, j json, jb jsonb, d date, tm time, ts timestamp, tz timestamptz, iv interval"

# (columns, options, bytes of the file)
READ = []


def read(columns, options, *data):
    for d in data:
        READ.append((columns, options, d if isinstance(d, bytes) else d.encode()))


CSV = "(format csv)"
read(T, CSV,
     "", "\n", "1,x\n", "1,x", "1,x\r\n2,y\r\n", "1,x\r2,y\r", "1,x\r\n2,y\n", "1,x\n2,y\r\n", "1,x\n2,y\r", "1,x\r2,y\n", "1,\n2,\"\"\n", "\"1\",\"x\"\n",
     "1,\"a\"\"b\"\n", "1,\"a\nb\"\n2,c\n", "1,\"a\r\nb\"\r\n2,c\r\n", "1,\"a\n\nb\"\n2,\"c\nd\"\nx,\"e\nf\"\n", "0,\"a\nb\"\nx,\"e\nf\"\n", "1\n", "1,x\n2\n", "1,x\n2,y,z\n", ",\n", "1,\"a\n", "1,\"a", "1,x\"y\"z\n",
     "1,\"x\"y\n", "1,\"x\"y\"z\"\n", "1,\"x\" \n", "1, x \n", "x,y\n", "1,x\n2,y\n3x,z\n", "1,x\n\n2,y\n", "1,x\n \n", "1,x\n\\.\n2,y\n", "1,x\n\\.", "1,x\n\\.\r\n",
     "1,x\r\n\\.\r\n2,y\r\n", "1,x\r\n\\.\n2,y\r\n", "\\.\n", "\\.\r\n", "\\.\r", "1,x\n\\.abc\n", "1,\\.\n", "1,\"\\.\"\n", "1,x\\.\n", "1,\\N\n", "\\N,x\n", "1,x\n2,\"y\n3,z\n",
     "1,\"" + "ä" * 60 + "\n", "ä" * 60 + ",x\n", "x" * 101 + ",y\n", "x" * 100 + ",y\n", "é" * 51 + ",y\n", b"1,\xff\n", b"1,x\n2,\xc3(\n", b"1,\xe2\x82\n", b"1,a\x00b\n", b"1,\"a\nb\xf0\x28\x8c\xbc\"\n", b"1,\xed\xa0\x80\n",
     "99999999999,x\n", "1,x\n2,y\n,z\nq,\n", "1,x,\n", "1,\"\"\"\"\n", "1,\"\"\"\n", "\"\",x\n", "1,a\tb\n", "\ufeff1,x\n", "1,x\n\n", "1,x\n\r\n", "1,\"x\r\"\n2,y\n", "1,\"x\n\"\r2,y\r")
read(T, "(format csv, header)", "", "a,b\n", "a,b\n1,x\n", "what,ever,it,is\n1,x\n", "\"a\nb\",c\n1,x\nq,y\n", "a,b", "a,b\r\n1,x\r\n", "\\.\n1,x\n", "a,b\nx,y\n")
read(T, "(format csv, header match)", "", "a,b\n1,x\n", "a\n1,x\n", "a,b,c\n", "b,a\n", "a,B\n", ",b\n", "a,\"b\"\n2,y\n", "a,b\n", "A,b\n", "a,\"\n")
read(T, "(header match)", "a\tb\n1\tx\n", "a\t\\N\n", "a\\tb\n", "a\tbb\n")
read(T, "(format csv, null 'NULL')", "1,NULL\n2,\"NULL\"\n3,\n4,\"\"\n", "NULL,NULL\n", "null,x\n", ",x\n")
read(T, "(format csv, delimiter ';', quote '''', escape E'\\\\')", "1;'a\\'b'\n", "1;'a\\\\'\n2;b\n", "1;'a\\nb'\n", "1;'a''b'\n", "1;'a\\'\n", "1;a\\'b\n", "1;'a\n\\'b\n'\n2;c\n", "1;'a\\\\\\'b'\n", "1;\"a\"\n",
     "1;'a'\\\n", "'1';'\\\n'\n2;x\n")
read(T, "(format csv, quote E'\\\\')", "1,\\a,b\\\n", "\\.\\,x\n", "\\.\n", "1,\\.\\\\.\\\n", "\\1\\,x\n")
read(T, "(format csv, force_not_null (b))", "1,\n2,\"\"\n", ",x\n")
read(T, "(format csv, force_null (b))", "1,\n2,\"\"\n", "\"\",x\n")
read(T, "(format csv, force_null (a, b), force_not_null (b), null 'n')", "n,n\n\"n\",\"n\"\n")
read("a text", CSV, "", "\n", "\n\n", "\"\"\n", "a\n\nb\n", "\\.\n", "a", "a\\.\n")
read("a text, b text, c text", CSV, ",,\n", ",,", "a,,c\n", "\"a\",\"\",\"c\"\n", "a,b\n", "a,\"b,c\n", "a,\"b\nc\",d\ne,f\n", "a,b,c,\"d\n")
TEXT = ""
read(T, TEXT, "", "\n", "1\tx\n", "1\tx", "1\tx\r\n2\ty\r\n", "1\tx\r2\ty\r", "1\tx\r\n2\ty\n", "1\tx\n2\ty\r\n", "1\tx\n2\ty\r", "1\tx\r2\ty\n", "1\t\n", "1\t\\N\n", "\\N\t\\N\n",
     "1\t\\\\N\n", "1\ta\\tb\\nc\\rd\\be\\ff\\vg\n", "1\t\\x41\\101\\x\\xg\\x4\\12\\9\n", "1\t\\303\\244\n", "1\t\\xc3\\xa4\n", "1\t\\xff\n", "1\ta\\000b\n", "1\ta\\\nb\n", "1\ta\\\r\nb\n", "1\ta\\", "1\ta\\\\\n", "1\t\\N\\\n", "1\tx\n\\.\n2\ty\n",
     "1\tx\n\\.", "1\tx\\.\n", "1\tx\n\\.z\n", "1\tx\n\\.\r\n", "1\tx\r\n\\.\r\n", "1\tx\r\n\\.\n", "1\tx\r\n\\.", "1\tx\r\n\\.z", "\\.\n", "\\.\r\n", "\\.\r", "1\tx\r\\.\r2\ty\r", "1\n", "1\tx\ty\n", "x\ty\n", "1\tx\n\n", "1\\tx\n", "1\t\"x\"\n",
     "1\tx\n2\t\\NN\n", "1\tnull\n", b"1\t\xff\n", b"1\tx\n2\ta\x00\n", "1\t\\q\\ä\n", "1\tx\n2\ty\\\\.\n", "1\tx\n2\ty\\a.\n", "5\t\\\t6\n", "1\t\\777\n", "1\tx\\", "\\1\tx\n", "1\tx\n\\\\.\ty\n")
read(T, "(delimiter '|', null '')", "1|\n|x\n", "1|a\\|b\n", "1|\\N\n", "1|\\\n")
read(T, "(delimiter 'A')", "1Ax\n", "1A\\A\n")
read("a text", TEXT, "", "\n", "\\N\n", "a\\.\n", "\\.\n", "\\\n", "\\")
read(ALL, CSV, '1,2,3,4.567,1.5,2.5,t,x,abcd,00000000-0000-0000-0000-000000000001,"{""b"":1}","{""b"":1,  ""a"":2}",2025-10-21,14:30,2025-10-21 14:30:22.5,2025-10-21 14:30:22+02,1 day 02:00\n',
     ',,,,,,,,,,,,,,,,\n', '40000' + ',' * 16 + '\n', ',' * 3 + '123456789.99' + ',' * 13 + '\n', ',' * 6 + 'maybe' + ',' * 10 + '\n', ',' * 8 + 'abcde' + ',' * 8 + '\n', ',' * 8 + 'abcd  ' + ',' * 8 + '\n',
     ',' * 9 + 'xyz' + ',' * 7 + '\n', ',' * 10 + '{' + ',' * 6 + '\n', ',' * 11 + '{x}' + ',' * 5 + '\n', ',' * 12 + '2025-13-01' + ',' * 4 + '\n', ',' * 13 + '25:00' + ',' * 3 + '\n', ',' * 14 + 'yesterdayish' + ',,\n',
     ',' * 16 + '1 fortnight\n', ',' * 16 + '\n' + ',' * 14 + 'infinity,-infinity,\n' + ',' * 4 + 'NaN,-Infinity' + ',' * 11 + '\n', ',' * 16 + '\n' + 'q' + ',' * 16 + '\nr' + ',' * 3 + '\n')

# (query, options)
WRITE = []


def write(query, *options):
    for o in options:
        WRITE.append((query, o))


WORDS = [None, "", "x", "a,b", 'a"b', "a\nb", "a\rb", "a\tb", "\\.", "\\N", "NULL", "\\", "a\\b", " x ", "ä€𝄞", "\x01\x08\x0c\x0b\x1f\x7f", "'", "n", "|", "a|b", ";", "null", "{\"a\": 1}"]


def quoted(s):
    if s is None:
        return "NULL"
    return "U&'" + "".join("\\%04X" % ord(c) if ord(c) < 0x10000 and (ord(c) < 32 or ord(c) > 126 or c in "'\\") else ("\\+%06X" % ord(c) if ord(c) >= 0x10000 else c) for c in s) + "'"


VALUES = "SELECT * FROM (VALUES %s) AS t(a, b, c)" % ", ".join("(%d, %s::text, %s::text)" % (i, quoted(w), quoted(WORDS[-1 - i])) for i, w in enumerate(WORDS))
write(VALUES, "", "(format csv)", "(format csv, header)", "(header)", "(format csv, null 'NULL')", "(format csv, force_quote *)", "(format csv, force_quote (b), header)",
      "(format csv, delimiter ';', quote '''')", "(format csv, escape E'\\\\')", "(delimiter '|')", "(null 'n')", "(delimiter '|', null '')", "(format csv, quote '|', delimiter E'\\t')")
SINGLE = "SELECT * FROM (VALUES %s) AS t(b)" % ", ".join("(%s::text)" % quoted(w) for w in WORDS)
write(SINGLE, "", "(format csv)", "(format csv, null 'NULL', header)")
write('SELECT 1 AS "a,b", 2 AS "c""d", 3 AS "e\nf"', "(format csv, header)", "(header)")
TYPED = """SELECT i2::int2, i4::int4, i8::int8, n::numeric, f4::float4, f8::float8, ok::bool, t::text, u::uuid, j::json, jb::jsonb, d::date, tm::time, ts::timestamp, tz::timestamptz, iv::interval FROM (VALUES
 ('1','2','9223372036854775807','1.50','1.5','1e100','t','x','00000000-0000-0000-0000-0000000000ab','{"b" : 1}','{"b":1.0,"a":[null,true,"\\u00e4"]}','2025-10-21','14:30:00.5','2025-10-21 14:30:22.123','2025-10-21 14:30:22+00','1 day 02:00'),
 ('-1','-2','-9223372036854775808','NaN','NaN','-Infinity','f','',NULL,'"x"','"x"','infinity','00:00','infinity','-infinity','-1 mon'),
 ('0','0','0','-0.000001','1e-7','0.1','f','a"b\\c',NULL,'null','null','0044-03-15 BC','24:00','0044-03-15 01:02:03 BC','0044-03-15 01:02:03+00 BC','00:00'),
 (NULL,NULL,NULL,'Infinity','1e20','1e15',NULL,'é
',NULL,NULL,NULL,NULL,NULL,'1999-12-31 23:59:59.999999','1999-12-31 23:59:59.999999+00',NULL)) AS v(i2, i4, i8, n, f4, f8, ok, t, u, j, jb, d, tm, ts, tz, iv)"""
write(TYPED, "", "(format csv)", "(format csv, header)")


def fields(error):
    return {k: error[f] for k, f in (("code", "C"), ("message", "M"), ("detail", "D"), ("hint", "H"), ("where", "W")) if f in error} | ({"position": int(error["P"])} if "P" in error else {})


def main():
    session = Session("postgres")
    session.must("SET client_min_messages = error; SET standard_conforming_strings = on")
    work = Path(tempfile.mkdtemp(prefix="stoa-copyio-"))
    os.chmod(work, 0o777)
    try:
        save("options.json", [options(session, direction, o) for o in pieces(OPTIONS) for direction in ("FROM", "TO")])
        save("read.json", [reading(session, work, *case) for case in READ])
        save("write.json", [writing(session, work, *case) for case in WRITE])
    finally:
        shutil.rmtree(work)


def options(session, direction, text):
    sql = "COPY t %s '/dev/null' %s" % (direction, text)
    session.must("DROP TABLE IF EXISTS t; CREATE TEMP TABLE t (a int, b text)")
    result = session.query(sql)[-1]
    return {"sql": sql} | ({"error": fields(result.error)} if result.error else {})


def reading(session, work, columns, opts, data):
    path = work / "in"
    path.write_bytes(data)
    os.chmod(path, 0o666)
    session.must("DROP TABLE IF EXISTS t; CREATE TEMP TABLE t (%s)" % columns)
    result = session.query("COPY t FROM '%s' %s" % (path, opts))[-1]
    case = {"columns": columns, "options": opts, "data": base64.b64encode(data).decode()}
    if result.error:
        return case | {"error": fields(result.error)}
    return case | {"rows": session.must("SELECT * FROM t ORDER BY ctid")[0].rows}


def writing(session, work, query, opts):
    path = work / "out"
    case = {"query": query, "options": opts}
    shown = session.must(query)[0]
    names = {16: "bool", 20: "int8", 21: "int2", 23: "int4", 25: "text", 114: "json", 700: "float4", 701: "float8", 1082: "date", 1083: "time",
             1114: "timestamp", 1184: "timestamptz", 1186: "interval", 1700: "numeric", 2950: "uuid", 3802: "jsonb"}
    case["columns"] = [[c, names[t[0]]] for c, t in zip(shown.columns, shown.types)]
    case["rows"] = shown.rows
    session.must("COPY (%s) TO '%s' %s" % (query, path, opts))
    case["text"] = base64.b64encode(path.read_bytes()).decode()
    if not opts:
        case["json"] = [r[0] for r in session.must("SELECT row_to_json(q)::text FROM (%s) AS q" % query)[0].rows]
    del case["query"]
    return case


def save(name, cases):
    (HERE / name).write_text("[\n" + ",\n".join(json.dumps(c, ensure_ascii=False) for c in cases) + "\n]\n", encoding="utf-8")
    print(name, len(cases))


main()
