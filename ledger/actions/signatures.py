"""How signatures that were given away are made worthless: on each contract, by their nonce."""

from ledger.actions import fields
from ledger.actions.declaration import SIGNED, Action, Role, Way, errors
from ledger.terms.contracts import AGREEMENTS, DEALS, JOURNALS, PARTNERS, REVENUE

_ABOUT = {PARTNERS: "partner", AGREEMENTS: "agreement", DEALS: "deal", REVENUE: "revenue"}

ACTIONS = tuple(
    Action(
        f"cancel_{_ABOUT[contract]}_signature",
        contract,
        "Make worthless each signature of {account} that carries the nonce {cancelled}",
        Role.PARTNER,
        (fields.ACCOUNT, fields.CANCELLED),
        (
            Way("cancelNonce", arguments=("account", "cancelled")),
            Way("cancelNonceWithAuthorization", arguments=("account", "cancelled", "authorization")),
        ),
        "CancelNonce(address account,uint256 cancelled,uint256 nonce,uint256 deadline)",
        refusals=errors("NotTheWallet", SIGNED),
    )
    for contract in JOURNALS
)
