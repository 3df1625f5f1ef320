"""The reference cloud against computations by hand."""

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from calibration.baseline import INPUTS, Reference, Scale, build_reference
from calibration.personal import Calibration
from calibration.pooling import day_reference, pooled_scales
from monitor.board.board import Board
from monitor.clouds import cloud_of, cloud_views
from monitor.core.standing import Standing, Taken

NEVER = float("nan")


def reference(**changes: object) -> Reference:
    made = Reference(
        participant="C07",
        start_s=0.0,
        stop_s=300.0,
        valid_s=270,
        scales={name: Scale(mean=1.0, sd=0.5, n_effective=9.0) for name in INPUTS},
        electrodermal_rho=0.2,
        correlation=((1.0, 0.1, 0.28), (0.1, 1.0, 0.3), (0.28, 0.3, 1.0)),
        responder=True,
    )
    return replace(made, **changes)


def standing(used: Reference | None, **changes: object) -> Standing:
    return Standing(Calibration(participant="C07", reference=used, **changes), 1)


def seconds(seed: int, n: int = 400) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    slow = np.exp(-1.0 / 12.0)
    rows = np.zeros((4, n))
    drive = rng.multivariate_normal(
        np.zeros(4), np.eye(4) + 0.4 * np.outer([1, 1, 1, -1], [1, 1, 1, -1]), n
    ).T
    for k in range(1, n):
        rows[:, k] = slow * rows[:, k - 1] + drive[:, k]
    return dict(zip(INPUTS, rows, strict=True))


def test_without_a_reference_there_is_no_cloud() -> None:
    assert cloud_of(standing(None)) is None


@pytest.mark.parametrize("gone", [("ln_rmssd",), ("ln_scl", "scr_rate")])
def test_with_one_axis_alone_there_is_no_cloud(gone: tuple[str, ...]) -> None:
    scales = {name: s for name, s in reference().scales.items() if name not in gone}
    assert cloud_of(standing(reference(scales=scales))) is None


def test_where_skin_conductance_tells_nothing_there_is_no_cloud() -> None:
    assert cloud_of(standing(reference(responder=False))) is None


def test_of_a_first_calibration_the_cloud_is_that_of_its_own_seconds() -> None:
    series = seconds(1)
    day = build_reference("C07", 0.0, 400.0, series, np.zeros(400, bool), responder=True)
    cloud = cloud_of(standing(day_reference(day, [])))
    assert cloud is not None
    used = day_reference(day, []).scales
    z = {name: (series[name] - used[name].mean) / used[name].sd for name in INPUTS}
    skin = (z["ln_scl"] + z["scr_rate"]) / math.sqrt(2.0 + 2.0 * day.electrodermal_rho)
    assert cloud["x_mean"] == cloud["y_mean"] == 0.0
    assert abs(skin.mean()) < 1e-9
    assert cloud["x_sd"] == pytest.approx(z["ln_rmssd"].std(ddof=1), rel=1e-9)
    assert cloud["y_sd"] == pytest.approx(skin.std(ddof=1), rel=1e-9)
    assert cloud["correlation"] == pytest.approx(np.corrcoef(z["ln_rmssd"], skin)[0, 1], abs=1e-3)
    assert cloud["minutes"] == pytest.approx(400 / 60)
    assert cloud["x_sd"] < 1.0


def test_an_opening_taken_in_the_session_shows_its_own_seconds_against_the_pooled_scale() -> None:
    series = seconds(2)
    day = build_reference("C07", 0.0, 400.0, series, np.zeros(400, bool), responder=True)
    earlier = [reference(scales={name: Scale(mean=0.0, sd=9.0, n_effective=30.0) for name in INPUTS})]
    used = day_reference(day, earlier)
    there = standing(used, earlier=tuple(earlier), scales=pooled_scales(earlier))
    there.taken = Taken(0.0, day, NEVER)
    cloud = cloud_of(there)
    assert cloud is not None
    raw = series["ln_rmssd"].std(ddof=1)
    assert cloud["x_sd"] == pytest.approx(raw / used.scales["ln_rmssd"].sd, rel=1e-9)
    z = [(series[name] - used.scales[name].mean) / used.scales[name].sd for name in ("ln_scl", "scr_rate")]
    skin = (z[0] + z[1]) / math.sqrt(2.0 + 2.0 * used.electrodermal_rho)
    assert cloud["y_sd"] == pytest.approx(skin.std(ddof=1), rel=1e-9)


def test_of_a_pooled_scale_only_the_factor_for_the_level_of_the_day_is_taken_out() -> None:
    earlier = (reference(),)
    day = reference(scales={name: Scale(mean=1.0, sd=0.5, n_effective=5.0) for name in INPUTS})
    cloud = cloud_of(standing(day_reference(day, earlier), earlier=earlier, scales=pooled_scales(earlier)))
    assert cloud is not None
    assert cloud["x_sd"] == pytest.approx(math.sqrt(4.0 / 6.0))
    assert cloud["y_sd"] == pytest.approx(math.sqrt(4.0 / 6.0))


def test_the_correlation_is_that_of_the_plane_and_not_shrunk() -> None:
    cloud = cloud_of(standing(reference()))
    assert cloud is not None
    assert cloud["correlation"] == pytest.approx(-0.4)


def test_of_one_electrodermal_series_the_cloud_is_as_high_as_that_series() -> None:
    scales = {name: s for name, s in reference().scales.items() if name != "scr_rate"}
    cloud = cloud_of(standing(reference(scales=scales)))
    assert cloud is not None
    assert cloud["y_sd"] == cloud["x_sd"] == pytest.approx(math.sqrt(8.0 / 10.0))


def test_a_level_taken_anew_takes_the_cloud_with_it() -> None:
    there = standing(reference())
    before = cloud_of(there)
    moved = {name: replace(s, mean=s.mean + 3.0) for name, s in reference().scales.items()}
    there.reference = reference(scales=moved)
    assert cloud_of(there) == before


def test_everybody_with_a_cloud_reaches_the_board() -> None:
    people = [
        SimpleNamespace(participant="C07", standing=standing(reference())),
        SimpleNamespace(participant="T02", standing=standing(None)),
        SimpleNamespace(participant="P03", standing=None),
    ]
    board = Board()
    board.note_clouds(cloud_views(SimpleNamespace(people=people)))  # type: ignore[arg-type]
    (cloud,) = board.snapshot()["clouds"]
    assert cloud["participant"] == "C07"
    assert cloud["minutes"] == 4.5
