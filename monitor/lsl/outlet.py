"""Markers for other programs: one sample per grid second, with the status of each value beside it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from monitor.core.results import MarkerRow, Reason, Status
from monitor.lsl.binding import Outlet

_TYPE = "attune-markers"
_STATUS_TYPE = "attune-markers-status"


class MarkerChannel(NamedTuple):
    """What one channel of the outlet carries.

    Parameters
    ----------
    participant, marker, unit : str
        As in the rows.
    """

    participant: str
    marker: str
    unit: str


class MarkerOutlet:
    """Publishes markers as a stream of numbers, and their statuses as a stream of texts alike.

    A missing value is NaN and its status says why; a marker without a row in a second is missing too.

    Parameters
    ----------
    channels : sequence of MarkerChannel
        The channels, fixed for the session.
    source_id : str, default "attune-markers"
        Source id; the stream of texts has it with ``-status`` added.

    Raises
    ------
    ValueError
        If there is no channel, or one twice.
    """

    def __init__(self, channels: Sequence[MarkerChannel], *, source_id: str = "attune-markers") -> None:
        self._place = {(channel.participant, channel.marker): i for i, channel in enumerate(channels)}
        if not channels or len(self._place) != len(channels):
            raise ValueError("an outlet needs channels, each of them once")
        labels = [f"{channel.participant} {channel.marker}" for channel in channels]
        units = [channel.unit for channel in channels]
        self._values = Outlet("attune-markers", _TYPE, source_id, labels, units, "double64")
        self._statuses = Outlet(
            "attune-markers-status", _STATUS_TYPE, f"{source_id}-status", labels, [""] * len(units), "string"
        )

    def push(self, rows: Iterable[MarkerRow], stamp_s: float) -> None:
        """Send the rows of one grid second.

        Parameters
        ----------
        rows : iterable of MarkerRow
            Rows of markers without a channel are passed over.
        stamp_s : float
            LSL time of the grid second.
        """
        values = [float("nan")] * len(self._place)
        statuses = [_status(Status.NA, Reason.NO_DATA)] * len(self._place)
        for row in rows:
            index = self._place.get((row.participant, row.marker))
            if index is None:
                continue
            if row.status is not Status.NA:
                values[index] = row.value
            statuses[index] = _status(row.status, row.reason)
        self._values.push(values, stamp_s)
        self._statuses.push(statuses, stamp_s)

    def close(self) -> None:
        """Withdraw both streams."""
        self._values.close()
        self._statuses.close()


def _status(status: Status, reason: Reason) -> str:
    return f"{status.value}:{reason.value}" if reason else status.value
