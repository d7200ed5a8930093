"""Entries, CloudEvents and CSV, each read by itself and compared with the exact bytes."""

import csv
import hashlib
import io
import json
import re

from cloudevents.core.formats.json import JSONFormat
from program import Program

ATTRIBUTE = re.compile(r"[a-z0-9]{1,20}")


def check(program: Program) -> list[dict]:
    """Checks all three; gives what every row of the table of entries must say."""
    name = f"{program.ledger}-entries.jsonl"
    program.run("export", "-o", name)
    raw = (program.folder / name).read_bytes().splitlines()
    parts = [part for line in raw for part in parts_of(line)]
    # Each export leaves an entry, so the others are of what the first one holds.
    known = f"@{len(raw)}"
    check_cloud_events(program, parts, known)
    check_csv(program, parts, known)
    return parts


def parts_of(line: bytes) -> list[dict]:
    """The events of an entry, or its refusal, or that nothing differed, by the bytes alone."""
    entry = json.loads(line)
    decision = entry["decision"]
    common = {
        "position": entry["position"],
        "recorded_at": entry["recorded_at"],
        "effective_at": decision.get("effective_at", entry["recorded_at"]),
        "customer": decision.get("customer"),
        "streams": [link["stream"] for link in entry["streams"]],
        "command": decision["command"]["type"],
        "command_id": entry["command_id"],
        "actor_user": decision["actor"].get("user"),
        "record_ids": [evidence["record_id"] for evidence in decision.get("evidence", [])],
        "leaf_hash": hashlib.sha256(b"\0" + line).hexdigest(),
    }
    if "refusal" in decision:
        return [{**common, "outcome": "refused", **event_of(None, None), "json": decision["refusal"]}]
    events = [{**common, "outcome": "accepted", **event_of(index, event)} for index, event in enumerate(decision["events"])]
    return events or [{**common, "outcome": "accepted", **event_of(None, None)}]


def event_of(index: int | None, event: dict | None) -> dict:
    """What a row says of its event; the first version of a shape is not stated."""
    version = event.get("version", 1) if event else None
    return {"event_index": index, "event": event and event["type"], "event_version": version, "json": event}


def check_cloud_events(program: Program, parts: list[dict], known: str) -> None:
    """The SDK takes every line, and every line says what the entry says."""
    told = [part for part in parts if part["json"] is not None]
    lines = program.run("export", "--as", "cloudevents", "--known-at", known).splitlines()
    assert len(lines) == len(told), f"{len(lines)} CloudEvents of {len(told)} events and refusals"
    seen = set()
    for line, part in zip(lines, told, strict=True):
        event = JSONFormat().read(None, line)
        attributes = {name: value for name, value in json.loads(line).items() if name != "data"}
        assert event.get_specversion() == "1.0"
        assert event.get_id() == f"{part['position']}-{part['event_index'] or 0}", line
        assert event.get_data() == part["json"], line
        assert attributes["time"] == part["effective_at"] and event.get_time().tzinfo is not None, line
        assert attributes["recordedtime"] == part["recorded_at"], line
        assert attributes["leafhash"] == part["leaf_hash"], line
        assert attributes["partitionkey"] == part["streams"][0], line
        # What the ledger does with its own custody is about nobody else.
        whose = part["streams"][0].partition("/")[2]
        assert event.get_subject() == (part["customer"] or whose or None), line
        ends = ".refused" if part["outcome"] == "refused" else f".{part['event']}.v{part['event_version']}"
        assert event.get_type().startswith("org.ofrecord.") and event.get_type().endswith(ends), line
        for name, value in attributes.items():
            assert ATTRIBUTE.fullmatch(name) and isinstance(value, str) and value.isprintable(), f"{name} in {line}"
        seen.add((event.get_source(), event.get_id()))
    assert len(seen) == len(lines), "source and id name one event"
    sequences = [json.loads(line)["sequence"] for line in lines]
    assert sequences == sorted(sequences), "the order of sequences is the order of the log"
    batch = json.loads(program.run("export", "--as", "cloudevents", "--batch", "--known-at", known))
    assert batch == [json.loads(line) for line in lines]
    print(f"{len(lines)} CloudEvents read")


def check_csv(program: Program, parts: list[dict], known: str) -> None:
    """A reader of CSV finds a line for every part, and the escape can be taken away."""
    text = program.run("export", "--as", "csv", "--known-at", known)
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert len(rows) == len(parts), f"{len(rows)} lines of {len(parts)} parts"
    shown = {}
    for row, part in zip(rows, parts, strict=True):
        row = {name: cell.removeprefix("'") for name, cell in row.items()}
        for name in ["outcome", "recorded_at", "effective_at", "command", "command_id", "leaf_hash"]:
            assert row[name] == part[name], f"{name} in {row}"
        for name in ["customer", "event"]:
            assert row[name] == (part[name] or ""), f"{name} in {row}"
        # A sealed user is read with the keys: the same text by the same subject and tag, and by no other.
        user = part["actor_user"] or ""
        if user.startswith("sealed:"):
            _, _, _, subject, _, _, tag, _, _ = user.split(":")
            assert "@" in row["actor_user"] and not row["actor_user"].startswith("sealed"), row
            assert shown.setdefault((subject, tag), row["actor_user"]) == row["actor_user"], row
            part["actor_user"] = row["actor_user"]
        else:
            assert row["actor_user"] == user, row
        for name in ["streams", "record_ids"]:
            assert json.loads(row[name]) == part[name], f"{name} in {row}"
        assert int(row["position"]) == part["position"]
        assert (json.loads(row["outcome_json"]) if row["outcome_json"] else None) == part["json"], row
    print(f"{len(rows)} lines of CSV read")
