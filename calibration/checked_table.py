"""Read values out of a parsed TOML table, refusing whatever is not as expected."""

from collections.abc import Mapping
from typing import Any

from calibration.checked_values import MAX_TEXT, Word, checked_number, checked_text, checked_word, shown
from calibration.profile_facts import ProfileError


class CheckedTable:
    """A table whose keys are asked for one by one; what nobody asked for is refused.

    Parameters
    ----------
    values : Mapping of str to Any
        As parsed.
    where : str, default ""
        Name of the table in messages.
    """

    __slots__ = ("_asked", "_values", "_where")

    def __init__(self, values: Mapping[str, Any], where: str = "") -> None:
        self._values = values
        self._where = where
        self._asked: list[str] = []

    def has(self, key: str) -> bool:
        """Tell whether an optional key is there.

        Parameters
        ----------
        key : str
            A valid key of this table.

        Returns
        -------
        bool
            True if it has a value.
        """
        self._asked.append(key)
        return key in self._values

    def name(self, key: str) -> str:
        """Return the name of a key in messages.

        Parameters
        ----------
        key : str
            A key of this table.

        Returns
        -------
        str
            With the tables it lies in.
        """
        return f"{self._where}.{key}" if self._where else key

    def number(
        self, key: str, *, low: float = -1e12, high: float = 1e12, missing: float | None = None
    ) -> float:
        """Read a finite number.

        Parameters
        ----------
        key : str
            Its key.
        low, high : float, default -1e12, 1e12
            Range it must lie in.
        missing : float or None, default None
            What an absent key means; None refuses it.

        Returns
        -------
        float
            The number.

        Raises
        ------
        ProfileError
            If it is absent, not a number, not finite or out of range.
        """
        if not self.has(key) and missing is not None:
            return missing
        return checked_number(self._get(key), self.name(key), low, high)

    def numbers(self, key: str, *, low: float, high: float) -> tuple[float, ...]:
        """Read a list of numbers.

        Parameters
        ----------
        key : str
            Its key.
        low, high : float
            Range they must lie in.

        Returns
        -------
        tuple of float
            At most 1000 numbers.

        Raises
        ------
        ProfileError
            If it is no such list.
        """
        values = enumerate(self._list(key), start=1)
        return tuple(checked_number(value, f"{self.name(key)}[{i}]", low, high) for i, value in values)

    def matrix(self, key: str, size: int, *, low: float, high: float) -> tuple[tuple[float, ...], ...]:
        """Read a square matrix.

        Parameters
        ----------
        key : str
            Its key.
        size : int
            Rows and columns.
        low, high : float
            Range its numbers must lie in.

        Returns
        -------
        tuple of tuple of float
            The rows.

        Raises
        ------
        ProfileError
            If it is none of that size.
        """
        rows = self._list(key)
        name = self.name(key)
        if len(rows) != size or any(not isinstance(row, list) or len(row) != size for row in rows):
            raise ProfileError(f"`{name}` must be {size} lists of {size} numbers")
        return tuple(tuple(checked_number(value, name, low, high) for value in row) for row in rows)

    def count(self, key: str) -> int:
        """Read a number of things.

        Parameters
        ----------
        key : str
            Its key.

        Returns
        -------
        int
            0 to a million.

        Raises
        ------
        ProfileError
            If it is none.
        """
        value = self._get(key)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10**6:
            raise ProfileError(f"`{self.name(key)}` is {shown(value)} and must be a whole number from 0")
        return value

    def flag(self, key: str) -> bool:
        """Read true or false.

        Parameters
        ----------
        key : str
            Its key.

        Returns
        -------
        bool
            The value.

        Raises
        ------
        ProfileError
            If it is neither.
        """
        value = self._get(key)
        if not isinstance(value, bool):
            raise ProfileError(f"`{self.name(key)}` is {shown(value)} and must be true or false")
        return value

    def text(self, key: str) -> str:
        """Read a short text.

        Parameters
        ----------
        key : str
            Its key.

        Returns
        -------
        str
            At most 128 printable characters.

        Raises
        ------
        ProfileError
            If it is no such text.
        """
        return checked_text(self._get(key), self.name(key))

    def word(self, key: str, vocabulary: type[Word]) -> Word:
        """Read a word of a closed list.

        Parameters
        ----------
        key : str
            Its key.
        vocabulary : type of StrEnum
            The list.

        Returns
        -------
        StrEnum
            Its member.

        Raises
        ------
        ProfileError
            If it is not in the list; the message holds the list.
        """
        return checked_word(self._get(key), self.name(key), vocabulary)

    def words(self, key: str, vocabulary: type[Word]) -> tuple[Word, ...]:
        """Read a list of words of a closed list.

        Parameters
        ----------
        key : str
            Its key.
        vocabulary : type of StrEnum
            The list.

        Returns
        -------
        tuple of StrEnum
            Its members.

        Raises
        ------
        ProfileError
            If one is not in the list.
        """
        return tuple(
            checked_word(value, f"{self.name(key)}[{i}]", vocabulary)
            for i, value in enumerate(self._list(key), start=1)
        )

    def table(self, key: str) -> "CheckedTable":
        """Read a table within.

        Parameters
        ----------
        key : str
            Its key.

        Returns
        -------
        CheckedTable
            The table.

        Raises
        ------
        ProfileError
            If it is none.
        """
        return _checked_table(self._get(key), self.name(key))

    def tables(self, key: str) -> list["CheckedTable"]:
        """Read a list of tables.

        Parameters
        ----------
        key : str
            Its key; an absent one is an empty list.

        Returns
        -------
        list of CheckedTable
            The tables, numbered from 1 in messages.

        Raises
        ------
        ProfileError
            If it is no such list.
        """
        if not self.has(key):
            return []
        return [
            _checked_table(value, f"{self.name(key)}[{i}]")
            for i, value in enumerate(self._list(key, most=10**6), start=1)
        ]

    def texts(self) -> dict[str, str]:
        """Read the whole table as texts by name.

        Returns
        -------
        dict of str to str
            At most 100 entries, names as short and printable as the texts.

        Raises
        ------
        ProfileError
            If something is no text.
        """
        if len(self._values) > 100:
            raise ProfileError(f"`{self._where}` has {len(self._values)} entries and may have 100")
        for key in self._values:
            if len(key) > MAX_TEXT or not key.isprintable():
                raise ProfileError(
                    f"`{self._where}` has a key that is not printable or longer than {MAX_TEXT}"
                )
        return {key: self.text(key) for key in self._values}

    def close(self) -> None:
        """Refuse keys that nobody asked for.

        Raises
        ------
        ProfileError
            If there are any; the message names one and the valid ones.
        """
        for key in self._values:
            if key not in self._asked:
                raise ProfileError(
                    f"unknown key `{self.name(key)[:MAX_TEXT]}`; valid keys there: {', '.join(sorted(self._asked))}"
                )

    def _get(self, key: str) -> Any:  # noqa: ANN401 - any value TOML can hold
        self._asked.append(key)
        if key not in self._values:
            raise ProfileError(f"`{self.name(key)}` is missing")
        return self._values[key]

    def _list(self, key: str, most: int = 1000) -> list[Any]:
        value = self._get(key)
        if not isinstance(value, list) or len(value) > most:
            raise ProfileError(f"`{self.name(key)}` must be a list of at most {most} entries")
        return value


def _checked_table(value: object, name: str) -> "CheckedTable":
    if not isinstance(value, dict):
        raise ProfileError(f"`{name}` is {shown(value)} and must be a table")
    return CheckedTable(value, name)
