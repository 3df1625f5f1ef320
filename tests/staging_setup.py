"""Boards of a set-up in its states."""

from monitor.board.board import Board
from monitor.board.session_views import CandidateView, CheckView, PersonView, SetupView
from tests.staging_people import DYAD

CHECKS = ("connected", "rate", "clock", "signal", "contact")
_FINE = {
    "connected": "connected",
    "rate": "samples arrive at the declared rate",
    "clock": "clock offset measured: 0.4 ms",
    "signal": "plausible",
    "contact": "contact good",
}


def checks(**change: tuple[str, str, str]) -> list[CheckView]:
    """Return five checks that are fine, except those given as state, text and cure."""
    found = {name: change.get(name, ("ok", _FINE[name], "")) for name in CHECKS}
    return [CheckView(name=n, state=state, text=text, cure=cure) for n, (state, text, cure) in found.items()]


WAITING_CHECKS = checks(
    rate=("waiting", "waiting for the first samples", ""),
    clock=("waiting", "measuring the clock", ""),
    signal=("waiting", "needs 10 s of data", ""),
    contact=("waiting", "needs 10 s of data", ""),
)
NO_CONTACT = (
    "bad",
    "electrode contact lost",
    "Moisten the electrodes of the strap and tighten it.",
)


def candidate(uid: str, **change: object) -> CandidateView:
    """Return a stream found: a strap that is fine and nobody's."""
    whole = CandidateView(
        uid=uid,
        title="Polar H10 8C4A2B1F",
        type="ECG",
        host="lab-pc",
        device="Polar H10",
        measures=["ecg"],
        reason="its type and unit say ECG",
        declared_hz=130.0,
        measured_hz=129.9,
        participant="",
        given_by="",
        checks=checks(),
    )
    return {**whole, **change}  # type: ignore[typeddict-item]


def dyad_candidates() -> list[CandidateView]:
    """Return the four streams of a dyad, given to both, all well."""
    shimmer = {
        "type": "EDA",
        "device": "Shimmer3 GSR+",
        "measures": ["eda"],
        "reason": "its unit says skin conductance",
        "declared_hz": 51.2,
        "measured_hz": 51.18,
    }
    return [
        candidate("u1", participant="C07", given_by="remembered"),
        candidate("u2", title="Shimmer 5E2F", participant="C07", given_by="remembered", **shimmer),
        candidate("u3", title="Polar H10 1D33A07C", host="tablet", participant="T02", given_by="guess"),
        candidate("u4", title="Shimmer 9B10", host="tablet", participant="T02", given_by="guess", **shimmer),
    ]


def setup_view(**change: object) -> SetupView:
    """Return a set-up in which all is well."""
    whole = SetupView(
        people=[PersonView(code=code, kind=kind) for code, kind in DYAD],
        streams=dyad_candidates(),
        wrong="",
        cure="",
        ready=True,
        can_start=True,
        locked=False,
        remembered="People and streams as in the session of 2026-11-15.",
        message="",
    )
    return {**whole, **change}  # type: ignore[typeddict-item]


def _setup_board(view: SetupView) -> Board:
    board = Board()
    board.note_setup(view)
    return board


def setup_nothing() -> Board:
    """Set-up in which no stream was found yet."""
    return _setup_board(
        setup_view(
            streams=[], ready=False, can_start=False, remembered="", wrong="no stream found yet", cure=""
        )
    )


def setup_checking() -> Board:
    """Set-up with streams that come and are nobody's yet."""
    streams = dyad_candidates()
    streams[1] = {**streams[1], "measured_hz": None, "checks": WAITING_CHECKS}
    for i in (2, 3):
        streams[i] = {**streams[i], "participant": "", "given_by": ""}
    text = "no stream for the therapist yet"
    return _setup_board(setup_view(streams=streams, ready=False, wrong=text, cure="Drag a stream to T02."))


def setup_wrong() -> Board:
    """Set-up in which a strap has no contact."""
    streams = dyad_candidates()
    streams[0] = {**streams[0], "checks": checks(contact=NO_CONTACT)}
    streams[3] = {
        **streams[3],
        "measured_hz": 32.0,
        "given_by": "you",
        "checks": checks(
            rate=("bad", "32.0 Hz instead of 51.2 Hz", "Set the sensor to 51.2 Hz, or mend its bridge."),
            contact=("waiting", "needs 10 s of data", ""),
        ),
    }
    text = "Polar H10 8C4A2B1F of C07: electrode contact lost"
    return _setup_board(setup_view(streams=streams, ready=False, wrong=text, cure=NO_CONTACT[2]))


def setup_ready() -> Board:
    """Set-up in which all is well."""
    return _setup_board(setup_view())


def setup_locked() -> Board:
    """Set-up whose roles a room file gives."""
    streams = [{**stream, "given_by": "room"} for stream in dyad_candidates()]
    return _setup_board(setup_view(streams=streams, locked=True, remembered=""))


def setup_many() -> Board:
    """Set-up of a lab with sixteen streams, some with long names."""
    long = "Biosemi auxiliary channel of the neighbouring room, second amplifier, left rack"
    others = [
        candidate(
            f"x{i}",
            title=f"{long} {i}" if i % 3 == 0 else f"Strap {i:02d}",
            host="recording-workstation-of-the-second-floor.example.org" if i % 2 else "lab-pc",
            participant="P11" if i == 5 else "",
            given_by="you" if i == 5 else "",
            measures=["acc"] if i % 2 else ["hr", "rr"],
            declared_hz=0.0 if i % 4 == 0 else 25.0,
            measured_hz=None if i % 5 == 1 else 24.98,
            checks=checks(
                rate=("waiting", "waiting for the first samples", "") if i % 5 == 1 else ("ok", "", ""),
                contact=("none", "does not apply", ""),
            ),
        )
        for i in range(12)
    ]
    people = [*(PersonView(code=c, kind=k) for c, k in DYAD), PersonView(code="P11", kind="other")]
    return _setup_board(setup_view(people=people, streams=dyad_candidates() + others))
