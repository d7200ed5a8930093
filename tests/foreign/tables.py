"""A data set against its manifest, its reference page, and the entries it was made from."""

import hashlib
import json
import pathlib
import re

import duckdb
import pyarrow as arrow
import pyarrow.parquet as parquet

# What the types of the reference page are to pyarrow.
TYPES = {
    "UINT64": arrow.uint64(),
    "STRING": arrow.string(),
    "TIMESTAMP(MICROS, UTC)": arrow.timestamp("us", tz="UTC"),
    "LIST of UINT64": arrow.list_(arrow.field("element", arrow.uint64(), nullable=False)),
    "LIST of STRING": arrow.list_(arrow.field("element", arrow.string(), nullable=False)),
}


def check(folder: pathlib.Path, parts: list[dict], reference: str) -> None:
    """Checks files, columns, instants and entries."""
    manifest = json.loads((folder / "_manifest.json").read_text(encoding="utf-8"))
    listed = tables_of(reference)
    assert [table["name"] for table in manifest["tables"]] == list(listed), "the page lists the tables of the manifest"
    connection = duckdb.connect()
    for table in manifest["tables"]:
        check_files(folder, table)
        check_columns(connection, folder, table, listed[table["name"]])
        check_instants(connection, folder, table["name"], listed[table["name"]])
    known = manifest["basis"]["tree_size"]
    check_entries(connection, folder, [part for part in parts if part["position"] < known])
    check_root(connection, folder, manifest["basis"])
    rows = sum(table["rows"] for table in manifest["tables"])
    print(f"{rows} rows in {len(listed)} tables, by {known} entries as of {manifest['as_of']}")


def tables_of(reference: str) -> dict[str, list[tuple[str, str, bool]]]:
    """Tables with their columns, types, and whether a cell may be absent, as the page lists them."""
    text = pathlib.Path(reference).read_text(encoding="utf-8")
    part = text.split("<!-- generated:tables -->")[1].split("<!-- end:tables -->")[0]
    tables: dict[str, list[tuple[str, str, bool]]] = {}
    for line in part.splitlines():
        if line.startswith("### "):
            columns = tables.setdefault(line.removeprefix("### "), [])
        elif column := re.match(r"\| `(\w+)` \| ([^|;]+)(; may be absent)? \|", line):
            columns.append((column[1], column[2].strip(), column[3] is not None))
    return tables


def check_files(folder: pathlib.Path, table: dict) -> None:
    """Every file is the one of the manifest, and there is no other."""
    found = sorted(path.relative_to(folder).as_posix() for path in (folder / table["name"]).iterdir())
    assert found == [file["path"] for file in table["files"]], found
    for file in table["files"]:
        content = (folder / file["path"]).read_bytes()
        assert len(content) == file["bytes"], file
        assert hashlib.sha256(content).hexdigest() == file["sha256"], file
        footer = parquet.read_metadata(folder / file["path"])
        assert footer.num_rows == file["rows"], file
        assert footer.created_by.startswith("ofrecord version "), footer.created_by


def check_columns(connection: duckdb.DuckDBPyConnection, folder: pathlib.Path, table: dict, columns: list) -> None:
    """Columns and types are those of the page, for pyarrow and for DuckDB, and both count the same rows."""
    files = f"{folder}/{table['name']}/*.parquet"
    read = parquet.read_table(folder / table["name"])
    assert read.num_rows == table["rows"], table
    found = [(field.name, field.type, field.nullable) for field in read.schema]
    assert found == [(name, TYPES[kind], absent) for name, kind, absent in columns], found
    counted = connection.execute(f"SELECT count(*) FROM '{files}'").fetchall()
    assert counted == [(table["rows"],)], f"{table['name']}: {counted}"
    leaves = connection.execute(
        f"SELECT DISTINCT name, type, repetition_type FROM parquet_schema('{files}') WHERE repetition_type IS NOT NULL"
    ).fetchall()
    physical = {name: (kind, repetition) for name, kind, repetition in leaves}
    for name, kind, absent in columns:
        if kind.startswith("LIST"):
            assert physical[name] == (None, "REQUIRED"), f"{name}: {physical[name]}"
        else:
            stored = "BYTE_ARRAY" if kind == "STRING" else "INT64"
            assert physical[name] == (stored, "OPTIONAL" if absent else "REQUIRED"), f"{name}: {physical[name]}"


def check_instants(connection: duckdb.DuckDBPyConnection, folder: pathlib.Path, name: str, columns: list) -> None:
    """A timestamp is its text, cut to microseconds."""
    files = f"{folder}/{name}/*.parquet"
    instants = [column for column, kind, _ in columns if kind.startswith("TIMESTAMP")]
    for column in instants:
        wrong = connection.execute(
            f"SELECT {column}, {column}_exact FROM '{files}' "
            f"WHERE {column} IS DISTINCT FROM CAST(left({column}_exact, 26) || 'Z' AS TIMESTAMPTZ)"
            f" OR NOT regexp_full_match({column}_exact, '\\d{{4}}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{{7}}Z')"
        ).fetchall()
        assert not wrong, f"{name}.{column}: {wrong[:3]}"


def check_entries(connection: duckdb.DuckDBPyConnection, folder: pathlib.Path, parts: list[dict]) -> None:
    """Every row of the table of entries says what the bytes say."""
    names = [name for name in parts[0] if name != "json"] if parts else []
    columns = ", ".join(f"{name}_exact" if name.endswith("_at") else name for name in names)
    rows = connection.execute(
        f"SELECT outcome_json, {columns} FROM '{folder}/entries/*.parquet' ORDER BY position, event_index"
    ).fetchall()
    assert len(rows) == len(parts), f"{len(rows)} rows of {len(parts)} parts"
    for row, part in zip(rows, parts, strict=True):
        outcome, *values = row
        assert (json.loads(outcome) if outcome else None) == part["json"], row
        assert values == [part[name] for name in names], f"{values} is not {part}"


def check_root(connection: duckdb.DuckDBPyConnection, folder: pathlib.Path, basis: dict) -> None:
    """The leaf hashes of the table of entries give the root that the manifest names."""
    leaves = connection.execute(
        f"SELECT any_value(leaf_hash) FROM '{folder}/entries/*.parquet' GROUP BY position ORDER BY position"
    ).fetchall()
    assert len(leaves) == basis["tree_size"], f"{len(leaves)} leaves"
    assert root([bytes.fromhex(leaf) for (leaf,) in leaves]).hex() == basis["root"], "the root is another one"


def root(leaves: list[bytes]) -> bytes:
    """The root of RFC 6962 over leaf hashes."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + root(leaves[:split]) + root(leaves[split:])).digest()
