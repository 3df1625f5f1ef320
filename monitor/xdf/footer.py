"""Stream footers: what a recorder knows of a stream when it ends."""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from monitor.xdf.xmltext import append_text, child, serialise


@dataclass(slots=True)
class StreamTotals:
    """What the footer of a stream says, gathered while it is written or read.

    Parameters
    ----------
    first_s, last_s : float
        First and last raw stamp in seconds.
    n_samples : int
        Number of samples.
    offsets : list of tuple of float
        Clock offsets: when collected, and value, in seconds.
    """

    first_s: float = 0.0
    last_s: float = 0.0
    n_samples: int = 0
    offsets: list[tuple[float, float]] = field(default_factory=list)


def footer_xml(totals: StreamTotals) -> str:
    """Write a stream footer.

    Parameters
    ----------
    totals : StreamTotals
        What was recorded of the stream.

    Returns
    -------
    str
        The footer.
    """
    root = Element("info")
    append_text(root, "first_timestamp", repr(totals.first_s))
    append_text(root, "last_timestamp", repr(totals.last_s))
    append_text(root, "sample_count", str(totals.n_samples))
    offsets = child(root, "clock_offsets")
    for collected_s, offset_s in totals.offsets:
        node = Element("offset")
        append_text(node, "time", repr(collected_s))
        append_text(node, "value", repr(offset_s))
        offsets.append(node)
    return serialise(root)
