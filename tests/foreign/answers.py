"""DuckDB's rows over the data set against the program's answers, for some customers, instants and states of knowledge."""

import datetime
import json
import random

from program import Program
from queries import Queries

TICKS_PER_SECOND = 10_000_000
FIRST_YEAR, YEARS = 2017, 9
# The instant of knowledge that the page asks by.
KNOWN_ON_THE_PAGE = "2024-03-15"
# What the table and the answer both say of a reseller.
RESELLER = ["partner", "generation", "established_by", "accepted_by", "via_provider", "extended_from", "consent_reference"]
# What the table and the history both say of access.
ACCESS = [
    "partner", "mechanism", "coverage", "coverage_name", "role", "roles", "roles_through", "relationship", "assignment", "group_id",
]
# What the answer says of a granular relationship and the table does not, or under another name.
NOT_OF_THE_TABLE = [
    "customer", "rule", "approved", "global_administrator", "termination", "assignments", "modified_at", "etag", "cells",
]
# What the table and the answer both say of a transfer and of its lines.
OF_A_TRANSFER = [
    "transfer", "family", "source", "target", "status", "status_since", "status_rule", "expires_at", "billing_split_date",
    "positions",
]
OF_A_LINE = [
    "subscription", "new_subscription", "entitlement", "outcome", "error", "error_code", "quantity",
    "partner_id_on_record", "with_base",
]
# Instants and states of knowledge asked for each customer of the sample.
QUESTIONS = 6


