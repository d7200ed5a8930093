"""Runs the program and reads its answers."""

import json
import pathlib
import shutil
import subprocess

# The exit code of a question about a customer of whom nothing is known, and of commands of which some were refused.
NOTHING_KNOWN, REFUSED = 2, 3


class Program:
    """The program, asked about one ledger in a folder."""

    def __init__(self, binary: str, folder: pathlib.Path, ledger: str):
        self.binary = binary
        self.folder = folder
        self.ledger = ledger

    def run(self, *arguments: object) -> str:
        """Runs the program and gives its standard output."""
        ran = self._ran(arguments)
        assert ran.returncode == 0, f"{arguments}: exit {ran.returncode}\n{ran.stderr.decode()}"
        return ran.stdout.decode()

    def answer(self, *arguments: object) -> dict:
        """The answer in JSON."""
        return json.loads(self.run(*arguments, "--format", "json"))

    def rows(self, *arguments: object) -> list[dict]:
        """The rows of an answer; none about a customer of whom nothing is known."""
        ran = self._ran((*arguments, "--format", "json"))
        if ran.returncode == NOTHING_KNOWN and b"could not find" in ran.stderr:
            return []
        assert ran.returncode == 0, f"{arguments}: exit {ran.returncode}\n{ran.stderr.decode()}"
        return json.loads(ran.stdout)["rows"]

    def copy(self, number: int) -> "Program":
        """The program, asked about a copy of the ledger: only one process at a time opens a ledger."""
        ledger = f"{self.ledger}-copy-{number}"
        shutil.copytree(self.folder / self.ledger, self.folder / ledger)
        return Program(self.binary, self.folder, ledger)

    def submit(self, name: str, submissions: list[dict], clock: str) -> list[dict]:
        """Submits commands under a set clock; gives their receipts."""
        text = "".join(f"{json.dumps(submission)}\n" for submission in submissions)
        (self.folder / name).write_text(text, encoding="utf-8")
        ran = self._ran(("submit", name, "--clock", clock))
        assert ran.returncode in (0, REFUSED), f"{name}: exit {ran.returncode}\n{ran.stderr.decode()}"
        return [json.loads(line) for line in ran.stdout.splitlines()]

    def _ran(self, arguments: tuple) -> subprocess.CompletedProcess:
        words = [self.binary, *map(str, arguments)]
        environment = {"OFRECORD_LEDGER": self.ledger}
        return subprocess.run(words, cwd=self.folder, env=environment, capture_output=True, check=False)
