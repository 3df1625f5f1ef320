"""Which streams are there before the start, how they are, and what is wrong with those that are somebody's."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from monitor.board.session_views import CandidateView, CheckView, PersonView, SetupView
from monitor.preflight.facts import StreamFacts
from monitor.preflight.guess import Sighting
from monitor.preflight.seats import KIND_WORDS, Found, Owner
from monitor.preflight.watch import StreamWatch
from monitor.room import Participant, StreamLabel

_WORST_FIRST = ("bad", "waiting")


class Candidate(NamedTuple):
    """A stream as it is shown.

    Parameters
    ----------
    watch : StreamWatch
        The stream.
    facts : StreamFacts
        What is known of it.
    checks : list of CheckView
        Its checks.
    """

    watch: StreamWatch
    facts: StreamFacts
    checks: list[CheckView]


class Trouble(NamedTuple):
    """Something that is not as it should be.

    Parameters
    ----------
    text : str
        Whose, which stream, and what.
    cure : str
        What to do.
    final : bool
        False for what only has to be waited for.
    """

    text: str
    cure: str
    final: bool


def candidate_view(candidate: Candidate, owner: Owner) -> CandidateView:
    """Describe a stream for the board.

    Parameters
    ----------
    candidate : Candidate
        The stream.
    owner : Owner
        Whose it is.

    Returns
    -------
    CandidateView
        Plain values.
    """
    watch, facts = candidate.watch, candidate.facts
    reason = watch.reason or "not read yet"
    return CandidateView(
        uid=watch.advert.uid,
        title=watch.advert.title,
        type=watch.advert.type,
        host=watch.advert.hostname,
        device=watch.device,
        measures=list(watch.measures),
        reason=f"{owner.why}; {reason}" if owner.why else reason,
        declared_hz=facts.declared_hz,
        measured_hz=facts.measured_hz,
        participant=owner.participant,
        given_by=owner.given_by,
        checks=candidate.checks,
    )


def refused_view(title: str, problem: str) -> CandidateView:
    """Describe an outlet that may not be connected.

    Parameters
    ----------
    title : str
        Its name.
    problem : str
        Why not.

    Returns
    -------
    CandidateView
        Nobody's.
    """
    check = CheckView(
        name="connected", state="bad", text=problem, cure="Correct the sender and start it again."
    )
    others = [
        CheckView(name=name, state="none", text="", cure="")
        for name in ("rate", "clock", "signal", "contact")
    ]
    return CandidateView(
        uid=f"refused:{title}",
        title=title,
        type="",
        host="",
        device="",
        measures=[],
        reason="it cannot be connected",
        declared_hz=0.0,
        measured_hz=None,
        participant="",
        given_by="",
        checks=[check, *others],
    )


def troubles(
    people: Sequence[Participant],
    candidates: Sequence[Candidate],
    owners: Mapping[StreamLabel, Owner],
) -> list[Trouble]:
    """List what is wrong, in the order of people and checks; what only takes time comes last.

    Parameters
    ----------
    people : sequence of Participant
        Who is there.
    candidates : sequence of Candidate
        The streams.
    owners : mapping of StreamLabel to Owner
        Whose they are.

    Returns
    -------
    list of Trouble
        Empty when all is well.
    """
    found: list[Trouble] = []
    taken = {owner.participant for owner in owners.values()}
    if candidates and not any(person.code in taken for person in people):
        found.append(
            Trouble("nobody has been given a stream", "Give each stream to who wears it.", final=True)
        )
    for person in people:
        mine = [c for c in candidates if owners.get(c.watch.label, Owner()).participant == person.code]
        found += _of_person(person, mine, anything=bool(candidates))
    strays = [owner.why for owner in owners.values() if owner.why and not owner.participant]
    found += [Trouble(*_parted(why), final=True) for why in strays]
    return sorted(found, key=lambda trouble: not trouble.final)


def _parted(why: str) -> tuple[str, str]:
    found, _, cure = why.rstrip(".").partition(". ")
    return found, f"{cure}."


def _of_person(person: Participant, mine: Sequence[Candidate], *, anything: bool) -> list[Trouble]:
    who = f"{KIND_WORDS[person.kind]} {person.code}"
    if not mine:
        cure = "Give the stream to who wears it." if anything else ""
        start = "Switch the sensor on and start its bridge program."
        return [Trouble(f"no stream for {who} yet", f"{start} {cure}".strip(), final=True)]
    found = _contested(person.code, mine)
    for number in range(len(mine[0].checks)):
        for candidate in mine:
            check = candidate.checks[number]
            if check["state"] not in _WORST_FIRST:
                continue
            final = check["state"] == "bad"
            text = f"{who}, {candidate.watch.advert.name}: {check['text']}"
            found.append(
                Trouble(text, check["cure"] if final else "This takes up to half a minute.", final=final)
            )
    return found


def _contested(code: str, mine: Sequence[Candidate]) -> list[Trouble]:
    """Two streams of one person that measure the same: a session would use neither."""
    first: dict[str, StreamWatch] = {}
    found: list[Trouble] = []
    for candidate in mine:
        watch = candidate.watch
        for modality in sorted(watch.analysed):
            other = first.setdefault(modality, watch)
            # Doubles are told as such.
            if other.label != watch.label:
                text = f"two streams measure {modality.upper()} of {code}: {other.advert.name} and {watch.advert.name}"
                found.append(Trouble(text, "Give one of them to somebody else or to nobody.", final=True))
    return found


def setup_view(
    people: Sequence[Participant],
    candidates: Sequence[Candidate],
    owners: Mapping[StreamLabel, Owner],
    refused: Mapping[str, str],
    *,
    locked: bool,
    remembered: str = "",
    message: str = "",
) -> SetupView:
    """Describe the set-up for the board.

    Parameters
    ----------
    people : sequence of Participant
        Who is there.
    candidates : sequence of Candidate
        The streams.
    owners : mapping of StreamLabel to Owner
        Whose they are.
    refused : mapping of str to str
        Problem by title of outlets that may not be connected.
    locked : bool
        Whether a room file gives the roles.
    remembered : str
        What was taken over from last time, in words.
    message : str
        Answer to the newest command.

    Returns
    -------
    SetupView
        Plain values.
    """
    wrong = troubles(people, candidates, owners)
    streams = [candidate_view(c, owners.get(c.watch.label, Owner())) for c in candidates]
    return SetupView(
        people=[PersonView(code=person.code, kind=person.kind.value) for person in people],
        streams=[*streams, *(refused_view(*item) for item in refused.items())],
        wrong=wrong[0].text if wrong and candidates else "",
        cure=wrong[0].cure if wrong and candidates else "",
        ready=bool(candidates) and not wrong,
        can_start=bool(candidates),
        locked=locked,
        remembered=remembered,
        message=message,
    )


def found_of(watch: StreamWatch) -> Found:
    """Describe a stream for the seats.

    Parameters
    ----------
    watch : StreamWatch
        The stream.

    Returns
    -------
    Found
        What whose-is-it rests on.
    """
    return Found(watch.label, watch.info, Sighting(watch.label, watch.analysed))
