"""Measures `checker serve` as a user meets it: start to first page, memory, and pages with 10,000 checkers.

The checkers come in through the API; their 30 days of history are written into the store while the service is down.
"""

import atexit
import json
import random
import sqlite3
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from http.client import HTTPConnection
from pathlib import Path

CHECKERS = 10_000
NAMESPACES = 50
DAYS = 30
RUNS_A_DAY = 4
ROUNDS = 300
PAGES = ["/", "/overview/rows?range=month", "/?state=red", "/?q=checker-77", "/checkers", "/alarms"]


class Service:
    def __init__(self, program, folder):
        started = time.monotonic()
        self.process = subprocess.Popen(
            [program, "serve", "--port", "0", "--data", str(folder)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        atexit.register(self.process.kill)
        for line in self.process.stdout:
            if "http://127.0.0.1:" in line:
                self.port = int(line.split("http://127.0.0.1:")[1].split()[0].strip("/."))
                break
        else:
            sys.exit("the service did not start")
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.get("/")
        self.first_page = time.monotonic() - started

    def get(self, path):
        self.connection.request("GET", path, headers={"HX-Request": "true"} if "/rows" in path else {})
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            sys.exit(f"{path}: {answer.status}")
        return body

    def post(self, path, text):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1{path}", data=text.encode(), method="POST",
            headers={"Content-Type": "application/yaml"})
        try:
            return json.load(urllib.request.urlopen(request, timeout=300))
        except urllib.error.HTTPError as error:
            sys.exit(error.read().decode())

    def resident(self):
        """MiB."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


def check_files(database):
    for number in range(NAMESPACES):
        lines = [
            "version: 1", f"namespace: team-{number:02}", "data_sources:",
            f"  - {{name: shop, driver: sqlite, uri: {database}}}", "datasets:",
            "  - {name: users, data_source: shop, sql: SELECT id FROM users}", "checkers:",
        ]
        for checker in range(number, CHECKERS, NAMESPACES):
            lines += [
                f"  - name: checker-{checker}", f"    tags: [t{checker % 20}]", f"    owner: owner-{checker % 30}",
                f"    description: Checks the users of part {checker}", "    rules:",
                "      - {check: row_count, dataset: users, must_be_greater_than: 0}",
            ]
        yield "\n".join(lines)


def write_history(store):
    """Runs of every checker, and the timelines they make; one in 200 ends red."""
    now = time.time()
    chance = random.Random(1)
    with sqlite3.connect(store) as database:
        database.execute("PRAGMA foreign_keys = on")
        for (checker,) in database.execute("SELECT id FROM checker").fetchall():
            is_red = checker % 200 == 0
            assertions = database.execute(
                "INSERT INTO assertion_set (checker_id, definitions) VALUES (?, '[]')", [checker]).lastrowid
            for run in range(DAYS * RUNS_A_DAY):
                at = now - DAYS * 86_400 + run * 86_400 / RUNS_A_DAY
                outcome = "failed" if is_red and run == DAYS * RUNS_A_DAY - 1 else "passed"
                key = f"run-{int(at)}-{checker}"
                database.execute(
                    "INSERT INTO run (id, checker_id, version, trigger, started_at, finished_at, outcome, failed,"
                    " assertions, summary, assertion_set, observed, results, log)"
                    " VALUES (?, ?, 1, 'schedule', ?, ?, ?, ?, 1, '1,000 rows', ?, '[]', '[]', '')",
                    [key, checker, at, at + 0.01, outcome, int(outcome == "failed"), assertions])
            for seconds, days in ((1800, 8), (43_200, DAYS)):
                last = int(now / seconds) // 48
                for page in range(last - days * 86_400 // seconds // 48, last + 1):
                    slots = bytes(3 if is_red and chance.random() < 0.1 else 1 for _ in range(48))
                    database.execute("INSERT INTO timeline_page VALUES (?, ?, ?, ?)", [checker, seconds, page, slots])
            database.execute(
                "UPDATE checker SET alarm_state = ?, alarm_since = ?, last_run_id = ?, last_trigger = 'schedule',"
                " last_started_at = ?, last_milliseconds = 10, last_outcome = ?, last_summary = '1,000 rows',"
                " last_failed = ?, last_assertions = 1 WHERE id = ?",
                ["red" if is_red else "green", at, key, at, outcome, int(is_red), checker])


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def main(program, folder):
    folder = Path(folder)
    database = folder / "shop.db"
    with sqlite3.connect(database) as shop:
        shop.execute("CREATE TABLE users (id INTEGER PRIMARY KEY)")
    empty = [Service(program, folder / "empty")]
    starts = [empty[0].first_page]
    for _ in range(4):
        empty[-1].stop()
        empty.append(Service(program, folder / "empty"))
        starts.append(empty[-1].first_page)
    time.sleep(5)
    idle = empty[-1].resident()
    empty[-1].stop()

    service = Service(program, folder / "large")
    started = time.monotonic()
    for file in check_files(database):
        service.post("/import", file)
    imported = time.monotonic() - started
    service.stop()
    store = next(path for path in (folder / "large").rglob("*") if path.suffix in (".db", ".sqlite"))
    write_history(store)
    size = store.stat().st_size / 2**20
    service = Service(program, folder / "large")
    print("| What | Measured |\n|---|---|")
    print(f"| start to first page, empty store (median of {len(starts)}) | {statistics.median(starts):.3f} s |")
    print(f"| resident memory, idle | {idle:.0f} MiB |")
    print(f"| import of {CHECKERS:,} checkers in {NAMESPACES} files | {imported:.1f} s |")
    print(f"| start to first page, {CHECKERS:,} checkers, store of {size:.0f} MiB | {service.first_page:.3f} s |")
    for page in PAGES:
        service.get(page)
        times = []
        for _ in range(ROUNDS):
            before = time.monotonic()
            length = len(service.get(page))
            times.append(1000 * (time.monotonic() - before))
        print(f"| `{page}`, {length / 1024:.0f} KiB: median, p99 | "
              f"{statistics.median(times):.1f} ms, {percentile(times, 0.99):.1f} ms |")
    print(f"| resident memory after these pages | {service.resident():.0f} MiB |")
    service.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
