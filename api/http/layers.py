"""The layers around the application, the outermost last."""

from fastapi import FastAPI

from api.http.bodies import Bodies
from api.http.compression import Compression
from api.http.cross_origin import CrossOrigin
from api.http.methods import Methods
from api.http.turns import Turns


def add_layers(app: FastAPI) -> None:
    """Puts them around it: the last one added is the first to see a request."""
    app.add_middleware(Turns)
    app.add_middleware(Bodies)
    app.add_middleware(Compression)
    app.add_middleware(Methods)
    app.add_middleware(CrossOrigin)
