"""What a read replica on the same machine asks of the main server: who is signed in, whether to copy, a copy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter

from dashboard.api.callers import LOCAL, Caller, caller_for
from dashboard.auth.sessions import Sessions

PREFIX = "/local/replica"


def replica_router(sessions: Callable[[], Sessions]) -> APIRouter:
    """The routes, for the machine's owner only; ``sessions`` are the main server's."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.post("/state")
    def tell_state(caller: Annotated[Caller, caller_for(LOCAL)]) -> dict[str, Any]:
        """The version of the data, and every session by the hash of its secret."""
        return {
            "data_version": caller.workspace.store.data_version,
            "sessions": [asdict(held) for held in sessions().held()],
        }

    @router.post("/copy")
    def write_copy(path: str, caller: Annotated[Caller, caller_for(LOCAL)]) -> dict[str, Any]:
        """Write a copy of the store where the replica wants it; the version that it holds at least."""
        version = caller.workspace.store.data_version
        caller.workspace.store.copy_to(Path(path))
        return {"data_version": version}

    @router.post("/touch")
    def touch(key: str, _: Annotated[Caller, caller_for(LOCAL)]) -> None:
        """Note that somebody did something on the replica."""
        sessions().touch_key(key)

    return router
