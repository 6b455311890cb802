"""Signed forms as files: written by ``--sign-only``, sent by anybody's ``pledger submit``."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from ledger.actions import Action, Facts, Said, action, signed_form
from ledger.actions.as_json import given_from_json, to_json
from ledger.chain.authorization import Authorization
from ledger.chain.signatures import parse
from ledger.errors import LedgerError
from ledger.intake.wallet_batch import write_json
from ledger.signing.eip712 import TypedData
from ledger.terms import solidity
from ledger.terms.deployment import Deployment

_INSTEAD = "Make it with --sign-only, and sign exactly its `typed_data`."


@dataclass(frozen=True)
class Form:
    """A form as a file has it. ``signature`` is empty until somebody signed it; ``signer`` is who must."""

    action: Action
    fields: Mapping[str, Any]
    signer: str
    typed_data: TypedData
    signature: bytes

    @property
    def authorization(self) -> Authorization:
        """The signature, with the nonce and deadline that it is over."""
        message = self.typed_data["message"]
        return Authorization(int(message["nonce"]), int(message["deadline"]), self.signature)

    def with_signature(self, signature: bytes) -> Self:
        """The same, signed so."""
        return replace(self, signature=signature)


def write(path: Path, forms: list[tuple[Said, str, str, TypedData, bytes]]) -> None:
    """One file of what a command signed, in its order: what was said, as read by people, who
    signs, the form, and the signature.
    """
    written = [
        {
            "action": said.action.name,
            "sentence": words,
            "fields": to_json(said),
            "signer": signer,
            "typed_data": data,
            "signature": "0x" + signature.hex() if signature else None,
        }
        for said, words, signer, data, signature in forms
    ]
    write_json(path, {"signed_actions": written})


def read(path: Path, deployment: Deployment, signature: str | None = None) -> list[Form]:
    """The forms of a file. ``signature``: of its only form, made elsewhere.

    Raises LedgerError when it is not such a file, or is of another deployment.
    """
    try:
        document = json.loads(path.read_text())["signed_actions"]
        forms = [_form(each) for each in document]
        if signature is not None:
            [only] = document
            forms = [_form(only | {"signature": signature})]
    except OSError as error:
        raise LedgerError(f"Cannot read {path}: {error.strerror}.", "Check the path.") from error
    except (ValueError, KeyError, TypeError, AttributeError, solidity.ValueInvalid) as error:
        raise LedgerError(f"{path} is not a file of signed actions.", _INSTEAD) from error
    for form in forms:
        domain = form.typed_data["domain"]
        own = deployment.address(form.action.contract)
        if (domain["chainId"], domain["verifyingContract"]) != (deployment.chain_id, own):
            raise LedgerError(
                f"{path} was signed for {domain['verifyingContract']} on chain {domain['chainId']}, not for "
                f"{own} on chain {deployment.chain_id}.",
                "Set PLEDGER_RPC_URL and PLEDGER_DEPLOYMENT to those that it is for.",
            )
    return forms


def said_of(form: Form, facts: Facts) -> Said:
    """What it says, as the chain is now. Raises LedgerError when the form signs something else."""
    said = Said(form.action, dict(form.fields) | {"authorization": form.authorization}, facts)
    own = form.authorization
    if signed_form(said, nonce=own.nonce, deadline=own.deadline) != form.typed_data:
        raise LedgerError(
            f"What was signed is not what the fields of {form.action.name} say now.",
            "The payment or the wallet changed since, or the file did: sign it anew.",
        )
    return said


def _form(document: Mapping[str, Any]) -> Form:
    declared = action(document["action"])
    data = document["typed_data"]
    for name in ("nonce", "deadline"):
        solidity.parse("uint256", data["message"][name], name)
    return Form(
        declared,
        given_from_json(declared, document["fields"]),
        str(document["signer"]),
        data,
        parse(document["signature"] or "0x"),
    )
