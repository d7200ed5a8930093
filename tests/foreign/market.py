"""The page's queries over every customer at once, against the program's answers about each, and against the exact bytes."""

import collections
import concurrent.futures
import os

import answers
from program import Program
from queries import OF_EVERY_CUSTOMER, Queries

# Queries that have rows in every market large enough; in a good ledger nobody administers without reselling, and
# every source may have been read throughout.
ENOUGH = {"customers by partner", "refusals", "findings", "billed days"}


def check(program: Program, queries: Queries, entries: list[dict], as_of: str, known: int) -> set[str]:
    """Every query has exactly the rows of the answers; gives those that have any."""
    queries.ask("", as_of, known)
    told = {
        **of_each_customer(program, customers_of(entries, known), as_of, known),
        "refusals": refusals(entries, known),
        "findings": findings(program, as_of, known),
        "uncovered": uncovered(program, as_of, known),
    }
    assert set(told) == set(OF_EVERY_CUSTOMER), "every query over every customer is compared"
    for name, expected in told.items():
        answers.same(queries.rows(name), expected, f"{name}, as of {as_of}, by {known} entries")
    print(", ".join(f"{name}: {len(rows)}" for name, rows in told.items()))
    return {name for name, rows in told.items() if rows}


def customers_of(entries: list[dict], known: int) -> list[str]:
    """The customers that the entries name."""
    return sorted({entry["customer"] for entry in entries if entry["position"] < known and entry["customer"]})


def of_each_customer(program: Program, customers: list[str], as_of: str, known: int) -> dict[str, list[dict]]:
    """What the answers about one customer after another come to."""
    without: list[dict] = []
    customers_by_partner: collections.Counter = collections.Counter()
    days: collections.Counter = collections.Counter()
    for customer, reselling, access, billing in answers_about(program, customers, as_of, known):
        resellers = {row["partner"] for row in reselling}
        customers_by_partner.update(resellers)
        without += [
            {"customer": customer, "partner": row["partner"], "mechanism": row["mechanism"]}
            for row in access
            if row["partner"] not in resellers
        ]
        for row in billing:
            if row["billed"] == "billed":
                days[row["partner"]] += row["days"]
    return {
        "administers without reselling": without,
        "customers by partner": [{"partner": partner, "customers": count} for partner, count in customers_by_partner.items()],
        "billed days": [{"partner": partner, "days": count} for partner, count in days.items()],
    }


def answers_about(program: Program, customers: list[str], as_of: str, known: int) -> list[tuple]:
    """Each customer with the rows on its resellers, on access and on billing, asked for on every core."""
    viewpoint = ("--as-of", as_of, "--known-at", f"@{known}")

    def of_some(copy: Program, some: list[str]) -> list[tuple]:
        questions = ("resellers", "access", "billing")
        return [(one, *(copy.rows(question, one, *viewpoint) for question in questions)) for one in some]

    copies = [program.copy(number) for number in range(os.cpu_count() or 1)]
    shares = [customers[number :: len(copies)] for number in range(len(copies))]
    with concurrent.futures.ThreadPoolExecutor(len(copies)) as pool:
        return [about for share in pool.map(of_some, copies, shares) for about in share]


def refusals(entries: list[dict], known: int) -> list[dict]:
    """How often each refusal stands in the exact bytes."""
    refused = [entry["json"] for entry in entries if entry["position"] < known and entry["outcome"] == "refused"]
    counted = collections.Counter((refusal["rule"], refusal["code"]) for refusal in refused)
    return [{"refusal_rule": rule, "refusal_code": code, "refused": count} for (rule, code), count in counted.items()]


def findings(program: Program, as_of: str, known: int) -> list[dict]:
    """How many findings there are of each code, about how many customers."""
    customers: dict[str, list[str]] = collections.defaultdict(list)
    for row in program.rows("findings", "--as-of", as_of, "--known-at", f"@{known}"):
        customers[row["code"]].append(row["customer"])
    return [{"code": code, "findings": len(of), "customers": len(set(of))} for code, of in customers.items()]


def uncovered(program: Program, as_of: str, known: int) -> list[dict]:
    """The stretches that no source was read for."""
    rows = program.rows("coverage", "--as-of", as_of, "--known-at", f"@{known}")
    return [
        {
            "customer": row["customer"],
            "source": row["source"],
            "from_instant_exact": stretch["from"],
            "to_instant_exact": stretch["to"],
        }
        for row in rows
        for stretch in row["uncovered"]
    ]
