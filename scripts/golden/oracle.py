"""A PostgreSQL session over its wire protocol, with nothing but Python's library, for the scripts that write golden files.

psql would do for the rows, but not for SQLSTATE, command tags and notices in the order in which they come. Simple query protocol,
trust authentication, no TLS. The server's text of each value is kept as it came.
"""
import os
import socket
import struct

RESULT_TEXT = {"TimeZone": "UTC", "DateStyle": "ISO, MDY", "IntervalStyle": "postgres", "client_encoding": "UTF8", "extra_float_digits": "1"}


class Result:
    """What one statement answered: columns and rows (None is NULL) if it returns any, its command tag, or the error's fields."""

    def __init__(self):
        self.columns, self.types, self.rows, self.tag, self.error, self.notices = None, [], [], None, None, []

    def error_line(self):
        return "ERROR:  %s (SQLSTATE %s)" % (self.error["M"], self.error["C"])

    def csv(self):
        """The rows as psql --csv prints them: a header, NULL as nothing, quotes only where they must be."""
        lines = [self.columns] + self.rows
        return "".join(",".join(csv_field(f) for f in line) + "\n" for line in lines)


def csv_field(field):
    if field is None:
        return ""
    if any(c in field for c in ',"\r\n') or field == "\\.":
        return '"' + field.replace('"', '""') + '"'
    return field


class Session:
    """One connection; every call of query runs one text and returns the results of its statements up to the first error."""

    def __init__(self, database, host=None, port=None, user=None):
        self.socket = socket.create_connection((host or os.environ.get("STOA_PG_HOST", "127.0.0.1"), int(port or os.environ.get("STOA_PG_PORT", "54329"))))
        self.stream = self.socket.makefile("rb")
        options = dict(RESULT_TEXT, user=user or os.environ.get("STOA_PG_USER", "postgres"), database=database)
        body = struct.pack("!i", 196608) + b"".join(k.encode() + b"\0" + v.encode() + b"\0" for k, v in options.items()) + b"\0"
        self.socket.sendall(struct.pack("!i", len(body) + 4) + body)
        self.read_until_ready()

    def close(self):
        self.socket.sendall(b"X\0\0\0\4")
        self.socket.close()

    def query(self, sql):
        body = sql.encode() + b"\0"
        self.socket.sendall(b"Q" + struct.pack("!i", len(body) + 4) + body)
        return self.read_until_ready()

    def must(self, sql):
        """Runs sql and dies of the first error."""
        results = self.query(sql)
        for result in results:
            if result.error:
                raise SystemExit("golden: %s\n%s" % (result.error_line(), sql[:400]))
        return results

    def read_until_ready(self):
        results, current = [], Result()
        while True:
            kind, body = self.message()
            if kind == b"T":
                current.columns, current.types = columns_and_types(body)
            elif kind == b"D":
                current.rows.append(row_values(body))
            elif kind in (b"C", b"I"):
                current.tag = body.rstrip(b"\0").decode()
                results.append(current)
                current = Result()
            elif kind == b"N":
                current.notices.append(error_fields(body))
            elif kind == b"E":
                current.error = error_fields(body)
                results.append(current)
                current = Result()
                if current_is_fatal(results[-1]):
                    raise SystemExit("golden: " + results[-1].error_line())
            elif kind == b"G":
                raise SystemExit("golden: COPY FROM STDIN is not for these scripts")
            elif kind == b"Z":
                return results

    def message(self):
        head = self.stream.read(5)
        if len(head) < 5:
            raise SystemExit("golden: the server closed the connection")
        return head[:1], self.stream.read(struct.unpack("!i", head[1:])[0] - 4)


def current_is_fatal(result):
    return result.error.get("V") in ("FATAL", "PANIC")


def error_fields(body):
    return {f[:1].decode(): f[1:].decode() for f in body.split(b"\0") if f}


def columns_and_types(body):
    """The columns' names, and per column its type's object id and modifier."""
    names, types, at = [], [], 2
    for _ in range(struct.unpack("!h", body[:2])[0]):
        end = body.index(b"\0", at)
        names.append(body[at:end].decode())
        oid, _, modifier = struct.unpack("!ihi", body[end + 7:end + 17])
        types.append((oid, modifier))
        at = end + 19
    return names, types


def row_values(body):
    values, at = [], 2
    for _ in range(struct.unpack("!h", body[:2])[0]):
        size = struct.unpack("!i", body[at:at + 4])[0]
        at += 4
        if size < 0:
            values.append(None)
        else:
            values.append(body[at:at + size].decode())
            at += size
    return values
