"""Laws of profiles and edges: exact round trips, no damage believed, marks that move edges the right way."""

import math
import tempfile
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.baseline import INPUTS, Reference, Scale
from calibration.edges import PRIOR, Edge, Edges, Mark, MarkLabel, MarkSource, update_edges
from calibration.profile import (
    Baseline,
    BaselineKind,
    Conditions,
    Medication,
    Posture,
    Profile,
    ProfileError,
    Screening,
    profile_text,
    read_profile,
    save_profile,
)

NOW = 1.79e9

moments = st.floats(0.0, 4e9)
levels = st.floats(-1e3, 1e3)
spreads = st.floats(1e-6, 1e3)
unknown = st.just(math.nan)
texts = st.text(st.characters(exclude_categories=("C", "Z")), max_size=20)
scales = st.builds(Scale, mean=levels, sd=spreads, n_effective=st.floats(0.1, 1e5))


@st.composite
def references(draw: st.DrawFn) -> Reference:
    a, b, c = (draw(st.floats(-0.7, 0.7)) for _ in range(3))
    start_s = draw(st.floats(0.0, 1e4))
    return Reference(
        participant="C07",
        start_s=start_s,
        stop_s=start_s + 300.0,
        valid_s=draw(st.integers(0, 10000)),
        scales=draw(st.dictionaries(st.sampled_from(INPUTS), scales)),
        electrodermal_rho=draw(st.floats(-1.0, 1.0)),
        correlation=((1.0, a, b), (a, 1.0, c), (b, c, 1.0)),
        responder=draw(st.booleans()),
    )


ratings = st.lists(st.floats(0.0, 10.0), max_size=3).map(tuple)
baselines = st.builds(
    Baseline,
    utc_s=moments,
    kind=st.sampled_from(BaselineKind),
    session=texts,
    protocol=texts,
    reference=references(),
    breathing_per_min=st.floats(0.0, 60.0) | unknown,
    tension=ratings,
    present=ratings,
)
marks = st.builds(
    Mark,
    label=st.sampled_from(MarkLabel),
    by=st.sampled_from(MarkSource),
    session=texts,
    t_s=st.floats(-1e5, 1e5),
    utc_s=moments | unknown,
    arousal=st.floats(-10.0, 10.0) | unknown,
    se=st.floats(0.0, 3.0) | unknown,
)
conditions = st.builds(
    Conditions,
    medication=st.lists(st.sampled_from(list(Medication)[1:]), unique=True).map(tuple),
    posture=st.none() | st.sampled_from(Posture),
    caffeine=st.none() | st.booleans(),
    screening=st.lists(st.sampled_from(Screening), unique=True).map(tuple),
)


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    made = Profile(
        participant="C07",
        created_utc_s=draw(moments),
        conditions=draw(conditions),
        sensors=draw(st.dictionaries(texts, texts, max_size=3)),
        versions=draw(st.dictionaries(texts, texts, max_size=3)),
    )
    for baseline in draw(st.lists(baselines, max_size=3)):
        made = made.with_baseline(baseline)
    for mark in draw(st.lists(marks, max_size=4)):
        made = made.with_mark(mark, NOW)
    return made


@given(profiles())
def test_a_profile_comes_back_from_its_file_exactly(profile: Profile) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "C07.toml")
        save_profile(path, profile)
        again = read_profile(path, "C07")
    # repr shows every bit of a number, and is the same for two NaN.
    assert repr(replace(again, sensors={}, versions={}, baselines=())) == repr(
        replace(profile, sensors={}, versions={}, baselines=())
    )
    assert (again.sensors, again.versions) == (profile.sensors, profile.versions)
    for one, other in zip(again.baselines, profile.baselines, strict=True):
        assert one.reference == other.reference
        assert repr(replace(one, reference=None)) == repr(replace(other, reference=None))
    assert profile_text(again) == profile_text(profile)


@st.composite
def a_profile(draw: st.DrawFn) -> Profile:
    return (
        Profile(participant="C07", created_utc_s=NOW)
        .with_baseline(draw(baselines))
        .with_mark(draw(marks), NOW)
    )


