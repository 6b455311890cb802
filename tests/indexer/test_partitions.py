"""Entries by ranges of blocks: nothing is lost on the way, and each is there once though no index says so."""

import random
import threading
from dataclasses import replace

import pytest
from histories import SCOPE, History
from indexers import following, wait_for_newest, wait_until
from partnership import Partnership
from single_logs import by_columns, singly
from sqlalchemy import text

from ledger.indexer.fetch import Batch
from ledger.indexer.mirror import Mirror, MirrorChanged
from ledger.indexer.steps import checked
from ledger.store import partitions
from ledger.store.database import Database
from ledger.store.digest import digest


@pytest.fixture
def history() -> History:
    history = History(random.Random(3))
    history.grow(60)
    return history


def mirror(database: Database) -> Mirror:
    """A writer that asked nobody for the right to write: nothing but the tables keeps two of them apart."""
    return Mirror(database.engine.connect(), SCOPE)


def apply(writer: Mirror, batch: Batch) -> None:
    writer.apply(checked(SCOPE, batch, writer.journals), 0)


def elsewhere(batch: Batch, blocks: int) -> Batch:
    """The same entries in blocks of later numbers."""
    headers = {
        number + blocks: replace(header, number=number + blocks) for number, header in batch.headers.items()
    }
    logs = [replace(log, block_number=log.block_number + blocks) for log in singly(batch.logs)]
    return Batch(batch.first + blocks, headers[batch.last.number + blocks], headers, by_columns(logs))


def made(database: Database) -> list[str]:
    with database.engine.connect() as connection:
        query = "SELECT relid::regclass::text FROM pg_partition_tree('chain.entry') WHERE isleaf ORDER BY 1"
        return list(connection.scalars(text(query)))


def twice(database: Database) -> int:
    """Entries that are there more than once."""
    with database.engine.connect() as connection:
        query = "SELECT count(*) - count(DISTINCT (chain_id, contract, seq)) FROM chain.entry"
        return int(connection.scalar(text(query)) or 0)


