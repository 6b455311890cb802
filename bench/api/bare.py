"""A bare FastAPI application whose routes return given answers: JSON by its own means, pages as they are.

`uvicorn bench.api.bare:app`; ``BARE`` names the JSON file with the bodies by path.
"""

import json
import os
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

app = FastAPI()


def _add(path: str, body: str) -> None:
    if body.startswith("{"):
        parsed = json.loads(body)

        def answer() -> Any:
            return parsed

        app.get(path)(answer)
    else:

        def page() -> HTMLResponse:
            return HTMLResponse(body)

        app.get(path)(page)


for number, text in enumerate(json.loads(Path(os.environ["BARE"]).read_text())):
    _add(f"/{number}", text)
