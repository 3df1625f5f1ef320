"""Reading the plain values of a protocol file, with errors that say where and what is valid."""

from collections.abc import Mapping
from typing import Any, NamedTuple

LONGEST_MIN = 60.0
"""Longest step in minutes."""

CODE_LENGTH = 32
"""Most characters of a code."""


class ProtocolError(ValueError):
    """A protocol cannot be used; the message names file, step, key and what is valid."""


class Table(NamedTuple):
    """One table of the document.

    Parameters
    ----------
    values : Mapping of str to Any
        What it says.
    where : str
        File and place, for messages.
    """

    values: Mapping[str, Any]
    where: str

    def error(self, text: str) -> ProtocolError:
        """Make an error that says where it is.

        Parameters
        ----------
        text : str
            What is wrong and what to do.

        Returns
        -------
        ProtocolError
            The error.
        """
        return ProtocolError(f"{self.where}: {text}")

    def check_keys(self, valid: tuple[str, ...]) -> None:
        """Refuse keys that mean nothing.

        Parameters
        ----------
        valid : tuple of str
            Keys that may be there.

        Raises
        ------
        ProtocolError
            If there is another one.
        """
        for key in self.values:
            if key not in valid:
                raise self.error(f"unknown key `{str(key)[:40]}`. Valid keys: {', '.join(valid)}.")

    def required(self, key: str) -> Any:  # noqa: ANN401 - whatever the file says
        """Return the value of a key.

        Parameters
        ----------
        key : str
            The key.

        Returns
        -------
        Any
            Whatever the file says.

        Raises
        ------
        ProtocolError
            If it is missing.
        """
        if key not in self.values:
            raise self.error(f"`{key}` is missing. Add it.")
        return self.values[key]

    def text(self, key: str, longest: int) -> str:
        """Return a text, on one line.

        Parameters
        ----------
        key : str
            The key.
        longest : int
            Most characters.

        Returns
        -------
        str
            The text, with single spaces.

        Raises
        ------
        ProtocolError
            If it is missing, empty, too long or not printable.
        """
        value = self.required(key)
        line = " ".join(value.split()) if isinstance(value, str) else ""
        if not 0 < len(line) <= longest or not line.isprintable():
            raise self.error(f"`{key}` must be a text of 1 to {longest} printable characters.")
        return line

    def code(self, key: str) -> str:
        """Return a code.

        Parameters
        ----------
        key : str
            The key.

        Returns
        -------
        str
            The code.

        Raises
        ------
        ProtocolError
            If it is missing or not one (`is_code`).
        """
        value = self.required(key)
        if not is_code(value):
            raise self.error(
                f"`{key}` is {str(value)[:40]!r}. Use 1 to {CODE_LENGTH} of the letters A-Z, a-z, digits, _ and -."
            )
        return str(value)

    def choice(self, key: str, valid: tuple[str, ...]) -> str:
        """Return one of a closed list of words.

        Parameters
        ----------
        key : str
            The key.
        valid : tuple of str
            The list.

        Returns
        -------
        str
            The word.

        Raises
        ------
        ProtocolError
            If it is missing or another one.
        """
        value = self.required(key)
        if not isinstance(value, str) or value not in valid:
            raise self.error(f"`{key}` is {str(value)[:40]!r}. Valid: {', '.join(valid)}.")
        return str(value)

    def number(self, key: str, default: float, low: float, high: float) -> float:
        """Return a number.

        Parameters
        ----------
        key : str
            The key.
        default : float
            Value where the key is missing.
        low, high : float
            Least and greatest value.

        Returns
        -------
        float
            The number.

        Raises
        ------
        ProtocolError
            If it is no finite number in the range.
        """
        value = self.values.get(key, default)
        # The range refuses NaN and infinity too.
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.error(f"`{key}` is {str(value)[:40]!r}. Choose a number from {low:g} to {high:g}.")
        return float(value)

    def seconds(self, key: str) -> float:
        """Return minutes of the file as whole seconds, which is how time is counted.

        Parameters
        ----------
        key : str
            The key.

        Returns
        -------
        float
            Seconds; 0 where the key is missing.

        Raises
        ------
        ProtocolError
            If it is no number from 0 to 60.
        """
        return float(round(60.0 * self.number(key, 0.0, 0.0, LONGEST_MIN)))


def is_code(value: object) -> bool:
    """Tell whether a value can name a step or a protocol.

    Parameters
    ----------
    value : object
        Anything.

    Returns
    -------
    bool
        True for a text of 1 to 32 ASCII letters, digits, ``_`` and ``-``.
    """
    return (
        isinstance(value, str)
        and 0 < len(value) <= CODE_LENGTH
        and value.isascii()
        and value.replace("_", "a").replace("-", "a").isalnum()
    )
