"""A hundred checks over the tables of shop.sql, and their translations: check file, SQL by hand, Soda."""

from dataclasses import dataclass, field


@dataclass
class Check:
    """One check. `key` are the parameters of the rule as the check file has them; `threshold` is SQL after a value."""

    table: str
    kind: str
    key: dict = field(default_factory=dict)
    must: tuple = ()  # (key of the check file, number); () is the kind's default
    where: str = ""
    percent: bool = False
    sql: str = ""  # of no_rows; {s} stands for the schema
    name: str = ""

    OPERATORS = {
        "must_be": "=",
        "must_be_less_than": "<",
        "must_be_less_than_or_equal": "<=",
        "must_be_greater_than": ">",
        "must_be_greater_than_or_equal": ">=",
    }

    # In SQL by hand.

    def holds(self, value):
        """The SQL of the verdict on `value`."""
        if self.must and self.must[0] == "must_be_between":
            return f"({value}) BETWEEN {self.must[1][0]} AND {self.must[1][1]}"
        if self.must:
            return f"({value}) {self.OPERATORS[self.must[0]]} {self.must[1]}"
        return f"({value}) > 0" if self.kind == "row_count" else f"({value}) = 0"

    def offence(self):
        """The SQL that is true for a row that is wrong; None for a kind that does not look at rows."""
        column, key = self.key.get("column"), self.key
        if self.kind == "missing":
            return f"{column} IS NULL"
        if self.kind == "accepted_values":
            return f"{column} NOT IN ({', '.join(literal(value) for value in key['values'])})"
        if self.kind == "range":
            if "max" not in key:
                return f"{column} < {key['min']}"
            if "min" not in key:
                return f"{column} > {key['max']}"
            return f"NOT ({column} BETWEEN {key['min']} AND {key['max']})"
        if self.kind == "pattern":
            return f"{column} !~ {literal(key['pattern'])}"
        if self.kind == "condition":
            return f"NOT ({key['condition']})"
        return None

    def is_aggregate(self):
        return self.kind not in ("unique", "no_rows")

    def aggregate(self):
        """The verdict as an expression over the whole table."""
        if self.kind == "row_count":
            return self.holds(f"count(*) FILTER (WHERE {self.where})" if self.where else "count(*)")
        if self.kind == "freshness":
            return f"now() - max({self.key['column']}) < interval '{self.must[1]} hours'"
        if self.kind == "metric":
            return self.holds(self.key["expression"])
        condition = f"({self.where}) AND ({self.offence()})" if self.where else self.offence()
        count = f"count(*) FILTER (WHERE {condition})"
        return self.holds(f"100.0 * {count} / nullif(count(*), 0)" if self.percent else count)

    def statement(self, schema):
        """The verdict as a statement of its own."""
        table = f"{schema}.{self.table}"
        if self.kind == "no_rows":
            return f"SELECT NOT EXISTS ({self.sql.format(s=schema)})"
        if self.kind == "unique":
            columns = self.columns()
            present = " AND ".join(f"{column} IS NOT NULL" for column in columns)
            return (
                f"SELECT NOT EXISTS (SELECT 1 FROM {table} WHERE {present} "
                f"GROUP BY {', '.join(columns)} HAVING count(*) > 1)"
            )
        if self.offence() and not self.percent:
            condition = f"({self.where}) AND ({self.offence()})" if self.where else self.offence()
            return f"SELECT {self.holds('count(*)')} FROM {table} WHERE {condition}"
        return f"SELECT {self.aggregate()} FROM {table}"

    def columns(self):
        return self.key.get("columns") or [self.key["column"]]


def literal(value):
    return str(value) if isinstance(value, (int, float)) else "'" + value.replace("'", "''") + "'"


STATUSES = ["new", "paid", "shipped", "returned"]
CHANNELS = ["web", "app", "store", "phone"]
PRIORITIES = ["low", "normal", "high"]
CURRENCIES = ["EUR", "USD", "GBP"]
COUNTRIES = ["PT", "ES", "FR", "DE", "IT", "NL", "SE", "PL"]
EMAIL = r"^[^@ ]+@[a-z0-9.-]+[.][a-z]{2,}$"
PHONE = r"^[+][0-9]{11}$"
SKU = r"^SKU-[0-9]{6}$"


def hundred(variant=0):
    """The hundred checks. Another `variant` asks the same of the same data with other numbers and filters."""
    checks = _orders(variant) + _users(variant) + _plans(variant)
    assert len(checks) == 100, len(checks)
    for index, check in enumerate(checks):
        check.name = f"v{variant}_{index:02}_{check.table}_{check.kind}"
        if variant and check.offence() and not check.where and not check.percent:
            check.where = f"{'code' if check.table == 'plans' else 'id'}::text <> '-{variant}'"
    return checks


def _missing(table, columns):
    return [Check(table, "missing", {"column": column}) for column in columns]


