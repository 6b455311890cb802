"""Ids as words of the chain: each kind has a type of its own, so that none is taken for another.

They are made where bytes come in (a contract's answer, an entry, a row, what a person typed) and by the
functions that compute them; the type checker sees to the rest. contracts/shared/types/Ids.sol has the same.
"""

from typing import NewType

AgreementId = NewType("AgreementId", bytes)
"""32 bytes: the root over all that an agreement's terms say, under its chain and registry."""
ProgrammeId = NewType("ProgrammeId", bytes)
"""32 bytes: the owner's address, and its own number of 12 bytes."""
DealId = NewType("DealId", bytes)
"""32 bytes: the hash of a deal's account and commitment."""
CustomerId = NewType("CustomerId", bytes)
"""12 bytes: a customer within a programme's key epoch."""
InvoiceRef = NewType("InvoiceRef", bytes)
"""32 bytes: a payer's own reference of an invoice, blinded; a payer can pay it once."""
CustomerTag = NewType("CustomerTag", bytes)
"""32 bytes: a customer, blinded by the key that a programme's partners share for an epoch."""

BookKey = tuple[AgreementId, bytes]
"""An agreement, and the address of a token: an agreement keeps a book in each."""
PaymentKey = tuple[bytes, InvoiceRef]
"""The wallet that paid, and its reference: an invoice is paid once by each wallet."""

NO_AGREEMENT, NO_PROGRAMME, NO_DEAL = AgreementId(bytes(32)), ProgrammeId(bytes(32)), DealId(bytes(32))
NO_CUSTOMER = CustomerId(bytes(12))
