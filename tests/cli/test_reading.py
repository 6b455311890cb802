"""`pledger audit`, `pledger balances` and `pledger score`, run as a person runs them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from ledger_world import Partner, World
from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from api.app import create_app
from ledger.chain.deployment import save
from ledger.indexer.run import indexing
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.store.tables import Block, Entry

PLEDGER = Path(sys.executable).with_name("pledger")
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def agency(world: World, database: Database) -> Partner:
    """A partner with a paid deal and a claim, mirrored."""
    vendor, agency = world.partner("Vendor", level=1), world.partner("Agency", level=1)
    agreement = world.agreement([vendor, agency], {vendor: 3, agency: 1}, programme=world.programme(vendor))
    deal = world.won_deal(agreement, agency, "acme.example", value=1_000_000)
    world.pay(vendor, agreement, 1_000_001, deal=deal)
    world.claim(agency, agreement)
    world.pay(vendor, agreement, 4_000_000)
    with indexing(database, world.node, world.deployment, finality="immediate") as indexer:
        indexer.catch_up()
    return agency


@pytest.fixture
def pledger(world: World, new_database_url: str, tmp_path: Path) -> Run:
    """Runs a command on the test's chain and database."""
    save(world.deployment, tmp_path / "deployments" / "31337.json")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PLEDGER_")}
    env = clean | {
        "PLEDGER_RPC_URL": world.chain.rpc_url,
        "PLEDGER_DATABASE_URL": new_database_url,
        "PLEDGER_PRIVATE_KEY": "0x" + "07" * 32,
    }

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [str(PLEDGER), *arguments]
        return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120)

    return run


def test_the_audit_says_match_of_a_true_mirror_and_names_the_entry_in_a_false_one(
    agency: Partner, pledger: Run, database: Database
) -> None:
    done = pledger("audit")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("verdict: match, as of block ")
    assert "conservation       holds exactly in 1 books, made from the entries alone" in done.stdout
    assert " owes 4,750,001 (4.750001 tUSD), holds 4,750,001 (4.750001 tUSD)" in done.stdout

    with database.session() as session:
        session.execute(update(Entry).where(Entry.event == "Claimed").values(head=bytes(24)))
        session.commit()
    done = pledger("audit")
    assert done.returncode == 1
    assert "RevenueLedger      differs at entry 2" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("verdict: difference: RevenueLedger entry 2: its head is ")


def test_what_rests_on_times_that_nobody_verified_says_so(
    agency: Partner, pledger: Run, database: Database
) -> None:
    assert "unverified" not in pledger("score", agency.account).stdout
    with database.session() as session:
        session.execute(update(Block).where(Block.carries).values(verified=False))
        session.commit()
    commands = (("score", agency.account), ("balances", agency.account), ("checkpoint", "sign", "-o", "own"))
    for command in commands:
        assert "of times that are unverified" in pledger(*command).stdout.splitlines()[0], command
    done = pledger("status")
    assert "blocks are unverified, from block" in done.stdout


def test_balances_and_score_of_a_partner(agency: Partner, pledger: Run) -> None:
    done = pledger("balances", agency.account.lower())
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(agency.account)
    words = done.stdout.splitlines()[-1].split()
    assert words == ["in", "all", "1.25", "tUSD", "0.25", "tUSD", "1.00", "tUSD"]

    done = pledger("score", agency.account)
    assert done.returncode == 0, done.stderr
    assert "score 239  partnership-score/3  inputs 0x" in done.stdout
    assert "settled_on_time" in done.stdout
    assert pledger("reputation", "explain", agency.account).stdout == done.stdout

    assert "is a payee of no agreement" in pledger("balances", "0x" + "ab" * 20).stdout


def test_a_published_score_is_computed_again_and_compared(
    world: World, agency: Partner, pledger: Run, database: Database, tmp_path: Path
) -> None:
    listed = pledger("reputation", "list").stdout
    assert "2 of 2 scores as of block" in listed and agency.account in listed
    settings = Settings(_env_file=None, rpc_url=world.node.url, finality="immediate")
    with TestClient(create_app(settings, database)) as client:
        score = client.get(f"/v1/partners/{agency.account}/reputation").json()
    block, saved = score["as_of_block"]["number"], tmp_path / "score.json"
    for field, value, said in (
        ("score", 239, "verdict: match: the score of " + agency.account),
        ("score", 240, "differs: the score: expected 239, got 240"),
        ("inputs_hash", "0x" + "00" * 32, "differs: the hash of its inputs: expected 0x"),
        ("inputs_hash", "0x12", "error: Expected a score as the API gives it, got something else"),
    ):
        saved.write_text(json.dumps(score | {field: value}))
        done = pledger("reputation", "verify", str(saved))
        assert said in done.stdout + done.stderr
        assert done.returncode == (0 if said.startswith("verdict: match") else 1)
    with database.session() as session:
        before = session.scalar(select(func.max(Entry.block_number)).where(Entry.block_number < block))
    lines = pledger("reputation", "compare", "Agency", "--since", str(before)).stdout.splitlines()
    assert [line.split()[-1] for line in lines[2:]] == ["239", "+0", "+0", "239"]
    refused = pledger("reputation", "compare", "Agency", "--since", str(block + 1)).stderr
    assert refused.startswith(f"error: Expected an earlier block than {block}, got {block + 1}.")