def some_viewpoint(dice: random.Random, size: int) -> tuple[str, int]:
    """Any instant, by what some entries say."""
    second = datetime.datetime(FIRST_YEAR, 1, 1) + datetime.timedelta(seconds=dice.randrange(YEARS * 365 * 86_400))
    return f"{second.isoformat()}.{dice.randrange(TICKS_PER_SECOND):07}Z", dice.randrange(size // 2, size)


def tick_before(instant: str) -> str:
    """The instant 100 nanoseconds earlier."""
    second, ticks = instant.removesuffix("Z").split(".")
    if int(ticks) > 0:
        return f"{second}.{int(ticks) - 1:07}Z"
    earlier = datetime.datetime.fromisoformat(second) - datetime.timedelta(seconds=1)
    return f"{earlier.isoformat()}.{TICKS_PER_SECOND - 1}Z"


def check_known(program: Program, queries: Queries) -> None:
    """The page finds the tree size of an instant of knowledge as the program does; no variable was set since."""
    told = program.answer("coverage", "--known-at", KNOWN_ON_THE_PAGE)["basis"]["tree_size"]
    (row,) = queries.select("SELECT getvariable('known') AS known")
    assert row["known"] == told, f"{row['known']} in DuckDB, {told} in the answer"


def check_histories(
    program: Program, queries: Queries, dice: random.Random, customers: list[str] | None, sample: int, size: int
) -> None:
    """Tables with a history answer as the program does, at bounds of intervals and just before them as well."""
    if customers is None:
        customers = [row["customer"] for row in queries.select("SELECT DISTINCT customer FROM resellers ORDER BY ALL")]
    asked = compared = 0
    for customer in dice.sample(customers, min(sample, len(customers))):
        check_whole_histories(program, queries, customer)
        bounds = queries.select(
            "SELECT valid_from_exact AS bound, known_from AS known FROM subscriptions WHERE customer = $customer"
            " UNION SELECT valid_to_exact, known_to FROM subscriptions WHERE customer = $customer"
            " UNION SELECT valid_from_exact, known_from FROM access WHERE customer = $customer"
            " UNION SELECT valid_to_exact, known_to FROM access WHERE customer = $customer"
            " UNION SELECT valid_from_exact, known_from FROM resellers WHERE customer = $customer"
            " UNION SELECT valid_to_exact, known_to FROM resellers WHERE customer = $customer"
            " ORDER BY ALL".replace("$customer", f"'{customer}'")
        )
        instants = [row["bound"] for row in bounds if row["bound"] is not None]
        sizes = [row["known"] for row in bounds if row["known"] is not None] + [size]
        for _ in range(QUESTIONS):
            bound, known = dice.choice(instants), dice.choice(sizes)
            as_of = dice.choice([bound, tick_before(bound), some_viewpoint(dice, size)[0]])
            known = dice.choice([known, known - 1, size])
            compared += check_question(program, queries, customer, as_of, known)
            asked += 1
    assert compared > asked, "too few rows to mean anything"
    print(f"{asked} questions, {compared} rows compared")


def check_question(program: Program, queries: Queries, customer: str, as_of: str, known: int) -> int:
    """One customer, one instant, one state of knowledge: every row is equal."""
    queries.ask(customer, as_of, known)
    viewpoint = ("--as-of", as_of, "--known-at", f"@{known}")
    resellers = program.rows("resellers", customer, *viewpoint)
    access = program.rows("access", customer, *viewpoint)
    subscriptions = program.rows("subscriptions", customer, *viewpoint)
    place = f"customer {customer}, as of {as_of}, by {known} entries"
    same(queries.rows("resellers"), [reseller(row) for row in resellers], f"resellers: {place}")
    same(queries.rows("access"), [access_row(row) for row in access], f"access: {place}")
    rows = [shown(row) for row in queries.rows("subscriptions")]
    same(rows, [{"customer": customer, **subscription(row)} for row in subscriptions], f"subscriptions: {place}")
    same(queries.rows("owners"), [owner(row) for row in subscriptions if row["owner"]], f"owners: {place}")
    said = [of_record(row) for row in program.rows("partners-of-record", customer, *viewpoint) if stands(row, as_of)]
    same(queries.rows("partners of record"), said, f"partners of record: {place}")
    behind = {position for row in resellers for position in reseller(row)["positions"]}
    same([row["position"] for row in queries.rows("behind")], sorted(behind), f"entries behind: {place}")
    return len(resellers) + len(access) + len(subscriptions) + len(said)


def check_whole_histories(program: Program, queries: Queries, customer: str) -> None:
    """All intervals of a customer, on both times, are those that the program lists."""
    bounds = "valid_from_exact AS valid_from, valid_to_exact AS valid_to, known_from, known_to, positions, ended_by"
    for table, columns, question, read in [
        ("resellers", ", ".join(RESELLER), ("resellers", "--history"), spell),
        ("access", ", ".join(ACCESS), ("access", "--history"), access_spell),
        ("granular_statuses", "partner, relationship, status, status_rule", ("gdap", "--history"), status_spell),
        ("owners", "subscription, owner", ("subscriptions", "--history", "owner"), owner_spell),
        ("partners_of_record", "subscription, kind, workload, seller, partner_id", ("subscriptions", "--history", "partner-of-record"), of_record_spell),
    ]:
        rows = queries.select(f"SELECT {columns}, {bounds} FROM {table} WHERE customer = '{customer}'")
        command, *more = question
        told = [{**read(row), **bounds_of(row)} for row in program.rows(command, customer, *more)]
        same(rows, told, f"history of {table}: {customer}")


def check_viewpoint(program: Program, queries: Queries, dice: random.Random, as_of: str, known: int) -> None:
    """The tables at one viewpoint hold what the program answers there, for every customer."""
    viewpoint = ("--as-of", as_of, "--known-at", f"@{known}")
    findings = [finding(row) for row in program.rows("findings", *viewpoint)]
    same([shown(row) for row in queries.select("SELECT * FROM findings")], findings, f"findings {viewpoint}")
    coverage = [stretch for row in program.rows("coverage", *viewpoint) for stretch in stretches(row)]
    same([shown(row) for row in queries.select("SELECT * FROM coverage")], coverage, f"coverage {viewpoint}")
    customers = [row["customer"] for row in queries.select("SELECT DISTINCT customer FROM entries WHERE customer IS NOT NULL ORDER BY ALL")]
    for customer in dice.sample(customers, min(8, len(customers))):
        billed = [{"customer": customer, **billing(row)} for row in program.rows("billing", customer, *viewpoint)]
        rows = queries.select(f"SELECT * FROM billing WHERE customer = '{customer}'")
        same([shown(row) for row in rows], billed, f"billing of {customer} {viewpoint}")
    administered = check_administration(program, queries, dice, as_of, known)
    print(f"{len(findings)} findings, {len(coverage)} stretches and {administered} rows of administration compared")


def check_administration(program: Program, queries: Queries, dice: random.Random, as_of: str, known: int) -> int:
    """Granular relationships, members of groups and transfers, of customers that have some; gives how many rows."""
    viewpoint = ("--as-of", as_of, "--known-at", f"@{known}")
    compared = 0
    for table, command, read in [
        ("granular_relationships", ["gdap"], granular_relationship),
        ("group_members", ["access", "--users"], group_member),
        ("transfers", ["transfers"], transfer_lines),
    ]:
        customers = [row["customer"] for row in queries.select(f"SELECT DISTINCT customer FROM {table} ORDER BY ALL")]
        for customer in dice.sample(customers, min(8, len(customers))):
            name, *more = command
            answer = program.rows(name, customer, *more, *viewpoint)
            told = [{"customer": customer, **one} for row in answer for one in read(row)]
            rows = queries.select(f"SELECT * FROM {table} WHERE customer = '{customer}'")
            same([shown(row) for row in rows], told, f"{table} of {customer} {viewpoint}")
            queries.ask(customer, as_of, known)
            asked = {"group_members": "by name", "transfers": "transferred"}.get(table)
            if asked is not None:
                rows = queries.rows(asked)
                same(rows, [{field: one[field] for field in rows[0]} for one in told], f"{asked} of {customer}")
            compared += len(told)
    return compared


def same(rows: list, told: list, place: str) -> None:
    """The same rows, in whatever order."""
    rows, told = (sorted(some, key=canonical) for some in (rows, told))
    for row, expected in zip(rows, told, strict=False):
        assert row == expected, f"{place}\nDuckDB   {row}\nofrecord {expected}"
    assert len(rows) == len(told), f"{place}: {len(rows)} rows in DuckDB, {len(told)} in the answer"


def canonical(row: object) -> str:
    """One text for a row, whatever the order of its fields."""
    return json.dumps(row, sort_keys=True, default=str)


def shown(row: dict) -> dict:
    """A row of a table with each instant once, exactly, and without the bounds of its interval."""
    left_out = {"valid_from", "valid_to", "known_from", "known_to", "ended_by"}
    exact = {name.removesuffix("_exact"): value for name, value in row.items() if name.endswith("_exact")}
    plain = {name: value for name, value in row.items() if not name.endswith("_exact")}
    return {name: exact.get(name, value) for name, value in plain.items() if name not in left_out}


def bounds_of(row: dict) -> dict:
    return {name: row[name] for name in ["valid_from", "valid_to", "known_from", "known_to", "positions", "ended_by"]}


def positions(row: dict, *fields: str) -> list[int]:
    """The entries behind some fields of a row."""
    return sorted({position for field in fields for position in row["cells"].get(field, [])})


def reseller(row: dict) -> dict:
    behind = positions(row, "relationship", "established", "accepted_by", "consent_reference")
    return {**{name: row[name] for name in RESELLER}, "positions": behind}


def spell(row: dict) -> dict:
    return {"partner": row["key"], **row["value"]}


def reach(coverage: str | dict) -> tuple[str, str | None]:
    """A coverage as word and name."""
    return (coverage, None) if isinstance(coverage, str) else next(iter(coverage.items()))


def administered(partner: str, mechanism: str, coverage: str | dict, roles: list[dict], granular: dict | None) -> dict:
    word, name = reach(coverage)
    granular = granular or {}
    return {
        "partner": partner,
        "mechanism": mechanism,
        "coverage": word,
        "coverage_name": name,
        "role": roles[0]["role"] if mechanism == "azure_role" else None,
        "roles": [held["role"] for held in roles],
        "roles_through": [held["through"] or "" for held in roles],
        "relationship": granular.get("relationship"),
        "assignment": granular.get("assignment"),
        "group_id": granular.get("group"),
    }


def access_row(row: dict) -> dict:
    held = administered(row["partner"], row["mechanism"], row["coverage"], row["roles"], row["granular"])
    return {**held, "positions": positions(row, "access", "roles", "group")}


def access_spell(row: dict) -> dict:
    key = row["key"]
    held = administered(key["partner"], key["mechanism"], key["coverage"], row["value"], key["granular"])
    assert held["role"] == key["role"], row
    return held


def status_spell(row: dict) -> dict:
    return {**row["key"], "status": row["value"]["status"], "status_rule": row["value"]["rule"]}


def granular_relationship(row: dict) -> list[dict]:
    told = {name: value for name, value in row.items() if name not in NOT_OF_THE_TABLE}
    approved = row["approved"] or {"basis": None, "by": None, "at": None}
    told.update({f"approved_{name}": value for name, value in approved.items()})
    told["status_rule"] = row["rule"]
    told["roles"] = row["roles"] or []
    return [told]


def group_member(row: dict) -> list[dict]:
    word, name = reach(row["coverage"])
    granular = row["granular"] or {}
    told = {field: row[field] for field in ["partner", "group_name", "members", "mechanism", "since", "until", "positions"]}
    told.update({"group_id": row["group"], "user_name": row["user"], "coverage": word, "coverage_name": name})
    told.update({field: granular.get(field) for field in ["relationship", "assignment"]})
    told["roles"] = [held["role"] for held in row["roles"]]
    told["roles_through"] = [held["through"] or "" for held in row["roles"]]
    return [told]


def transfer_lines(row: dict) -> list[dict]:
    """One for every line of a transfer; one without a line where it has none."""
    whole = {name: row[name] for name in OF_A_TRANSFER}
    for step in ["requested", "accepted", "ended"]:
        whole[f"{step}_at"] = row[step] and row[step]["at"]
    lines = row["lines"] or [dict.fromkeys([*OF_A_LINE, "order"])]
    return [{**whole, **{name: line[name] for name in OF_A_LINE}, "order_id": line["order"]} for line in lines]


def subscription(row: dict) -> dict:
    """A row of the answer in the words of the table."""
    told = {name: value for name, value in row.items() if name not in ["cells", "next_change", "order", "partner_of_record"]}
    change = row["next_change"] or {"at": None, "change": None}
    becomes = change["change"] if isinstance(change["change"], dict) else {}
    told["next_change_at"] = change["at"]
    told["next_change"] = "becomes" if becomes else change["change"]
    told["next_status"] = becomes.get("becomes")
    told["order_id"] = row["order"]
    record = row["partner_of_record"]
    for kind in ["reseller_of_record", "dpor", "pal"]:
        said = record[kind]
        told[kind] = said["partner"] if isinstance(said, dict) else {"not_said": None, "nobody": "nobody"}[said]
    told["additional_sellers"] = record["additional"]
    told["cpor_workloads"] = list(record["cpor"])
    told["cpor"] = [partner or "" for partner in record["cpor"].values()]
    return told


def owner(row: dict) -> dict:
    return {"subscription": row["subscription"], "owner": row["owner"], "positions": positions(row, "owner")}


def owner_spell(row: dict) -> dict:
    return {"subscription": row["key"], "owner": row["value"]}


def of_record(row: dict) -> dict:
    return {name: row[name] for name in ["subscription", "kind", "workload", "partner_id", "positions"]}


def stands(row: dict, as_of: str) -> bool:
    """Whether it holds at an instant, and is not the owner under another name."""
    return row["kind"] != "tpor" and row["from"] <= as_of and (row["to"] is None or as_of < row["to"])


def of_record_spell(row: dict) -> dict:
    key = row["key"]
    told = {name: key.get(name) for name in ["subscription", "kind", "workload", "seller"]}
    return {**told, "partner_id": row["value"]}


def finding(row: dict) -> dict:
    names = ["partner", "other_partner", "subscription", "service", "relationship", "source", "field"]
    subject = {name: row["subject"].get(name) for name in names}
    assert set(row["subject"]) <= set(names), f"the table does not know all of {row['subject']}"
    more = ["customer", "code", "rule", "since", "until", "sentence", "positions"]
    return {**subject, **{name: row.get(name) for name in more}}


def stretches(row: dict) -> list[dict]:
    return [
        {
            "customer": row["customer"],
            "source": row["source"],
            "state": state,
            "from_instant": stretch["from"],
            "to_instant": stretch["to"],
            "positions": row["positions"],
        }
        for state in ["covered", "uncovered"]
        for stretch in row[state]
    ]


def billing(row: dict) -> dict:
    told = {name: row[name] for name in ["subscription", "partner", "billed", "days", "positions"]}
    return {**told, "from_day": row["from"], "to_day": row["to"]}
