"""The set-up face: streams found, whose they are, and what the checks before the start say."""

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from monitor.board.commands import CommandValue
from monitor.board.session_views import CandidateView, SetupView
from monitor.views.actions import Action, Send
from monitor.views.faces import Face, Scene
from monitor.views.lines import tr
from monitor.views.setup.bay import LEAST_LETTERS, Bay
from monitor.views.setup.card import StreamCard
from monitor.views.setup.foot import SetupFoot
from monitor.views.setup.places import CardKey, Place, empty_text, places_of, streams_by_place
from monitor.views.setup.words import WORDS
from monitor.views.theme import Theme, points

Identity = tuple[str, int]


class SetupFace(Face):
    """Streams, people and checks before a recording.

    Parameters
    ----------
    theme : Theme
        Colours.
    send : callable
        Takes commands.
    """

    def __init__(self, theme: Theme, send: Send) -> None:
        super().__init__()
        self._send_on = send
        self._view: SetupView | None = None
        self._places: list[Place] = []
        self._blank = ""
        self._lifted: StreamCard | None = None
        self._message = ""
        self.bays: dict[Identity, Bay] = {}
        self.cards: dict[CardKey, StreamCard] = {}
        self.foot = SetupFoot(lambda: self._ask("swap"), lambda: self._ask("start"))
        self._row = QHBoxLayout()
        self._scroll = QScrollArea()
        self._build()
        self.paint_with(theme)

    def _build(self) -> None:
        people = QWidget()
        people.setLayout(self._row)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._scroll.setWidget(people)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self.foot)

    def paint_with(self, theme: Theme) -> None:
        """Take the colours of a theme, and the size of text of the application.

        Parameters
        ----------
        theme : Theme
            Colours.
        """
        edge = f"background: {theme.panel}; border: 1px solid {theme.line}; border-radius: 4px;"
        focus = f"border: 2px solid {theme.skin};"
        self.setStyleSheet(f"""
        QFrame#bay {{ border: 1px solid {theme.line}; border-radius: 6px; }}
        QFrame#bay[target="true"] {{ border: 2px dashed {theme.skin}; }}
        QFrame#card {{ {edge} margin: 1px; }}
        QFrame#card:focus {{ {focus} margin: 0px; }}
        QLabel#wrong {{ font-size: {points(1.2):.1f}pt; font-weight: 600; }}
        QLabel#trouble {{ font-weight: 600; }}
        QPushButton#start {{ font-weight: 600; font-size: {points(1.2):.1f}pt; padding: 8px 18px; }}
        QPushButton#start:focus {{ padding: 7px 17px; }}
        """)
        letter_px = self.fontMetrics().averageCharWidth()
        for bay in self.bays.values():
            bay.setMinimumWidth(LEAST_LETTERS * letter_px)

    def key_actions(self) -> list[Action]:
        """Return what can be done here, by key.

        Returns
        -------
        list of Action
            Starting; the other keys belong to the stream that has the focus.
        """
        return [
            Action("Return", "start recording (set-up)", self.foot.start, "set-up", self._may_start_by_key)
        ]

    def _may_start_by_key(self) -> bool:
        focus = QApplication.focusWidget()
        button = self.foot.start_button
        other = isinstance(focus, QLineEdit | QAbstractButton) and focus is not button
        return self.isVisible() and button.isEnabled() and not other

    def _ask(self, name: str, value: CommandValue = None) -> bool:
        try:
            sent = bool(self._send_on(name, value))
        except ValueError as error:
            # An id or a code that no command can carry: the stream stays where it is.
            self._message = str(error)
            sent = False
        else:
            self._message = "" if sent else tr(WORDS["unreachable"])
        self._show_foot()
        return sent

    def _show_foot(self) -> None:
        if self._view is not None:
            self.foot.show_view(self._view, self._places, message=self._message, blank=self._blank)

    def show_scene(self, scene: Scene) -> None:
        """Take the newest state.

        Parameters
        ----------
        scene : Scene
            What is to be shown.
        """
        view = scene.snapshot["setup"]
        if view is None:
            return
        self._view, self._blank = view, scene.blank
        # While a card is carried everything stays where it is; what came meanwhile is shown when it is put down.
        if self._lifted is None:
            self._arrange(view)
        self._show_foot()

    def _arrange(self, view: SetupView) -> None:
        held = next((card for card in self.cards.values() if card.hasFocus()), None)
        self._places = places_of(view["people"])
        changed = self._make_bays()
        lying = streams_by_place(view, self._places)
        changed |= self._drop_cards({key for streams in lying.values() for key, _ in streams})
        movable = not view["locked"] and not self._blank
        codes = frozenset(place.code for place in self._places if place.code)
        for place in self._places:
            bay = self.bays[place.identity]
            bay.open_to_drops, bay.taken = movable, codes - {place.code}
            changed |= bay.hold(
                [self._card(key, stream, place, movable) for key, stream in lying[place.identity]]
            )
            text = empty_text(place, found=bool(view["streams"]), locked=view["locked"])
            bay.show_place(place, locked=not movable, text=text)
        if changed:
            self._order_tabs()
            if held is not None and held.key in self.cards and not held.hasFocus():
                held.setFocus()

    def _make_bays(self) -> bool:
        wanted = [place.identity for place in self._places]
        if wanted == list(self.bays):
            return False
        for identity in [i for i in self.bays if i not in wanted]:
            bay = self.bays.pop(identity)
            for card in bay.cards:
                # Its cards go on elsewhere and must not be deleted with it.
                card.setParent(self)
            self._row.removeWidget(bay)
            bay.deleteLater()
        known, self.bays = self.bays, {}
        for i, place in enumerate(self._places):
            bay = known.get(place.identity) or self._make_bay(place)
            self.bays[place.identity] = bay
            self._row.insertWidget(i, bay, 1)
        return True

    def _make_bay(self, place: Place) -> Bay:
        bay = Bay(place)
        bay.setMinimumWidth(LEAST_LETTERS * self.fontMetrics().averageCharWidth())
        bay.dropped.connect(lambda: self._dropped(bay))
        bay.renamed.connect(lambda code: self._ask("person", f"{bay.place.kind} {code}"))
        return bay

    def _drop_cards(self, wanted: set[CardKey]) -> bool:
        gone = [key for key in self.cards if key not in wanted]
        for key in gone:
            card = self.cards.pop(key)
            for bay in self.bays.values():
                if card in bay.cards:
                    bay.hold([kept for kept in bay.cards if kept is not card])
            card.hide()
            card.deleteLater()
        return bool(gone)

    def _card(self, key: CardKey, stream: CandidateView, place: Place, movable: bool) -> StreamCard:
        card = self.cards.get(key)
        if card is None:
            card = self.cards[key] = StreamCard(key)
            card.pressed.connect(lambda word: self._pressed(card, word))
            card.lifted.connect(lambda: self._lift(card))
            card.put_down.connect(lambda: self._lift(None))
            card.reached.connect(lambda: self._reach(card))
        card.movable = movable
        words = tr(WORDS["card_of"]).format(place=place.title, code=place.code)
        card.show_stream(stream, words if place.is_person else tr(WORDS["card_nobody"]), self._blank)
        return card

    def _order_tabs(self) -> None:
        chain: list[QWidget] = []
        for bay in self.bays.values():
            chain += [bay.code, *bay.cards] if bay.place.is_person else bay.cards
        chain += [self.foot.swap_button, self.foot.start_button]
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _lift(self, card: StreamCard | None) -> None:
        self._lifted = card

    def _dropped(self, bay: Bay) -> None:
        if self._lifted is not None and self._lifted not in bay.cards:
            self._give(self._lifted, bay.place)

    def _give(self, card: StreamCard, place: Place) -> None:
        uid = card.key[0]
        self._ask("assign", f"{uid} {place.code}" if place.is_person else uid)

    def _reach(self, card: StreamCard) -> None:
        bay = self._bay_of(card)
        if bay is not None:
            bay.show_card(card)
            self._scroll.ensureWidgetVisible(bay, 0, 0)

    def _bay_of(self, card: StreamCard) -> Bay | None:
        return next((bay for bay in self.bays.values() if card in bay.cards), None)

    def _pressed(self, card: StreamCard, word: str) -> None:
        if word in {"up", "down", "left", "right"}:
            self._step(card, word)
        elif word == "x":
            self.foot.swap()
        elif card.movable:
            place = next((p for p in self._places if p.key == word), None)
            if place is not None and place.takes:
                self._give(card, place)

    def _step(self, card: StreamCard, word: str) -> None:
        """Put the focus on the next card above, below or beside."""
        bay = self._bay_of(card)
        if bay is None:
            return
        row = bay.cards.index(card)
        if word in {"up", "down"}:
            row += 1 if word == "down" else -1
            if 0 <= row < len(bay.cards):
                bay.cards[row].setFocus()
            return
        bays = list(self.bays.values())
        at = bays.index(bay)
        beside = bays[at + 1 :] if word == "right" else bays[:at][::-1]
        for other in beside:
            if other.cards:
                other.cards[min(row, len(other.cards) - 1)].setFocus()
                return
