"""What a lab may choose for synchrony, and what is refused."""

import pytest

from monitor.core.synchrony.methods import DEFAULT_METHODS, METHODS
from monitor.errors import SettingsError
from monitor.settings import Settings, settings_from


def test_defaults_are_those_of_the_specification() -> None:
    chosen = Settings().synchrony.choices()
    assert (chosen.segment_s, chosen.lag_s, chosen.n_surrogates, chosen.seed) == (30.0, 5.0, 999, 1)
    assert set(DEFAULT_METHODS) <= set(METHODS)


def test_a_lab_can_choose() -> None:
    chosen = settings_from(
        {"synchrony": {"segment_s": 60, "lag_s": 10, "n_surrogates": 199, "seed": 7, "methods": ["susy"]}},
        "x",
    ).synchrony
    assert (chosen.segment_s, chosen.lag_s, chosen.n_surrogates, chosen.seed) == (60.0, 10.0, 199, 7)
    assert chosen.methods == ("susy",)


def test_settings_survive_their_own_mapping() -> None:
    chosen = settings_from({"synchrony": {"methods": ["marci", "susy", "marci"]}}, "x")
    assert settings_from(chosen.as_mapping(), "again") == chosen


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"segment_s": 5}, "10 to 120 whole seconds"),
        ({"segment_s": 30.5}, "10 to 120 whole seconds"),
        ({"lag_s": 20}, "1 to 15 whole seconds"),
        ({"segment_s": 10, "lag_s": 6}, "at most half a segment"),
        ({"n_surrogates": 10}, "99 to 9999"),
        ({"n_surrogates": 199.5}, "must be a whole number"),
        ({"seed": -1}, "synchrony.seed is -1"),
        ({"methods": ["telepathy"]}, "names `telepathy`, which is unknown. Known methods: susy"),
        ({"methods": "susy"}, "must be a list of names"),
        ({"lag_s": "long"}, "must be a number"),
        ({"lag_s": True}, "must be a number"),
        ({"lags": 5}, "unknown key `synchrony.lags`. Valid keys in `synchrony`: lag_s, methods"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_does(values: dict[str, object], text: str) -> None:
    with pytest.raises(SettingsError, match=text):
        settings_from({"synchrony": values}, "lab.toml")
