"""Who may read and do what: one table, in the code, in the docs and in what the API answers, cell by cell."""

import re
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import pytest
from eth_account import Account
from ledger_world import World
from signed_in import Visitor, sign_in
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from api.app import create_app
from api.relays.routes import RIGHTS
from ledger.actions import ACTIONS
from ledger.chain.deployment import save
from ledger.checkout import ROOT
from ledger.indexer.run import indexing
from ledger.people import members, sessions
from ledger.people.access import ACCESS, MEANING, SCOPES, Right, Role
from ledger.settings import Settings
from ledger.store.database import Database

PEOPLE = {role: Account.from_key("0x" + f"{number:02x}" * 32) for number, role in enumerate(Role, 0xA1)}
SOMEBODY = "0x" + "5e" * 20
DRAFTS = "/v1/agreements/drafts"
SIGNATURE = {"account": SOMEBODY, "nonce": "1", "deadline": "1", "signature": "0x"}

OPERATIONS: dict[Right, list[tuple[str, str, Any]]] = {
    Right.DRAFTS_READ: [("GET", f"{DRAFTS}/nothing", None), ("GET", "/drafts/nothing", None)],
    Right.DRAFTS_WRITE: [
        ("POST", DRAFTS, {"terms": {}}),
        ("POST", f"{DRAFTS}/nothing/activation", {}),
        (
            "POST",
            f"{DRAFTS}/nothing/signatures",
            {"account": SOMEBODY, "nonce": "1", "deadline": "1", "signature": "0x"},
        ),
    ],
    Right.MEMBERS_READ: [("GET", "/v1/members", None)],
    Right.MEMBERS_WRITE: [
        ("PUT", f"/v1/members/{SOMEBODY}", {"role": "read"}),
        ("DELETE", f"/v1/members/{SOMEBODY}", None),
    ],
    Right.KEYS_READ: [("GET", "/v1/keys", None)],
    Right.KEYS_WRITE: [
        ("POST", "/v1/keys", {"name": "x", "scopes": ["drafts:read"]}),
        ("DELETE", "/v1/keys/none", None),
    ],
    **{
        right: [
            ("POST", f"/v1/actions/{name}/submit", {"fields": {}})
            for name, action in ACTIONS.items()
            if RIGHTS[action.contract] is right
        ][:3]
        for right in RIGHTS.values()
    },
}


@pytest.fixture(scope="module")
def people(
    module_world: World, original: Database, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Role | None, Visitor]]:
    """An account's wallet (the owner), a member in each role, and somebody who has not signed in."""
    world = module_world
    path = tmp_path_factory.mktemp("access") / "deployment.json"
    save(world.deployment, path)
    unlimited = {"sign_ins_per_hour": 0, "drafts_per_hour": 0}
    settings = Settings(
        _env_file=None, rpc_url=world.node.url, deployment=path, finality="immediate", **unlimited
    )
    company = world.partner("Nordwind GmbH")
    with indexing(original, world.node, world.deployment, finality="immediate") as indexer:
        indexer.catch_up()
    with Visitor(create_app(settings, original), company.key) as owner:
        found: dict[Role | None, Visitor] = {None: Visitor(owner.app, None)}  # type: ignore[arg-type]
        for role, key in PEOPLE.items():
            assert (
                owner.put(f"/v1/members/{key.address}", json={"role": role, "name": role}).status_code == 200
            )
            found[role] = Visitor(owner.app, None)  # type: ignore[arg-type]
            assert sign_in(found[role], key).json()["account"] == company.account
        yield found


def answered(client: Visitor, operation: tuple[str, str, Any], **headers: str) -> Any:
    method, path, body = operation
    return client.request(method, path, json=body, headers={"Idempotency-Key": "key-0001"} | headers)


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("role", [None, *Role])
def test_each_cell_of_the_table_is_what_the_api_answers(
    people: dict[Role | None, Visitor], role: Role | None, right: Right
) -> None:
    client, allowed = people[role], role is not None and role in ACCESS[right]
    told = client.get("/v1/session").json()
    assert (right.value in told.get("rights", [])) == allowed
    for operation in OPERATIONS[right]:
        answer = answered(client, operation)
        if role is None:
            assert (answer.status_code, answer.json()["type"]) == (401, "/problems/sign-in-needed"), operation
            assert answer.headers["www-authenticate"].startswith("Bearer")
        elif not allowed:
            assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-allowed"), operation
            assert MEANING[right] in answer.json()["detail"] and role.value in answer.json()["detail"]
        else:
            assert answer.status_code not in (401, 403), (operation, answer.text)


@pytest.mark.parametrize("right", Right)
def test_a_key_may_do_what_its_scopes_say_and_nothing_else(
    people: dict[Role | None, Visitor], right: Right
) -> None:
    owner, nobody = people[Role.OWNER], people[None]
    answer = owner.post("/v1/keys", json={"name": "CRM", "scopes": [right.value]})
    if right not in SCOPES:
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/key-refused")
        return
    made = answer.json()
    machine = {"Authorization": f"Bearer {made['key']}"}
    assert nobody.get("/v1/session", headers=machine).json()["rights"] == [right.value]
    for each, operations in OPERATIONS.items():
        for operation in operations:
            refused = answered(nobody, operation, **machine).status_code in (401, 403)
            assert refused == (each is not right), operation
    assert owner.delete(f"/v1/keys/{made['id']}").json()["counts"] is False
    over = nobody.get("/v1/session", headers=machine)
    assert (over.status_code, over.json()["type"]) == (401, "/problems/key-invalid")


