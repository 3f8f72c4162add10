"""The ASGI application: every way in is a router over one desk."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from boxout.service import deciding, health, problems, process, reading
from boxout.service.desk import Desk
from boxout.service.limits import Limited
from boxout.service.measures import measures
from boxout.service.pushes import Pushes
from boxout.service.roles import Guard, Role
from boxout.service.ui import actions, assets, routes

SENTENCE = "Boxout publishes a number only when every input it was computed from was complete, checked, current and public at that very moment."


def build(desk: Desk, guard: Guard | None = None, pushes: Pushes | None = None) -> FastAPI:
    """The application on a desk, which works while the application runs.

    Whoever builds it opens and closes the desk's project. Without tokens in the guard only this
    machine is answered; with `pushes` a message must be signed.
    """
    doors = guard or Guard()

    @asynccontextmanager
    async def working(_: FastAPI) -> AsyncGenerator[None]:
        desk.begin()
        try:
            yield
        finally:
            desk.changes.close()
            await asyncio.to_thread(desk.end)

    app = FastAPI(
        title="Boxout",
        description=SENTENCE,
        version="1",
        lifespan=working,
        docs_url=None,
        redoc_url=None,
    )
    app.add_middleware(Limited)
    problems.listen_for(app)
    reads, operates = doors.needs(Role.READ), doors.needs(Role.OPERATE)
    app.include_router(health.routes(desk))
    app.include_router(process.messages(desk, doors, pushes))
    app.include_router(process.dates(desk), dependencies=[operates])
    app.include_router(reading.routes(desk), dependencies=[reads])
    app.include_router(measures(desk), dependencies=[reads])
    app.include_router(deciding.routes(desk), dependencies=[operates])
    app.include_router(deciding.forcing(desk), dependencies=[doors.needs(Role.FORCE)])
    app.include_router(assets())
    app.include_router(routes(desk), dependencies=[reads])
    app.include_router(actions(desk), dependencies=[operates])
    return app
