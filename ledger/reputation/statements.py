"""The statements that gather evidence: put together once, and asked of any reading.

They are large, and to put one together takes SQLAlchemy thirty times as long as PostgreSQL takes to answer it
for most partners. So they are made for a reading whose block, contracts and accounts have names, not values.
"""

from collections.abc import Collection, Mapping, Sequence
from enum import Enum, StrEnum
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    CTE,
    BigInteger,
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Dialect,
    Select,
    all_,
    any_,
    bindparam,
    desc,
    func,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import LargeBinary, TypeEngine

from ledger.reputation.attested import valid
from ledger.reputation.configuration import DAY, Configuration
from ledger.reputation.deadlines import overdue_decisions, unused_exclusivity
from ledger.reputation.evidence import Kind
from ledger.reputation.kept_as_of import touched_beside_kept
from ledger.reputation.reviews import reviews
from ledger.reputation.rulings import rulings
from ledger.reputation.scope import (
    ACCOUNTS,
    DEALS,
    PROGRAMMES,
    Scope,
    Which,
    asked_accounts,
    asked_deals,
    number_of,
)
from ledger.reputation.settlements import of_settlements, settlements
from ledger.store.asked import ask
from ledger.store.copied_out import columns_of
from ledger.store.reading import AsOf, Reading
from ledger.store.tables import Evidence, Programme
from ledger.terms.contracts import JOURNALS

_DIALECT: Dialect = postgresql.psycopg.dialect()  # type: ignore[no-untyped-call]  # as SQLAlchemy has it
_SETTLED = tuple(number_of(kind) for kind in (Kind.SETTLED_ON_TIME, Kind.SETTLED_LATE))


class _Kept(Enum):
    """How much of the evidence is kept."""

    ALL = "all"
    BUT_FOR_DEALS = "but for deals"
    NOT = "not"


class Wanted(StrEnum):
    """What is asked of the evidence."""

    COUNTS = "counts"
    """How many there are of each kind by account, counterparty, side, rating and day."""
    EVENTS = "events"
    """Each event, the oldest first."""
    PAGE = "page"
    """``limit`` events before the place ``before_at``, ``before_contract``, …, the newest first, and of each
    its place (``among``, from 0) among those that are alike.
    """
    PAIRS = "pairs"
    """Settled deals by counterparty and account."""


def rows(
    reading: Reading,
    wanted: Wanted,
    accounts: Collection[bytes] | None,
    configuration: Configuration,
    **given: Any,
) -> Sequence[Any]:
    """The evidence of these accounts, or of all where they are None."""
    text, values = _asked(reading, wanted, accounts, configuration)
    return ask(reading.session.connection(), (text, {**values, **given}))


def columns(
    reading: Reading,
    wanted: Wanted,
    accounts: Collection[bytes] | None,
    configuration: Configuration,
    types: Mapping[str, str],
) -> dict[str, Any]:
    """The same by columns: see ``columns_of``."""
    text, values = _asked(reading, wanted, accounts, configuration)
    return columns_of(reading.session, text, values, types)


def of_deals(configuration: Configuration, *, some: bool) -> tuple[str, Mapping[str, Any]]:
    """The evidence of all deals, or of those given as ``DEALS``, from when on each counts, as the newest
    block has it; and the values of its constants.
    """
    which = Which.OF_DEALS if some else Which.ALL
    return _compiled(select(_lasting(Scope(_named(newest=True), which), configuration).subquery()))


def day_of(at: ColumnElement[int]) -> ColumnElement[int]:
    """The number of a time's day in UTC."""
    return at // DAY


def _asked(
    reading: Reading, wanted: Wanted, accounts: Collection[bytes] | None, configuration: Configuration
) -> tuple[str, dict[str, Any]]:
    """The statement and its values, but for those that a page needs besides."""
    touched = touched_beside_kept(reading) if configuration == Configuration() else None
    kept = _Kept.NOT if touched is None else _Kept.BUT_FOR_DEALS if touched else _Kept.ALL
    text, constants = _statement(wanted, reading.newest, accounts is not None, kept, configuration)
    values = {**constants, **values_of(reading), DEALS: touched or []}
    if accounts is not None:
        values[ACCOUNTS] = list(accounts)
        if touched is None:
            # Asked for apart: a subquery within "or" would keep PostgreSQL from both sides' indexes.
            owned = reading.session.scalars(
                select(Programme.programme).where(
                    reading.seen(Programme, "AgreementRegistry"), Programme.owner.in_(accounts)
                )
            )
            values[PROGRAMMES] = list(owned)
    return text, values


@cache
def _statement(
    wanted: Wanted, newest: bool, some: bool, kept: "_Kept", configuration: Configuration
) -> tuple[str, Mapping[str, Any]]:
    reading = _named(newest)
    match kept:
        case _Kept.ALL:
            lasting: Select[Any] | CompoundSelect[Any] = _kept(reading, some)
        case _Kept.BUT_FOR_DEALS:
            of_those = _lasting(Scope(reading, Which.OF_DEALS), configuration).subquery()
            anew = select(of_those)
            if some:
                anew = anew.where(of_those.c.account == any_(asked_accounts()))
            others = _kept(reading, some).where(Evidence.deal != all_(asked_deals()))
            lasting = union_all(others, anew)
        case _Kept.NOT:
            lasting = _lasting(Scope(reading, Which.OF_ACCOUNTS if some else Which.ALL), configuration)
    return _compiled(_question(wanted, _counting(reading, lasting)))