def _read_or_refused(content: bytes) -> str | None:
    """The text of what is read; None where it is refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "C07.toml")
        path.write_bytes(content)
        try:
            return profile_text(read_profile(path, "C07"))
        except ProfileError:
            return None


@settings(max_examples=300)
@given(profile=a_profile(), place=st.floats(0.0, 1.0, exclude_max=True), byte=st.integers(1, 255))
def test_a_changed_byte_is_refused_or_means_nothing(profile: Profile, place: float, byte: int) -> None:
    text = profile_text(profile)
    content = bytearray(text.encode())
    content[int(place * len(content))] ^= byte
    assert _read_or_refused(bytes(content)) in (None, text)


@settings(max_examples=150)
@given(profile=a_profile(), place=st.floats(0.0, 1.0, exclude_max=True))
def test_a_cut_file_is_refused_or_lost_nothing(profile: Profile, place: float) -> None:
    text = profile_text(profile)
    content = text.encode()
    assert _read_or_refused(content[: int(place * len(content))]) in (None, text)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(content: bytes) -> None:
    assert _read_or_refused(content) is None


toml_values = st.recursive(
    st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.datetimes() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(
    key=st.sampled_from(
        ["schema", "participant", "conditions", "sensors", "versions", "prior", "edges", "date"]
    ),
    value=toml_values,
)
def test_any_value_of_any_key_is_refused_or_read(key: str, value: object) -> None:
    document = tomllib.loads(profile_text(Profile(participant="C07", created_utc_s=NOW)))
    del document["sha256"]
    document[key] = value
    try:
        content = tomli_w.dumps(document).encode()
    except (UnicodeEncodeError, ValueError):
        return
    _read_or_refused(content)


def mark(label: str, arousal: float, utc_s: float = NOW) -> Mark:
    return Mark(
        label=MarkLabel(label),
        by=MarkSource.CLIENT,
        session="s",
        t_s=0.0,
        utc_s=utc_s,
        arousal=arousal,
        se=0.2,
    )


@given(before=st.lists(marks, max_size=6), n=st.integers(1, 5))
def test_each_more_too_much_at_two_lowers_the_upper_edge_towards_it(before: list[Mark], n: int) -> None:
    fewer = update_edges([*before, *[mark("too_much", 2.0)] * (n - 1)], now_utc_s=NOW)
    more = update_edges([*before, *[mark("too_much", 2.0)] * n], now_utc_s=NOW)
    assert more.upper.mean < fewer.upper.mean or not before
    assert more.upper.n_marks == fewer.upper.n_marks + 1
    assert more.lower.mean == pytest.approx(fewer.lower.mean) or fewer == PRIOR


@given(n=st.integers(0, 6))
def test_too_much_at_two_lowers_the_upper_edge_from_the_first_mark_on(n: int) -> None:
    means = [update_edges([mark("too_much", 2.0)] * k, now_utc_s=NOW).upper.mean for k in (n, n + 1)]
    assert means[1] < means[0]


@given(st.lists(marks, max_size=8).flatmap(lambda ms: st.tuples(st.just(ms), st.permutations(ms))))
def test_the_order_of_marks_does_not_change_a_bit(pair: tuple[list[Mark], list[Mark]]) -> None:
    one, other = (update_edges(ms, now_utc_s=NOW) for ms in pair)
    assert one == other


@given(
    told=st.lists(
        st.tuples(st.sampled_from(["too_much", "tolerable"]), st.floats(2.5, 5.5)), min_size=1, max_size=6
    ),
    steps=st.integers(-10, 10),
)
def test_edges_move_with_prior_and_marks(told: list[tuple[str, float]], steps: int) -> None:
    shift = 0.05 * steps
    lower = Edge(mean=-4.0, sd=0.3)
    here = Edges(upper=Edge(mean=4.0, sd=0.3), lower=lower)
    there = Edges(upper=Edge(mean=4.0 + shift, sd=0.3), lower=lower)
    first = update_edges([mark(label, a) for label, a in told], prior=here, now_utc_s=NOW)
    second = update_edges([mark(label, a + shift) for label, a in told], prior=there, now_utc_s=NOW)
    assert second.upper.mean == pytest.approx(first.upper.mean + shift, abs=1e-6)
    assert second.upper.sd == pytest.approx(first.upper.sd, abs=1e-6)


@given(st.lists(marks, max_size=8))
def test_the_sides_mirror_each_other(told: list[Mark]) -> None:
    turned = {MarkLabel.TOO_MUCH: MarkLabel.TOO_LITTLE, MarkLabel.TOO_LITTLE: MarkLabel.TOO_MUCH}
    other = [
        replace(m, label=turned.get(m.label, m.label), arousal=-m.arousal) for m in told if m.arousal != 0.0
    ]
    same = Edges(upper=Edge(mean=2.5, sd=0.6), lower=Edge(mean=-2.5, sd=0.6))
    plain = update_edges([m for m in told if m.arousal != 0.0], prior=same, now_utc_s=NOW)
    mirrored = update_edges(other, prior=same, now_utc_s=NOW)
    assert mirrored.lower.mean == pytest.approx(-plain.upper.mean, rel=1e-12)
    assert mirrored.upper.n_marks == plain.lower.n_marks
