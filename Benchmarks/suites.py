"""The suites: which checks on which schemas, and the files that say them to each program."""

import json
from pathlib import Path

from checks import hundred

# name: rows of (orders, users, plans), schemas, variants of the hundred checks on each schema, rounds
SUITES = {
    "small-100": ((1000, 1000, 1000), ["shop"], [0], 20),
    "small-1000": ((1000, 1000, 1000), [f"shop_{number}" for number in range(10)], [0], 20),
    "dense-1000": ((1000, 1000, 1000), ["shop"], range(10), 20),
    "big-100": ((1_000_000, 100_000, 100), ["shop"], [0], 5),
}


class Suite:
    """One suite, with all its checks as pairs of a schema and a check."""

    def __init__(self, name):
        self.name = name
        self.rows, self.schemas, variants, self.rounds = SUITES[name]
        self.checks = [(schema, check) for schema in self.schemas for variant in variants for check in hundred(variant)]

    def names(self):
        return [f"{schema}_{check.name}" for schema, check in self.checks]

    def write(self, folder, uri):
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "suite.yaml").write_text(self.check_file(uri))
        single = {name: check.statement(schema) for name, (schema, check) in zip(self.names(), self.checks)}
        (folder / "psql-single.sql").write_text(";\n".join(single.values()) + ";\n")
        (folder / "psql-single.names").write_text("\n".join(single))
        statements, order = self.batched()
        (folder / "psql-batched.sql").write_text(";\n".join(statements) + ";\n")
        (folder / "psql-batched.names").write_text("\n".join(order))

    def batched(self):
        """Every aggregate of a table in one scan, the rest as NOT EXISTS: the statements, and whose verdicts follow."""
        scans, alone = {}, []
        for name, (schema, check) in zip(self.names(), self.checks):
            if check.is_aggregate():
                scans.setdefault(f"{schema}.{check.table}", []).append((name, check.aggregate()))
            else:
                alone.append((name, check.statement(schema)))
        statements, order = [], []
        for table, members in scans.items():
            statements.append("SELECT " + ",\n  ".join(sql for _, sql in members) + f"\nFROM {table}")
            order += [name for name, _ in members]
        return statements + [sql for _, sql in alone], order + [name for name, _ in alone]

    # The check file.

    def check_file(self, uri):
        lines = ["version: 1", "namespace: benchmark", "data_sources:", "  - name: shop", "    driver: postgresql"]
        lines += [f"    uri: {uri}", "    timeout: 120", "datasets:"]
        for name, (schema, check) in zip(self.names(), self.checks):
            if check.sql:
                lines += [f"  - name: {name}", "    data_source: shop", f"    sql: {quoted(check.sql.format(s=schema))}"]
        lines.append("checkers:")
        current = None
        for name, (schema, check) in zip(self.names(), self.checks):
            checker = f"{schema}_{check.name.split('_')[0]}_{check.table}"
            if checker != current:
                lines += [f"  - name: {checker}", "    rules:"]
                current = checker
            lines += rule(name, schema, check)
        return "\n".join(lines) + "\n"


def rule(name, schema, check):
    """The lines of one rule."""
    place = name if check.sql else f"{schema}.{check.table}"
    lines = [f"      - check: {check.kind}", f"        dataset: {place}", f"        name: {name}"]
    for key, value in check.key.items():
        lines.append(f"        {key}: {quoted(value)}")
    if check.where:
        lines.append(f"        where: {quoted(check.where)}")
    if check.percent:
        lines.append("        percent: true")
    if check.must:
        bound = list(check.must[1]) if isinstance(check.must[1], tuple) else check.must[1]
        lines.append(f"        {check.must[0]}: {quoted(bound)}")
    return lines


def quoted(value):
    """JSON is YAML."""
    return json.dumps(value)
