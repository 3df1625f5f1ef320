"""Who is who in a recording that does not say it."""

from monitor.core.model import Binding, StreamInfo, StreamKey
from monitor.errors import StreamError
from monitor.roles import bind, doubts, source_of
from monitor.room import Room


class FileRoles:
    """Binds the streams of a file to people, as they are met.

    Parameters
    ----------
    room : Room
        Participants and rules; without rules each stream is a participant named after it.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        self._codes: dict[StreamKey, StreamInfo] = {}
        self.doubts: list[tuple[str, str]] = []

    def __call__(self, info: StreamInfo) -> tuple[Binding, ...]:
        """Bind one stream.

        Parameters
        ----------
        info : StreamInfo
            The stream.

        Returns
        -------
        tuple of Binding
            Its roles.

        Raises
        ------
        StreamError
            If two different streams claim one role.
        """
        bindings = bind(info, self._room)
        self.doubts.extend((info.title, text) for text in doubts(info, self._room))
        if not self._room.streams:
            return self._apart(info, bindings)
        for binding in bindings:
            holder = self._codes.setdefault(binding.key, info)
            if source_of(holder) != source_of(info):
                raise StreamError(
                    f"Two streams claim {binding.key.modality} of {binding.key.participant}: '{holder.title}' and "
                    f"'{info.title}'. Give one of them with a more exact --assign {binding.key.participant}=TEXT."
                )
        return bindings

    def _apart(self, info: StreamInfo, bindings: tuple[Binding, ...]) -> tuple[Binding, ...]:
        """Keep streams of one name apart where nobody said whose they are."""
        out = []
        for binding in bindings:
            key, number = binding.key, 2
            while key in self._codes and source_of(self._codes[key]) != source_of(info):
                key = StreamKey(f"{binding.key.participant[:28]}-{number}", binding.key.modality)
                number += 1
            self._codes[key] = info
            out.append(
                Binding(
                    channel=binding.channel,
                    key=key,
                    unit=binding.unit,
                    scale=binding.scale,
                    reason=binding.reason,
                )
            )
        return tuple(out)
