"""The other side of the diary's rows: a bare FastAPI application whose routes answer what one prepared query says.

No middleware, no token, no question who may: the least that an answer of this size costs here.
Run by `town.bench.diary` as `python -m town.bench.bare <file>`; the file has dsn, port and routes.
"""

import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import uvicorn
from fastapi import FastAPI, Request, Response

from town.bench.wire import read


def bare_app(dsn: str, routes: dict[str, dict[str, Any]]) -> FastAPI:
    """Routes `/<name>`, each with its statement and arguments."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with asyncpg.create_pool(dsn, min_size=10, max_size=10, server_settings={"jit": "off"}) as pool:
            app.state.pool = pool
            yield

    app = FastAPI(lifespan=lifespan)

    def answering(statement: str, arguments: list[Any]) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            body: str = await request.app.state.pool.fetchval(statement, *arguments)
            return Response(body.encode(), media_type="application/json")

        return answer

    for name, route in routes.items():
        app.get(f"/{name}", response_model=None)(
            answering(route["statement"], [read(one) for one in route["arguments"]])
        )
    return app


def main() -> None:
    """Serve until told to stop, with uvicorn's own choice of loop and parser."""
    told = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    uvicorn.run(bare_app(told["dsn"], told["routes"]), port=told["port"], log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
