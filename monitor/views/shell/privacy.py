"""What is kept from the eyes of a client: people taken out of a snapshot, and a cover over everything."""

import re
from collections.abc import Callable
from typing import Any, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from monitor.board.gate import format_clock
from monitor.board.session_views import MarkView
from monitor.board.snapshot import NoteView, Snapshot, StreamView
from monitor.views.lines import Said, tr

THERAPIST = "therapist"


class Sight:
    """Who may be seen in a window now.

    Parameters
    ----------
    private : bool
        Whether the therapist's side is hidden.
    forget : callable
        Takes the codes of those of whom no word may be left; called when they are to be hidden, and when they do
        not belong to the session any more.

    Attributes
    ----------
    private : bool
        Whether the therapist's side is hidden.
    """

    def __init__(self, *, private: bool, forget: Callable[[frozenset[str]], object]) -> None:
        self.private = private
        self._forget = forget
        self._board = ""
        self._known: frozenset[str] = frozenset()
        self._hidden: frozenset[str] = frozenset()

    def hidden(self, snapshot: Snapshot) -> frozenset[str]:
        """Tell who is not to be seen.

        Parameters
        ----------
        snapshot : Snapshot
            The newest.

        Returns
        -------
        frozenset of str
            Codes; nobody is hidden before the start, when people are chosen.
        """
        private = self.private and snapshot["setup"] is None
        hidden = therapists(snapshot) if private else frozenset()
        people = frozenset(p["code"] for p in snapshot["people"])
        gone = hidden - self._hidden
        self._hidden = hidden
        # A board that is switched is empty at first: those of the session before may be in it again.
        if people and snapshot["board"] != self._board:
            gone |= self._known - people
            self._board, self._known = snapshot["board"], people
        self._known |= people
        if gone:
            self._forget(gone)
        return hidden


def therapists(snapshot: Snapshot) -> frozenset[str]:
    """Return the codes of the therapist's side.

    Parameters
    ----------
    snapshot : Snapshot
        Any snapshot.

    Returns
    -------
    frozenset of str
        Codes of all therapists.
    """
    return frozenset(p["code"] for p in snapshot["people"] if p["kind"] == THERAPIST)


def without(snapshot: Snapshot, codes: frozenset[str]) -> Snapshot:
    """Take people out of a snapshot, so that no part of the window can show what it was never given.

    What has gone into `monitor.views.traces.Traces` stays there: it is drawn by code only.

    Parameters
    ----------
    snapshot : Snapshot
        What the engine sent.
    codes : frozenset of str
        Who is not to be seen.

    Returns
    -------
    Snapshot
        A copy without them: their streams, values, notes and pairs, and every line that names them. Written notes
        lose their free text, which is the therapist's own.
    """
    if not codes:
        return snapshot
    names = re.compile("|".join(rf"(?<!\w){re.escape(code)}(?!\w)" for code in sorted(codes)))
    kept = cast("dict[str, Any]", dict(snapshot))
    kept["people"] = [p for p in snapshot["people"] if p["code"] not in codes]
    streams = (_stream_without(stream, codes, names) for stream in snapshot["streams"])
    kept["streams"] = [stream for stream in streams if stream is not None]
    for name in ("latest", "zones", "clouds", "timelines", "traces", "rows", "revoked"):
        kept[name] = [view for view in kept[name] if view["participant"] not in codes]
    for name in ("beats", "scrs", "zone_trails"):
        kept[name] = {code: view for code, view in kept[name].items() if code not in codes}
    for name in ("synchrony", "timeline_synchrony", "synchrony_trails"):
        kept[name] = [d for d in kept[name] if d["first"] not in codes and d["second"] not in codes]
    for name in ("notices", "annotations"):
        kept[name] = [n for n in kept[name] if not _named(n, names)]
    kept["marks"] = [_plain(m) for m in snapshot["marks"] if m["participant"] not in codes]
    recording = snapshot["recording"]
    unnamed = {name: names.sub("…", recording[name]) for name in ("path", "error")}
    kept["recording"] = {**recording, **unnamed}
    transport = snapshot["transport"]
    if transport is not None:
        lines = [line for line in transport["differences"] if not names.search(line)]
        said = "" if names.search(transport["message"]) else transport["message"]
        kept["transport"] = {**transport, "differences": lines, "message": said}
    return cast("Snapshot", kept)


def _stream_without(stream: StreamView, codes: frozenset[str], names: re.Pattern[str]) -> StreamView | None:
    roles = [role for role in stream["roles"] if role["participant"] not in codes]
    if stream["roles"] and not roles:
        return None
    # Whoever named a sensor after its owner has named the owner.
    said = {key: names.sub("…", stream[key]) for key in ("title", "type", "host", "note")}
    return cast("StreamView", {**stream, **said, "roles": roles})


def _named(note: NoteView, names: re.Pattern[str]) -> bool:
    return any(names.search(text) for text in (note["subject"], note["label"], note["text"]))


def _plain(mark: MarkView) -> MarkView:
    # That there is one may be seen: the bar of notes waits for it.
    return {**mark, "text": "…"} if mark["text"] else mark


class Cover(QWidget):
    """A plain page over everything: clock, whether it records, how to come back.

    Attributes
    ----------
    clock_line, recording_line, notes_line, hint_line : QLabel
        Its lines.
    """

    def __init__(self) -> None:
        super().__init__()
        self.clock_line, self.recording_line = QLabel(), Said()
        self.notes_line, self.hint_line = Said("dim"), Said("dim")
        self.clock_line.setObjectName("clock")
        self.hint_line.put(tr("hidden (Shift+H shows)"))
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        for line in (self.clock_line, self.recording_line, self.notes_line, self.hint_line):
            line.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(line)
        layout.addStretch(1)
        self.setAccessibleName(tr("hidden (Shift+H shows)"))

    def show_state(self, snapshot: Snapshot | None, *, trouble: bool) -> None:
        """Show the little that anybody may see.

        Parameters
        ----------
        snapshot : Snapshot or None
            The newest.
        trouble : bool
            Whether the engine is silent, so that nothing in it may be taken for the present.
        """
        now_s = None if snapshot is None else snapshot["now_s"]
        clock = format_clock(float("nan") if now_s is None else now_s)
        if self.clock_line.text() != clock:
            self.clock_line.setText(clock)
        self.recording_line.put(_recording(snapshot, trouble=trouble))
        count = 0 if snapshot is None else len(snapshot["marks"])
        self.notes_line.put(tr("notes: {count}").format(count=count) if count else "")


def _recording(snapshot: Snapshot | None, *, trouble: bool) -> str:
    if snapshot is None or trouble:
        return tr("recording: not known while the engine is silent")
    match snapshot["recording"]["state"]:
        case "recording":
            return "● " + tr("recording")
        case "error":
            return "⚠ " + tr("the recording needs a look")
        case _:
            return ""
