"""A client that knows nothing of the drivers: it starts the ECG of a strap by hand."""

import asyncio

from bleak import BleakClient

from devices.protocols import pmd

START_ECG = bytes.fromhex("02 00 00 01 82 00 01 01 0e 00")


async def heard(client: BleakClient, n_frames: int) -> list[int]:
    """Start the ECG and wait for some frames; their samples."""
    values: list[int] = []
    answers: asyncio.Queue[bytes] = asyncio.Queue()
    enough = asyncio.Event()

    def frame(_: object, data: bytearray) -> None:
        values.extend(int(value) for value in pmd.decode_frame(bytes(data)).samples[:, 0])
        if len(values) >= 73 * n_frames:
            enough.set()

    await client.start_notify(pmd.CONTROL_POINT, lambda _, data: answers.put_nowait(bytes(data)))
    await client.start_notify(pmd.DATA, frame)
    await client.write_gatt_char(pmd.CONTROL_POINT, START_ECG, response=True)
    assert (await asyncio.wait_for(answers.get(), 5.0)).hex(" ") == "f0 02 00 00 00 00"
    await asyncio.wait_for(enough.wait(), 10.0)
    return values
