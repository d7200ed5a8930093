"""The queries of the guide, run by DuckDB as they stand on the page."""

import pathlib
import re

import duckdb

# What the page calls the folder of the data set.
FOLDER = "market-tables"
# These come before all others.
SETTING_UP = ["tables", "question", "holds"]
# These ask about one customer; `answers.py` compares them.
OF_ONE_CUSTOMER = [
    "resellers", "access", "subscriptions", "owners", "partners of record", "behind", "transferred", "by name",
]
# These ask about all customers at once; `market.py` compares them.
OF_EVERY_CUSTOMER = [
    "administers without reselling", "customers by partner", "refusals", "findings", "billed days", "uncovered",
]


class Queries:
    """A data set with the queries of the page over it."""

    def __init__(self, page: str, data_set: pathlib.Path):
        text = pathlib.Path(page).read_text(encoding="utf-8")
        blocks = re.findall(r"^```sql\n-- ([^\n]*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        assert len(blocks) == text.count("```sql"), "every query has a name in its first line"
        self.blocks = dict(blocks)
        assert len(self.blocks) == len(blocks), "no two queries have one name"
        known = {*SETTING_UP, *OF_ONE_CUSTOMER, *OF_EVERY_CUSTOMER}
        assert set(self.blocks) == known, f"compared or on the page, but not both: {known ^ set(self.blocks)}"
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
