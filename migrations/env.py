"""Runs migrations on the connection that the program hands over, or on the settings' database."""

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.schema import CreateSchema

from ledger.store.database import Database
from ledger.store.partitions import is_partition
from ledger.store.schema import ALL_OF_APP
from ledger.store.tables import APP, CHAIN, Base


def include_name(name: str | None, kind: str, _: object) -> bool:
    """The models' tables, of which partitions are none."""
    if kind == "table":
        return not is_partition(name or "")
    return name in (APP, CHAIN) if kind == "schema" else True


def run(connection: Connection) -> None:
    history = context.config.attributes.get("history", ALL_OF_APP)
    connection.execute(CreateSchema(history.schema, if_not_exists=True))
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        version_table=history.version_table,
        version_table_schema=history.schema,
        include_schemas=True,
        include_name=include_name,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with Database.open(migrate=False) as database, database.engine.begin() as connection:
        run(connection)
