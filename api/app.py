"""The application: ``uvicorn api.app:create_app --factory``.

Routers of further resources are added to ``_routers``; what a resource needs of the database and the node
it takes from ``api.session``.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import APIRouter, Depends, FastAPI

from api.actions import routes as actions
from api.agreements import routes as agreements
from api.audit import routes as audit
from api.balances import routes as balances
from api.checkpoints import routes as checkpoints
from api.deals import routes as deals
from api.drafts import routes as drafts
from api.entries import routes as entries
from api.health import metrics
from api.health import routes as health
from api.http.layers import add_layers
from api.http.parameters import only_what_is_taken
from api.keys import routes as keys
from api.members import routes as members
from api.openapi import describe
from api.partners import routes as partners
from api.passkeys import routes as passkeys
from api.payments import routes as payments
from api.payouts import routes as payouts
from api.portal import attach as attach_portal
from api.powers import routes as powers
from api.problem_answers import answer_problems
from api.problem_types import routes as problem_types
from api.relays import routes as relays
from api.reputation import routes as reputation
from api.search import routes as search
from api.session import Doors
from api.sign_in import routes as sign_in
from api.worker import end_with_supervisor
from ledger.settings import Settings
from ledger.store.database import Database


def create_app(settings: Settings | None = None, database: Database | None = None) -> FastAPI:
    """The API and the portal.

    ``settings`` default to the environment's. A ``database`` that is passed in stays the caller's to close;
    otherwise one is opened by the settings when the server starts, and closed when it stops.
    """
    chosen = settings or Settings()
    chosen.public_origin  # noqa: B018 - one that cannot be used is told before anything starts

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        end_with_supervisor()
        app.state.doors = Doors.open(chosen, database)
        try:
            yield
        finally:
            app.state.doors.close()

    app = FastAPI(
        title="Partnership Ledger",
        summary="Who agreed to what, who brought which deal first, what came in and who is owed how much.",
        version=version("partnership-ledger"),
        lifespan=lifespan,
        dependencies=[Depends(only_what_is_taken)],
        generate_unique_id_function=lambda route: route.name,
        docs_url=None,  # the portal has its own page for it, which loads nothing from elsewhere
        redoc_url=None,
    )
    add_layers(app, chosen)
    answer_problems(app)
    describe(app)
    for router in _routers():
        app.include_router(router)
    attach_portal(app)
    return app


def _routers() -> list[APIRouter]:
    return [
        partners.router,
        balances.router,
        payouts.router,
        reputation.router,
        drafts.router,  # before agreements, whose ids their path would be taken for
        agreements.router,
        payments.router,
        deals.router,
        sign_in.router,
        passkeys.router,
        members.router,
        keys.router,
        actions.declared,
        actions.router,
        relays.router,
        entries.router,
        search.router,
        audit.router,
        powers.router,
        checkpoints.router,
        health.router,
        metrics.router,
        problem_types.router,
    ]
