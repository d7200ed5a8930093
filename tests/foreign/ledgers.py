"""The ledgers that are exported: a generated one, one that learned everything late and was then corrected, and stories."""

import json
import pathlib
import random
import uuid

from program import Program

# When the second ledger learns everything, and when it is corrected; under a set clock.
LEARNED, CORRECTED = "2025-10-01", "2025-11-01"
CORRECTIONS = 150
OFFICER = {"kind": "operator", "user": "officer@ofrecord.example", "role": "compliance_officer"}


def generate(program: Program, customers: int, seed: int) -> None:
    """A generated market."""
    program.run("demo", "--customers", customers, "--seed", seed, "--dir", program.ledger)


def tell(program: Program, story: pathlib.Path) -> None:
    """A story of the worldwide cloud, each file submitted at the date of its name."""
    program.run("init", "--origin", "example.com/ledger", "--cloud", "worldwide", "--clock", "2023-01-01")
    for day in sorted(story.glob("*.jsonl")):
        submissions = [json.loads(line) for line in day.read_text(encoding="utf-8").splitlines()]
        program.submit(day.name, submissions, day.stem)


def learn_late_and_correct(generated: Program, program: Program, dice: random.Random) -> list[str]:
    """Submits the commands of a ledger to another one, years later, and corrects some events there.

    Gives the customers of whom something was corrected.
    """
    program.run("init", "--origin", "example.cn/corrected", "--clock", LEARNED)
    entries = map(json.loads, generated.run("export").splitlines())
    # What the first ledger did with its own custody is not the other one's to learn.
    commands = [submission(entry) for entry in entries if entry["streams"][0]["stream"] != "ledger"]
    program.submit("learned.jsonl", commands, LEARNED)
    events = [
        (entry["position"], index, entry["decision"]["customer"], effective_at(entry), event)
        for entry in map(json.loads, program.run("export", "--clock", LEARNED).splitlines())
        for index, event in enumerate(entry["decision"].get("events", []))
        if "customer" in entry["decision"]
    ]
    chosen = dice.sample(events, min(CORRECTIONS, len(events)))
    receipts = program.submit("corrections.jsonl", [correction(dice, *event) for event in chosen], CORRECTED)
    accepted = {receipt["command_id"] for receipt in receipts if receipt["outcome"] == "accepted"}
    customers = {event[2] for event in chosen if command_id(event[0], event[1]) in accepted}
    assert len(accepted) > CORRECTIONS // 2, f"{len(accepted)} corrections were accepted"
    print(f"{len(commands)} commands learned late, {len(accepted)} events corrected")
    return sorted(customers)


def effective_at(entry: dict) -> str:
    return entry["decision"].get("effective_at", entry["recorded_at"])


def submission(entry: dict) -> dict:
    """The submission that an entry was decided from."""
    decision = entry["decision"]
    kept = {name: decision[name] for name in ["actor", "customer", "evidence", "command"] if name in decision}
    return {"command_id": entry["command_id"], "effective_at": effective_at(entry), **kept}


def command_id(position: int, index: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{position}-{index}"))


def correction(dice: random.Random, position: int, index: int, customer: str, instant: str, event: dict) -> dict:
    """Withdraws an event, or moves it to an instant that microseconds cannot tell from its neighbours."""
    command = {"type": "CorrectEvent", "position": position, "event_index": index, "reason": "a test"}
    if dice.random() < 0.5:
        moved = f"{instant.split('.')[0]}.{dice.randrange(10_000_000):07}Z"
        command.update({"replacement": event, "replacement_effective_at": moved})
    return {"command_id": command_id(position, index), "actor": OFFICER, "customer": customer, "command": command}
