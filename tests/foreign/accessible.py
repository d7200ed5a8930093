"""Looks for barriers in dossiers, with axe in Chromium.

Makes a small ledger, writes the dossiers of some of its customers as HTML, and
fails with the first rule of WCAG 2.2 (A and AA) or of axe's good practice that
one of them breaks, in light colours or in dark ones.
"""

import argparse
import html
import importlib.util
import json
import pathlib
import re
import subprocess
import sys

from program import Program

CUSTOMERS = 20
# Customers whose dossiers are looked at, beside the pages named.
SAMPLE = 2
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What Chromium takes the reader's preference from.
COLOURS = {"light": 1, "dark": 0}
# The page is a copy: its policy against scripts is taken out, and the result takes the place of its body.
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
RUN = """
axe.run(document, {runOnly: %s}).then(found => {
  const result = document.createElement("pre");
  result.textContent = "FOUND" + JSON.stringify({
    passes: found.passes.length,
    violations: found.violations.map(one => [one.id, one.help, one.nodes.map(node => node.html.slice(0, 300))]),
  }) + "END";
  document.body.replaceChildren(result);
});
"""


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--binary", required=True, help="the program whose dossiers are looked at")
    arguments.add_argument("--browser", default="chromium", help="Chromium, or what runs as it does")
    arguments.add_argument("--page", action="append", default=[], help="a dossier that is there already")
    arguments.add_argument("--folder", required=True, help="an empty folder to work in")
    given = arguments.parse_args()
    folder = pathlib.Path(given.folder)
    pages = [*map(pathlib.Path, given.page), *dossiers(Program(given.binary, folder, "ledger"))]
    for page in pages:
        for colours, preferred in COLOURS.items():
            found = look(page.read_text(encoding="utf-8"), given.browser, preferred, folder)
            assert not found["violations"], f"{page.name}, {colours}: {json.dumps(found['violations'], indent=1)}"
            print(f"{page.name}, {colours}: {found['passes']} rules kept")
    print("good")
    return 0


def dossiers(program: Program) -> list[pathlib.Path]:
    """Dossiers of customers of a generated market."""
    program.run("demo", "--customers", CUSTOMERS, "--seed", 1, "--dir", program.ledger)
    entries = map(json.loads, program.run("export").splitlines())
    customers = sorted({entry["decision"]["customer"] for entry in entries if "customer" in entry["decision"]})
    pages = []
    for customer in customers[:SAMPLE]:
        program.run("report", customer, "--as-of", "2024-03-01", "-o", f"{customer}.html")
        pages.append(program.folder / f"{customer}.html")
    return pages


def look(page: str, browser: str, preferred: int, folder: pathlib.Path) -> dict:
    """What axe finds in a page."""
    script = f"<script>{axe()}</script><script>{RUN % json.dumps(RULES)}</script></body>"
    copy = folder / "copy.html"
    page, taken_out = POLICY.subn("", page)
    assert taken_out == 1 and page.count("</body>") == 1, "the page is not one that is known"
    copy.write_text(page.replace("</body>", script), encoding="utf-8")
    words = [
        browser, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=60000",
        f"--blink-settings=preferredColorScheme={preferred}", f"--user-data-dir={folder / 'profile'}", "--dump-dom",
        copy.as_uri(),
    ]
    ran = subprocess.run(words, capture_output=True, check=True, text=True, timeout=120)
    result = re.search(r"<pre>FOUND(.*?)END</pre>", ran.stdout, re.DOTALL)
    assert result, f"axe gave no result:\n{ran.stderr[-2000:]}"
    return json.loads(html.unescape(result[1]))


def axe() -> str:
    """The script of axe, as the package brings it; nothing else of the package is used."""
    package = importlib.util.find_spec("axe_playwright_python")
    assert package and package.submodule_search_locations, "axe is not installed"
    return (pathlib.Path(package.submodule_search_locations[0]) / "axe.min.js").read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
