"""Blinded references: what ties a report's row to the chain without showing the row.

Each is HMAC-SHA256 under the account's import key, a secret of 32 bytes that stays the same for as long as
the account imports: the same row gives the same reference on every run.
"""

import hmac

from ledger.terms.ids import InvoiceRef


def invoice_ref(import_key: bytes, source: str, row_id: str) -> InvoiceRef:
    """32 bytes that name an invoice: HMAC-SHA256(payer's import key, ``source|row id``).

    ``source`` names the system the report comes from, ``row_id`` is the row's immutable id in it.
    """
    return InvoiceRef(hmac.digest(import_key, f"{source}|{row_id}".encode(), "sha256"))


def deal_salt(import_key: bytes, opportunity_id: str, attempt: int) -> bytes:
    """32 bytes of salt of a deal's commitment; ``attempt`` counts commitments that lapsed unrevealed,
    from 0.
    """
    return hmac.digest(import_key, f"deal|v1|{opportunity_id}|{attempt}".encode(), "sha256")
