"""Every field that a wallet shows before it signs, under the wallet's own name for it, with what it means."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from api.drafts.wording import Names
from ledger.terms.agreement import OPEN_ENDED, TERMS_FIELDS, UNBOUNDED, Terms
from ledger.terms.quantities import duration, moment, percent
from ledger.terms.reasons import reason_text


@dataclass(frozen=True)
class Line:
    """One value of a field: exactly as it is signed, and what it means where that is not plain."""

    value: str
    meaning: str = ""


@dataclass(frozen=True)
class SignedField:
    """A field by its name in the wallet, its label for people, and its values; none when it is empty."""

    name: str
    label: str
    lines: tuple[Line, ...]
    used: bool


_LABELS = {
    "parties": "Who signs",
    "payees": "Who is paid",
    "tranches": "Bands of revenue",
    "listRoot": "Root of a long payee list",
    "listHash": "Hash of that list",
    "listCount": "Payees in that list",
    "tokens": "Paid in",
    "programme": "Programme of its deals",
    "territories": "Territories",
    "decisionSeconds": "Time to decide on a deal",
    "exclusivitySeconds": "Exclusivity of an approved deal",
    "holdSeconds": "Hold before revenue is released",
    "paymentSeconds": "Time from a win to its payment",
    "clawback": "Refunds after the hold",
    "arbiter": "Arbiter",
    "validFrom": "In force from",
    "validUntil": "In force until",
    "noticeSeconds": "Notice to end it",
    "afterEnd": "Deals after the end",
    "predecessor": "Amends",
    "documentHash": "Hash of the document",
    "uri": "Where the document is",
    "salt": "Salt",
}


def signed_fields(terms: Terms, names: Names) -> tuple[SignedField, ...]:
    """All fields of the terms in the order in which they are signed."""
    message = terms.to_message()
    return tuple(_field(name, message[name], terms, names) for name, _ in TERMS_FIELDS)


def _field(name: str, value: Any, terms: Terms, names: Names) -> SignedField:
    lines = _LISTS[name](terms, names) if name in _LISTS else _single(name, str(value), names)
    used = bool(lines) and any(line.value.strip("0x") for line in lines)
    return SignedField(name, _LABELS[name], lines, used)


def _single(name: str, value: str, names: Names) -> tuple[Line, ...]:
    if not value:
        return ()
    return (Line(value, _meaning(name, value, names)),)


def _meaning(name: str, value: str, names: Names) -> str:
    if name.endswith("Seconds"):
        return duration(int(value))
    if name == "validFrom":
        return moment(int(value)) if int(value) else "as soon as all have signed"
    if name == "validUntil":
        return "open-ended" if int(value) >= OPEN_ENDED else moment(int(value))
    if not value.strip("0x"):
        return "none"
    if name == "salt":
        return "makes these terms unlike any others"
    if name == "programme":
        return names.programmes.get(bytes.fromhex(value[2:]), "")
    if name == "arbiter":
        return names.partners.get(value, "")
    if name in _CHOICES:
        return _CHOICES[name].get(value, "")
    return ""


_CHOICES = {
    "clawback": {
        "1": "owed out of later revenue",
        "2": "only what the amended agreement owes",
        "3": "owed out of later revenue, with what the amended agreement owes",
    },
    "afterEnd": {"1": "exclusive ones can still be won", "2": "all can still be approved and won"},
}


def _parties(terms: Terms, names: Names) -> tuple[Line, ...]:
    return tuple(Line(account, names.partners.get(account, "")) for account in terms.parties)


def _payees(terms: Terms, names: Names) -> tuple[Line, ...]:
    lines = []
    for payee in terms.payees:
        weights = ", ".join(str(weight) for weight in payee.weights)
        shares = ", ".join(percent(weight) for weight in payee.weights)
        name = names.partners.get(payee.account)
        lines.append(Line(f"{payee.account} · {weights}", f"{name}: {shares}" if name else shares))
    return tuple(lines)


def _tranches(terms: Terms, names: Names) -> tuple[Line, ...]:
    return tuple(
        Line(
            f"upTo {tranche.up_to} · periodSeconds {tranche.period_seconds}",
            _band(terms, position, names),
        )
        for position, tranche in enumerate(terms.tranches)
    )


def _band(terms: Terms, position: int, names: Names) -> str:
    tranche = terms.tranches[position]
    anew = f", counted anew every {duration(tranche.period_seconds)}" if tranche.period_seconds else ""
    if tranche.up_to != UNBOUNDED:
        return f"up to {names.boundary(terms.tokens, tranche.up_to)}{anew}"
    return ("all revenue, without limit" if not position else "all beyond, without limit") + anew


def _tokens(terms: Terms, names: Names) -> tuple[Line, ...]:
    return tuple(Line(token, names.tokens.get(token, "")) for token in terms.tokens)


def _territories(terms: Terms, _: Names) -> tuple[Line, ...]:
    return tuple(Line("0x" + each.hex(), reason_text(each)) for each in terms.territories)


_LISTS: dict[str, Callable[[Terms, Names], tuple[Line, ...]]] = {
    "parties": _parties,
    "payees": _payees,
    "tranches": _tranches,
    "tokens": _tokens,
    "territories": _territories,
}
