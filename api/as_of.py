"""The block that an answer is about: which one was asked for, and how sure it is."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any

import orjson
from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, Field

from api.chain_head import ChainHead
from api.identifiers import EXAMPLE_ID, Id, parse_address
from api.problems import (
    ADDRESS_INVALID,
    BLOCK_UNKNOWN,
    DEPLOYMENT_AMBIGUOUS,
    DEPLOYMENT_UNKNOWN,
    MIRROR_EMPTY,
    MIRROR_OF_ANOTHER_VERSION,
    Problem,
)
from api.reader_choice import Asked, ask_newest, open_reading
from api.session import Doors, doors_of
from api.stands_at import SILENT_FOR, AtLeast
from api.whole_numbers import Whole
from ledger.chain.deployment import load
from ledger.read.asking import ask
from ledger.store.projections import TablesOfAnotherVersion
from ledger.store.reading import (
    AsOf,
    BlockUnknown,
    DeploymentAmbiguous,
    DeploymentUnknown,
    Reading,
    deployments,
    snapshot,
)
from ledger.store.standing import Standing
from ledger.terms.contracts import REVENUE


class Finality(StrEnum):
    """Whether another block can still take its place, by the finality of this deployment."""

    FINAL = "final"
    PENDING = "pending"
    UNKNOWN = "unknown"


class AsOfBlock(BaseModel):
    """The block up to and with which the answer holds."""

    number: int = Field(examples=[182])
    hash: Id = Field(examples=[EXAMPLE_ID])
    timestamp: int = Field(description="seconds since 1970", examples=[1_763_776_800])
    finality: Finality = Field(
        description="final; pending: a reorganisation could still replace it; unknown: the node is silent"
    )
    times_verified: bool = Field(
        description="whether the times of this block and of all before it are verified: their hashes stand "
        "for them. false: some are a node's word alone, and so is what depends on when something happened"
    )
    stale: bool = Field(
        default=False,
        description="the node is silent: whether more has happened on the chain since is not known. "
        f"`{SILENT_FOR}` says for how many seconds it has been",
    )


class Answer(BaseModel):
    """What every answer carries."""

    as_of_block: AsOfBlock


@dataclass(frozen=True)
class Once:
    """The rows of an answer's only question, and what they are as of."""

    rows: Sequence[Any]
    of: Standing | Reading
    as_of_block: AsOfBlock

    def json(self, **members: Any) -> Response:
        """The answer, whose members are JSON already, as its schema has them."""
        as_of_block = self.as_of_block.model_dump(mode="json")
        return Response(orjson.dumps({"as_of_block": as_of_block, **members}), media_type="application/json")


class Answering:
    """What one request is answered from. Its reading is opened when it is first asked for, by the thread that
    answers, which closes it (`api.reading_route`).
    """

    def __init__(
        self,
        request: Request,
        doors: Doors,
        deployment: str | None = None,
        block: int | None = None,
        at_least: int | None = None,
        *,
        primary_only: bool = False,
    ) -> None:
        self.doors = doors
        self._request = request
        self._wanted = (deployment, block, -1 if at_least is None else at_least)
        self._primary_only = primary_only
        self._open = ExitStack()

    @cached_property
    def reading(self) -> Reading:
        """The deployment asked for as of the block asked for. Raises ``Problem`` when there is none."""
        with self._in_words():
            return self._open.enter_context(
                open_reading(self.doors, self._asked, self._request, primary_only=self._primary_only)
            )

    def ask_once(self, question: str, **given: Any) -> Once:
        """The rows of a question that is the only one of this answer, and what they are as of: in one trip
        where nothing stands against it. It must take the time from ``asking.NOW``.
        """
        if not (self._primary_only or "reading" in self.__dict__):
            with self._in_words():
                found = ask_newest(self.doors, self._asked, self._request, question, given)
            if found is not None:
                as_of = found.standing.as_of
                return Once(
                    found.rows, found.standing, block_of(as_of, found.standing.all_verified, self.doors)
                )
        rows = ask(self.reading, question, **given)
        return Once(rows, self.reading, self.as_of_block())

    def close(self) -> None:
        """Gives back the connection to the database."""
        self._open.close()

    def as_of_block(self) -> AsOfBlock:
        """The block that this answer is about."""
        return block_of(self.reading.as_of, self.reading.times_verified, self.doors)

    @cached_property
    def _asked(self) -> Asked:
        deployment, block, at_least = self._wanted
        return Asked(*_named(self.doors, deployment), block, at_least)

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        with _in_words(self.doors, self._wanted[0]):
            yield


