"""Which wallet acts for an account, and whether it is who acts or signs (IAccountKeys, IAuthorizations)."""

from dataclasses import dataclass

from model.heads import Journal
from model.refusals import refuse

ZERO = "0x" + "00" * 20


@dataclass(frozen=True)
class By:
    """Who acts: the wallet that calls, or the wallet whose signature another carries."""

    wallet: str
    signed: bool = False
    deadline: int = 0
    nonce: int = 0


class Accounts:
    """An account is a partner's first address, for good; its wallet may change."""

    def __init__(self, journal: Journal, registered: set[str]) -> None:
        self.journal = journal
        self.registered = registered
        self._wallets: dict[str, str] = {}
        self._accounts: dict[str, str] = {}
        self._spent: set[tuple[str, str, int]] = set()

    def wallet_of(self, account: str) -> str:
        return self._wallets.get(account, account)

    def account_of(self, wallet: str) -> str:
        """Whose wallet it is, or was."""
        return self._accounts.get(wallet, wallet)

    def successor_of(self, wallet: str) -> str:
        """The wallet that now stands for whoever once acted with this one."""
        return self.wallet_of(self.account_of(wallet))

    def rotate(self, by: str, account: str, wallet: str) -> None:
        """The owner, which is the wallet, gives its place to another wallet, which agrees."""
        before = self.wallet_of(account)
        another = self.account_of(wallet) != wallet and self.account_of(wallet) != account
        refuse(
            {
                "NotTheOwner": by != before,
                "WalletInvalid": wallet in (ZERO, before),
                "WalletInUse": another or (wallet in self.registered and wallet != account),
            }
        )
        self._wallets[account] = wallet
        self._accounts[wallet] = account
        self.journal.write("WalletRotated", account=account, wallet=wallet, previous=before)

    def wrong(self, by: By, account: str, contract: str, now: int) -> dict[str, bool]:
        """Reasons to refuse what ``by`` does for an account on a contract."""
        stranger = by.wallet != self.wallet_of(account)
        return {
            "NotTheWallet": not by.signed and stranger,
            "SignatureInvalid": by.signed and stranger,
            "AuthorizationExpired": by.signed and by.deadline < now,
            "NonceSpent": by.signed and (contract, account, by.nonce) in self._spent,
        }

    def spend(self, by: By, account: str, contract: str) -> None:
        """A signature counts once on a contract."""
        if by.signed:
            self._spent.add((contract, account, by.nonce))
