"""XML from strangers, read within bounds, and written back."""

import re
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder, tostring
from xml.parsers import expat

MAX_BYTES: Final = 16 << 20
"""Largest XML text that is looked at."""

MAX_DEPTH: Final = 64
"""Deepest nesting that is followed."""

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class XmlError(ValueError):
    """The text is not XML, or XML that is not safe to read."""


def clean(text: str) -> str:
    """Replace the characters that XML cannot hold.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The text with U+FFFD in their place.
    """
    return _FORBIDDEN.sub("\ufffd", text)


def decode(raw: bytes) -> str:
    """Text of an XML document; bytes that are not UTF-8 become U+FFFD.

    Parameters
    ----------
    raw : bytes
        The document as it stands in the file.

    Returns
    -------
    str
        Its text.
    """
    return raw.decode("utf-8", "replace")


def parse(text: str) -> Element:
    """Read an XML document without following anything that could harm.

    Parameters
    ----------
    text : str
        The document.

    Returns
    -------
    Element
        Its root.

    Raises
    ------
    XmlError
        If the text is longer than `MAX_BYTES`, nested deeper than `MAX_DEPTH`, has a DOCTYPE, or is not XML.
    """
    if len(text) > MAX_BYTES:
        raise XmlError(f"XML of {len(text)} characters; at most {MAX_BYTES} are read")
    builder = TreeBuilder(insert_comments=True)
    depth = 0

    def _start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise XmlError(f"XML nested deeper than {MAX_DEPTH}")
        builder.start(tag, attributes)

    def _end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    def _doctype(*_: object) -> None:
        raise XmlError("XML with a DOCTYPE")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = _start
    parser.EndElementHandler = _end
    parser.CharacterDataHandler = builder.data
    parser.CommentHandler = lambda comment: builder.comment(comment) if depth else None
    parser.StartDoctypeDeclHandler = _doctype
    try:
        parser.Parse(clean(text).strip("\ufeff \t\r\n"), True)
    except expat.ExpatError as error:
        raise XmlError(f"not XML: {error}") from error
    return builder.close()


def serialise(root: Element) -> str:
    """Write an element as a document.

    Parameters
    ----------
    root : Element
        The root.

    Returns
    -------
    str
        The document with its declaration. Carriage returns survive reading.
    """
    return '<?xml version="1.0"?>' + tostring(root, encoding="unicode").replace("\r", "&#13;")


def append_text(parent: Element, tag: str, text: str) -> Element:
    """Add a child that holds a text.

    Parameters
    ----------
    parent : Element
        Where to.
    tag : str
        Name of the child.
    text : str
        Its text; characters that XML cannot hold are replaced.

    Returns
    -------
    Element
        The child.
    """
    child = Element(tag)
    child.text = clean(text)
    parent.append(child)
    return child


def child(parent: Element, tag: str) -> Element:
    """Find a child, or add it.

    Parameters
    ----------
    parent : Element
        Where to look.
    tag : str
        Name of the child.

    Returns
    -------
    Element
        The first child of that name.
    """
    found = parent.find(tag)
    if found is None:
        found = Element(tag)
        parent.append(found)
    return found
