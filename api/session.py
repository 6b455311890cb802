"""What an operation works with: the settings, the database, and the node."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Self, cast

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from api.background import Background
from api.chain_head import HeadWatch
from api.made_once import MadeOnce
from ledger.chain.node import Node
from ledger.chain.steady import connect_steady
from ledger.settings import Settings
from ledger.store.database import Database
from ledger.store.readers import Readers

CONNECT_SECONDS = 5.0
"""How long whoever needs the node waits for the first connection to it."""


@dataclass
class Doors:
    """The application's settings, its database and the replicas of it, and its node, which is connected to
    when first asked for.
    """

    settings: Settings
    database: Database
    owned: bool
    background: Background = field(default_factory=Background)
    head: HeadWatch = field(init=False)
    readers: Readers = field(init=False)
    _node: MadeOnce[Node] = field(init=False)

    def __post_init__(self) -> None:
        nodes = self.settings.nodes
        self._node = MadeOnce("connecting", lambda: connect_steady(nodes, patience=CONNECT_SECONDS))
        self.head = HeadWatch(self.node)
        self.readers = Readers(self.database, self.settings.replicas)

    @classmethod
    def open(cls, settings: Settings, database: Database | None = None) -> Self:
        """Takes the database given, or opens the settings' own."""
        if database is not None:
            return cls(settings, database, owned=False)
        return cls(settings, Database.open(settings), owned=True)

    def close(self) -> None:
        """Closes what was opened here."""
        self.head.close()
        self._node.close()
        self.background.close()
        self.readers.close()
        if self.owned:
            self.database.close()

    def node(self, patience: float = CONNECT_SECONDS) -> Node:
        """The chain's node: of several, one that answers.

        Raises ``NodeUnreachable``, answered with 503, when none does, or none within ``patience`` seconds.
        """
        return self._node.get(patience)


def doors_of(request: Request) -> Doors:
    """The application's doors."""
    return cast(Doors, request.app.state.doors)


async def open_doors(request: Request) -> Doors:
    """The same, without a thread for it."""
    return doors_of(request)


def session_of(doors: Annotated[Doors, Depends(open_doors)]) -> Iterator[Session]:
    """A session on the primary that ends with the request; nothing is committed for the caller."""
    with doors.database.session() as session:
        yield session


OpenDoors = Annotated[Doors, Depends(open_doors)]
OpenSession = Annotated[Session, Depends(session_of)]
