"""One of the relayer's keys: its transactions leave in the order of their nonces, each for one relay.

Everything is written by the connection that holds the lane's lock: a relayer that lost it, or was stopped
for a while, cannot write what it signed, and sends nothing that is not written.
"""

import logging
import time
from collections.abc import Sequence

from eth_account.signers.local import LocalAccount
from eth_utils.address import to_canonical_address, to_checksum_address
from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ledger.chain import refusals
from ledger.chain.fees import Fees
from ledger.chain.node import Node
from ledger.chain.receipts import Receipt, is_known
from ledger.chain.reverts import Reverted
from ledger.chain.rpc import RpcRefused
from ledger.chain.transactions import Cost, Unsigned, balance, hand_in, next_nonce, used_nonces
from ledger.errors import LedgerError
from ledger.relay.habits import Habits
from ledger.store import locks
from ledger.store.tables import Relay, RelayAttempt, RelayLane

_log = logging.getLogger(__name__)
MOST_IN_FLIGHT = 16
"""Transactions of one key that are out at once: as many as nodes keep of an account for sure."""
AGAIN_SECONDS = 3
"""Until a transaction that the node may have dropped is looked for, and handed in again."""
MISSING_SECONDS = 30
"""For which a nonce must look taken by another transaction before its relay is given a new one."""
FINAL_SECONDS = 5
"""Between looks whether what was mined is still there, and final."""


