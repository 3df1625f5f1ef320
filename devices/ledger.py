"""What is known of one device over all its connections, and what its status stream says of it."""

from collections import Counter
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from devices.errors import DeviceError, Reason
from devices.outlets import OpenSamples, Outlets
from devices.pace import Pace
from devices.spec import OutletSpec
from devices.status import REASON_WORDS, STATE_WORDS, State, Status, status_spec
from devices.status_texts import StatusTexts, Texts

BATTERY_MARKS_PERCENT = (5, 10, 20)
"""Charges below which a word is due, once each."""

CHARGED_PERCENT = 10
"""Rise above the charge last spoken of that means a new or charged battery: the marks count again."""

REMIND_S = 60.0
"""A device that stays lost for the same reason is spoken of this often."""

DOUBTS: dict[str, str] = {
    "rr_scale": (
        "intervals and heart rate do not agree: the strap may send milliseconds instead of 1/1024 s. The intervals "
        "are passed on as the standard says; compare the strap with another one"
    ),
    "rate_changed": "the device samples at another rate than it said; stamps follow the rate it has",
}
"""What is counted by a driver and said on the status stream, though it is used: nothing was rejected."""

_DOUBTED = {"rr_scale": "RR"}

_SEEKING = (State.SEARCHING, State.CONNECTING, State.LOST)


OpenTexts = Callable[[OutletSpec], Texts]