def block_of(as_of: AsOf, times_verified: bool, doors: Doors) -> AsOfBlock:
    """The block that something is as of."""
    head = doors.head.look()
    return AsOfBlock(
        number=as_of.number,
        hash=as_of.hash,
        timestamp=as_of.timestamp,
        finality=finality(doors.settings.finality, as_of.number, head),
        stale=is_stale(head),
        times_verified=times_verified,
    )


def finality(rule: str, number: int, head: ChainHead | None) -> Finality:
    """By the setting: ``immediate``, ``finalized`` (the node's word), or a number of blocks on top.

    What was final when the node spoke last still is; of the rest a silent node says nothing.
    """
    if rule == "immediate":
        return Finality.FINAL
    if head is None:
        return Finality.UNKNOWN
    final = head.finalized if rule == "finalized" else head.number - int(rule)
    if final is not None and number <= final:
        return Finality.FINAL
    return Finality.UNKNOWN if head.age else Finality.PENDING


def is_stale(head: ChainHead | None) -> bool:
    """Whether the node is silent, so that nobody knows what has happened since."""
    return head is None or head.age > 0


_Deployment = Annotated[
    str | None,
    Query(
        description="Which deployment, when the mirror follows several: the address of its RevenueLedger, or "
        "`<chain id>:<address>`.",
        examples=["31337:0xDc64a140Aa3E981100a9becA4E685f962f0cF6C9"],
    ),
]
_Block = Annotated[
    Whole | None,
    Query(
        ge=0,
        lt=2**63,
        description="Answer as of this block, which must carry an entry; the newest when left out.",
    ),
]


async def answering_now(
    request: Request, deployment: _Deployment = None, at_least: AtLeast = None
) -> Answering:
    """From the deployment asked for as of the newest mirrored block."""
    return Answering(request, doors_of(request), deployment, None, at_least)


async def answering_as_of(
    request: Request,
    deployment: _Deployment = None,
    block: _Block = None,
    at_least: AtLeast = None,
) -> Answering:
    """From the deployment asked for as of the block asked for."""
    return Answering(request, doors_of(request), deployment, block, at_least)


async def answering_on_the_primary(request: Request, deployment: _Deployment = None) -> Answering:
    """From the deployment asked for as of the newest mirrored block, from where it is written."""
    return Answering(request, doors_of(request), deployment, primary_only=True)


Now = Annotated[Answering, Depends(answering_now)]
"""For operations that answer about the newest block only."""
AsOfAsked = Annotated[Answering, Depends(answering_as_of)]
"""For operations that answer about any block that carries an entry."""
OnThePrimary = Annotated[Answering, Depends(answering_on_the_primary)]
"""For operations that answer about the mirror itself, not about what is in it."""


@contextmanager
def _in_words(doors: Doors, deployment: str | None) -> Iterator[None]:
    """Makes problems of what cannot be read."""
    try:
        yield
    except DeploymentAmbiguous as error:
        raise Problem(DEPLOYMENT_AMBIGUOUS, error.what, field="deployment", hint=error.hint) from error
    except DeploymentUnknown as error:
        with snapshot(doors.database) as session:
            is_empty = not deployments(session)
        if is_empty or deployment is None:
            raise Problem(MIRROR_EMPTY, error.what, hint=error.hint) from error
        raise Problem(DEPLOYMENT_UNKNOWN, error.what, field="deployment", hint=error.hint) from error
    except TablesOfAnotherVersion as error:
        raise Problem(MIRROR_OF_ANOTHER_VERSION, error.what, hint=error.hint) from error
    except BlockUnknown as error:
        raise Problem(
            BLOCK_UNKNOWN, error.what, field="block", hint=error.hint, nearest=error.nearest
        ) from error


def _named(doors: Doors, deployment: str | None) -> tuple[int | None, bytes | None]:
    """Chain and ledger of the deployment that the request names, else of the one that the settings name."""
    if deployment is None:
        if doors.settings.deployment is None:
            return None, None
        named = load(doors.settings.deployment)
        return named.chain_id, parse_address(named.address(REVENUE))
    chain, _, address = deployment.rpartition(":")
    try:
        if chain and not (chain.isascii() and chain.isdecimal() and len(chain) < 20):
            raise ValueError(f"expected a chain id, got {chain}")
        return int(chain) if chain else None, parse_address(address)
    except ValueError:
        raise Problem(
            ADDRESS_INVALID,
            f"deployment: {deployment!r} names no deployment.",
            field="deployment",
            hint="Give the address of its RevenueLedger, or <chain id>:<address>.",
        ) from None
