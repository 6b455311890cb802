"""Where the node, the database and the deployment are: from the environment, or the command line."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from ledger.errors import LedgerError


class Settings(BaseSettings):
    """Environment variables begin with ``PLEDGER_``; a ``.env`` file in the working folder is read too."""

    model_config = SettingsConfigDict(env_prefix="PLEDGER_", env_file=".env", extra="ignore")

    home: Path = Path(".pledger")
    """Where the embedded database and caches live."""
    rpc_url: str = "http://127.0.0.1:8545"
    rpc_urls: str = ""
    """Further nodes of that chain, with commas between: they are asked when the first one fails."""
    ws_url: str | None = None
    """A node's WebSocket URL, by which a following indexer hears of new blocks; none: it asks for them."""
    database_url: str | None = None
    """A PostgreSQL URL; none starts the embedded server under ``home``."""
    read_urls: str = ""
    """Streaming replicas of that database, with commas between: the API reads the mirror from them."""
    deployment: Path | None = None
    """A ``deployments/<chainId>.json``; none takes the one that matches the node's chain id."""
    private_key: SecretStr | None = None
    keystore: Path | None = None
    keystore_password: SecretStr | None = None
    import_key: SecretStr | None = None
    """The account's import key, by which `pledger pay` and `deal register` name invoices and deals."""
    epoch_key: SecretStr | None = None
    """The tag key of the programme's newest epoch; `pledger deal register` takes it."""
    relayer_key: SecretStr | None = None
    """Key of the account that sends what partners signed; without it the API collects signatures only."""
    relayer_keys: SecretStr | None = None
    """Further keys that `pledger relay` sends with, commas between them: as many lanes side by side."""
    relay_gas_per_account: int = 30_000_000
    """Gas a day (UTC) that the relayer pays for one account."""
    relay_gas_per_day: int = 1_000_000_000
    """The same for all accounts together."""
    relay_stuck_seconds: int = 30
    """After which a transaction that is not mined is replaced by one that pays more."""
    relay_low_balance: str = "0.1"
    """Of the chain's coin: a relayer's key that has less is an alarm."""
    finality: str = "finalized"
    """``finalized``, ``immediate``, or a number of blocks."""
    headers: str = "verified"
    """``unverified`` for a chain that makes block hashes otherwise than Ethereum: its times are marked so."""
    poll_seconds: float = 1.0
    """How often a following indexer asks for a new block."""
    chain_name: str = ""
    """What wallets call the chain when the portal offers to add it to them."""
    public_rpc_url: str = ""
    """A node's URL that wallets may use; without it the portal offers no wallet to add the chain."""
    currency_name: str = "Ether"
    currency_symbol: str = "ETH"
    currency_decimals: int = 18
    """Of the coin that the chain's fees are paid in."""
    explorer_url: str = ""
    """A block explorer, to which the portal links transactions; none: it links nowhere."""
    server: str = "http://127.0.0.1:8000"
    """The server that `pledger login` and what follows it speak to."""
    public_url: str = ""
    """The address at which people open the portal, as https://ledger.example: sign-ins are bound to it.
    Without it people sign in on this machine only.
    """
    session_hours: int = 24
    """How long a sign-in lasts."""
    sign_ins_per_hour: int = 120
    """Requests to sign in that one address may send an hour, two for each sign-in; 0: without limit."""
    test_wallet: bool = False
    """Whether the portal offers anvil's public accounts as a wallet: on a local chain (31337) only, whatever
    this says.
    """
    drafts_per_hour: int = 60
    """Drafts of agreements that one address may make an hour, half of them at once, and ten times as many
    attempts; 0: without limit.
    """
    unsigned_drafts: int = 10_000
    """Drafts that nobody has signed which are kept at once, for all addresses together."""
    trusted_proxies: str = ""
    """Addresses or networks of proxies, with commas between, whose X-Forwarded-For is believed."""

    def __init__(self, **values: Any) -> None:
        """Raises LedgerError for what the environment or ``.env`` says that no setting can be."""
        try:
            super().__init__(**values)
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            name = "_".join(map(str, first["loc"])).upper()
            raise LedgerError(
                f"PLEDGER_{name} cannot be used: {first['msg'][:1].lower()}{first['msg'][1:]}.",
                "Look in the environment and in .env; docs/settings.md says what it may be.",
            ) from None  # what was given may be a key
        except (OSError, UnicodeError, SettingsError) as error:
            raise LedgerError(
                f".env, in this folder, cannot be read: {getattr(error, 'strerror', None) or error}.",
                "It is text in UTF-8, a NAME=value on each line.",
            ) from error

    @field_validator("*", mode="before")
    @classmethod
    def _nothing_is_the_default(cls, value: Any, about: ValidationInfo) -> Any:
        """A variable that is set to nothing is not set: it overrides a line of ``.env``."""
        return cls.model_fields[str(about.field_name)].default if value == "" else value

    def environment(self) -> dict[str, str]:
        """These settings for another process, all of them: what is not set is set to nothing."""
        values = {f"PLEDGER_{name.upper()}": getattr(self, name) for name in type(self).model_fields}
        return {
            name: value.get_secret_value()
            if isinstance(value, SecretStr)
            else ("" if value is None else str(value))
            for name, value in values.items()
        }

    @property
    def public_origin(self) -> str:
        """``public_url`` as browsers write an origin; empty where it is not set. Raises LedgerError."""
        try:
            parts = urlsplit(self.public_url.strip().lower())
        except ValueError:
            parts = urlsplit("")
        local = parts.hostname in ("localhost", "127.0.0.1", "::1")
        bare = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username)
        if self.public_url and not (bare and parts.hostname and parts.scheme == "https"):
            if bare and local and parts.scheme == "http":
                return f"http://{parts.netloc}"
            raise LedgerError(
                f"PLEDGER_PUBLIC_URL is {self.public_url!r}, expected an address as https://ledger.example.",
                "It is a host, with a port where it is not 443; http is for this machine alone.",
            )
        return f"https://{parts.netloc.removesuffix(':443')}" if self.public_url else ""

    @property
    def proxies(self) -> list[str]:
        """The trusted proxies."""
        return _listed(self.trusted_proxies)

    @property
    def nodes(self) -> list[str]:
        """RPC URLs in the order in which they are asked: ``rpc_url``, then ``rpc_urls``."""
        return list(dict.fromkeys([self.rpc_url, *_listed(self.rpc_urls)]))

    @property
    def any_hash(self) -> bool:
        """Whether block hashes may be made otherwise than Ethereum's. Raises LedgerError."""
        if self.headers not in ("verified", "unverified"):
            raise LedgerError(
                f"PLEDGER_HEADERS is {self.headers!r}, expected verified or unverified.",
                "It is unverified for chains alone that make block hashes otherwise than Ethereum.",
            )
        return self.headers == "unverified"

    @property
    def replicas(self) -> list[str]:
        """URLs of the database's replicas."""
        return _listed(self.read_urls)


def _listed(urls: str) -> list[str]:
    return [url.strip() for url in urls.split(",") if url.strip()]
