"""How long connecting to a strap may take, as it is asked for."""

import argparse

import pytest

from devices.drivers import heart_rate, polar_h10


@pytest.mark.parametrize("kind", [heart_rate.KIND, polar_h10.KIND])
@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "0.5", "60", "soon", ""])
def test_a_time_in_which_nothing_could_be_connected_is_refused(kind, text, capsys):
    parser = argparse.ArgumentParser()
    kind.add_options(parser)
    with pytest.raises(SystemExit):
        parser.parse_args([f"--connect-timeout={text}"])
    assert "between 1 and 45" in capsys.readouterr().err


@pytest.mark.parametrize("kind", [heart_rate.KIND, polar_h10.KIND])
def test_a_time_within_the_bounds_is_taken(kind):
    parser = argparse.ArgumentParser()
    kind.add_options(parser)
    assert parser.parse_args(["--connect-timeout", "30"]).connect_timeout == 30.0
    assert kind.defaults().connect_timeout == 20.0
