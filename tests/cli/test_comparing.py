"""`pledger checkpoint sign` and `pledger compare`: two mirrors, one of them tampered with."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ledger_world import Agreement, World
from pledger_main import Done, Run, runner
from serving import served
from sqlalchemy import update

from ledger.chain import anvil as local_chain
from ledger.chain.deploy import Consortium, deploy
from ledger.chain.sender import Sender
from ledger.indexer.run import indexing
from ledger.journal.heads import entry_hash, next_head
from ledger.store.database import Database
from ledger.store.tables import Book, Entry

KEYS = ["0x" + digit * 64 for digit in "ab"]


class Operators:
    """Two operators with a mirror each, of one chain."""

    def __init__(self, world: World, databases: list[Database], pledger: Run, home: Path) -> None:
        self.world, self.databases, self.pledger, self.home = world, databases, pledger, home
        self.vendor, self.agency = world.partner("Vendor"), world.partner("Agency")
        self.agreement: Agreement = world.agreement([self.vendor, self.agency])
        self.pay(12)

    def pay(self, times: int) -> None:
        for amount in range(1, times + 1):
            self.world.pay(self.vendor, self.agreement, amount)

    def url(self, of: int) -> str:
        return self.databases[of].url.render_as_string(hide_password=False)

    def sign(self, of: int, name: str = "") -> Path:
        """Mirrors the chain as it is now, and signs."""
        self.index(of)
        return self.sign_as_is(of, name)

    def index(self, of: int) -> None:
        world = self.world
        with indexing(self.databases[of], world.node, world.deployment, finality="immediate") as indexer:
            indexer.catch_up()

    def sign_as_is(self, of: int, name: str = "") -> Path:
        path = self.home / (name or f"{of}.json")
        done = self.pledger(
            "checkpoint",
            "sign",
            "-o",
            str(path),
            PLEDGER_DATABASE_URL=self.url(of),
            PLEDGER_PRIVATE_KEY=KEYS[of],
        )
        assert done.code == 0, done
        return path

    def tamper(self, seq: int, **values: Any) -> None:
        """In the second mirror."""
        with self.databases[1].session() as session:
            session.execute(
                update(Entry)
                .where(Entry.seq == seq, Entry.contract == bytes.fromhex(self.world.ledger.address[2:]))
                .values(**values)
            )
            session.commit()

    def forge(self, seq: int) -> None:
        """Makes a payment one of 7, and all heads after it anew: the second mirror's journal is unbroken."""
        address = bytes.fromhex(self.world.ledger.address[2:])
        with self.databases[1].session() as session:
            rows = session.query(Entry).where(Entry.contract == address).order_by(Entry.seq).all()
            head = bytes(24)
            for row in rows:
                position = len(row.data) - 64
                if row.seq == seq:
                    row.data = row.data[:95] + b"\7" + row.data[96:]
                row.entry_hash = entry_hash(address, row.topics, row.data, position)
                head = next_head(head, row.seq, row.entry_hash)
                row.head, row.data = head, row.data[:-32] + head.ljust(32, b"\0")
            session.commit()


@pytest.fixture
def pledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return runner(monkeypatch, capsys, tmp_path)


@pytest.fixture
def operators(
    world: World, database: Database, other_database: Database, pledger: Run, tmp_path: Path
) -> Operators:
    return Operators(world, [database, other_database], pledger, tmp_path)


@pytest.fixture
def apis(operators: Operators) -> Iterator[Callable[[], list[str]]]:
    """The URLs of both operators' APIs."""
    with served(operators.databases, operators.world.node.url) as urls:
        yield lambda: urls


def verdict(done: Done) -> str:
    return done.out.splitlines()[-1]


def test_two_true_mirrors_agree_at_the_same_block_and_at_two(operators: Operators, pledger: Run) -> None:
    files = [str(operators.sign(0)), str(operators.sign(1))]
    assert (
        json.loads(Path(files[0]).read_text())["digest"] == json.loads(Path(files[1]).read_text())["digest"]
    )
    done = pledger("compare", *files)
    assert (done.code, "verdict: agreement in " in done.out, "were not compared" in done.out) == (
        0,
        True,
        False,
    )
    block = json.loads(Path(files[0]).read_text())["block"]["number"]
    operators.pay(3)
    later = str(operators.sign(1))
    for places in ((files[0], operators.url(1)), (operators.url(1), operators.url(0))):
        done = pledger("compare", *places)
        assert done.code == 0, done
        assert verdict(done).endswith(
            f"up to block {block}; the digests are of different blocks, and were not compared"
        )
    own = pledger("compare", "mirror", files[0], PLEDGER_DATABASE_URL=operators.url(1))
    assert (own.code, own.out.startswith("mirror: block ")) == (0, True), own
    done = pledger("compare", files[0], later)
    assert (done.code, f"{later} is a file: it does not show entry 12 of RevenueLedger" in done.err) == (
        2,
        True,
    )


