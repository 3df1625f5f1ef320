"""All keys of the window on one page, made from what can be done in it."""

from collections.abc import Sequence
from html import escape

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from monitor.views.actions import Action
from monitor.views.lines import tr
from monitor.views.words import FOOTER

GROUPS: dict[str, str] = {
    "set-up": "before the start",
    "view": "view",
    "privacy": "for the therapist's eyes only",
    "window": "window",
    "notes": "notes",
    "marks": "judgements",
    "replay": "replay",
}
"""Headings of the groups this window knows; another group is its own heading."""


class HelpPage(QWidget):
    """What every key does, by group; and what the window does not say.

    Attributes
    ----------
    shown : bool
        Whether the window shows it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.shown = False
        self.text = QTextBrowser()
        self.text.setAccessibleName(tr("keys of this window"))
        self.text.setOpenLinks(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.text)

    def show_actions(self, actions: Sequence[Action]) -> None:
        """List actions under their headings.

        Parameters
        ----------
        actions : sequence of Action
            In the order of the page.
        """
        self.text.setHtml(help_html(actions))


def help_html(actions: Sequence[Action]) -> str:
    """Write the help.

    Parameters
    ----------
    actions : sequence of Action
        Everything that can be done by key.

    Returns
    -------
    str
        HTML of one page.
    """
    groups: dict[str, dict[str, list[str]]] = {}
    for action in actions:
        keys = groups.setdefault(action.group, {}).setdefault(action.words, [])
        native = QKeySequence(action.key).toString(QKeySequence.SequenceFormat.NativeText)
        if native not in keys:
            keys.append(native)
    parts = [f"<h3>{escape(tr('Keys'))}</h3>"]
    for group, rows in groups.items():
        parts.append(
            f"<h4>{escape(tr(GROUPS.get(group, group)))}</h4><table cellspacing='0' cellpadding='2'>"
        )
        for words, keys in rows.items():
            key = escape("  ".join(keys))
            cells = f"<td width='190'><b>{key}</b></td><td>{escape(tr(words))}</td>"
            parts.append(f"<tr>{cells}</tr>")
        parts.append("</table>")
    parts.append(f"<p>{escape(tr('Tab goes from one control to the next; F1 or Esc closes this page.'))}</p>")
    parts.append(f"<p>{escape(tr(FOOTER))}</p>")
    return "".join(parts)