def test_partitions_change_nothing_that_is_read(
    database: Database, other_database: Database, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batches that end inside a partition, span several, and are taken back over their borders."""
    apply(mirror(other_database), history.batch(1, 60))
    monkeypatch.setattr(partitions, "WIDTH", 7)
    writer = mirror(database)
    for first, last in ((1, 3), (4, 30), (31, 60)):
        apply(writer, history.batch(first, last))
    assert len(made(database)) == 9
    assert digest(database) == digest(other_database)
    removed = writer.take_back(history.blocks[19].header)
    assert removed == len(singly(history.batch(21, 60).logs))
    assert [block.number for block in writer.blocks_below(30, 1)] == [20]
    apply(writer, history.batch(21, 60))
    assert digest(database) == digest(other_database)


def test_the_index_of_topics_knows_of_what_was_written_and_so_finds_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All but the newest few; whichever it knows nothing of are looked through, and found too."""
    monkeypatch.setattr(partitions, "WIDTH", 500)
    history = History(random.Random(4))
    history.grow(1_200)
    writer = mirror(database)
    apply(writer, history.batch(1, 700))
    writer.summarize()  # the first time in any case
    assert unknown_runs(database) == 0
    apply(writer, history.batch(701, 1_000))
    writer.summarize()  # too few
    before = found(database)
    assert unknown_runs(database) > 0
    apply(writer, history.batch(1_001, 1_200))
    monkeypatch.setattr("ledger.indexer.mirror.SUMMARIZED", 1)
    writer.summarize()
    assert unknown_runs(database) == 0
    assert len(before) == 100
    assert sum(times for _, times in found(database)) > sum(times for _, times in before)


def test_who_follows_tells_the_index_of_topics(partnership: Partnership, database: Database) -> None:
    partnership.work(1)
    with following(database, partnership.world) as indexer:
        wait_until(lambda: indexer.mirror._unsummarized == 0)
        wait_for_newest(indexer, partnership.world)
    assert unknown_runs(database) == 0


def unknown_runs(database: Database) -> int:
    """Runs of pages that the index of topics knew nothing of until now."""
    with database.engine.begin() as connection:
        query = (
            "SELECT sum(brin_summarize_new_values(inhrelid)) FROM pg_inherits "
            "WHERE inhparent = 'chain.entry_topics_idx'::regclass"
        )
        return int(connection.scalar(text(query)) or 0)


def found(database: Database) -> list[tuple[bytes, int]]:
    """What most entries are about, each looked up by the index: as often as it is there."""
    with database.engine.begin() as connection:
        everything = connection.execute(
            text(
                "SELECT about, count(DISTINCT (contract, seq)) FROM chain.entry, unnest(topics[2:]) AS about "
                "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 100"
            )
        ).all()
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        connection.execute(text("SET LOCAL enable_indexscan = off"))
        where = "topics[2] = :about OR topics[3] = :about OR topics[4] = :about"
        looked_up = text(f"SELECT count(*) FROM chain.entry WHERE {where}")
        plan = connection.execute(text("EXPLAIN " + str(looked_up)), {"about": everything[0][0]}).scalars()
        assert "Bitmap Index Scan" in "".join(plan)
        for about, times in everything:
            assert connection.scalar(looked_up, {"about": about}) == times
    return [(bytes(about), times) for about, times in everything]


def test_a_second_writer_or_a_batch_again_adds_nothing(
    database: Database, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partitions, "WIDTH", 100)
    first, second = mirror(database), mirror(database)
    apply(first, history.batch(1, 30))
    before = digest(database)
    for batch in (history.batch(1, 30), elsewhere(history.batch(1, 30), 500)):
        with pytest.raises(MirrorChanged):
            apply(second, batch)
    second = mirror(database)
    apply(first, history.batch(31, 60))
    for batch in (history.batch(31, 60), elsewhere(history.batch(31, 60), 500)):
        with pytest.raises(MirrorChanged):
            apply(second, batch)
    assert twice(database) == 0
    first.take_back(history.blocks[29].header)
    assert digest(database) == before


@pytest.mark.parametrize("begun", [0, 20])
def test_of_two_that_write_the_same_entries_at_once_one_does(
    database: Database,
    other_database: Database,
    history: History,
    monkeypatch: pytest.MonkeyPatch,
    begun: int,
) -> None:
    """The same entries as two nodes' branches have them: in other blocks, so that no partition sees both."""
    apply(mirror(other_database), history.batch(1, 60))
    monkeypatch.setattr(partitions, "WIDTH", 100)
    if begun:
        apply(mirror(database), history.batch(1, begun))
    first, second = mirror(database), mirror(database)
    entered, go_on = threading.Event(), threading.Event()
    tell = first._notify

    def wait_before_the_commit(*news: object) -> None:
        entered.set()
        assert go_on.wait(120)
        tell(*news)  # type: ignore[arg-type]

    monkeypatch.setattr(first, "_notify", wait_before_the_commit)
    outcomes: dict[Mirror, BaseException | None] = {}
    batch = history.batch(begun + 1, 60)
    threads = [
        threading.Thread(target=attempt, args=(outcomes, writer, what))
        for writer, what in ((first, batch), (second, elsewhere(batch, 500)))
    ]
    threads[0].start()
    assert entered.wait(120)
    threads[1].start()
    wait_until(lambda: waiting(database) == 1)
    go_on.set()
    for thread in threads:
        thread.join(120)
    assert outcomes[first] is None
    assert isinstance(outcomes[second], MirrorChanged)
    assert twice(database) == 0
    assert digest(database) == digest(other_database)


def attempt(outcomes: dict[Mirror, BaseException | None], writer: Mirror, batch: Batch) -> None:
    try:
        apply(writer, batch)
        outcomes[writer] = None
    except BaseException as error:
        outcomes[writer] = error


def waiting(database: Database) -> int:
    """Connections that wait for another one's lock."""
    with database.engine.connect() as connection:
        query = (
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(connection.scalar(text(query)) or 0)


def test_readers_read_on_while_a_partition_is_made(database: Database, history: History) -> None:
    apply(mirror(database), history.batch(1, 60))
    with database.engine.connect() as reader, database.engine.connect() as maker:
        with maker.begin(), reader.begin():
            before = reader.scalar(text("SELECT count(*) FROM chain.entry"))
            partitions.make_room(maker, SCOPE.chain_id, [5_000_000])
            reader.execute(text("SET LOCAL lock_timeout = '1s'"))
            assert reader.scalar(text("SELECT count(*) FROM chain.entry")) == before
        with maker.begin(), reader.begin():
            reader.execute(text("SET LOCAL lock_timeout = '1s'"))
            assert reader.scalar(text("SELECT count(*) FROM chain.entry")) == before
    assert len(made(database)) == 2