def test_a_partner_is_known_by_its_name_while_no_other_is_like_it(
    world: World, agency: Partner, pledger: Run, database: Database
) -> None:
    assert "claimable" in pledger("balances", " AGENCY ").stdout
    for command, text, said in (
        ("balances", "acme", "error: No partner is registered as 'acme', as of block "),
        ("score", "0x12", "error: '0x12' is not an address."),
        ("balances", "Аgency", "'Аgency' is nobody's name, but like: 'Agency' " + agency.account),  # noqa: RUF001 - a Cyrillic A
    ):
        done = pledger(command, text)
        assert done.returncode == 1 and said in done.stderr.splitlines()[0], done.stderr
    twin = world.partner("\x1b[31m\N{CYRILLIC SMALL LETTER A}gency")
    with indexing(database, world.node, world.deployment, finality="immediate") as indexer:
        indexer.catch_up()
    assert "claimable" in pledger("balances", "Agency").stdout  # `[31m` looks like no name
    world.partner("\N{CYRILLIC SMALL LETTER A}gency")
    with indexing(database, world.node, world.deployment, finality="immediate") as indexer:
        indexer.catch_up()
    refused = pledger("balances", "Agency").stderr.splitlines()[0]
    assert "or like others': " in refused and "'Agency' " + agency.account in refused
    assert "claimable" in pledger("balances", agency.account).stdout
    assert twin.account not in refused and "\x1b" not in refused


def test_agreements_and_deals_are_listed_by_partner_and_state(
    world: World, agency: Partner, pledger: Run, database: Database
) -> None:
    third = world.partner("\x1b[2JThird")
    alone = world.agreement([third])
    with indexing(database, world.node, world.deployment, finality="immediate") as indexer:
        indexer.catch_up()
    shown = pledger("agreement", "list")
    assert shown.stdout.startswith("agreements as of block ") and "\x1b" not in shown.stdout
    first, second = [line for line in shown.stdout.splitlines() if line.strip().startswith("0x")]
    assert "0x" + alone.id.hex() in first and f"Third {third.account}" in first
    assert "in_force" in second and "Vendor 0x" in second and f"Agency {agency.account}" in second
    for options, count, more in (
        ((), 2, False),
        (("--partner", "agency"), 1, False),
        (("--partner", third.account, "--state", "in_force"), 1, False),
        (("--state", "ended"), 0, False),
        (("--limit", "1"), 1, True),
    ):
        found = json.loads(pledger("agreement", "list", "--json", *options).stdout)
        assert (len(found["agreements"]), found["more"]) == (count, more), options
    deals = pledger("deal", "list", "--state", "won", "--partner", "Vendor").stdout
    assert f"Agency {agency.account}" in deals and "won" in deals
    (deal,) = json.loads(pledger("deal", "list", "--partner", "agency", "--json").stdout)["deals"]
    assert (deal["partner"]["name"], deal["vendor"]["name"], deal["state"]) == ("Agency", "Vendor", "won")
    assert pledger("deal", "list", "--state", "lapsed").stdout.splitlines()[1] == "none"
    assert "No partner is registered as 'acme'" in pledger("deal", "list", "--partner", "acme").stderr
    near = pledger("deal", "list", "--partner", "agen").stderr
    assert f"Meant may be 'Agency' {agency.account}. Give the account's address" in near


def test_what_if_splits_the_same_payments_by_other_terms(
    world: World, agency: Partner, pledger: Run, database: Database, tmp_path: Path
) -> None:
    event = world.agreements.events.AgreementActivated
    (log,) = event.get_logs(from_block=0)
    agreement = "0x" + log["args"]["agreement"].hex()
    vendor = next(each for each in log["args"]["terms"]["parties"] if each != agency.account)
    other = {
        "parties": [agency.account, vendor],
        "payees": [{"account": agency.account, "weights": [str(10**18)]}],
        "tokens": [world.token.address],
    }
    path = tmp_path / "other.json"
    path.write_text(json.dumps(other))
    finished = pledger("what-if", agreement, str(path))
    assert finished.returncode == 0, finished.stderr
    line = next(line for line in finished.stdout.splitlines() if agency.account in line)
    assert "1.25 tUSD" in line
    assert "5.000001 tUSD" in line
    assert "unverified" not in finished.stdout
    with database.session() as session:
        session.execute(update(Block).where(Block.carries).values(verified=False))
        session.commit()
    assert "of times that are unverified" in pledger("what-if", agreement, str(path)).stdout.splitlines()[0]
    path.write_text("{}")
    finished = pledger("what-if", agreement, str(path))
    assert finished.returncode == 1
    assert "is not terms" in finished.stderr