def test_a_forged_entry_is_found_through_the_apis(
    operators: Operators, pledger: Run, apis: Callable[[], list[str]]
) -> None:
    """Also when the other operator is further by then."""
    operators.sign(0), operators.sign(1)
    operators.forge(8)
    operators.sign_as_is(1)
    urls = apis()
    done = pledger("compare", *urls)
    assert done.code == 1
    assert verdict(done).startswith(
        f"verdict: difference: RevenueLedger entry 8: {urls[0]} has PaymentReceived"
    )
    assert "which its contents do not make" not in done.out
    operators.pay(2)
    operators.sign(0)
    assert "RevenueLedger entry 8: " in verdict(pledger("compare", urls[1], operators.url(0)))
    files = pledger("compare", operators.url(0), str(operators.home / "1.json"))
    assert (files.code, "the heads differ after entry 12" in verdict(files)) == (1, True)


def test_tampering_that_leaves_the_heads_alone_is_found_too(
    operators: Operators, pledger: Run, apis: Callable[[], list[str]]
) -> None:
    """A row beside its head, a head that no contents make, a table: each is named."""
    operators.sign(0), operators.sign(1)
    operators.tamper(5, block_timestamp=Entry.block_timestamp + 1)
    operators.tamper(9, block_timestamp=Entry.block_timestamp + 1)
    operators.sign_as_is(1)
    done = pledger("compare", *apis())
    assert verdict(done) == (
        "verdict: difference: RevenueLedger entry 5: the heads are the same, block_timestamp is not"
    )
    for seq in (5, 9):
        operators.tamper(seq, block_timestamp=Entry.block_timestamp - 1)
    with operators.databases[1].session() as session:
        session.execute(update(Book).values(received=Book.received + 1))
        session.commit()
    operators.sign_as_is(1)
    done = pledger("compare", operators.url(0), operators.url(1))
    assert (done.code, verdict(done).startswith("verdict: difference: the digests differ, 0x")) == (1, True)
    operators.tamper(12, head=b"\7" * 24)
    operators.sign_as_is(1)
    done = pledger("compare", operators.url(0), operators.url(1))
    assert "RevenueLedger entry 12: " in verdict(done) and "which its contents do not make" in verdict(done)


def test_entries_that_one_has_not_at_the_same_block_are_named(operators: Operators, pledger: Run) -> None:
    operators.sign(0)
    second = operators.sign(1)
    with operators.databases[1].session() as session:
        address = bytes.fromhex(operators.world.ledger.address[2:])
        session.query(Entry).where(Entry.contract == address, Entry.seq == 12).delete()
        session.commit()
    operators.sign_as_is(1)
    done = pledger("compare", str(second), operators.url(0))
    assert done.code == 1
    assert "RevenueLedger entry 12: " in verdict(done) and "at the same block" in verdict(done)


def test_what_cannot_be_compared_is_said_and_is_no_verdict(
    operators: Operators, pledger: Run, apis: Callable[[], list[str]]
) -> None:
    path = operators.sign(0)
    operators.index(1)
    signed = json.loads(path.read_text())

    def compared(document: Any, *options: str) -> Done:
        other = operators.home / "other.json"
        other.write_text(json.dumps(document))
        return pledger("compare", str(path), str(other), *options)

    forged = [
        {"operator": "0x" + "11" * 20},
        {"digest": "0x" + "11" * 32},
        {"block": {**signed["block"], "number": 1}},
        {"chain_id": 1},
        {
            "journals": {
                **signed["journals"],
                "DealRegistry": {**signed["journals"]["DealRegistry"], "seq": 4},
            }
        },
        {"signature": signed["signature"][:-2] + "00"},
    ]
    for change in forged:
        done = compared(signed | change)
        assert (done.code, done.out, "it is not signed by 0x" in done.err) == (2, "", True), change
    for change in ({"format": "x"}, {"journals": {}}, {"signature": 7}, {"ledger": "0x" + "11" * 20}):
        assert compared(signed | change).code == 2
    done = compared(signed, "--operator", "0x" + "22" * 20)
    assert (done.code, "none of the operators named" in done.err) == (2, True)
    assert compared(signed, "--operator", signed["operator"]).code == 0
    assert "has signed no checkpoint" in pledger("compare", str(path), apis()[1]).err
    assert "does not answer" in pledger("compare", str(path), "http://127.0.0.1:9").err
    assert "cannot be read as a checkpoint" in pledger("compare", str(path), "nowhere.json").err


@pytest.mark.parametrize("chain_id", [31_337, 4_242])
def test_another_chain_and_another_deployment_are_not_compared(
    operators: Operators, make_database_url: Callable[[], str], pledger: Run, chain_id: int
) -> None:
    ours = operators.sign(0)
    with (
        local_chain.start(options=["--chain-id", str(chain_id)]) as chain,
        Database.open(make_database_url()) as third,
    ):
        sender = Sender(chain.node, local_chain.wallet(0))
        deployed = deploy(Sender(chain.node, local_chain.wallet(5)), Consortium.of_one(sender.address))
        with indexing(third, chain.node, deployed, finality="immediate") as indexer:
            indexer.catch_up()
        theirs = operators.home / "theirs.json"
        url = third.url.render_as_string(hide_password=False)
        pledger(
            "checkpoint", "sign", "-o", str(theirs), PLEDGER_DATABASE_URL=url, PLEDGER_PRIVATE_KEY=KEYS[1]
        )
    done = pledger("compare", str(ours), str(theirs))
    said = "They are of different deployments: " if chain_id == 31_337 else " of chain 4242."
    assert (done.code, said in done.err) == (2, True)
