"""No code and no name of a session leaves its folder."""

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import SettingsError
from monitor.session.folder import SessionFolder

NASTY = st.one_of(
    st.text(max_size=40), st.sampled_from(("..", "../x", "/etc", "a/../b", "CON", "nul", "a.", "C:", "~"))
)


@given(code=NASTY, name=st.one_of(st.none(), NASTY))
def test_a_session_is_inside_its_root_or_not_made(code: str, name: str | None) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary) / "root"
        try:
            session = SessionFolder.create(root, name=name, settings={}, participants={code: "client"})
        except SettingsError:
            assert not root.exists() or not list(root.iterdir())
        else:
            assert session.path.resolve().parent == root.resolve()
            assert session.session_toml.is_file()
        assert {path.name for path in Path(temporary).iterdir()} <= {"root"}
