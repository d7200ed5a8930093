"""Checks the exports of some ledgers with programs that are not ours.

Makes the ledgers, exports them in every form, and compares what DuckDB,
pyarrow and the CloudEvents SDK read with what `ofrecord` answers. Fails with
the first difference. The seed is printed and is an argument.
"""

import argparse
import pathlib
import random
import sys

import answers
import ledgers
import lines
import market
import tables
from program import Program
from queries import Queries

# The instant of the first viewpoint of each ledger.
INSTANT = "2024-03-01T00:00:00.0000000Z"


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--binary", required=True, help="the program to check")
    arguments.add_argument("--page", required=True, help="the guide whose queries are run")
    arguments.add_argument("--reference", required=True, help="the page that lists tables and columns")
    arguments.add_argument("--story", action="append", required=True, help="a folder with a worldwide story, a file for each day")
    arguments.add_argument("--folder", required=True, help="an empty folder to work in")
    arguments.add_argument("--customers", type=int, default=200)
    arguments.add_argument("--sample", type=int, default=10, help="customers of each ledger whose answers are compared")
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()

    print(f"seed {given.seed}")
    dice = random.Random(given.seed)
    folder = pathlib.Path(given.folder)
    generated = Program(given.binary, folder, "generated")
    ledgers.generate(generated, given.customers, given.seed)
    check(generated, given, dice, None)
    corrected = Program(given.binary, folder, "corrected")
    customers = ledgers.learn_late_and_correct(generated, corrected, dice)
    check(corrected, given, dice, customers)
    for story in map(pathlib.Path, given.story):
        told = Program(given.binary, folder, story.name)
        ledgers.tell(told, story)
        check_story(told, given, dice)
    print("good")
    return 0


def check(program: Program, given: argparse.Namespace, dice: random.Random, customers: list[str] | None) -> None:
    """Checks every export of one ledger; answers about some of these customers, or of all."""
    size = program.answer("stats")["tree_size"]
    entries = lines.check(program)
    viewpoints = [(INSTANT, size), answers.some_viewpoint(dice, size)]
    for number, (as_of, known) in enumerate(viewpoints):
        queries = check_tables(program, given, entries, (as_of, known))
        if number == 0:
            answers.check_known(program, queries)
        answers.check_viewpoint(program, queries, dice, as_of, known)
        if number == 0:
            compared = market.check(program, queries, entries, as_of, known)
            assert market.ENOUGH <= compared, f"the queries over every customer have rows in {compared} alone"
            answers.check_histories(program, queries, dice, customers, given.sample, size)


def check_story(program: Program, given: argparse.Namespace, dice: random.Random) -> None:
    """Checks a ledger too small for every query of the page to have rows."""
    size = program.answer("stats")["tree_size"]
    entries = lines.check(program)
    queries = check_tables(program, given, entries, (INSTANT, size))
    answers.check_viewpoint(program, queries, dice, INSTANT, size)
    market.check(program, queries, entries, INSTANT, size)
    answers.check_histories(program, queries, dice, None, given.sample, size)


def check_tables(
    program: Program, given: argparse.Namespace, entries: list[dict], viewpoint: tuple[str, int]
) -> Queries:
    """Exports the tables at a viewpoint and checks them by themselves."""
    as_of, known = viewpoint
    data_set = program.folder / f"{program.ledger}-tables-{known}"
    program.run("export", "--parquet", data_set.name, "--as-of", as_of, "--known-at", f"@{known}")
    tables.check(data_set, entries, given.reference)
    return Queries(given.page, data_set)


if __name__ == "__main__":
    sys.exit(main())
