"""A partner whose wallet is a contract: a Safe 1.4.1 of one owner, for the local chain and its tests.

On a real chain a company's Safe exists already, and its owners sign in Safe's own application.
"""

from dataclasses import dataclass
from typing import Any

from eth_account.messages import encode_typed_data
from eth_account.signers.local import LocalAccount
from eth_typing import ChecksumAddress
from eth_utils.address import to_checksum_address
from web3.contract.contract import ContractFunction
from web3.logs import DISCARD
from web3.types import TxReceipt

from ledger.artifacts.contracts import published
from ledger.chain.authorization import Authorization, authorization
from ledger.chain.node import Node
from ledger.chain.sender import Sender, calldata
from ledger.signing import TypedData, digest
from ledger.terms.solidity import ZERO_ADDRESS

_BUILD = "node_modules/@safe-global/safe-contracts/build/artifacts/contracts/"
_SAFE = _BUILD + "Safe.sol/Safe.json"
_FACTORY = _BUILD + "proxies/SafeProxyFactory.sol/SafeProxyFactory.json"
_HANDLER = _BUILD + "handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler.json"

_DOMAIN = [{"name": "chainId", "type": "uint256"}, {"name": "verifyingContract", "type": "address"}]
_SAFE_MESSAGE = [{"name": "message", "type": "bytes"}]
_SAFE_TRANSACTION = [
    {"name": "to", "type": "address"},
    {"name": "value", "type": "uint256"},
    {"name": "data", "type": "bytes"},
    {"name": "operation", "type": "uint8"},
    {"name": "safeTxGas", "type": "uint256"},
    {"name": "baseGas", "type": "uint256"},
    {"name": "gasPrice", "type": "uint256"},
    {"name": "gasToken", "type": "address"},
    {"name": "refundReceiver", "type": "address"},
    {"name": "nonce", "type": "uint256"},
]


@dataclass(frozen=True)
class SafeContracts:
    """What every Safe on a chain shares: the code it delegates to, the factory, and the ERC-1271 handler."""

    singleton: ChecksumAddress
    factory: ChecksumAddress
    handler: ChecksumAddress


def install(sender: Sender) -> SafeContracts:
    """Puts Safe's shared contracts on a chain. Raises as :meth:`Sender.send`."""
    return SafeContracts(*(_create(sender, path) for path in (_SAFE, _FACTORY, _HANDLER)))


def create(sender: Sender, contracts: SafeContracts, owner: LocalAccount, salt: int = 0) -> "ContractWallet":
    """A new Safe that this owner alone controls; the sender pays for it. Raises as :meth:`Sender.send`."""
    node = sender.node
    safe = node.contract_at(contracts.singleton, published(_SAFE)["abi"])
    setup = safe.functions.setup(
        [owner.address], 1, ZERO_ADDRESS, b"", contracts.handler, ZERO_ADDRESS, 0, ZERO_ADDRESS
    )
    factory = node.contract_at(contracts.factory, published(_FACTORY)["abi"])
    receipt = sender.send(factory.functions.createProxyWithNonce(safe.address, calldata(setup), salt))
    [created] = factory.events.ProxyCreation().process_receipt(receipt, errors=DISCARD)
    return ContractWallet(node, created["args"]["proxy"], owner)


class ContractWallet:
    """A Safe with one owner."""

    def __init__(self, node: Node, address: str, owner: LocalAccount) -> None:
        self.address = to_checksum_address(address)
        self.owner = owner
        self._safe = node.contract_at(self.address, published(_SAFE)["abi"])
        self._domain = {"chainId": node.chain_id, "verifyingContract": self.address}

    def sign(self, typed_data: TypedData) -> Authorization:
        """The authorization that the wallet's ``isValidSignature`` (ERC-1271) accepts."""
        return authorization(typed_data, self.sign_digest(digest(typed_data)))

    def sign_digest(self, digest: bytes) -> bytes:
        """The same for 32 bytes that stand for whatever is signed."""
        return self._owner_signature("SafeMessage", _SAFE_MESSAGE, {"message": "0x" + digest.hex()})

    def execute(self, sender: Sender, call: ContractFunction) -> TxReceipt:
        """Makes the wallet itself call a contract; the sender pays the gas. Raises as :meth:`Sender.send`."""
        values: tuple[Any, ...] = (call.address, 0, calldata(call), 0, 0, 0, 0, ZERO_ADDRESS, ZERO_ADDRESS)
        nonce = self._safe.functions.nonce().call()
        names = [field["name"] for field in _SAFE_TRANSACTION]
        message = dict(zip(names, (*values, nonce), strict=True))
        signature = self._owner_signature("SafeTx", _SAFE_TRANSACTION, message)
        return sender.send(self._safe.functions.execTransaction(*values, signature))

    def _owner_signature(self, primary: str, fields: list[dict[str, str]], message: dict[str, Any]) -> bytes:
        typed_data = {
            "types": {"EIP712Domain": _DOMAIN, primary: fields},
            "primaryType": primary,
            "domain": self._domain,
            "message": message,
        }
        return bytes(self.owner.sign_message(encode_typed_data(full_message=typed_data)).signature)


def _create(sender: Sender, path: str) -> ChecksumAddress:
    artifact = published(path)
    contract = sender.node.w3.eth.contract(abi=artifact["abi"], bytecode=artifact["bytecode"])
    address, _ = sender.deploy(contract.constructor(), artifact["contractName"])
    return address