def _orders(v):
    t = "orders"

    def ranged(column, low, high):
        return Check(t, "range", {"column": column, "min": low, "max": high + v})

    def pattern(column, pattern):
        return Check(t, "pattern", {"column": column, "pattern": pattern})

    def accepted(column, values):
        return Check(t, "accepted_values", {"column": column, "values": values})

    def condition(text):
        return Check(t, "condition", {"condition": text})

    def metric(expression, key, bound):
        return Check(t, "metric", {"expression": expression}, (key, bound))

    return (
        [
            Check(t, "row_count", must=("must_be_greater_than_or_equal", 1000 - v)),
            Check(t, "row_count", where="status = 'paid'", must=("must_be_greater_than", 100 + v)),
        ]
        + _missing(
            t,
            "id user_id status channel priority currency country sku phone email amount discount quantity created_at".split(),
        )
        + [
            Check(t, "missing", {"column": "note"}, ("must_be_less_than", 15 + v), percent=True),
            Check(t, "missing", {"column": "rating"}, ("must_be_less_than", 25), percent=True),
            Check(t, "missing", {"column": "shipped_at"}, where="status = 'shipped'"),
            Check(t, "unique", {"column": "id"}),
            Check(t, "unique", {"column": "email"}),
            accepted("status", STATUSES),
            accepted("channel", CHANNELS),
            accepted("priority", PRIORITIES),
            accepted("currency", CURRENCIES),
            accepted("country", COUNTRIES),
            pattern("status", "^[a-z]+$"),
            pattern("channel", "^[a-z]+$"),
            pattern("priority", "^[a-z]+$"),
            pattern("currency", "^[A-Z]{3}$"),
            pattern("country", "^[A-Z]{2}$"),
            pattern("email", EMAIL),
            pattern("phone", PHONE),
            pattern("sku", SKU),
            pattern("note", "^note "),
            ranged("amount", 0, 1000),
            ranged("discount", 0, 1),
            ranged("tax", 0, 1),
            ranged("weight", 0, 100),
            ranged("quantity", 1, 10),
            ranged("rating", 1, 5),
            ranged("id", 1, 10000000),
            Check(t, "range", {"column": "amount", "min": 1 - v}),
            Check(t, "range", {"column": "tax", "max": 0.23}),
            Check(t, "range", {"column": "weight", "min": 0, "max": 20 - v / 10}, ("must_be_less_than", 50), percent=True),
            condition("updated_at >= created_at"),
            condition("amount >= discount"),
            condition("shipped_at IS NULL OR shipped_at >= created_at"),
            condition("length(sku) = 10"),
            condition("length(email) BETWEEN 6 AND 254"),
            condition("quantity > 0 OR status = 'new'"),
            condition("amount * tax < 200"),
            condition("created_at >= '2020-01-01'"),
            Check(t, "freshness", {"column": "created_at"}, ("must_be_less_than", 24 + v)),
            Check(t, "freshness", {"column": "updated_at"}, ("must_be_less_than", 25 + v)),
            metric("avg(amount)", "must_be_between", (1, 500 + v)),
            metric("sum(amount)", "must_be_greater_than", 1000 - v),
            metric("min(amount)", "must_be_greater_than_or_equal", 1),
            metric("max(amount)", "must_be_less_than", 502 + v),
            metric("avg(quantity)", "must_be_between", (1, 9 + v)),
            metric("max(weight)", "must_be_less_than", 20 + v),
            metric("avg(rating)", "must_be_greater_than", 2),
            Check(t, "no_rows", sql="SELECT o.id FROM {s}.orders o LEFT JOIN {s}.users u ON u.id = o.user_id WHERE u.id IS NULL"),
            Check(t, "no_rows", sql="SELECT id, amount, discount FROM {s}.orders WHERE discount > amount"),
            Check(t, "no_rows", sql="SELECT id, email FROM {s}.orders WHERE email LIKE '% %'"),
            Check(
                t,
                "no_rows",
                sql="SELECT o.id FROM {s}.orders o JOIN {s}.users u ON u.id = o.user_id "
                f"WHERE u.status = 'closed' AND o.amount > {600 + v}",
            ),
        ]
    )


def _users(v):
    t = "users"
    return _missing(t, "id name email phone country status created_at".split()) + [
        Check(t, "row_count", must=("must_be_greater_than", 999 - v)),
        Check(t, "unique", {"column": "email"}),
        Check(t, "unique", {"column": "phone"}),
        Check(t, "accepted_values", {"column": "country", "values": COUNTRIES}),
        Check(t, "accepted_values", {"column": "status", "values": ["active", "invited", "closed"]}),
        Check(t, "pattern", {"column": "email", "pattern": EMAIL}),
        Check(t, "pattern", {"column": "phone", "pattern": PHONE}),
        Check(t, "pattern", {"column": "country", "pattern": "^[A-Z]{2}$"}),
        Check(t, "pattern", {"column": "status", "pattern": "^[a-z]+$"}),
        Check(t, "range", {"column": "age", "min": 18, "max": 120 + v}),
        Check(t, "missing", {"column": "referrer_id"}, ("must_be_less_than", 80 + v), percent=True),
        Check(t, "range", {"column": "score", "min": 0, "max": 100 + v}),
        Check(t, "condition", {"condition": "referrer_id IS NULL OR referrer_id < id"}),
        Check(t, "freshness", {"column": "created_at"}, ("must_be_less_than", 24 + v)),
        Check(t, "metric", {"expression": "avg(score)"}, ("must_be_between", (10, 90 + v))),
        Check(
            t,
            "no_rows",
            sql="SELECT u.id FROM {s}.users u LEFT JOIN {s}.users r ON r.id = u.referrer_id "
            "WHERE u.referrer_id IS NOT NULL AND r.id IS NULL",
        ),
    ]


def _plans(v):
    t = "plans"
    return _missing(t, ["code", "currency", "price"]) + [
        Check(t, "row_count"),
        Check(t, "unique", {"columns": ["code", "currency"]}),
        Check(t, "accepted_values", {"column": "currency", "values": CURRENCIES}),
        Check(t, "pattern", {"column": "code", "pattern": "^PLAN-[0-9]{5}$"}),
        Check(t, "range", {"column": "price", "min": 0, "max": 100 + v}),
        Check(t, "range", {"column": "seats", "min": 1, "max": 50 + v}),
        Check(t, "metric", {"expression": "max(price)"}, ("must_be_less_than", 100 + v)),
        Check(t, "condition", {"condition": "name LIKE 'plan %'"}),
    ]