def _compiled(question: Select[Any]) -> tuple[str, Mapping[str, Any]]:
    """As psycopg takes it, with the values of its constants."""
    compiled = question.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    return str(compiled), {name: value for name, value in compiled.params.items() if value is not None}


def _lasting(scope: Scope, configuration: Configuration) -> CompoundSelect[Any]:
    """A row for everything that speaks for or against the accounts, or anyone, at any time."""
    settlement = settlements(scope)
    return union_all(
        *of_settlements(scope, settlement, configuration),
        reviews(scope, settlement),
        *rulings(scope),
        overdue_decisions(scope),
        unused_exclusivity(scope),
    )


def _kept(reading: Reading, some: bool) -> Select[Any]:
    """The same, as the indexer has kept it."""
    columns = (
        Evidence.account,
        Evidence.counterparty,
        Evidence.kind,
        Evidence.as_owner,
        Evidence.rating,
        Evidence.at,
        Evidence.journal.label("contract"),
        Evidence.entry.label("seq"),
        Evidence.position,
        Evidence.deal,
        Evidence.since,
        Evidence.until,
        Evidence.arbiter,
    )
    own = (Evidence.chain_id == reading.chain_id, Evidence.deployment == reading.ledger)
    question: Select[Any] = select(*cast(Any, columns)).where(*own)
    return question.where(Evidence.account == any_(asked_accounts())) if some else question


def _counting(reading: Reading, lasting: Select[Any] | CompoundSelect[Any]) -> CTE:
    """Of these, what counts at the reading's time: see ``scope.row``."""
    every, now = lasting.subquery("lasting"), reading.as_of.timestamp
    of = every.c
    attested = valid(reading).c.account
    return (
        select(*(each for each in of if each.name not in ("since", "until", "arbiter")))
        .where(
            of.since <= now,
            or_(of.until.is_(None), of.until >= now),
            or_(of.arbiter.is_(None), of.arbiter.in_(select(attested))),
        )
        .cte("evidence")
    )


def _question(wanted: Wanted, evidence: CTE) -> Select[Any]:
    of = evidence.c
    match wanted:
        case Wanted.COUNTS:
            keys = (of.account, of.counterparty, of.kind, of.as_owner, of.rating, day_of(of.at).label("day"))
            return select(*keys, func.count().label("count")).group_by(*keys)
        case Wanted.EVENTS:
            return select(evidence).order_by(of.at, of.contract, of.seq, of.position, of.kind)
        case Wanted.PAIRS:
            pair = (of.counterparty, of.account)
            counted = select(*pair, func.count().label("count")).where(of.kind.in_(_SETTLED))
            return counted.group_by(*pair)
        case Wanted.PAGE:
            among = func.row_number().over(
                partition_by=(of.counterparty, of.kind, of.as_owner, of.rating, day_of(of.at)),
                order_by=(of.at, of.contract, of.seq, of.position),
            )
            placed = select(evidence, (among - 1).label("among")).subquery("placed")
            names = ("at", "contract", "seq", "position", "kind")
            order = [placed.c[name] for name in names]
            before = tuple_(*(_name(f"before_{name}", BigInteger()) for name in names))
            return (
                select(placed)
                .where(tuple_(*order) < before)
                .order_by(*(desc(each) for each in order))
                .limit(cast(Any, _name("limit", BigInteger())))
            )


def _named(newest: bool) -> Reading:
    """A reading of any deployment as of any block, whose values are given when it is asked."""
    now = AsOf(0, b"", cast(int, _name("now", BigInteger())), True)
    contracts = {each: cast(bytes, _name(each, LargeBinary())) for each in JOURNALS}
    chain, ledger = (
        cast(Any, _name(each, kind)) for each, kind in (("chain", BigInteger()), ("ledger", LargeBinary()))
    )
    reading = Reading(cast(Any, None), chain, ledger, contracts, {}, now, newest)
    # in place of what the property would ask the database for
    reading.__dict__["seqs"] = {each: _name(f"{each}_seq", BigInteger()) for each in JOURNALS}
    return reading


def _name(name: str, kind: TypeEngine[Any]) -> BindParameter[Any]:
    return bindparam(name, None, kind, unique=False)


def values_of(reading: Reading) -> dict[str, Any]:
    """What every statement names."""
    values: dict[str, Any] = {name: address for name, address in reading.contracts.items()}  # noqa: C416 - wider
    values |= {"chain": reading.chain_id, "ledger": reading.ledger, "now": reading.as_of.timestamp}
    if not reading.newest:
        values |= {f"{name}_seq": seq for name, seq in reading.seqs.items()}
    return values
