#!/usr/bin/env -S python3 -B
"""Writes what PostgreSQL 15 answers in a database of the older form, and after the contract's migration, into testdata/migration/golden.

usage: migration.py DATABASE ROOT      DATABASE is dropped and made again; ROOT is the repository

old/       the answers to old.sql before the migration; they are the same after it, which is checked here
migrated/  the contract's 25 SELECTs after the contract's migration statements, run over the rows of legacy.sql and tables.sql
grown/     the same after later.sql and grown.sql
called/    the same where the schemas themselves were recorded (recorded.sql), as CALL system.migrate() does
A UUID in a golden file that no file gives is written as <uuid>.
"""
import re
import subprocess
import sys
from pathlib import Path

from contract import answers, entries, psql, records, write
from oracle import Session

PLACEHOLDER = "<current_schema_as_json>"
# The migration's own view of tables, as Stoa has it: the tables of the database.
TABLES = """CREATE VIEW system.tables AS SELECT table_schema::text AS namespace_id, table_name::text FROM information_schema.tables
    WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')"""


def fresh(database):
    subprocess.run(["bash", "-c", '. "$0" && ensure_pg && fresh_database "$1"', str(Path(__file__).with_name("lib.sh")), database], check=True)
    return Session(database)


def older_form(session, root):
    """The contract's tables as they were before it: without the columns it calls new, and the storages under their old name."""
    session.must("CREATE SCHEMA system")
    for head, sql in entries(root / "testdata/contract/statements.sql", "section"):
        if sql.startswith("CREATE TABLE") and "table_schemas" not in sql:
            sql = re.sub(r"\n[^\n]*-- NEW:[^\n]*", "", sql).replace("system.storages", "system.storage_locations")
            session.must(sql)
    session.must(TABLES)
    for name in ("legacy.sql", "tables.sql"):
        session.must((root / "testdata/migration" / name).read_bytes().decode())


def migration(root):
    """The statements of the contract's migration guide, with a schema in place of the placeholder, and the rename in PostgreSQL's own grammar."""
    schema = (root / "testdata/migration/schema.json").read_text(encoding="utf-8")
    for head, sql in entries(root / "testdata/contract/statements.sql", "section"):
        if head["section"].startswith("Migration Guide"):
            yield sql.replace(PLACEHOLDER, schema.replace("'", "''")).replace("RENAME TO system.storages", "RENAME TO storages")


def old_answers(database, root):
    """The answers to old.sql: rows sorted unless the query orders them."""
    out = []
    for sql in re.split(r"\n\n+", (root / "testdata/migration/old.sql").read_text(encoding="utf-8").strip())[1:]:
        header, *rows = records(psql(database, sql))
        out.append(header + "".join(rows if "ORDER BY" in sql else sorted(rows)))
    return out


def masked(known):
    """Replaces the UUIDs that the server made up by <uuid>."""
    return lambda text: re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", lambda m: m[0] if m[0] in known else "<uuid>", text)


def main(database, root):
    golden, selects = root / "testdata/migration/golden", root / "testdata/contract/selects.sql"
    session = fresh(database)
    older_form(session, root)
    known = psql(database, "SELECT job_id FROM system.jobs UNION ALL SELECT live_id FROM system.live_queries UNION ALL SELECT storage_id FROM system.storage_locations")
    later = (root / "testdata/migration/later.sql").read_bytes().decode()
    old = old_answers(database, root)
    (golden / "old").mkdir(parents=True, exist_ok=True)
    for i, text in enumerate(old, 1):
        write(golden / "old" / ("%02d.csv" % i), text)
    for sql in migration(root):
        session.must(sql)
    if old_answers(database, root) != old:
        raise SystemExit("golden: the migration changed the answer to an old query")
    write(golden / "migrated.txt", answers(database, session, selects, golden / "migrated", masked(known)))
    session.must(later)
    known += psql(database, "SELECT job_id FROM system.jobs UNION ALL SELECT live_id FROM system.live_queries")
    for part in re.split(r"(?m)^-- (?=stoa$|postgresql$)", (root / "testdata/migration/grown.sql").read_text(encoding="utf-8"))[1:]:
        if part.startswith("postgresql"):
            session.must(part.split("\n", 1)[1])
    write(golden / "grown.txt", answers(database, session, selects, golden / "grown", masked(known)))
    session.close()

    session = fresh(database)
    older_form(session, root)
    for sql in migration(root):
        if not sql.startswith("INSERT"):
            session.must(sql)
    session.must((root / "testdata/migration/recorded.sql").read_text(encoding="utf-8"))
    write(golden / "called.txt", answers(database, session, selects, golden / "called", masked(known)))
    session.close()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], Path(sys.argv[2]))