def test_a_key_is_shown_once_and_says_when_it_was_used(
    people: dict[Role | None, Visitor], original: Database
) -> None:
    owner, nobody = people[Role.OWNER], people[None]
    made = owner.post("/v1/keys", json={"name": " Import ", "scopes": ["drafts:read"], "days": 1}).json()
    whole, identifier = made["key"], made["id"]

    def listed() -> Any:
        body = owner.get("/v1/keys")
        assert whole not in body.text and whole.rpartition("_")[2] not in body.text
        return next(each for each in body.json()["keys"] if each["id"] == identifier)

    assert (listed()["last_used_at"], listed()["name"], listed()["counts"]) == (None, "Import", True)
    assert listed()["expires_at"] - listed()["made_at"] == 86_400
    assert nobody.get("/v1/session", headers={"Authorization": f"bearer {whole}"}).json()["key"] == identifier
    assert listed()["last_used_at"] % 60 == 0
    with original.session() as session:
        row = session.execute(text("SELECT row_to_json(k)::text FROM app.api_key k")).scalars().all()
        assert not any(whole.rpartition("_")[2] in each for each in row)
        session.execute(text("UPDATE app.api_key SET expires_at = 1 WHERE id = :id"), {"id": identifier})
        session.commit()
    other = owner.post("/v1/keys", json={"name": "Other", "scopes": ["drafts:read"]}).json()["key"]
    crossed = f"pledger_{other.split('_')[1]}_{whole.split('_')[2]}"
    for key in (whole, crossed, other[:-1], other + "0", other.upper(), "pledger_", "x", f"{other}\u00a0"):
        answer = nobody.get("/v1/session", headers={b"Authorization": f"Bearer {key}".encode("latin-1")})
        assert (answer.status_code, answer.json()["type"]) == (401, "/problems/key-invalid"), key
    assert nobody.get("/v1/session", headers={"Authorization": f"Basic {other}"}).status_code == 401
    for days in (0, 367, "9", 1.5, True):
        wrong = {"name": "x", "scopes": ["drafts:read"], "days": days}
        assert owner.post("/v1/keys", json=wrong).status_code == 422
    for scopes in ([], ["everything"], ["drafts:read", "keys:write"]):
        assert owner.post("/v1/keys", json={"name": "x", "scopes": scopes}).status_code == 422


def test_who_acts_for_several_accounts_chooses_one(people: dict[Role | None, Visitor]) -> None:
    member = people[Role.FINANCE]
    own = PEOPLE[Role.FINANCE].address
    company, alone = member.get("/v1/session").json()["accounts"][::-1]
    assert (company["name"], company["role"], alone["account"]) == ("Nordwind GmbH", "finance", own)
    turned = member.put("/v1/session/account", json={"account": own}).json()
    assert (turned["account"], turned["role"]) == (own, "owner")
    assert (
        member.put("/v1/session/account", json={"account": SOMEBODY}).json()["type"]
        == "/problems/not-allowed"
    )
    back = member.put("/v1/session/account", json={"account": company["account"]}).json()
    assert (back["account"], back["role"]) == (company["account"], "finance")


def test_a_member_put_out_in_the_middle_of_a_request_is_too_late_or_too_early(
    people: dict[Role | None, Visitor], original: Database
) -> None:
    owner, key = people[Role.OWNER], Account.from_key("0x" + "b7" * 32)
    owner.put(f"/v1/members/{key.address}", json={"role": "deals", "name": "Kim"})
    kim = Visitor(owner.app, None)  # type: ignore[arg-type]
    assert sign_in(kim, key).status_code == 201
    token, raw = kim.cookies["pledger_session"], bytes.fromhex(key.address[2:])
    with original.session() as working:
        found = sessions.find(working, token, 0, lock=True)  # as every write does, before anything else
        assert found is not None
        with original.session() as removing:
            removing.execute(text("SET LOCAL lock_timeout = '50ms'"))
            with pytest.raises(OperationalError, match="lock timeout"):
                members.put_out(removing, found.place, found.account, raw)
        answers: list[int] = []
        put_out: Callable[[], None] = lambda: answers.append(  # noqa: E731 - what the other thread does
            owner.delete(f"/v1/members/{key.address}").status_code
        )
        other = Thread(target=put_out)
        other.start()
        working.rollback()
        other.join(30)
    assert answers == [200]
    assert kim.post(DRAFTS, json={"terms": {}}).status_code == 401
    assert kim.get("/v1/session").status_code == 401


def test_the_docs_show_the_table() -> None:
    rows = re.findall(r"^\| `([a-z:]+)` \| (.+?) \|$", (ROOT / "docs/access.md").read_text(), re.M)
    shown = {right: cells.split(" | ") for right, cells in rows}
    yes = {True: "yes", False: "no"}
    assert shown == {
        right.value: [
            MEANING[right],
            *(yes[role in ACCESS[right]] for role in Role),
            yes[right in SCOPES],
        ]
        for right in Right
    }
