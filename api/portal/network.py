"""How a wallet reaches the chain, as EIP-3085 wants to be told: what the operator configured."""

from typing import Any

from api.portal.site import current_site
from ledger.settings import Settings


def wallet_network(settings: Settings, chain_id: int) -> dict[str, Any] | None:
    """The parameters of ``wallet_addEthereumChain``; None when no node is configured that wallets may use.

    A local chain with the test wallet is reached as this server reaches it.
    """
    url = settings.public_rpc_url or (settings.rpc_url if current_site.get().test_wallet else "")
    if not url:
        return None
    network = {
        "chainId": hex(chain_id),
        "chainName": settings.chain_name or f"Chain {chain_id}",
        "rpcUrls": [url],
        "nativeCurrency": {
            "name": settings.currency_name,
            "symbol": settings.currency_symbol,
            "decimals": settings.currency_decimals,
        },
    }
    if settings.explorer_url:
        network["blockExplorerUrls"] = [settings.explorer_url]
    return network
