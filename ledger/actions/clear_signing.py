"""How wallets show what they sign: a file of ERC-7730 for each struct, which follows from the declarations.

Of a struct that several actions sign, as decisions on deals, the file says what all of them do. The files
that come with the package, written by this module as a program, are of no deployment; :func:`deployed` adds
one's chain and address.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ledger.actions import ACTIONS
from ledger.actions.declaration import Action, Unit
from ledger.actions.structs import members, name_of, types_of
from ledger.signing.eip712 import DOMAIN_FIELDS, DOMAIN_NAMES
from ledger.terms.agreement import NATIVE_COIN
from ledger.terms.deployment import Deployment
from ledger.terms.solidity import Fields, snake

SCHEMA = (
    "https://raw.githubusercontent.com/LedgerHQ/clear-signing-erc7730-registry/master/specs/"
    "erc7730-v1.schema.json"
)
FOLDER = Path(__file__).with_name("erc7730")
"""Where those of the package are."""
_OWNER = "Partnership Ledger"
_SHOWN_LAST = {"deadline": "Counts until"}
_LEFT_OUT = "nonce"
"""What tells signatures apart, and says nothing to a person."""
_OF_ADDRESS = {
    Unit.TOKEN: {"types": ["token"], "sources": ["local", "ens"]},
    Unit.ACCOUNT: {"types": ["eoa", "contract"], "sources": ["local", "ens"]},
}
_TOGETHER = {"Decide": "Decide on a deal", "CancelNonce": "Make signatures worthless"}


def files() -> dict[str, dict[str, Any]]:
    """By the file's name, as ``eip712-RevenueLedger-ClaimTo.json``: what it holds."""
    found: dict[str, dict[str, Any]] = {}
    for action in ACTIONS.values():
        if action.struct is not None:
            found.setdefault(
                f"eip712-{action.contract}-{name_of(action.struct)}.json", _file(action, action.struct)
            )
    return found


def deployed(file: Mapping[str, Any], deployment: Deployment) -> dict[str, Any]:
    """The same, for the contract of a deployment."""
    eip712 = file["context"]["eip712"]
    contract = next(name for name, title in DOMAIN_NAMES.items() if title == eip712["domain"]["name"])
    address = {"chainId": deployment.chain_id, "address": deployment.address(contract)}
    return {**file, "context": {"eip712": {**eip712, "deployments": [address]}}}


def _file(action: Action, struct: str) -> dict[str, Any]:
    primary = name_of(struct)
    types = {"EIP712Domain": DOMAIN_FIELDS, **types_of(struct)}
    return {
        "$schema": SCHEMA,
        "context": {
            "eip712": {
                "domain": {"name": DOMAIN_NAMES[action.contract], "version": "1"},
                "deployments": [],
                "schemas": [
                    {
                        "primaryType": primary,
                        "types": {
                            name: [{"name": own, "type": kind} for own, kind in fields]
                            for name, fields in types.items()
                        },
                    }
                ],
            }
        },
        "metadata": {"owner": _OWNER},
        "display": {
            "formats": {
                primary: {
                    "$id": primary,
                    "intent": _TOGETHER.get(primary) or _spaced(action.name).capitalize(),
                    "fields": [*_fields(action, struct)],
                    "excluded": [_LEFT_OUT],
                }
            }
        },
    }


def _fields(action: Action, struct: str) -> Iterator[dict[str, Any]]:
    for name, kind in members(struct):
        if name != _LEFT_OUT:
            yield from _shown(action, types_of(struct), name, name, kind)


def _shown(
    action: Action, types: Mapping[str, Fields], path: str, name: str, kind: str
) -> Iterator[dict[str, Any]]:
    """A member; of a struct each member within it, of a list of structs those of each."""
    if kind.endswith("[]") and kind.removesuffix("[]") in types:
        within = types[kind.removesuffix("[]")]
        parts = [part for own, inner in within for part in _shown(action, types, own, own, inner)]
        yield {"path": f"{path}.[]", "fields": [part for part in parts if "fields" not in part]}
        for part in parts:
            if "fields" in part:  # the linter knows no list within a list
                yield {**part, "path": f"{path}.[].{part['path']}"}
    elif kind.endswith("[]"):
        yield from _shown(action, types, f"{path}.[]", name, kind.removesuffix("[]"))
    elif kind in types:
        for own, inner in types[kind]:
            yield from _shown(action, types, f"{path}.{own}", own, inner)
    else:
        label = _SHOWN_LAST.get(path) or _spaced(snake(name)).capitalize()
        has_token = any(own == "token" for own, _ in next(iter(types.values())))
        yield {"path": path, "label": label, **_format(action, path, name, kind, has_token)}


def _format(action: Action, path: str, name: str, kind: str, has_token: bool) -> dict[str, Any]:
    unit = next((each.unit for each in action.fields if each.name == snake(name)), None)
    if kind == "address":
        token = unit is Unit.TOKEN or path.startswith("terms.tokens")
        return {"format": "addressName", "params": _OF_ADDRESS[Unit.TOKEN if token else Unit.ACCOUNT]}
    if kind == "uint40" or path in _SHOWN_LAST:
        return {"format": "date", "params": {"encoding": "timestamp"}}
    if name.endswith("Seconds"):
        return {"format": "duration"}
    if has_token and (unit is Unit.AMOUNT or name == "amount"):
        coin = {"tokenPath": "#.token", "nativeCurrencyAddress": [NATIVE_COIN]}
        return {"format": "tokenAmount", "params": coin}
    return {"format": "raw"}


def _spaced(name: str) -> str:
    return re.sub(r"[_\s]+", " ", name)


def write(folder: Path, deployment: Deployment | None = None) -> list[Path]:
    """Writes all files into a folder, for a deployment if one is given. Returns where they are."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, file in files().items():
        path = folder / name
        content = file if deployment is None else deployed(file, deployment)
        path.write_text(json.dumps(content, indent=2) + "\n")
        written.append(path)
    return written


if __name__ == "__main__":  # whenever a declaration changes
    write(FOLDER)
