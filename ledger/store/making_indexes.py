"""Indexes of tables that are full already, two at a time."""

from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import psycopg
from sqlalchemy import Connection, Index, Table
from sqlalchemy.schema import CreateIndex

from ledger.store import locks

AT_ONCE = 2


def make_indexes(connection: Connection, indexes: Sequence[Index]) -> None:
    """Makes those that are not there, each in a transaction, on connections like this one.

    When this thread is interrupted, they are cancelled. Raises what the first that fails raised.
    """
    engine = connection.engine.execution_options(**connection.get_execution_options())
    busy: set[psycopg.Connection[Any]] = set()

    def make(index: Index) -> None:
        with engine.begin() as own:
            driver = cast(psycopg.Connection[Any], own.connection.dbapi_connection)
            busy.add(driver)
            try:
                # IF NOT EXISTS alone fails when another indexer makes the same one at the same time.
                locks.lock_in_transaction(own, locks.index_key(_one_at_a_time(index)))
                own.execute(CreateIndex(index, if_not_exists=True))
            finally:
                busy.discard(driver)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        try:
            deque(threads.map(make, indexes), maxlen=0)
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            for driver in [*busy]:
                driver.cancel_safe()
            raise


def _one_at_a_time(index: Index) -> str:
    """What only one is made of at a time: an index; of a partitioned table any of them, since PostgreSQL may
    choose the same name for two of a partition's.
    """
    table = cast(Table, index.table)
    is_partitioned = bool(table.dialect_options["postgresql"].get("partition_by"))
    return table.name if is_partitioned else str(index.name)
