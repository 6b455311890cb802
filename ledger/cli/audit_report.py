"""What an audit found, in lines that a person reads."""

from collections.abc import Iterator

from ledger.audit.verdict import Verdict

_NAME_WIDTH = 18


def verdict_line(verdict: Verdict) -> str:
    """The whole verdict in one line."""
    if verdict.agrees:
        return f"verdict: match, as of block {verdict.block} (0x{verdict.block_hash.hex()})"
    return f"verdict: difference: {verdict.first_difference}"


def report(verdict: Verdict) -> Iterator[str]:
    """Every journal, the money, every token, and the verdict last."""
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
        held = "does not say what the ledger holds" if token.held is None else f"holds {token.held:,}"
        mark = "" if token.covered else "  SHORTFALL"
        yield f"{'token'.ljust(_NAME_WIDTH)} {token.token} owes {token.owed:,}, {held}{mark}"
    yield verdict_line(verdict)
