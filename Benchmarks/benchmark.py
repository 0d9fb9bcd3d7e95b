"""benchmark.py FOLDER PORT POSTMASTER CHECKER SUITE...: makes the data of the suites, and measures each. Called by `run`."""

import os
import subprocess
import sys
from pathlib import Path

import measure
from suites import SUITES, Suite

HERE = Path(__file__).parent


def psql(port, database, *arguments, role="postgres"):
    uri = f"postgresql://{role}@127.0.0.1:{port}/{database}"
    return ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", uri, *arguments]


def make_data(port, suite):
    """A database of the suite's name with its tables, freshly made."""
    database = suite.name
    locale = os.environ.get("BENCHMARK_LOCALE", "C.UTF-8")
    create = f"CREATE DATABASE \"{database}\" TEMPLATE template0 LOCALE '{locale}'"
    subprocess.run(psql(port, "postgres", "-c", create), check=True)
    orders, users, plans = suite.rows
    for schema in suite.schemas:
        sizes = ["-v", f"schema={schema}", "-v", f"orders={orders}", "-v", f"users={users}", "-v", f"plans={plans}"]
        subprocess.run(psql(port, database, *sizes, "-f", str(HERE / "shop.sql")), check=True)


def programs_of(suite, folder, port, checker):
    def sql(name):
        return measure.Program(name, psql(port, suite.name, "-f", str(folder / f"{name}.sql"), role="reader"))

    ours = measure.Program("checker check", [checker, "check", str(folder / "suite.yaml")], exits=(1,))
    return [sql("psql-batched"), sql("psql-single"), ours]


def main(folder, port, postmaster, checker, *names):
    server = measure.Server(int(postmaster))
    rounds = os.environ.get("BENCHMARK_ROUNDS")
    for name in names or SUITES:
        suite = Suite(name)
        place = Path(folder) / name
        print(f"Making the data of {name}", file=sys.stderr)
        make_data(port, suite)
        suite.write(place, f"postgresql://reader@127.0.0.1:{port}/{name}")
        programs = programs_of(suite, place, port, checker)
        batched, single, ours = programs
        verdicts = {
            "psql-batched": measure.verdicts_of_psql(batched, place / "psql-batched.names"),
            "psql-single": measure.verdicts_of_psql(single, place / "psql-single.names"),
            "checker check": measure.verdicts_of_checker(ours),
        }
        count = int(rounds or suite.rounds)
        agreement = measure.agree(verdicts)
        print(f"Measuring {name}, {count} rounds", file=sys.stderr)
        samples = measure.interleaved(programs, count, server)
        print(f"## {name}\n\n{measure.table(programs, samples, 'psql-batched')}\n\n{agreement} {count} rounds.\n", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
