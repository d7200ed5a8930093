"""The queries of the guide, run by DuckDB as they stand on the page."""

import pathlib
import re

import duckdb

# What the page calls the folder of the data set.
FOLDER = "market-tables"
# These come before all others.
SETTING_UP = ["tables", "question", "holds"]
# These are compared with the program's answers.
COMPARED = ["resellers", "access", "subscriptions", "owners", "partners of record", "behind"]
# These stand for themselves: each must run, and give rows where the ledger of the test has some.
MAY_BE_EMPTY = ["administers without reselling", "uncovered"]


class Queries:
    """A data set with the queries of the page over it."""

    def __init__(self, page: str, data_set: pathlib.Path):
        text = pathlib.Path(page).read_text(encoding="utf-8")
        blocks = re.findall(r"^```sql\n-- ([^\n]*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        assert len(blocks) == text.count("```sql"), "every query has a name in its first line"
        self.blocks = dict(blocks)
        assert len(self.blocks) == len(blocks), "no two queries have one name"
        missing = {*SETTING_UP, *COMPARED} - set(self.blocks)
        assert not missing, f"the page has no query {missing}"
        self.data_set = data_set
        self.connection = duckdb.connect()
        for name in SETTING_UP:
            self.connection.execute(self.blocks[name].replace(f"'{FOLDER}/", f"'{data_set}/"))

    def ask(self, customer: str, as_of: str, known: int) -> None:
        """Sets the variables of a question."""
        for name, value in [("customer", f"'{customer}'"), ("as_of", f"'{as_of}'"), ("known", known)]:
            self.connection.execute(f"SET VARIABLE {name} = {value}")

    def rows(self, name: str) -> list[dict]:
        """The rows of a query of the page."""
        return self.select(self.blocks[name])

    def select(self, query: str) -> list[dict]:
        """The rows of a query."""
        result = self.connection.execute(query)
        columns = [column[0] for column in result.description]
        return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]

    def run_the_rest(self, as_of: str, known: int) -> None:
        """Runs the queries that nothing is compared with."""
        self.ask("", as_of, known)
        rest = [name for name in self.blocks if name not in [*SETTING_UP, *COMPARED]]
        for name in rest:
            rows = self.rows(name)
            assert rows or name in MAY_BE_EMPTY, f"the query {name} has no rows"
        print(f"{len(self.blocks)} queries of the page run")