class Ledger:
    """Everything a bridge keeps of its device. Its outlets live until `close`, not just for one connection.

    Parameters
    ----------
    name, key : str
        Name and identity of the device.
    pace : Pace
        The clock.
    on_status : callable
        Told at every change, and by `tick` when a figure changed.
    open_samples, open_texts : callable
        Make the outlets.
    """

    def __init__(
        self,
        name: str,
        key: str,
        pace: Pace,
        on_status: Callable[[Status], None],
        open_samples: OpenSamples,
        open_texts: OpenTexts,
    ) -> None:
        self.name = name
        self.n_connections = 0
        self.rejects: Counter[str] = Counter()
        self.worn: bool | None = None
        self.state = State.SEARCHING
        self._pace = pace
        self._on_status = on_status
        self._outlets = Outlets(open_samples)
        self._key = key
        self._open_texts = open_texts
        self._text_outlet = open_texts(status_spec(name, key, "", ""))
        self._texts = StatusTexts(self._text_outlet)
        self._since_s = pace.now()
        self._error: DeviceError | None = None
        self._told: tuple[State, Reason | None, str] | None = None
        self._told_s = -np.inf
        self._told_worn: bool | None = None
        self._battery: int | None = None
        self._told_battery: int | None = None
        self._read_before = False
        self._n_lost = 0
        self._gap_s = 0.0
        self._broke_off_s: float | None = None
        self._delay_s = 0.0
        self._shown: Status | None = None

    def status(self) -> Status:
        """Sum up.

        Returns
        -------
        Status
            How the device is doing now.
        """
        streaming = self.state is State.STREAMING
        return Status(
            device=self.name,
            state=self.state,
            since_s=self._since_s,
            rates_hz=self._outlets.rates_hz(self._pace.now()) if streaming else {},
            declared_hz=self._outlets.declared_hz(),
            battery_percent=self._battery,
            worn=self.worn,
            n_lost=self._n_lost,
            n_rejected=sum(n for what, n in self.rejects.items() if what not in DOUBTS),
            n_connections=self.n_connections,
            gap_s=self._gap_s,
            delay_s=self._delay_s,
            reason=None if self._error is None else self._error.reason,
            text="" if self._error is None else str(self._error),
        )

    def enter(self, state: State, error: DeviceError | None = None) -> None:
        """Go to another state and tell of it.

        The trouble last heard of stays until the device is connected: while a lost one is looked for, the reason
        and the cure are what is wanted. The status stream therefore leaves out the attempts between two equal failures,
        and says once a minute that it is still so.

        Parameters
        ----------
        state : State
            Where it stands now.
        error : DeviceError, optional
            Why.
        """
        if error is not None:
            self._error = error
        elif state not in _SEEKING:
            self._error = None
        still_seeking = self._error is not None and self.state in _SEEKING and state in _SEEKING
        if state is not self.state and not still_seeking:
            self._since_s = self._pace.now()
        self.state = state
        self._tell_state()
        self._report()

    def declare(self, specs: tuple[OutletSpec, ...], key: str) -> None:
        """Open the outlets that are not there yet, and tell of a stream that changed its form.

        Parameters
        ----------
        specs : tuple of OutletSpec
            What the device sends.
        key : str
            Its identity, which may be known only now: the status stream is opened anew under it.
        """
        if key != self._key:
            self._identify(key, specs)
        for old, new in self._outlets.declare(specs):
            text = f"{new.type} is declared anew: {_form_words(old)} before, now {_form_words(new)}"
            self._say("stream", text, stream=new.type)

    def push(self, source_id: str, values: NDArray[np.floating], stamps_s: NDArray[np.float64]) -> bool:
        """Send samples on, without those whose stamps do not ascend.

        Parameters
        ----------
        source_id : str
            Of a declared stream.
        values : ndarray, shape (n_samples,) or (n_samples, n_channels)
            Samples.
        stamps_s : ndarray of float64, shape (n_samples,)
            Their stamps.

        Returns
        -------
        bool
            Whether any was sent.
        """
        pushed = self._outlets.push(source_id, values, stamps_s)
        if pushed.n_dropped:
            self.rejects["backwards"] += pushed.n_dropped
        if not pushed.n_sent:
            return False
        if self.state is not State.STREAMING:
            self.enter(State.STREAMING)
        if self._broke_off_s is not None:
            self._gap_s += max(0.0, pushed.first_s - self._broke_off_s)
            self._broke_off_s = None
        if pushed.gap_start_s is not None:
            self._tell_gap(self._outlets.label(source_id), pushed.gap_start_s, pushed.first_s)
        return True

    def lost(self, source_id: str, n_samples: int, start_s: float, stop_s: float) -> None:
        """Note samples that never came though the link held.

        Parameters
        ----------
        source_id : str
            Of a declared stream.
        n_samples : int
            How many; 0 when unknown.
        start_s, stop_s : float
            Stamps of the sample before and of the one after.
        """
        self._n_lost += n_samples
        label = self._outlets.label(source_id)
        missing = f"{n_samples} samples" if n_samples else "an unknown number of samples"
        self._say(
            "lost",
            f"{label}: {missing} lost on the way",
            stream=label,
            n_samples=int(n_samples),
            start_s=float(start_s),
            stop_s=float(stop_s),
        )

    def reject(self, what: str) -> None:
        """Count what is not used, or not trusted; tell of the latter.

        Parameters
        ----------
        what : str
            Word for it.
        """
        self.rejects[what] += 1
        if what in DOUBTS:
            self._say("stream", DOUBTS[what], stream=_DOUBTED.get(what, ""), doubt=what)

    def battery(self, percent: int | None) -> None:
        """Note the charge; tell of the first one known and of low ones.

        Parameters
        ----------
        percent : int or None
            0 to 100; anything else is unknown.
        """
        known = percent is not None and 0 <= percent <= 100
        before, self._battery = self._battery, int(percent) if known and percent is not None else None
        if self._battery is not None and self._battery_is_news(self._battery):
            self._tell_battery()
        if self._battery != before:
            self._report()

    def contact(self, worn: bool | None) -> None:
        """Note whether the sensor is worn; tell when that changed.

        Parameters
        ----------
        worn : bool or None
            None when the device does not say.
        """
        before, self.worn = self.worn, worn
        if worn is not None and worn != self._told_worn:
            self._tell_contact()
        if worn != before:
            self._report()

    def delay(self, seconds: float) -> None:
        """Note by how much the newest delivery came late.

        Parameters
        ----------
        seconds : float
            The delay.
        """
        if np.isfinite(seconds):
            self._delay_s = float(seconds)

    def break_off(self) -> None:
        """Note that a connection is over."""
        self._broke_off_s = self._outlets.break_off()
        self.worn = None
        self._delay_s = 0.0

    def tick(self) -> None:
        """Do what is due twice a second: texts that had to wait, a new reader of them, changed figures."""
        self._texts.flush(self._pace.now())
        read = self._texts.has_readers()
        if read and not self._read_before:
            # Nobody heard what was said before; a text at the very moment of connecting is lost now and then.
            self._tell_state(again=True)
            if self._battery is not None:
                self._tell_battery()
            if self.worn is not None:
                self._tell_contact()
        self._read_before = read
        if self.status() != self._shown:
            self._report()

    def close(self) -> None:
        """Send the last texts and withdraw all streams."""
        self._texts.close(self._pace.now())
        self._outlets.close()
        self._text_outlet.close()

    def _identify(self, key: str, specs: tuple[OutletSpec, ...]) -> None:
        """Let the status stream have the identity of the streams it speaks of."""
        self._texts.close(self._pace.now())
        self._text_outlet.close()
        self._key = key
        maker, model = (specs[0].manufacturer, specs[0].model) if specs else ("", "")
        self._text_outlet = self._open_texts(status_spec(self.name, key, maker, model))
        self._texts = StatusTexts(self._text_outlet)
        self._read_before = False

    def _tell_gap(self, label: str, start_s: float, stop_s: float) -> None:
        text = f"{label}: nothing for {stop_s - start_s:.1f} s while the link was gone"
        self._say("gap", text, stream=label, start_s=start_s, stop_s=stop_s)

    def _tell_state(self, *, again: bool = False) -> None:
        """Say where the device stands, unless that was said."""
        now_s = self._pace.now()
        if self._error is not None and self.state in _SEEKING and self.state is not State.LOST and not again:
            return
        reason = None if self._error is None else self._error.reason
        words = STATE_WORDS[self.state]
        text = words if reason is None else f"{words}: {REASON_WORDS[reason]}"
        told = (self.state, reason, text)
        if told == self._told and not again and now_s - self._told_s < REMIND_S:
            return
        self._told, self._told_s = told, now_s
        self._say("state", text, state=self.state.value, reason=None if reason is None else reason.value)

    def _battery_is_news(self, percent: int) -> bool:
        told = self._told_battery
        if told is None or percent > told + CHARGED_PERCENT:
            return True
        return any(percent <= mark < told for mark in BATTERY_MARKS_PERCENT)

    def _tell_battery(self) -> None:
        self._told_battery = self._battery
        low = self._battery is not None and self._battery <= max(BATTERY_MARKS_PERCENT)
        text = f"battery at {self._battery} %" + (", low: charge it or put in a new one soon" if low else "")
        self._say("battery", text, percent=self._battery)

    def _tell_contact(self) -> None:
        self._told_worn = self.worn
        text = "the sensor is worn" if self.worn else "the sensor does not touch the skin: see to its fit"
        self._say("contact", text, worn=self.worn)

    def _say(self, event: str, text: str, **facts: object) -> None:
        self._texts.say(self._pace.now(), event, text, **facts)

    def _report(self) -> None:
        self._shown = self.status()
        self._on_status(self._shown)


def _form_words(spec: OutletSpec) -> str:
    rate = f"{spec.nominal_rate_hz:g} Hz" if spec.nominal_rate_hz else "irregular"
    return f"{rate}, {', '.join(f'{channel.label} in {channel.unit}' for channel in spec.channels)}"
