"""What partners sign for the AgreementRegistry: programmes, terms, and how agreements end."""

from eth_utils.address import to_checksum_address

from ledger.signing.eip712 import AUTHORIZED, TypedData, action, digest, typed_data
from ledger.terms.agreement import PAYEE_FIELDS, TERMS_FIELDS, TRANCHE_FIELDS, Terms
from ledger.terms.deployment import Deployment
from ledger.terms.solidity import Fields

TERMS_TYPES: dict[str, Fields] = {"Terms": TERMS_FIELDS, "Payee": PAYEE_FIELDS, "Tranche": TRANCHE_FIELDS}


def terms_typed_data(deployment: Deployment, terms: Terms) -> TypedData:
    """The terms by themselves; nobody signs them so, but their digest is the agreement's id."""
    return typed_data(deployment, "AgreementRegistry", "Terms", TERMS_TYPES, terms.to_message())


def agreement_id(deployment: Deployment, terms: Terms) -> bytes:
    """The id that these terms have under this deployment."""
    return digest(terms_typed_data(deployment, terms))


def create_programme(
    deployment: Deployment, owner: str, number: int, name: str, rule: int, *, nonce: int, deadline: int
) -> TypedData:
    """A vendor opens a programme; ``number`` is of its own choice."""
    fields: Fields = (("owner", "address"), ("number", "uint96"), ("name", "string"), ("rule", "uint8"))
    return action(
        deployment,
        "AgreementRegistry",
        "CreateProgramme",
        fields,
        (owner, number, name, rule),
        nonce,
        deadline,
    )


def open_epoch(
    deployment: Deployment, owner: str, programme: bytes, grace_seconds: int, *, nonce: int, deadline: int
) -> TypedData:
    """A vendor opens its programme's next key epoch, with a grace for tagging deals again."""
    fields: Fields = (("owner", "address"), ("programme", "bytes32"), ("graceSeconds", "uint32"))
    return action(
        deployment,
        "AgreementRegistry",
        "OpenEpoch",
        fields,
        (owner, programme, grace_seconds),
        nonce,
        deadline,
    )


def acceptance(deployment: Deployment, account: str, terms: Terms, *, nonce: int, deadline: int) -> TypedData:
    """A party accepts an agreement's terms; all of them are in what it signs."""
    fields: Fields = (("account", "address"), ("terms", "Terms"))
    types = {"Acceptance": fields + AUTHORIZED, **TERMS_TYPES}
    message = {
        "account": to_checksum_address(account),
        "terms": terms.to_message(),
        "nonce": str(nonce),
        "deadline": str(deadline),
    }
    return typed_data(deployment, "AgreementRegistry", "Acceptance", types, message)


def end_agreement(
    deployment: Deployment, account: str, agreement: bytes, ends_at: int, *, nonce: int, deadline: int
) -> TypedData:
    """A party consents to an agreement's end; ``ends_at`` is the last second at which it is in force."""
    fields: Fields = (("account", "address"), ("agreement", "bytes32"), ("endsAt", "uint40"))
    return action(
        deployment,
        "AgreementRegistry",
        "EndAgreement",
        fields,
        (account, agreement, ends_at),
        nonce,
        deadline,
    )


def give_notice(
    deployment: Deployment, account: str, agreement: bytes, *, nonce: int, deadline: int
) -> TypedData:
    """A party ends an agreement alone, after the notice that its terms give."""
    fields: Fields = (("account", "address"), ("agreement", "bytes32"))
    return action(
        deployment, "AgreementRegistry", "GiveNotice", fields, (account, agreement), nonce, deadline
    )


def rule_end(
    deployment: Deployment,
    arbiter: str,
    agreement: bytes,
    ends_at: int,
    reason: bytes,
    *,
    nonce: int,
    deadline: int,
) -> TypedData:
    """The arbiter ends an agreement; ``ends_at`` is the last second at which it is in force."""
    fields: Fields = (
        ("arbiter", "address"),
        ("agreement", "bytes32"),
        ("endsAt", "uint40"),
        ("reason", "bytes32"),
    )
    return action(
        deployment,
        "AgreementRegistry",
        "RuleEnd",
        fields,
        (arbiter, agreement, ends_at, reason),
        nonce,
        deadline,
    )
