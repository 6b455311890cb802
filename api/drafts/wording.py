"""Terms in plain language: what a party reads before it signs, and every field that its wallet will show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from eth_utils.address import to_checksum_address

from ledger.accounting.tokens import TokenNote
from ledger.terms.agreement import NATIVE_COIN, OPEN_ENDED, UNBOUNDED, Terms
from ledger.terms.clauses import Clawback
from ledger.terms.ids import ProgrammeId
from ledger.terms.quantities import duration, moment, percent, short
from ledger.terms.reasons import reason_text


@dataclass(frozen=True)
class Names:
    """What is known about addresses and ids in the terms. Names are what their owners chose: no proof of who.

    ``partners`` by account, ``tokens`` (symbols) and ``decimals`` by address, ``programmes`` by id; the rest
    is shown bare.
    """

    partners: Mapping[str, str] = field(default_factory=dict)
    tokens: Mapping[str, str] = field(default_factory=dict)
    programmes: Mapping[bytes, str] = field(default_factory=dict)
    decimals: Mapping[str, int] = field(default_factory=dict)

    def partner(self, account: str) -> str:
        """``Nordwind GmbH (0x1234…cdef)``, or the address alone."""
        name = self.partners.get(account)
        return f"{name} ({short(account)})" if name else account

    def token(self, address: str) -> str:
        """``USDC (0x1234…cdef)``, or the address alone."""
        if address == NATIVE_COIN:
            return "the chain's own coin"
        symbol = self.tokens.get(address)
        return f"{symbol} ({short(address)})" if symbol else address

    def boundary(self, tokens: Sequence[str], units: int) -> str:
        """A boundary of revenue: in whole tokens where all of them have the same decimals, else in base
        units.
        """
        places = {18 if token == NATIVE_COIN else self.decimals.get(token) for token in tokens}
        decimals = places.pop() if len(places) == 1 else None
        if decimals is None:
            return f"{units:,} token base units"
        symbol = self.tokens.get(tokens[0]) if len(tokens) == 1 else None
        return TokenNote(b"", symbol or "tokens", decimals).display(units) or str(units)

    def programme(self, programme: ProgrammeId) -> str:
        """The programme's name, its number and its owner: both are in its id."""
        owner, number = to_checksum_address(programme[:20]), int.from_bytes(programme[20:], "big")
        name = self.programmes.get(programme)
        return f"{f'“{name}”, ' if name else ''}number {number} of {self.partner(owner)}"


@dataclass(frozen=True)
class Sentence:
    """One thing that the terms say."""

    topic: str
    text: str


@dataclass(frozen=True)
class Summary:
    """Terms in words: what they say, what a signature does, and what it does not."""

    title: str
    terms: tuple[Sentence, ...]
    signing_does: tuple[str, ...]
    signing_does_not: tuple[str, ...]


def summarise(terms: Terms, names: Names) -> Summary:
    """The terms in sentences: complete, but for fields that are zero or empty, and the salt."""
    return Summary(
        title=f"Agreement between {_listed([_short_name(names, each) for each in terms.parties])}",
        terms=(
            Sentence("Who signs", _who(terms, names)),
            *(Sentence("Amends", text) for text in _amends(terms)),
            *(Sentence("Shares", text) for text in _shares(terms, names)),
            Sentence("Paid in", _tokens(terms, names)),
            *(Sentence("Refunds", text) for text in _refunds(terms, names)),
            Sentence("In force", _validity(terms)),
            *(Sentence("The end", text) for text in _ending(terms, names)),
            *(Sentence("Deals", text) for text in _deals(terms, names)),
            *(Sentence("Also", text) for text in _unusual(terms)),
            Sentence("Document", _document(terms)),
        ),
        signing_does=_does(terms),
        signing_does_not=_DOES_NOT,
    )


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _short_name(names: Names, account: str) -> str:
    return names.partners.get(account) or short(account)


def _who(terms: Terms, names: Names) -> str:
    parties = _listed([names.partner(each) for each in terms.parties])
    if len(terms.parties) == 1:
        return f"{parties} signs alone."
    return f"{parties}. It takes the signature of each of them."


def _shares(terms: Terms, names: Names) -> list[str]:
    texts = [text for tranche in range(len(terms.tranches)) for text in _shares_of(terms, tranche, names)]
    texts += _period(terms)
    paid = {payee.account for payee in terms.payees}
    unsigned = [names.partner(each) for each in sorted(paid - set(terms.parties))]
    if unsigned:
        texts.append(f"{_listed(unsigned)} {_verb(unsigned, 'is', 'are')} paid without signing.")
    unpaid = [names.partner(each) for each in terms.parties if each not in paid]
    if unpaid:
        texts.append(f"{_listed(unpaid)} {_verb(unpaid, 'signs and gets', 'sign and get')} no share.")
    return texts


def _verb(subjects: Sequence[str], one: str, several: str) -> str:
    return one if len(subjects) == 1 else several


def _shares_of(terms: Terms, tranche: int, names: Names) -> list[str]:
    opening = "Of all revenue that is paid in"
    if len(terms.tranches) > 1:
        up_to = terms.tranches[tranche].up_to
        above = terms.tranches[tranche - 1].up_to if tranche else 0
        bounds = "without limit" if up_to == UNBOUNDED else f"up to {names.boundary(terms.tokens, up_to)}"
        if not tranche:
            opening = f"Of the first revenue, {bounds} in total"
        else:
            opening = f"Of revenue above {names.boundary(terms.tokens, above)} in total, {bounds}"
    portions = [
        f"{names.partner(payee.account)} gets {percent(payee.weights[tranche])}"
        for payee in terms.payees
        if payee.weights[tranche]
    ]
    return [f"{opening}, {_listed(portions)}."]


