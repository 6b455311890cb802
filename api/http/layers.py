"""The layers around the application, the outermost last."""

from fastapi import FastAPI
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api.http.bodies import Bodies
from api.http.compression import Compression
from api.http.cross_origin import CrossOrigin
from api.http.defaults import Defaults
from api.http.faults import Faults
from api.http.flood import Flood
from api.http.methods import Methods
from api.http.starting import Starting
from api.http.turns import Turns
from ledger.settings import Settings


def add_layers(app: FastAPI, settings: Settings) -> None:
    """Puts them around it: the last one added is the first to see a request."""
    app.add_middleware(Faults)
    app.add_middleware(Starting)
    app.add_middleware(Turns)
    app.add_middleware(Bodies)
    app.add_middleware(  # before anything of a body is looked at: bodies cost something too
        Flood,
        drafts_per_hour=settings.drafts_per_hour,
        sign_ins_per_hour=settings.sign_ins_per_hour,
    )
    app.add_middleware(Compression)
    app.add_middleware(Methods)
    app.add_middleware(CrossOrigin)
    app.add_middleware(Defaults)
    if settings.trusted_proxies:
        # Only what these say of who asked is believed: anybody can send X-Forwarded-For.
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=settings.proxies)
