"""The calibrated statistic of a session: what counts, what it is, and what it refuses to say."""

import numpy as np
import pytest
from numpy.typing import NDArray

from monitor.core.kernels.pairings import draw_pairings
from monitor.core.results import Reason, Status
from monitor.core.synchrony.coupling import Coupling
from monitor.core.synchrony.pairings import Pairings
from monitor.core.synchrony.segments import Segments
from monitor.core.synchrony.statistic import session_statistic

N, LAGS = 120, 20
Series = NDArray[np.float64]


def noise(seed: int, n_segments: int) -> Series:
    return np.random.default_rng(seed).normal(size=n_segments * N)


def led(x: Series, lag: int, seed: int, share: float = 1.0) -> Series:
    """A second person who does what the first did `lag` samples ago, and things of their own."""
    return np.roll(x, lag) + share * noise(seed, x.size // N)


def coupled(x: Series, y: Series, keep: int) -> Coupling:
    people = [Segments(N, LAGS, 0.25, keep=keep) for _ in range(2)]
    coupling = Coupling(*people, Pairings(99, 1))
    for index in range(x.size // N):
        for segments, series in zip(people, (x, y), strict=True):
            segments.add(series[index * N : (index + 1) * N].copy(), 0.0)
        coupling.close(index)
    return coupling


def direct(x: Series, y: Series) -> float:
    """Mean Fisher-z over all lags, written out: positive lags mean that x comes first."""
    a, b = x - x.mean(), y - y.mean()
    scale = np.sqrt((a @ a) * (b @ b))
    z = []
    for k in range(-LAGS, LAGS + 1):
        products = a[: N - k] @ b[k:] if k >= 0 else a[-k:] @ b[: N + k]
        z.append(np.arctanh(products / scale))
    return float(np.mean(z))


def test_similarity_is_that_of_the_formula_for_every_pair_of_segments() -> None:
    x, y = noise(1, 12), noise(2, 12)
    found = coupled(x, y, keep=12).similarity
    wanted = [[direct(a, b) for b in y.reshape(-1, N)] for a in x.reshape(-1, N)]
    np.testing.assert_allclose(found, wanted, atol=1e-7)


@pytest.mark.parametrize("lag", [-12, -8, -3, 3, 8, 12])
def test_a_lead_is_found_with_its_sign(lag: int) -> None:
    x = noise(3, 40)
    found = session_statistic(x, led(x, lag, 4))
    assert found.status is Status.OK
    assert found.z > found.chance_hi
    assert found.p == 0.001
    assert found.lag_s == pytest.approx(lag / 4.0, abs=0.05)
    assert np.sign(found.z_lead) == np.sign(lag)


def test_changing_who_is_first_turns_signs_and_nothing_else() -> None:
    x = noise(5, 30)
    y = led(x, 6, 6, share=2.0)
    one, other = session_statistic(x, y), session_statistic(y, x)
    assert one._replace(lag_s=0.0, z_lead=0.0) == other._replace(lag_s=0.0, z_lead=0.0)
    assert (one.lag_s, one.z_lead) == (-other.lag_s, -other.z_lead)


def test_unrelated_people_lie_within_chance_and_have_no_direction() -> None:
    found = session_statistic(noise(7, 100), noise(8, 100))
    assert found.chance_lo < found.z < found.chance_hi
    assert found.chance_lo == pytest.approx(-1.64, abs=0.2)
    assert found.chance_hi == pytest.approx(1.64, abs=0.2)
    assert np.isnan(found.lag_s)


def test_opposite_movements_are_told_apart_from_like_ones() -> None:
    x = noise(9, 60)
    like, opposite = session_statistic(x, led(x, 0, 10)), session_statistic(x, -led(x, 0, 10))
    assert like.z_in_phase > 3.0 > like.z_anti_phase
    assert opposite.z_anti_phase > 3.0 > opposite.z_in_phase
    assert opposite.z < opposite.chance_lo


@pytest.mark.parametrize(
    ("n_segments", "status", "reason"),
    [
        (9, Status.NA, Reason.TOO_FEW_SEGMENTS),
        (10, Status.LOW, Reason.TOO_FEW_SEGMENTS),
        (19, Status.LOW, Reason.TOO_FEW_SEGMENTS),
        (20, Status.OK, Reason.NONE),
    ],
)
def test_ten_segments_give_a_number_and_twenty_a_sure_one(
    n_segments: int, status: Status, reason: Reason
) -> None:
    x = noise(11, n_segments)
    found = session_statistic(x, led(x, 8, 12, share=0.3))
    assert (found.status, found.reason, found.n_segments) == (status, reason, n_segments)
    assert np.isnan(found.z) == (status is Status.NA)
    assert np.isnan(found.lag_s) == (status is not Status.OK)


def test_a_constant_signal_has_no_synchrony() -> None:
    for constant in (np.full(30 * N, 4.2), np.zeros(30 * N), np.linspace(4.0, 4.0 + 1e-10, 30 * N)):
        found = session_statistic(noise(13, 30), constant)
        assert (found.status, found.reason) == (Status.NA, Reason.ZERO_VARIANCE)
        assert np.isnan(found.z)


def test_a_signal_that_is_mostly_noise_has_no_synchrony() -> None:
    x = noise(14, 30)
    assert session_statistic(x, noise(15, 30), noise=(0.2, 0.3)).status is Status.OK
    found = session_statistic(x, noise(15, 30), noise=(0.2, 0.4))
    assert (found.status, found.reason) == (Status.NA, Reason.ZERO_VARIANCE)


def smooth(x: Series) -> Series:
    """As slopes over five seconds are."""
    return np.convolve(x, np.ones(20) / 20.0, mode="same")


def between(x: Series) -> Series:
    """The same a tenth of a second later, which is between two places of the grid."""
    t = np.arange(x.size)
    return np.interp(t - 0.4, t, x)


@pytest.mark.parametrize(
    "copy", [lambda x: x, lambda x: 3.0 * x, lambda x: np.roll(x, 7), lambda x: -x, between]
)
def test_one_signal_given_for_both_is_refused(copy) -> None:  # type: ignore[no-untyped-def]
    x = smooth(noise(16, 30))
    found = session_statistic(x, copy(x))
    assert (found.status, found.reason) == (Status.NA, Reason.NO_DATA)
    assert np.isnan(found.z)


def test_gaps_stay_where_they_are() -> None:
    x = noise(17, 40)
    y = led(x, 8, 18)
    gone = y.copy()
    gone[10 * N : 15 * N] = np.nan
    found = session_statistic(x, gone)
    assert found.n_segments == 35
    assert found.lag_s == pytest.approx(2.0, abs=0.05)
    # Closing the gap up would move everything after it against the first person.
    coupling = coupled(x, gone, keep=40)
    assert coupling.members.tolist() == [*range(10), *range(15, 40)]
    np.testing.assert_allclose(
        coupling.similarity[10, 10], direct(x[15 * N : 16 * N], y[15 * N : 16 * N]), atol=1e-7
    )


def test_a_segment_needs_four_fifths_valid_in_both() -> None:
    x, y = noise(19, 30), noise(20, 30)
    x[: N // 10], y[N - N // 10 : N] = np.nan, np.nan
    assert session_statistic(x, y).n_segments == 30
    y[N - N // 10 - 1] = np.nan
    assert session_statistic(x, y).n_segments == 29


def test_somebody_who_is_mostly_missing_is_said_to_be() -> None:
    x, y = noise(21, 30), noise(22, 30)
    y[5 * N :] = np.nan
    assert session_statistic(x, y).reason is Reason.GAP
    assert session_statistic(x, np.full(x.size, np.nan)).reason is Reason.NO_DATA


def test_the_session_so_far_forgets_what_is_too_long_ago() -> None:
    x, y = noise(23, 40), noise(24, 40)
    coupling = coupled(x, y, keep=12)
    assert coupling.members.tolist() == list(range(28, 40))
    again = coupled(x[28 * N :], y[28 * N :], keep=12)
    np.testing.assert_array_equal(coupling.similarity, again.similarity)
    np.testing.assert_array_equal(coupling.profile(), again.profile())


def test_more_segments_than_room_at_first_change_nothing() -> None:
    x, y = noise(25, 40), noise(26, 40)
    whole = coupled(x, y, keep=40).similarity
    np.testing.assert_array_equal(whole[:14, :14], coupled(x[: 14 * N], y[: 14 * N], keep=40).similarity)


def test_series_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        session_statistic(np.zeros(10), np.zeros(11))


def test_segments_of_different_length_cannot_be_compared() -> None:
    one, other = Segments(N, LAGS, 0.25, keep=3), Segments(60, LAGS, 0.25, keep=3)
    with pytest.raises(ValueError, match="one length"):
        Coupling(one, other, Pairings(99, 1))


def test_no_segment_is_paired_with_itself_or_a_neighbour() -> None:
    position = np.array([0, 1, 2, 3, 7, 8, 9, 20, 21, 22, 23])
    table = Pairings(500, 3).of(position)
    assert table.shape == (500, position.size)
    assert np.all(np.sort(table, axis=1) == np.arange(position.size))
    assert np.abs(position[table] - position).min() >= 2


def test_every_partner_is_about_equally_likely() -> None:
    n = 40
    table = Pairings(4000, 5).of(np.arange(n))
    counts = np.array([np.bincount(table[:, i], minlength=n) for i in range(n)])
    far = np.abs(np.subtract.outer(np.arange(n), np.arange(n))) >= 2
    assert counts[~far].max() == 0
    expected = 4000 / (n - 3)
    # Partners of the ends have one forbidden place less: allow for that and for five standard errors.
    assert np.abs(counts[far] / expected - 1.0).max() < 0.15 + 5.0 / np.sqrt(expected)


def test_pairings_depend_on_seed_and_places_alone() -> None:
    position = np.arange(12)
    first = Pairings(99, 1).of(position)
    assert first[0].tolist() == FIRST_PAIRING
    other = Pairings(99, 1)
    other.of(np.arange(15))
    np.testing.assert_array_equal(other.of(position), first)
    assert not np.array_equal(Pairings(99, 2).of(position), first)


FIRST_PAIRING = [11, 3, 5, 8, 0, 7, 9, 1, 10, 4, 2, 6]


def test_segments_too_close_together_have_no_pairings() -> None:
    table = np.empty((99, 3), dtype=np.int16)
    assert draw_pairings(np.arange(3), 3, 1, table) == 0
