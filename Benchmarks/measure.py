"""Runs programs in turn, as whole processes, and prints what they took; asserts that they agree, never a time."""

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Program:
    """What is measured. `exits` are the statuses with which it may end."""

    name: str
    command: list
    exits: tuple = (0,)
    environment: dict | None = None


@dataclass
class Sample:
    wall: float  # seconds
    cpu: float  # seconds, the process's own and its children's
    server: float  # seconds of processor that the database spent on it


class Server:
    """A PostgreSQL whose processor time is told by what its ended children used."""

    TICKS = os.sysconf("SC_CLK_TCK")

    def __init__(self, pid):
        self.pid = pid

    def spent(self):
        """Seconds, once nobody is connected any more."""
        deadline = time.monotonic() + 60
        while self.is_busy() and time.monotonic() < deadline:
            time.sleep(0.002)
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[13]) + int(fields[14])) / self.TICKS

    def is_busy(self):
        for child in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split():
            try:
                title = Path(f"/proc/{child}/cmdline").read_bytes()
            except OSError:
                continue  # it has ended
            if b"127.0.0.1" in title or b"parallel worker" in title:
                return True
        return False


def run(program, server):
    """Runs the program once, its output thrown away."""
    before = server.spent()
    environment = {**os.environ, **(program.environment or {})}
    with open(os.devnull, "r+b") as nothing:
        started = time.perf_counter()
        process = subprocess.Popen(program.command, stdin=nothing, stdout=nothing, stderr=nothing, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in program.exits:
        sys.exit(f"{program.name} ended with status {process.returncode}: {' '.join(program.command)}")
    return Sample(wall, usage.ru_utime + usage.ru_stime, server.spent() - before)


def resident(program):
    """MiB at the peak, measured by a program that is smaller than this one: a child starts with its parent's peak."""
    result = subprocess.run(
        ["/usr/bin/time", "-f", "%M", *program.command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(program.environment or {})},
    )
    return int(result.stderr.strip().splitlines()[-1]) / 1024


def interleaved(programs, rounds, server):
    """Samples by name. Each round runs every program, starting with another one each time; one round before is lost."""
    samples = {program.name: [] for program in programs}
    for number in range(rounds + 1):
        shift = number % len(programs)
        for program in programs[shift:] + programs[:shift]:
            sample = run(program, server)
            if number:
                samples[program.name].append(sample)
    return samples


def table(programs, samples, baseline):
    """A Markdown table; a ratio is the median of the ratios within each round."""
    lines = [
        f"| program | wall, s: median (min-max) | ratio to {baseline} | own CPU, s | server CPU, s | peak resident, MiB |",
        "|---|---|---|---|---|---|",
    ]
    for program in programs:
        walls = [sample.wall for sample in samples[program.name]]
        cpu = statistics.median(sample.cpu for sample in samples[program.name])
        server = statistics.median(sample.server for sample in samples[program.name])
        ratio = statistics.median(
            sample.wall / other.wall for sample, other in zip(samples[program.name], samples[baseline])
        )
        spread = f"{statistics.median(walls):.3f} ({min(walls):.3f}-{max(walls):.3f})"
        lines.append(f"| {program.name} | {spread} | {ratio:.2f} | {cpu:.3f} | {server:.2f} | {resident(program):.0f} |")
    return "\n".join(lines)


# Verdicts, by the name of the check.


def verdicts_of_checker(program):
    output = subprocess.run([*program.command, "--json"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if not output.stdout.startswith("{"):
        sys.exit(f"{program.name} gave no report: {output.stderr.strip()}")
    verdicts = {}
    for checker in json.loads(output.stdout)["checkers"]:
        for assertion in checker["assertions"]:
            if assertion["outcome"] == "errored":
                sys.exit(f"{program.name}: {assertion['name']}: {assertion['message']}")
            verdicts[assertion["name"]] = assertion["outcome"] == "passed"
    return verdicts


def verdicts_of_psql(program, names_file):
    output = subprocess.run(program.command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if output.returncode:
        sys.exit(f"{program.name}: {output.stderr.strip()}")
    values = output.stdout.replace("|", "\n").split()
    names = Path(names_file).read_text().splitlines()
    if len(values) != len(names):
        sys.exit(f"{program.name} gave {len(values)} verdicts for {len(names)} checks")
    return {name: value == "t" for name, value in zip(names, values)}


def agree(verdicts):
    """Ends the program when two programs judge a check differently; otherwise says how many fail."""
    (first, expected), *others = verdicts.items()
    for name, found in others:
        wrong = [check for check in expected if found.get(check) != expected[check]]
        if wrong or len(found) != len(expected):
            told = ", ".join(f"{check}: {found.get(check)}, not {expected[check]}" for check in wrong[:5])
            sys.exit(f"{name} does not agree with {first}: {told}")
    failed = sum(1 for value in expected.values() if not value)
    return f"All {len(verdicts)} programs agree on {len(expected)} verdicts, {failed} of them failures."
