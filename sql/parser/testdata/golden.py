#!/usr/bin/env python3
"""Fills in PostgreSQL's answers in syntax.txt, names.txt and precedence.txt beside this file.

Usage: golden.py [host [port]], with a PostgreSQL 15 that trusts user postgres. It creates nothing that lasts.

Each file is a list of blocks: an input of one or more lines, a line "----", an answer, a blank line. Only the answers are rewritten.
  syntax.txt      "ok", or SQLSTATE, position and message of the raw parser (nothing is analysed or run: a failing statement goes first)
  names.txt       the names of the output columns of SELECT <input>
  precedence.txt  the expression as pg_get_viewdef writes it, with all its parentheses
"""
import os
import socket
import struct
import sys


class Server:
    """A connection that speaks just enough of the protocol to see positions of errors and names of columns."""

    def __init__(self, host, port):
        self.sock = socket.create_connection((host, port))
        self.file = self.sock.makefile("rb")
        body = struct.pack("!I", 196608) + b"user\0postgres\0database\0postgres\0\0"
        self.sock.sendall(struct.pack("!I", len(body) + 4) + body)
        self.answer()

    def answer(self):
        error, columns, rows = None, None, []
        while True:
            kind = self.file.read(1)
            body = self.file.read(struct.unpack("!I", self.file.read(4))[0] - 4)
            if kind == b"E" and error is None:
                error = {part[:1].decode(): part[1:].decode() for part in body.split(b"\0") if part}
            elif kind == b"T":
                columns, rest = [], body[2:]
                while rest:
                    name, rest = rest.split(b"\0", 1)
                    columns.append(name.decode())
                    rest = rest[18:]
            elif kind == b"D":
                fields, rest = [], body[2:]
                while rest:
                    size = struct.unpack("!i", rest[:4])[0]
                    fields.append(rest[4:4 + max(size, 0)].decode())
                    rest = rest[4 + max(size, 0):]
                rows.append(fields)
            elif kind == b"Z":
                return error, columns, rows

    def query(self, sql):
        data = sql.encode() + b"\0"
        self.sock.sendall(b"Q" + struct.pack("!I", len(data) + 4) + data)
        return self.answer()


def describe(error, shift):
    position = int(error["P"]) - shift if "P" in error else 0
    text = "%s %d %s" % (error["C"], position, error["M"])
    return text + ("\nHINT: " + error["H"] if "H" in error else "")


def syntax(server, text):
    prefix = "SELECT 1/0; "
    error, _, _ = server.query(prefix + text)
    return "ok" if error["C"] == "22012" else describe(error, len(prefix))


def names(server, text):
    error, columns, _ = server.query("SELECT " + text)
    return describe(error, len("SELECT ")) if error else "\n".join(columns)


COLUMNS = "1 AS a, 2 AS b, 3 AS c, true AS p, true AS q, true AS r, '{1}'::int[] AS v, now() AS w, 'x'::text AS s, 'y'::text AS t"


def precedence(server, text):
    server.query("BEGIN")
    error, _, _ = server.query("CREATE TEMP VIEW golden AS SELECT %s AS x FROM (SELECT %s) z" % (text, COLUMNS))
    if error:
        server.query("ROLLBACK")
        return error["C"]
    _, _, rows = server.query("SELECT pg_get_viewdef('golden'::regclass)")
    server.query("ROLLBACK")
    whole = rows[0][0]
    return " ".join(whole[whole.index("SELECT") + 6:whole.rindex(" AS x\n")].split())


def main():
    host = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 54329
    server = Server(host, port)
    here = os.path.dirname(os.path.abspath(__file__))
    for name, oracle in (("syntax.txt", syntax), ("names.txt", names), ("precedence.txt", precedence)):
        path = os.path.join(here, name)
        with open(path, encoding="utf-8", newline="") as f:
            blocks = [b for b in f.read().split("\n\n") if b.strip()]
        out = []
        for block in blocks:
            text = block.strip("\n").split("\n----")[0]
            out.append(text if text.startswith("#") else text + "\n----\n" + oracle(server, text))
        with open(path, "w", encoding="utf-8", newline="") as f:
            f.write("\n\n".join(out) + "\n")


main()
