"""The tree of an exported log, built again by pymerkle: root and proof are compared with those that were given out.

    tree.py ENTRIES PROOF

ENTRIES has one entry a line, PROOF is a .tlog-proof of one of them. Ends with 1 when something differs.
"""

import base64
import sys

from pymerkle import InmemoryTree


def main(entries_path, proof_path):
    with open(entries_path, "rb") as file:
        entries = file.read().splitlines()
    with open(proof_path, encoding="utf-8") as file:
        above, below = file.read().split("\n\n", 1)
    header, *lines = above.split("\n")
    if header != "c2sp.org/tlog-proof@v1":
        sys.exit("not a proof")
    if lines[0].startswith("extra "):
        lines = lines[1:]
    index = int(lines[0].removeprefix("index "))
    path = [base64.b64decode(line, validate=True) for line in lines[1:]]
    _origin, size, root = below.split("\n")[:3]

    tree = InmemoryTree.init_from_entries(entries, algorithm="sha256")
    if tree.get_root(int(size)) != base64.b64decode(root, validate=True):
        sys.exit("the entries lead to another root")
    # The first of pymerkle's hashes is the leaf itself.
    leaf, *siblings = tree.prove_inclusion(index + 1, int(size)).path
    if leaf != tree.get_leaf(index + 1) or siblings != path:
        sys.exit("the proof has another path")
    print("good")


if __name__ == "__main__":
    main(*sys.argv[1:])