class Lane:
    """A key that sends, on a connection that holds the lane's lock. ``out``: how many of it are out."""

    def __init__(self, connection: Connection, node: Node, key: LocalAccount, habits: Habits) -> None:
        self.out = 0
        self._connection, self._node, self._habits = connection, node, habits
        self._key, self._address = key, to_checksum_address(key.address)
        self._raw = to_canonical_address(key.address)
        self._handed: dict[bytes, float] = {}
        self._cheap: set[bytes] = set()
        self._looked = self._said = 0.0
        self._trouble: str | None = None

    def step(self) -> bool:
        """Looks at what is out, and sends one more. Whether there may be more to send at once.

        A silent node, or a key that cannot pay, is told of, and tried again. Raises what the database raises.
        """
        with Session(self._connection, expire_on_commit=False) as session:
            sent, trouble = False, None
            try:
                out = self._settle(session)
                self.out = len(out)
                sent = self.out < MOST_IN_FLIGHT and self._send_next(session)
            except LedgerError as error:
                trouble = error.what
                session.rollback()
            self._say(session, trouble)
            return sent

    # --- what is out

    def _settle(self, session: Session) -> Sequence[Relay]:
        """Notes what became of what is out, and sees that the rest goes on. Returns what is still out."""
        all_ = time.monotonic() - self._looked >= FINAL_SECONDS
        wanted = select(Relay).where(
            Relay.chain_id == self._node.chain_id, Relay.sender == self._raw, ~Relay.settled
        )
        wanted = wanted if all_ else wanted.where(Relay.state == "sent")
        relays = session.scalars(wanted.order_by(Relay.nonce)).all()
        self._looked = time.monotonic() if all_ else self._looked
        out = []
        if relays:
            final, used = self._habits.final(self._node), used_nonces(self._node, self._address)
            tries = self._attempts(session, relays)
            for relay in relays:
                receipt = self._receipt(tries[relay.number])
                if receipt is not None:
                    self._mined(relay, receipt, final)
                elif relay.nonce is not None and relay.nonce < used:
                    self._missing(relay)
                else:  # also what a reorganisation took back
                    relay.state, relay.missing_since, relay.failure, relay.failure_hint = (
                        "sent",
                        None,
                        None,
                        None,
                    )
                    relay.transaction_hash = relay.block_number = relay.cost = None
                    out.append(relay)
        session.commit()
        for place, relay in enumerate(out):
            self._see_to(session, relay, tries[relay.number][-1], lowest=place == 0)
        return out

    def _attempts(self, session: Session, relays: Sequence[Relay]) -> dict[int, list[RelayAttempt]]:
        """By the relay's number, the newest last."""
        found: dict[int, list[RelayAttempt]] = {relay.number: [] for relay in relays}
        rows = select(RelayAttempt).where(RelayAttempt.relay.in_(found))
        for row in session.scalars(rows.order_by(RelayAttempt.signed_at, RelayAttempt.fee)):
            found[row.relay].append(row)
        return found

    def _receipt(self, tries: Sequence[RelayAttempt]) -> Receipt | None:
        for each in reversed(tries):
            receipt = Receipt.of(self._node, each.hash)
            if receipt is not None:
                return receipt
        return None

    def _mined(self, relay: Relay, receipt: Receipt, final: int) -> None:
        relay.transaction_hash, relay.block_number = receipt.hash, receipt.block
        relay.cost, relay.missing_since = receipt.cost, None
        relay.settled = receipt.block <= final
        if receipt.succeeded:
            relay.state, relay.failure, relay.failure_hint = "mined", None, None
        elif relay.state != "failed":
            why = self._why(relay, receipt)
            relay.state, relay.failure, relay.failure_hint = "failed", why.what, why.hint

    def _why(self, relay: Relay, receipt: Receipt) -> LedgerError:
        """Of a transaction that was mined and reverted: the state had changed since it was simulated."""
        words = f"{relay.words} (transaction 0x{receipt.hash.hex()})"
        why = self._unsigned(relay).why_it_failed(self._node, relay.gas, receipt.block, words)
        if why.error:
            return why
        return LedgerError(f"{words} was refused when its turn came.", "Ask for it again.")

    def _missing(self, relay: Relay) -> None:
        """Another transaction of this key seems to have its nonce; or the node has not the receipt yet."""
        now = int(time.time())
        if relay.missing_since is None:
            relay.missing_since = now
        elif now - relay.missing_since >= MISSING_SECONDS:
            relay.state, relay.sender, relay.nonce, relay.missing_since = "waiting", None, None, None

    def _see_to(self, session: Session, relay: Relay, newest: RelayAttempt, *, lowest: bool) -> None:
        """That a transaction which is out is mined: handed in again, or replaced by one that pays more."""
        stuck = lowest and time.time() - newest.signed_at >= self._habits.stuck_seconds
        if stuck or newest.hash in self._cheap:
            stuck_at = Fees(newest.fee, newest.tip)
            self._sign(session, relay, Cost(relay.gas, Fees.of_now(self._node).instead_of(stuck_at)))
            return
        last = self._handed.get(newest.hash)
        if last is None or time.monotonic() - last >= AGAIN_SECONDS:
            self._handed[newest.hash] = time.monotonic()
            if last is None or not is_known(self._node, newest.hash):
                self._hand_in(newest.hash, newest.raw)

    # --- what waits

    def _send_next(self, session: Session) -> bool:
        """Signs and sends what has waited longest, or says why the chain would not take it."""
        relay = session.scalar(
            select(Relay)
            .where(Relay.chain_id == self._node.chain_id, Relay.state == "waiting")
            .order_by(Relay.number)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if relay is None:
            session.rollback()
            return False
        try:
            cost = self._unsigned(relay).cost(self._node, relay.words)
        except Reverted as refusal:
            relay.state, relay.settled = "failed", True
            relay.failure, relay.failure_hint = refusal.what, refusal.hint
            session.commit()
            return True
        has = balance(self._node, self._address)
        if has < cost.most:
            what = f"{self._address} cannot pay: it has {has} wei, and the next one may cost {cost.most}."
            raise LedgerError(what, "Fund it.")
        relay.gas, relay.sender, relay.state = cost.gas, self._raw, "sent"
        # Whoever else sends with this key in this program waits from here until the node has it.
        with locks.held(session, locks.sending_key(self._node.chain_id, self._raw)):
            relay.nonce = self._next(session)
            self._sign(session, relay, cost)
        return True

    def _next(self, session: Session) -> int:
        """The number of the key's next transaction: after all that the chain and this lane know of."""
        own = session.scalar(
            select(func.max(Relay.nonce)).where(
                Relay.chain_id == self._node.chain_id, Relay.sender == self._raw, ~Relay.settled
            )
        )
        return max(next_nonce(self._node, self._address), -1 if own is None else own + 1)

    def _sign(self, session: Session, relay: Relay, cost: Cost) -> None:
        """Signs, writes it down, and only then sends it."""
        if relay.nonce is None:
            raise AssertionError("what is signed has its number")
        signed = self._unsigned(relay).signed(self._node, self._key, relay.nonce, cost)
        hash_, raw = bytes(signed.hash), bytes(signed.raw_transaction)
        session.add(
            RelayAttempt(
                hash=hash_,
                relay=relay.number,
                nonce=relay.nonce,
                raw=raw,
                fee=cost.fees.most,
                tip=cost.fees.tip,
                signed_at=int(time.time()),
            )
        )
        session.commit()
        self._hand_in(hash_, raw)

    def _hand_in(self, hash_: bytes, raw: bytes) -> None:
        """Gives it to the node. What a refusal means, the next look at the chain says."""
        self._handed[hash_] = time.monotonic()
        try:
            hand_in(self._node, raw)
        except RpcRefused as error:
            if refusals.too_cheap(error.message):
                self._cheap.add(hash_)
            _log.warning("0x%s is not taken yet: %s", hash_.hex(), error.message)

    # --- the key itself

    def _unsigned(self, relay: Relay) -> Unsigned:
        return Unsigned(self._address, to_checksum_address(relay.to), "0x" + relay.data.hex())

    def _say(self, session: Session, trouble: str | None) -> None:
        """Writes down how it is doing: once a second, and at once when that changes."""
        if trouble == self._trouble and time.monotonic() - self._said < 1:
            return
        if trouble != self._trouble and trouble is not None:
            _log.warning("%s sends nothing: %s", self._key.address, trouble)
        self._trouble, self._said = trouble, time.monotonic()
        has = None
        try:
            has = balance(self._node, self._address)
        except LedgerError as error:
            trouble = trouble or error.what
        values = {
            "seen_at": int(time.time()),
            "balance": has,
            "low": has is not None and has < self._habits.low_balance,
            "trouble": trouble,
        }
        key = {"chain_id": self._node.chain_id, "sender": self._raw}
        statement = insert(RelayLane).values(**key, **values)
        session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))
        session.commit()
