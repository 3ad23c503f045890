"""report.py WORK MARKDOWN STOA: writes docs/interop.md of the results of check.py and reverse.py."""
import json
import platform
import re
import subprocess
import sys

READERS = ["pyarrow", "duckdb", "polars", "datafusion", "chdb", "spark", "spark40", "pandas", "fastparquet"]
WRITERS = ["pyarrow", "duckdb", "polars", "spark", "pandas", "fastparquet"]
PROFILES = ["standard", "spark", "clickhouse"]
CHECKS = ["schema", "rows", "sums", "filter", "aggregate", "cells"]

INTRO = """# Interoperability

What other tools make of the files that stoa flushes, and stoa of theirs. This page is written by `make interop`; run {date}, with {stoa} and Python {python}.

## What is read

For each profile a database with `system.jobs` ({jobs} rows: a generated history and rows made to be hard), `interop.cells` (1,500 rows of every SQL type: NULLs
everywhere, empty strings, control characters, emoji, texts of 64 KiB, scalars and objects as JSON, NaN and infinity, ends of ranges, years 1 to 9999) and
`interop.extremes` (infinite dates and timestamps, years before Christ and beyond 9999) is queried with stoa, flushed, and the files are read with each tool:

- **schema**: every column is there, in order, under the logical type it should have in the tool
- **rows**, **sums**: the row count; the sums of integer columns
- **filter**: the count and the sum of `memory_used` of failed jobs since a moment
- **aggregate**: the contract's average and maximum of `memory_used` by `job_type`
- **cells**: every value of every column of the three tables, compared with what stoa said before the flush

"""

NOTES = {
    "fastparquet": "no profile: it does not implement the delta encodings of Parquet 2",
    "out of allowed": "no profile: its dates end before those of SQL do, and know no infinity",
    "into JSON": "the reader's setting input_format_parquet_enable_json_parsing = 0, too",
}


def note(reader, text):
    """What there is to say of a failure beside the profiles that mend it."""
    return next((n for key, n in NOTES.items() if key in reader or key in text), "")


def load(path):
    try:
        with open(path) as f:
            return json.load(f)
    except (OSError, ValueError):
        return None


def clean(text):
    return re.sub(r"\(in file/uri [^)]*\)", "", text).replace("|", "\\|").replace("<", "&lt;").strip()


def short(work, text):
    return clean(re.sub(re.escape(work) + r"/\S*/", "", text))[:400]


def read_section(work, out):
    failures = []
    for profile in PROFILES:
        out.append(f"## Read by others: profile `{profile}`\n")
        out.append("| reader | version | " + " | ".join(CHECKS) + " |\n|---|---|" + "---|" * len(CHECKS))
        for name in READERS:
            report = load(f"{work}/{name}.result.json")
            if report is None:
                out.append(f"| {name} | did not run |" + " – |" * len(CHECKS))
                continue
            results = report["profiles"][profile]
            row = []
            for check in CHECKS:
                parts = {k.split()[0]: v for k, v in results.items() if k.split()[1] == check}
                bad = [k for k, v in parts.items() if v != "ok"]
                row.append("yes" if not bad else "**no**" if len(bad) == len(parts) else f"not {', '.join(bad)}")
                failures += [(report["reader"], report["version"], profile, f"{k} {check}", parts[k]) for k in bad]
            out.append(f"| {report['reader']} | {report['version']} | " + " | ".join(row) + " |")
        out.append("")
    return failures


def failure_section(work, failures, out):
    out.append("## What fails, and what mends it\n")
    if not failures:
        out.append("Nothing.\n")
        return
    out.append("| reader | profile | checks | what it says | mended by |\n|---|---|---|---|---|")
    grouped = {}
    for reader, version, profile, check, text in failures:
        grouped.setdefault((f"{reader} {version}", profile, short(work, re.sub(r": read stage.*|: Cannot read JSON object.*|^error: ", "", text))), []).append(check)
    fine = {}
    for reader, version, profile, check, _ in failures:
        fine.setdefault((f"{reader} {version}", check), set()).add(profile)
    for (reader, profile, text), checks in grouped.items():
        mends = [p for p in PROFILES if all(p not in fine[(reader, c)] for c in checks)]
        mend = "; ".join(x for x in (", ".join(f"`{p}`" for p in mends), note(reader, text)) if x) or "no profile"
        out.append(f"| {reader} | `{profile}` | {', '.join(checks)} | {text} | {mend} |")
    out.append("\nA profile is chosen with `ALTER TABLE t SET (parquet_profile = 'spark')` or in `CREATE TABLE … WITH (…)`, holds for the files that are written from then "
               "on, and is recorded in them. stoa reads files of all profiles, mixed as they come.\n")


def write_section(work, out):
    out.append("## Written by others, read by stoa\n")
    out.append("3,000 rows of eleven types, NULLs everywhere, written in several forms, queried in place with `read_parquet`, filtered, and imported by `COPY`; "
               "every cell is compared.\n")
    out.append("| writer | version | form | read_parquet | filter | COPY |\n|---|---|---|---|---|---|")
    for name in WRITERS:
        report = load(f"{work}/{name}.written.result.json")
        if report is None:
            out.append(f"| {name} | did not run | – | – | – | – |")
            continue
        for form, results in report["forms"].items():
            row = [("yes" if results[s] == "ok" else short(work, results[s])) for s in ("read_parquet", "filter", "copy")]
            out.append(f"| {report['writer']} | {report['version']} | {form} | " + " | ".join(row) + " |")
    out.append("")


def main(work, target, stoa):
    import datetime
    version = subprocess.run([stoa, "version"], capture_output=True, text=True).stdout.strip().split("\n")[0] or "stoa"
    with open(f"{work}/data/standard/jobs.csv", newline="") as f:
        import csv
        csv.field_size_limit(1 << 30)
        jobs = sum(1 for _ in csv.reader(f)) - 1
    out = [INTRO.format(date=datetime.date.today(), stoa=version, python=platform.python_version(), jobs=f"{jobs:,}")]
    failures = read_section(work, out)
    failure_section(work, failures, out)
    write_section(work, out)
    text = "\n".join(out).rstrip() + "\n"
    with open(target, "w", encoding="utf-8") as f:
        f.write(text)
    print(f"{target}: {len(failures)} checks failed" if failures else f"{target}: all checks passed")


main(*sys.argv[1:])
