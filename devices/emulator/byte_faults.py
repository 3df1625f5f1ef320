"""What a serial line does to bytes: it loses some, adds some, flips some."""

from dataclasses import dataclass

import numpy as np

from devices.emulator.frames import generator

_BLOCK = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class ByteFaults:
    """Damage of a byte stream, by position and by chance.

    Parameters
    ----------
    drop_bytes, insert_bytes, flip_bits : tuple of int
        Positions, counted from the first byte of the stream, at which a byte is lost, a random byte is put in
        before, or one random bit is turned over.
    drop_rate, insert_rate, flip_rate : float, default 0.0
        The same by chance: probability per byte.
    seed : int, default 1
        Seed of all chances, not negative.

    Raises
    ------
    ValueError
        If a rate is not a probability.
    """

    drop_bytes: tuple[int, ...] = ()
    insert_bytes: tuple[int, ...] = ()
    flip_bits: tuple[int, ...] = ()
    drop_rate: float = 0.0
    insert_rate: float = 0.0
    flip_rate: float = 0.0
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse what is no probability."""
        for rate in (self.drop_rate, self.insert_rate, self.flip_rate):
            if not 0.0 <= rate <= 1.0:
                raise ValueError(f"a rate of {rate} is not between 0 and 1")

    @property
    def harmless(self) -> bool:
        """Whether nothing is ever damaged.

        Returns
        -------
        bool
            True without any position and with all rates 0.
        """
        return not (
            self.drop_bytes
            or self.insert_bytes
            or self.flip_bits
            or self.drop_rate
            or self.insert_rate
            or self.flip_rate
        )


class ByteDamage:
    """A line with faults: what goes in is not what comes out.

    How the bytes are cut into calls changes nothing.

    Parameters
    ----------
    faults : ByteFaults
        What happens to which byte.
    """

    def __init__(self, faults: ByteFaults) -> None:
        self._faults = faults
        self._harmless = faults.harmless
        self._dropped = frozenset(faults.drop_bytes)
        self._inserted = frozenset(faults.insert_bytes)
        self._flipped = frozenset(faults.flip_bits)
        self._block = -1
        self._chances = np.empty((5, 0))
        self._position = 0
        self._n_damaged = 0

    @property
    def position(self) -> int:
        """How many bytes went in.

        Returns
        -------
        int
            Position of the next byte.
        """
        return self._position

    @property
    def n_damaged(self) -> int:
        """How many bytes were lost, added or changed.

        Returns
        -------
        int
            Since construction.
        """
        return self._n_damaged

    def apply(self, data: bytes) -> bytes:
        """Send bytes over the line.

        Parameters
        ----------
        data : bytes
            The next ones.

        Returns
        -------
        bytes
            What arrives.
        """
        if self._harmless:
            self._position += len(data)
            return data
        arrived = bytearray()
        for value in data:
            arrived += self._one(value)
            self._position += 1
        return bytes(arrived)

    def _one(self, value: int) -> bytes:
        """Send one byte; what happens to it follows from its position alone."""
        faults, position = self._faults, self._position
        drop, insert, flip, noise, bit = self._chances_at(position)
        arrived = b""
        if position in self._inserted or insert < faults.insert_rate:
            arrived += bytes((int(noise * 256),))
            self._n_damaged += 1
        if position in self._dropped or drop < faults.drop_rate:
            self._n_damaged += 1
            return arrived
        if position in self._flipped or flip < faults.flip_rate:
            value ^= 1 << int(bit * 8)
            self._n_damaged += 1
        return arrived + bytes((value,))

    def _chances_at(self, position: int) -> tuple[float, ...]:
        """Give the random numbers of one position."""
        block, index = divmod(position, _BLOCK)
        if block != self._block:
            self._block = block
            self._chances = generator(self._faults.seed, "bytes", str(block)).random((5, _BLOCK))
        return tuple(self._chances[:, index].tolist())
