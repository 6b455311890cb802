"""Partners known, programme open, agreements signed: as far as the keys at hand reach."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from eth_typing import ChecksumAddress

from ledger.actions import call, form
from ledger.chain.authorization import Authorization, random_nonce, sign
from ledger.chain.node import Node
from ledger.chain.sender import Sender
from ledger.intake.agreements import RULES
from ledger.intake.chain_state import AgreementState, ChainState, read_chain
from ledger.intake.keys import Keyring
from ledger.intake.partners_file import PartnersFile
from ledger.rules.plan import opening_of
from ledger.terms.agreement import Terms
from ledger.terms.deployment import Deployment
from ledger.terms.units import DAY

SIGNATURE_SECONDS = DAY
"""How long an acceptance made here can be used; it is used at once."""

Signer = Callable[[ChecksumAddress, Terms], Authorization]
"""Has a wallet whose key is elsewhere (a contract wallet) accept terms: account and terms to its
signature.
"""


@dataclass
class Onboarded:
    """What was done, in words, and what others must sign."""

    done: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def onboard(
    node: Node,
    deployment: Deployment,
    file: PartnersFile,
    keyring: Keyring,
    signers: Mapping[str, Signer] | None = None,
) -> Onboarded:
    """Registers partners, opens the programme and signs agreements that are not there yet.

    ``signers`` are by partner key, for those whose wallet's key is not in the keyring. Raises Reverted or
    LedgerError when a step fails; what was done before stays, and a second run goes on from there.
    """
    state = read_chain(node, deployment, file)
    work = _Onboarding(node, deployment, file, keyring, signers or {}, state)
    for partner in file.partners:
        work.register(partner)
    work.open_programme()
    for versions in state.lines.values():
        for agreement in versions:
            work.sign(agreement)
    return work.outcome


class _Onboarding:
    def __init__(
        self,
        node: Node,
        deployment: Deployment,
        file: PartnersFile,
        keyring: Keyring,
        signers: Mapping[str, Signer],
        state: ChainState,
    ) -> None:
        self._node, self._deployment, self._file, self._state = node, deployment, file, state
        self._keyring, self._signers = keyring, signers
        self._in_force: set[str] = set()
        self.outcome = Onboarded()

    def register(self, partner: str) -> None:
        """Makes a partner known under its public name."""
        if self._state.registered[partner]:
            return
        own = self._file.partners[partner]
        sender = self._sender(partner)
        if sender is None:
            self.outcome.missing.append(f"{partner}: to be registered by its wallet")
            return
        self._do(sender, f"register {partner}", "register", account=own.account, name=own.name, uri=own.uri)
        self.outcome.done.append(f"registered {own.name}")

    def open_programme(self) -> None:
        """Opens the programme, by its owner's wallet."""
        if self._state.epoch:
            return
        programme = self._file.programme
        sender = self._sender(programme.owner)
        if sender is None:
            self.outcome.missing.append(f"programme: to be opened by {programme.owner}")
            return
        owner = self._file.partners[programme.owner].account
        self._do(
            sender,
            "open the programme",
            "create_programme",
            owner=owner,
            number=programme.number,
            name=programme.name,
            rule=RULES[programme.rule],
        )
        self.outcome.done.append(f"opened {programme.name}")

    def sign(self, agreement: str) -> None:
        """Has every party accept, and puts the agreement in force; of an amendment the predecessor's parties
        too.
        """
        own = self._state.agreements[agreement]
        amended = self._file.agreements[agreement].amends
        if own.in_force:
            self._in_force.add(agreement)
            return
        if amended is not None and amended not in self._in_force:
            self.outcome.missing.append(f"agreement {agreement}: {amended}, which it amends, is not in force")
            return
        before = self._state.agreements[amended] if amended is not None else None
        leaving = [each for each in (before.terms.parties if before else ()) if each not in own.terms.parties]
        partners = {partner.account: key for key, partner in self._file.partners.items()}
        signers = [*own.terms.parties, *leaving]
        acceptances: list[Authorization] = []
        for account in signers:
            accepted = self._acceptance(partners[account], account, own.terms)
            if accepted is None:
                self.outcome.missing.append(f"agreement {agreement}: to be signed by {partners[account]}")
            else:
                acceptances.append(accepted)
        if len(acceptances) < len(signers):
            return
        sender = next(
            (found for account in signers if (found := self._sender(partners[account])) is not None), None
        )
        if sender is None:
            self.outcome.missing.append(f"agreement {agreement}: signed by all, to be sent by one of them")
            return
        self._activate(sender, own.terms, acceptances, before)
        self._in_force.add(agreement)
        what = f"signed {agreement} by {len(acceptances)} parties"
        self.outcome.done.append(what + (f"; it amends {amended}" if amended is not None else ""))

    def _activate(
        self, sender: Sender, terms: Terms, acceptances: list[Authorization], before: AgreementState | None
    ) -> None:
        parties = len(terms.parties)
        if before is None:
            self._do(sender, "put it in force", "activate_agreement", terms=terms, acceptances=acceptances)
            return
        self._do(
            sender,
            "amend the agreement",
            "amend_agreement",
            terms=terms,
            acceptances=acceptances[:parties],
            predecessor=opening_of(before.terms),
            leaving=acceptances[parties:],
        )

    def _do(self, sender: Sender, words: str, name: str, /, **given: Any) -> None:
        done = call(self._deployment, name, **given)
        sender.transact(done.to, done.data, action=words)

    def _acceptance(self, partner: str, account: ChecksumAddress, terms: Terms) -> Authorization | None:
        signer = self._keyring.signer(self._state.wallets[partner])
        if signer is not None:
            deadline = self._state.now + SIGNATURE_SECONDS
            when = {"nonce": random_nonce(), "deadline": deadline}
            data = form(self._deployment, "accept_agreement", account=account, terms=terms, **when)
            return sign(data, signer)
        other = self._signers.get(partner)
        return other(account, terms) if other is not None else None

    def _sender(self, partner: str) -> Sender | None:
        signer = self._keyring.signer(self._state.wallets[partner])
        return Sender(self._node, signer) if signer is not None else None
