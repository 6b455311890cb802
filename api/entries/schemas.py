"""What answers say of the journals' entries."""

from typing import Any

from pydantic import BaseModel, Field

from api.as_of import Answer
from api.identifiers import EXAMPLE_ID, Address, Head, Id
from ledger.terms.contracts import ContractName


class BlockReference(BaseModel):
    """The block that carries an entry."""

    number: int
    hash: Id
    timestamp: int = Field(description="seconds since 1970")


class EntryBody(BaseModel):
    """An entry of a contract's journal, with everything needed to recompute its head:
    `entry_hash` = keccak256 of emitter, topics and data without the words of seq and head;
    `head` = first 24 bytes of keccak256(abi.encode(head before, seq, entry_hash)).
    """

    contract: ContractName
    address: Address
    seq: int = Field(description="its number in the contract's journal, from 1", examples=[12])
    head: Head = Field(description="the journal's head after it")
    entry_hash: Id = Field(examples=[EXAMPLE_ID])
    event: str = Field(examples=["PaymentReceived"])
    args: dict[str, Any] = Field(
        description="the event's arguments; whole numbers as decimal strings",
        examples=[{"agreement": EXAMPLE_ID, "amount": "1234560000"}],
    )
    block: BlockReference
    transaction_hash: Id
    transaction_index: int
    log_index: int
    topics: list[Id]
    data: str = Field(description="0x hex")


class EntryList(Answer):
    """Entries, the newest first."""

    entries: list[EntryBody]
    next_cursor: str | None
