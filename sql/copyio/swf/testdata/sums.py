#!/usr/bin/env python3
"""The rows that a log in the Standard Workload Format becomes, and their sums: written from the issue's words, not from the Go code.

usage: sums.py FILE… > sums.json, for .swf and .swf.gz files
"""
import collections
import decimal
import gzip
import hashlib
import json
import os
import re
import sys
import uuid

SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://www.cs.huji.ac.il/labs/parallel/workload/")
D = decimal.Decimal


def rows(path):
    opener = gzip.open if path.endswith(".gz") else open
    head, queues, partitions = {}, {}, {}
    with opener(path, "rt", encoding="utf-8") as log:
        for line in log:
            if m := re.match(r";\s*(\w+):\s*(.*?)\s*$", line):
                key, value = m.groups()
                if key in ("Queue", "Partition"):
                    if n := re.match(r"(\d+)\s+(\S.*)", value):
                        (queues if key == "Queue" else partitions)[int(n[1])] = n[2]
                else:
                    head[key] = value
                continue
            f = line.split()
            if line.startswith(";") or not f:
                continue
            assert len(f) == 18, line
            (number, status, user, group, exe, queue, part, procs) = (int(f[i - 1]) for i in (1, 11, 12, 13, 14, 15, 16, 5))
            submit, wait, run, cpu, kb = (D(f[i - 1]) for i in (2, 3, 4, 6, 7))
            if status in (2, 3, 4):
                continue
            created = int(head["UnixStartTime"]) * 1000000 + int(submit * 1000000)
            started = created + (int(wait * 1000000) if wait >= 0 else 0)
            yield {
                "job_id": str(uuid.uuid5(SPACE, "%s/%s:%d" % (head["Installation"], head["Computer"], number))),
                "job_type": queues.get(queue, "batch"),
                "status": {1: "completed", 0: "failed", 5: "cancelled"}.get(status, "completed" if run >= 0 else "cancelled"),
                "parameters": json.dumps([None if x == -1 else x for x in (user, group, exe, queue, procs)]),
                "result": None,
                "trace": "%s:%d:%d" % (partitions.get(part, part), queue, number),
                "memory_used": int(kb * procs * 1024) if kb >= 0 and procs >= 0 else None,
                "cpu_used": int(cpu * procs * 1000000) if cpu >= 0 and procs >= 0 else None,
                "created_at": created,
                "started_at": started,
                "completed_at": started + int(run * 1000000) if run >= 0 else None,
                "error": None,
            }


def sums(path):
    total = {"file": os.path.basename(path), "rows": 0, "status": collections.Counter(), "types": collections.Counter(), "memory": 0, "cpu": 0,
             "measured": 0, "duration": 0, "traces": 0, "first": None, "last": None}
    digest, traces = hashlib.sha256(), set()
    for r in rows(path):
        total["rows"] += 1
        total["status"][r["status"]] += 1
        total["types"][r["job_type"]] += 1
        total["memory"] += r["memory_used"] or 0
        total["cpu"] += r["cpu_used"] or 0
        total["measured"] += r["memory_used"] is not None
        total["duration"] += r["completed_at"] - r["started_at"] if r["completed_at"] is not None else 0
        total["first"] = min(total["first"] or r["created_at"], r["created_at"])
        total["last"] = max(total["last"] or 0, r["created_at"])
        traces.add(r["trace"].rsplit(":", 2)[0])
        digest.update(("\t".join("\\N" if v is None else str(v) for v in r.values()) + "\n").encode())
    total["traces"] = len(traces)
    total["sha256"] = digest.hexdigest()
    return total


json.dump([sums(p) for p in sys.argv[1:]], sys.stdout, indent=1)
print()
