"""Promise 5: an answer as of a block is what the mirror said when it ended there, whatever has come since."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from random import Random
from typing import Any

import pytest
from histories import ACCOUNTS, SCOPE, History
from starlette.testclient import TestClient

from api.app import create_app
from ledger.indexer.mirror import Mirror
from ledger.indexer.projections import FOLDED
from ledger.indexer.projections.table import EFFECTS
from ledger.indexer.steps import checked
from ledger.indexer.writer import writing
from ledger.journal.events import decode
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.store.tables import Deployment

DAY = 86_400
EVENTS = {*EFFECTS, *FOLDED}
Answers = dict[str, tuple[int, Any]]


def clock(number: int) -> int:
    """Three blocks a second, as some chains have them; then a minute, and now and then a day."""
    return number // 3 * 60 + number // 40 * DAY


@pytest.fixture
def client(database: Database) -> Iterator[TestClient]:
    """Over a mirror of the histories' deployment; no node answers."""
    contracts = {kind: "0x" + contract.hex() for contract, kind in SCOPE.kinds.items()}
    contracts["AccessManager"] = "0x" + "ac" * 20  # nothing happens there
    known = {"chainId": SCOPE.chain_id, "contracts": contracts}
    with database.session() as session:
        session.add(Deployment(chain_id=SCOPE.chain_id, ledger=SCOPE.ledger, json=known, start_block=1))
        session.commit()
    settings = Settings(_env_file=None, rpc_url="http://127.0.0.1:9", finality="immediate")
    with TestClient(create_app(settings, database), raise_server_exceptions=False) as client:
        yield client


def operations(client: TestClient) -> list[str]:
    """The paths of all operations that answer as of a block."""
    paths = client.get("/openapi.json").json()["paths"]
    found = []
    for path, methods in paths.items():
        takes = methods.get("get", {}).get("parameters", [])
        asks_more = any(
            each["required"] for each in takes if each["in"] == "query"
        )  # what changed since when
        if "block" in {each["name"] for each in takes} and not asks_more:
            found.append(path)
    return found


def answers(client: TestClient, known: Mapping[str, list[bytes]], **query: Any) -> Answers:
    """What each of the operations answers about each of these things."""
    found = {}
    for operation in operations(client):
        paths = [operation]
        for name, things in known.items():
            paths = [path.replace(f"{{{name}}}", "0x" + thing.hex()) for path in paths for thing in things]
        for path in dict.fromkeys(paths):
            answer = client.get(path, params=query)
            found[path] = (answer.status_code, answer.json())
    return found


def after_each_kind(history: History) -> list[int]:
    """A few blocks of which each has entries of kinds that the others do not have, and together all kinds."""
    kinds = {
        number: {decode(SCOPE.kinds[log.contract], log.topics, log.data).name for log in block.logs}
        for number, block in enumerate(history.blocks, 1)
    }
    missing, chosen = set(EVENTS), []
    while missing:
        best = max(kinds, key=lambda number: len(kinds[number] & missing))
        assert kinds[best] & missing, f"{missing} never happened; take another seed"
        missing -= kinds[best]
        chosen.append(best)
    return sorted(chosen)


def test_what_came_later_is_told_by_no_answer_as_of_a_block(client: TestClient, database: Database) -> None:
    history = History(Random(50), clock)
    history.grow(200)
    said: dict[int, Answers] = {}
    paid = Counter(agreement for agreement, *_ in history.contracts.payments)
    known = {"agreement": [paid.most_common(1)[0][0]], "address": ACCOUNTS[:2]}
    with writing(database, SCOPE.chain_id, SCOPE.ledger, wait=False, waiting=lambda: None) as connection:
        mirror = Mirror(connection, SCOPE)
        done = 0
        for number in sorted({*after_each_kind(history), len(history.blocks)}):
            mirror.apply(checked(SCOPE, history.batch(done + 1, number), mirror.journals), 0)
            said[number] = answers(client, known)
            done = number
    for number, then in said.items():
        now = answers(client, known, block=number)
        for path, answer in then.items():
            assert answer[0] in (200, 404), (path, answer)
            assert list(differences(now[path][1], answer[1])) == [], (number, path)
            assert now[path] == answer
    assert_everything_happened(said.values())


def differences(now: Any, then: Any, place: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Where two answers differ, and what each of them says there."""
    if isinstance(now, dict) and isinstance(then, dict) and now.keys() == then.keys():
        for key in now:
            yield from differences(now[key], then[key], f"{place}.{key}")
    elif isinstance(now, list) and isinstance(then, list) and len(now) == len(then):
        for number, (one, other) in enumerate(zip(now, then, strict=True)):
            yield from differences(one, other, f"{place}.{number}")
    elif now != then:
        yield place, now, then


def assert_everything_happened(said: Iterable[Answers]) -> None:
    """Or the test would prove little."""
    changes, reasons = set(), set()
    for path, (status, body) in (each for answers in said for each in answers.items()):
        if status == 200 and path.endswith("/payments"):
            for payment in body["payments"]:
                changes |= {change["change"] for change in payment["changes"]}
                reasons.add(payment["because"]["code"])
    assert changes >= {"disputed", "ruled"}, changes
    assert "DISPUTE" in reasons, reasons
