"""Opening a database by URL."""

import pytest
from sqlalchemy import text

from ledger.errors import LedgerError
from ledger.store.database import Database


@pytest.mark.parametrize("url", ["sqlite:///ledger.db", "mysql://host/ledger", "ledger", "", "postgresql:"])
def test_only_postgresql_urls_are_taken(url: str) -> None:
    with pytest.raises(LedgerError) as caught:
        Database.open(url)
    assert "\n" not in caught.value.what


def test_a_database_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(LedgerError, match="does not answer") as caught:
        Database.open("postgresql://user:secret@127.0.0.1:1/ledger")
    assert "secret" not in str(caught.value)
    assert "\n" not in caught.value.what


def test_any_usual_spelling_of_the_url_is_taken(new_database_url: str) -> None:
    _, rest = new_database_url.split("://")
    for spelling in ("postgres", "postgresql", "postgresql+psycopg2"):
        with Database.open(f"{spelling}://{rest}") as database, database.session() as session:
            assert session.scalar(text("SELECT 1")) == 1
