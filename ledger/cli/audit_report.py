"""What an audit found: in lines that a person reads, and as a document for machines."""

from collections.abc import Iterator, Mapping
from typing import Any

from ledger.accounting.tokens import TokenNote
from ledger.audit.places import PlacesVerdict
from ledger.audit.powers import PowersVerdict
from ledger.audit.verdict import Verdict
from ledger.cli.partner_names import visible
from ledger.indexer.tables_check import TablesCheck

_NAME_WIDTH = 18


def verdict_line(verdict: Verdict, tables: TablesCheck | None = None) -> str:
    """The whole verdict in one line."""
    difference = first_difference(verdict, tables)
    if difference is None:
        word = "match" if verdict.is_verified else "unverified, and no difference"
        return f"verdict: {word}, as of block {verdict.block} (0x{verdict.block_hash.hex()})"
    return f"verdict: difference: {difference}"


def first_difference(verdict: Verdict, tables: TablesCheck | None) -> str | None:
    """In words; None when there is none."""
    return verdict.first_difference or (tables.unlike if tables is not None else None)


def report(
    verdict: Verdict, tables: TablesCheck | None = None, notes: Mapping[str, TokenNote] | None = None
) -> Iterator[str]:
    """Every journal, the money, every token, the tables when they were compared, and the verdict last.

    ``notes``: what tokens say of themselves, by address; amounts are in base units, whatever they say.
    """
    for each in verdict.journals:
        name = each.contract.ljust(_NAME_WIDTH)
        if each.difference is None:
            yield f"{name} {each.seq:>7,} entries, head 0x{each.head.hex()} = the contract's"
        else:
            yield f"{name} differs at entry {each.difference.seq}: {each.difference.why}"
    money = verdict.money
    source = "made from the entries alone" if money.replayed else "as the mirror adds them up"
    if money.conserved:
        yield f"{'conservation'.ljust(_NAME_WIDTH)} holds exactly in {money.books} books, {source}"
    else:
        yield f"{'conservation'.ljust(_NAME_WIDTH)} broken: {money.violation or money.unlike}"
    for token in verdict.tokens:
        note = (notes or {}).get(token.token)
        held = "does not say what the ledger holds"
        if token.held is not None:
            held = f"holds {_amount(note, token.held)}"
        mark = "" if token.covered else "  SHORTFALL"
        owed = _amount(note, token.owed)
        yield f"{'token'.ljust(_NAME_WIDTH)} {token.token} owes {owed}, {held}{mark}"
        parts = ", ".join(f"{amount:,} {name}" for name, amount in token.parts.items() if amount)
        yield f"{''.ljust(_NAME_WIDTH)} {parts or 'nothing received'}"
    yield from _powers(verdict.powers)
    if verdict.places is not None:
        yield from _places(verdict.places)
    if tables is not None:
        said = tables.unlike or f"{tables.tables} hold what the entries make, digest {tables.digest}"
        yield f"{'tables'.ljust(_NAME_WIDTH)} {said}"
    yield verdict_line(verdict, tables)


def _amount(note: TokenNote | None, units: int) -> str:
    shown = None if note is None else note.display(units)
    return f"{units:,}" if shown is None else f"{units:,} ({visible(shown)})"


def _powers(found: PowersVerdict) -> Iterator[str]:
    name = "powers".ljust(_NAME_WIDTH)
    if found.difference is not None:
        yield f"{name} differ: {found.difference}"
        return
    yield f"{name} {found.changes:,} changes make what the access manager stores"
    if found.proved is not None:
        yield f"{''.ljust(_NAME_WIDTH)} none is missing: {found.proved}"
    if found.unproved is not None:
        yield f"{''.ljust(_NAME_WIDTH)} UNVERIFIED that none is missing: {found.unproved}"


def _places(found: PlacesVerdict) -> Iterator[str]:
    name = "places".ljust(_NAME_WIDTH)
    proved = found.blocks - sum(each.blocks for each in found.unverified)
    if found.misplaced is None:
        yield (
            f"{name} {found.entries:,} entries in {found.blocks:,} blocks stand where the chain has them; "
            f"{proved:,} blocks proved by the roots in their headers"
        )
    else:
        yield f"{name} an entry stands elsewhere on the chain"
    for each in found.unverified:
        yield (
            f"{''.ljust(_NAME_WIDTH)} UNVERIFIED: {each.entries:,} entries in {each.blocks:,} blocks, "
            f"the first {each.first:,}: {each.why}"
        )


def document(verdict: Verdict, tables: TablesCheck | None) -> dict[str, Any]:
    """Amounts in token base units, as decimal texts; ``tables`` is null when they were not compared."""
    return {
        "verdict": verdict_word(verdict, tables),
        "first_difference": first_difference(verdict, tables),
        "block": {"number": verdict.block, "hash": "0x" + verdict.block_hash.hex()},
        "journals": [
            {
                "contract": each.contract,
                "address": each.address,
                "seq": each.seq,
                "head": "0x" + each.head.hex(),
                "chain_seq": each.chain_seq,
                "chain_head": "0x" + each.chain_head.hex(),
                "recomputed_after": each.recomputed_after,
            }
            for each in verdict.journals
        ],
        "books": verdict.money.books,
        "replayed": verdict.money.replayed,
        "tokens": [
            {
                "token": each.token,
                **{name: str(amount) for name, amount in each.parts.items()},
                "owed": str(each.owed),
                "held_by_ledger": None if each.held is None else str(each.held),
                "covered": each.covered,
            }
            for each in verdict.tokens
        ],
        "powers": {
            "changes": verdict.powers.changes,
            "difference": verdict.powers.difference,
            "proved": verdict.powers.proved,
            "unproved": verdict.powers.unproved,
        },
        "places": None if verdict.places is None else _places_document(verdict.places),
        "tables": None if tables is None else {"digest": tables.digest, "unlike": tables.unlike},
    }


def verdict_word(verdict: Verdict, tables: TablesCheck | None) -> str:
    """``match``, ``difference`` or ``unverified``."""
    if first_difference(verdict, tables) is not None:
        return "difference"
    return "match" if verdict.is_verified else "unverified"


def _places_document(found: PlacesVerdict) -> dict[str, Any]:
    return {
        "blocks": found.blocks,
        "first_block": found.first,
        "last_block": found.last,
        "entries": found.entries,
        "unverified": [
            {"why": each.why, "blocks": each.blocks, "entries": each.entries, "first_block": each.first}
            for each in found.unverified
        ],
    }
