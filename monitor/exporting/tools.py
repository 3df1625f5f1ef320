"""The packages that are exported for: how each takes its data, and which sign its lags have."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple


class Tool(StrEnum):
    """A package of others for synchrony."""

    SUSY = "susy"
    DYADSYNC = "dyadsync"
    RMEA = "rmea"
    MULTISYNCPY = "multisyncpy"


class Facts(NamedTuple):
    """What must be known of a package to hand it data.

    Parameters
    ----------
    title : str
        Name of the package and where it comes from.
    script : str
        Name of the script beside the data.
    layout : str
        What is in a file.
    sign : str
        What the sign of a lag says there.
    missing : str
        What the package does with missing values.
    cautions : tuple of str
        What to know before a number of it is believed.
    """

    title: str
    script: str
    layout: str
    sign: str
    missing: str
    cautions: tuple[str, ...] = ()


FACTS: Final[Mapping[Tool, Facts]] = MappingProxyType(
    {
        Tool.SUSY: Facts(
            title="SUSY, R package (https://wtschacher.github.io/SUSY/)",
            script="run_susy.R",
            layout="a text file per pair and signal; two columns with a header, a space between them, NA where missing",
            sign="NEGATIVE lag (lead1): the first column comes earlier. attune: positive",
            missing=(
                "SUSY drops every row in which one of the two is missing and joins what is left, so that everything "
                "after a gap belongs to other seconds than before. The script therefore takes the longest stretch "
                "without a gap, and says how much that is"
            ),
            cautions=(
                "SUSY's ES divides by the spread over LAGS, not over surrogates. It is not a z score of this "
                "session: its version with signs (noAbs) is far from 0 for most pairs of strangers. Compare ES "
                "over many sessions, as the papers do; never read significance from one.",
                "SUSY takes whole seconds and whole samples per second.",
            ),
        ),
        Tool.DYADSYNC: Facts(
            title="DyadSync, R package (https://github.com/kleinbub/DyadSync)",
            script="run_dyadsync.R",
            layout=(
                "one CSV file per pair and signal; t_s (seconds of session time) and the two people, NA where missing"
            ),
            sign="POSITIVE lag: the first person (s1) comes earlier, as in attune",
            missing="its series keep missing values in their place as NA; its methods differ in what they make of them",
            cautions=(
                "DyadSync is in development and its authors do not promise that functions stay as they are. The "
                "script gives the rate by position, because its name changed between versions.",
            ),
        ),
        Tool.RMEA: Facts(
            title="rMEA, R package (https://CRAN.R-project.org/package=rMEA)",
            script="run_rmea.R",
            layout="a text file per pair and signal; two columns, no header, a space between them, NA where missing",
            sign="POSITIVE lag: s1 (the first column) comes earlier, as in attune",
            missing="rows stay in their place; what becomes of a window with a missing value was not tried here",
            cautions=(
                "rMEA is made for movement and does not ask what the numbers are. Raw skin conductance of two looks "
                "alike when both drift, without any link; --prepared takes the drift out.",
                "rMEA compares with pairs of people who never met (shuffle), which takes several dyads at once.",
            ),
        ),
        Tool.MULTISYNCPY: Facts(
            title="multiSyncPy, Python package (https://pypi.org/project/multiSyncPy/)",
            script="run_multisyncpy.py",
            layout=(
                "one NPZ file per signal: data (people x samples, NaN where missing), participants, rate_hz, t0_s, "
                "signal, unit"
            ),
            sign="its measures of a group have no lag",
            missing=(
                "its functions do not accept missing values. The script takes the longest stretch in which everybody "
                "has a value, and says how much that is"
            ),
            cautions=(
                "Surrogates that shuffle windows break slow drifts as well. Raw skin conductance that drifts in both "
                "people is then above chance without any link; --prepared takes the drift out.",
            ),
        ),
    }
)
