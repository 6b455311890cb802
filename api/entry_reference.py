"""Which entry of which journal put a row into the mirror."""

from pydantic import BaseModel, Field

from ledger.terms.contracts import ContractName


class EntryReference(BaseModel):
    """An entry, to be found under ``/v1/entries?contract={contract}&seq={seq}``."""

    contract: ContractName
    seq: int = Field(description="its number in the contract's journal, from 1", examples=[12])
