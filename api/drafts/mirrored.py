"""What the mirror knows of a draft's terms, for when the node is silent: all, as of its newest block."""

from collections.abc import Sequence

from eth_utils.address import to_checksum_address
from sqlalchemy import desc, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from api.drafts.queries import raw
from ledger.chain.agreements import AcceptanceKey, Registry, Sight
from ledger.store.tables import Agreement, Block, CancelledNonce, Checkpoint, WalletChange
from ledger.terms.contracts import PARTNERS, REVENUE
from ledger.terms.ids import AgreementId


def mirrored_sight(
    session: Session,
    registry: Registry,
    agreement: AgreementId,
    accounts: Sequence[str],
    acceptances: Sequence[AcceptanceKey],
) -> Sight | None:
    """What ``Registry.look`` asks the node for. None: nothing of the deployment is mirrored."""
    deployment = registry.deployment
    chain_id, contract = deployment.chain_id, raw(registry.address)
    checkpoint = session.get(Checkpoint, (chain_id, raw(deployment.address(REVENUE))))
    if checkpoint is None:
        return None
    kept = session.get(Block, (chain_id, checkpoint.deployment, checkpoint.block_number))
    active = session.scalar(
        select(Agreement.seq).where(
            Agreement.chain_id == chain_id, Agreement.contract == contract, Agreement.agreement == agreement
        )
    )
    partners = raw(deployment.address(PARTNERS))
    changed = session.execute(
        select(WalletChange.account, WalletChange.wallet)
        .ext(distinct_on(WalletChange.account))
        .where(
            WalletChange.chain_id == chain_id,
            WalletChange.contract == partners,
            WalletChange.account.in_([raw(each) for each in accounts]),
        )
        .order_by(WalletChange.account, desc(WalletChange.seq))
    )
    wallets = {str(to_checksum_address(account)): to_checksum_address(wallet) for account, wallet in changed}
    cancelled = session.execute(
        select(CancelledNonce.account, CancelledNonce.nonce).where(
            CancelledNonce.chain_id == chain_id,
            CancelledNonce.contract == contract,
            tuple_(CancelledNonce.account, CancelledNonce.nonce).in_(
                [(raw(account), nonce) for account, nonce in acceptances]
            ),
        )
    )
    return Sight(
        block_number=checkpoint.block_number,
        block_hash=checkpoint.block_hash,
        timestamp=checkpoint.timestamp,
        verified=kept is not None and kept.verified,
        active=active is not None,
        wallets={account: wallets.get(account, to_checksum_address(account)) for account in accounts},
        spent=frozenset((str(to_checksum_address(account)), nonce) for account, nonce in cancelled),
    )
