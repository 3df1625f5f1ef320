"""Fixtures for emulated hardware: what the machine must have, and nothing left running."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest


@pytest.fixture
def run() -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Run a coroutine to its end, and fail when it leaves a task behind."""

    def run_it(work: Coroutine[Any, Any, Any], timeout_s: float = 60.0) -> Any:
        async def watched() -> Any:
            async with asyncio.timeout(timeout_s):
                result = await work
            # Cancelled tasks need a turn to end.
            for _ in range(3):
                await asyncio.sleep(0)
            left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            assert not left, f"left running: {left}"
            return result

        return asyncio.run(watched())

    return run_it
