"""A wearable of another distribution: a driver that sends a sine, for the registry and the command line."""

import argparse
from pathlib import Path

import numpy as np

from devices.driver import Context, Kind, Link, Seen, Sink, Wish, stream_title
from devices.errors import DeviceError, Reason
from devices.spec import ChannelSpec, OutletSpec


class FakeWearable:
    def __init__(self, wish: Wish, context: Context) -> None:
        self.wish = wish
        self.context = context
        self.key = f"fake-{(wish.address or 'one').lower()}"
        self.name = stream_title("Fake", wish.participant, wish.address or "one")

    async def run(self, sink: Sink) -> None:
        if self.wish.options.fails:
            raise DeviceError(
                "No Bluetooth adapter is there. Plug one in.", Reason(self.wish.options.fails), self.name
            )
        spec = OutletSpec(
            name=self.name,
            type="EDA",
            source_id=f"{self.key}-eda",
            channels=(ChannelSpec(label="EDA", unit="microsiemens", type="EDA"),),
            nominal_rate_hz=self.wish.options.rate,
            channel_format="float32",
            manufacturer="Nobody",
            model="Fake",
            serial_number="1",
            firmware="1.0",
        )
        sink.declare(spec)
        while True:
            await self.context.pace.sleep(0.1)
            sink.push(spec.source_id, np.ones(1), np.array([self.context.pace.now()]))


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rate", type=float, default=10.0, metavar="HZ", help="samples per second")
    parser.add_argument("--sensor", choices=("left", "right"), default="left")
    parser.add_argument("--no-light", action="store_true")
    parser.add_argument("--fails", default="", metavar="REASON")


def fake_kind(name: str = "fake", link: Link = Link.BLE, says: str = "fake") -> Kind:
    return Kind(
        name=name,
        summary="100% made up",
        link=link,
        make=FakeWearable,
        recognises=lambda seen: says in seen.name.lower(),
        add_options=_options,
    )


KIND = fake_kind()
SERIAL_KIND = fake_kind("fake-serial", Link.SERIAL, "port")
NO_KIND = "something else"


def seen(name: str, address: str, rssi_dbm: int | None = -60, link: Link = Link.BLE) -> Seen:
    return Seen(link=link, address=address, name=name, rssi_dbm=rssi_dbm)


def distribution(folder: Path, name: str, **kinds: str) -> None:
    """Write what an installer leaves of a distribution with entry points, for a folder on the search path."""
    info = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = "".join(f"{kind.replace('_', '-')} = {value}\n" for kind, value in kinds.items())
    (info / "entry_points.txt").write_text(f"[attune.devices]\n{lines}")