def _period(terms: Terms) -> list[str]:
    period = terms.tranches[0].period_seconds
    if not period:
        return []
    start = moment(terms.valid_from) if terms.valid_from else "the beginning of 1970"
    return [f"The count of revenue starts anew every {duration(period)}, counted from {start}."]


def _tokens(terms: Terms, names: Names) -> str:
    tokens = [names.token(each) for each in terms.tokens]
    if len(tokens) == 1:
        return f"Revenue is paid in the token {tokens[0]} and in no other."
    return f"Revenue is paid in the tokens {_listed(tokens)}, each split on its own, and in no other."


def _validity(terms: Terms) -> str:
    start = f"From {moment(terms.valid_from)}" if terms.valid_from else "From the moment all have signed"
    if terms.valid_until >= OPEN_ENDED:
        return f"{start}, without an end."
    return f"{start}, until {moment(terms.valid_until)}. What was paid in by then stays owed."


def _deals(terms: Terms, names: Names) -> list[str]:
    if not any(terms.programme):
        return ["No deals can be registered under this agreement."]
    texts = [
        f"Deals are registered in the programme {names.programme(terms.programme)}, who decides on them."
    ]
    if terms.decision_seconds:
        texts.append(
            f"The vendor decides on a registered deal within {duration(terms.decision_seconds)}; after "
            f"that anyone can "
            "have it approved by default."
        )
    else:
        texts.append("The vendor's decision on a deal has no deadline.")
    if terms.exclusivity_seconds:
        kept = duration(terms.exclusivity_seconds)
        texts.append(f"An approved deal keeps others off the same customer for {kept}.")
    else:
        texts.append("An approved deal gives no exclusivity.")
    if terms.territories:
        where = _listed([reason_text(each) for each in terms.territories])
        texts.append(f"Deals can be registered in {where}, if the programme goes by territory.")
    if terms.payment_seconds:
        within = duration(terms.payment_seconds)
        texts.append(f"Revenue of a won deal is to be recorded within {within} of the win.")
    return texts


def _amends(terms: Terms) -> list[str]:
    if not any(terms.predecessor):
        return []
    return [
        f"It takes the place of the agreement 0x{terms.predecessor.hex()}. Every party of that one signs "
        "too. What was paid in before stays split by the old terms, and so does the revenue of deals that "
        "were won before; open deals go on under the new ones."
    ]


def _refunds(terms: Terms, names: Names) -> list[str]:
    arbiter = names.partner(terms.arbiter) if int(terms.arbiter, 16) else None
    if terms.hold_seconds:
        held = duration(terms.hold_seconds)
        texts = [
            f"A payment is held for at least {held} and released as a day begins, in UTC. Until then its "
            "payer can take it back."
        ]
        if arbiter:
            texts.append(f"Any party can dispute a held payment; {arbiter} rules on it.")
        else:
            texts.append("Nobody rules on disputes, so none can be raised.")
    else:
        texts = ["A payment is released at once: its payer cannot take it back."]
    if terms.clawback & Clawback.ALLOWED:
        who = "all payees" if arbiter is None else f"all payees together, or {arbiter} alone,"
        texts.append(
            f"After its release {who} can have a payment refunded out of later revenue, which then serves "
            "that refund first. What was released is never taken back."
        )
    if terms.clawback & Clawback.INHERITED:
        texts.append("Its revenue also serves, first of all, what the agreement that it amends still owes.")
    return texts


_AFTER_END = (
    "Once it has ended, open deals can neither be approved nor won.",
    "Once it has ended, approved deals can still be won as long as they are exclusive.",
    "Once it has ended, registered deals can still be approved, and approved ones won.",
)


def _ending(terms: Terms, names: Names) -> list[str]:
    texts = ["All parties together can end it."]
    if terms.notice_seconds:
        texts.append(f"Any party can end it alone by a notice of {duration(terms.notice_seconds)}.")
    else:
        texts.append("No party can end it alone.")
    if int(terms.arbiter, 16):
        texts.append(f"{names.partner(terms.arbiter)} can end it by a ruling.")
    if any(terms.programme) and terms.after_end < len(_AFTER_END):
        texts.append(_AFTER_END[terms.after_end])
    return texts


def _unusual(terms: Terms) -> list[str]:
    """What this version of the contracts refuses: named all the same, so that nothing is signed unseen."""
    said = {
        "listRoot": any(terms.list_root),
        "listHash": any(terms.list_hash),
        "listCount": terms.list_count,
        "clawback": terms.clawback > 3,
        "afterEnd": terms.after_end >= len(_AFTER_END),
    }
    named = [name for name, value in said.items() if value]
    return [f"Set as well, and not offered by this version: {_listed(named)}."] if named else []


def _document(terms: Terms) -> str:
    where = f" It is at {terms.uri}" if terms.uri else ""
    if any(terms.document_hash):
        return f"Bound to the document whose hash is 0x{terms.document_hash.hex()}.{where}"
    if terms.uri:
        return f"Names a document without fixing what it says:{where.removeprefix(' It is at')}"
    return "No document is bound to it: these terms are all there is."


def _does(terms: Terms) -> tuple[str, ...]:
    alone = len(terms.parties) == 1 and not any(terms.predecessor)
    when = "With your signature" if alone else "Once every party has signed"
    return (
        "It says that your account accepts exactly these terms.",
        f"{when}, anyone can put the agreement in force.",
        "From then on parties, shares and terms are public, and nobody can change them alone.",
    )


_DOES_NOT = (
    "It moves no money, and lets nobody take tokens out of your wallet.",
    "It costs you nothing: no transaction, no network fee.",
    "It binds you to no other terms: change one character, and the signature is worth nothing.",
    "It is not final until everyone has signed: until then your wallet can cancel its nonce on the chain.",
)
