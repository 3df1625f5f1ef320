"""The translation files: up to date with the sources, complete in their placeholders, modest in their words."""

import re
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtCore", exc_type=ImportError)

from PySide6.QtCore import QCoreApplication, QTranslator
from pytestqt.qtbot import QtBot

from monitor.views.bands.words import HEADS, WORDS
from monitor.views.lines import tr
from monitor.views.translate import FOLDER, install, languages
from monitor.views.words import FOOTER, SESSION_STATES
from tests.translations import TEMPLATE, collected, main, translations_in, written

GERMAN = FOLDER / "attune_de.ts"

CLAIMING = re.compile(
    r"\b(?:un)?sicher\b|gefahr\w*|gefährd\w*|\balarm\w*|\bnormal\w*|gestört\w*|störung\w*|stress\w*|synchron\w*"
    r"|übererreg\w*|untererreg\w*|\berstarr\w*|trauma\w*|krank\w*|patient\w*|angst\w*|depress\w*",
    re.IGNORECASE,
)
"""German words that would claim more than the body shows; the standing footer names two of them to deny them."""


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{(\w*)[^{}]*\}", text))


def test_the_files_are_those_of_the_sources(capsys: pytest.CaptureFixture[str]) -> None:
    # When this fails: python -m tests.translations
    assert main(["--check"]) == 0, capsys.readouterr().out


def test_texts_of_every_kind_are_collected() -> None:
    texts = set(collected())
    # A literal, entries of tables here and elsewhere, words of a key, a reason of the board, a step of a protocol.
    assert {
        "{alive}/{all} streams",
        FOOTER,
        WORDS["below_more"],
        HEADS["above"],
        *filter(None, SESSION_STATES.values()),
        "next excursion",
        "electrode contact lost",
        "Sitting quietly",
    } <= texts
    assert not {"EN", "#eceae6", "too_much", "Ctrl+Z", "hr_bpm"} & texts
    assert len(texts) > 300


def test_every_placeholder_survives_translation() -> None:
    german = translations_in(GERMAN)
    assert len(german) > 250
    for source, text in german.items():
        assert placeholders(text) == placeholders(source), source
        assert source.startswith(" ") == text.startswith(" ")
        assert source.endswith(" ") == text.endswith(" ")


def test_states_zone_words_and_footer_are_german() -> None:
    german = translations_in(GERMAN)
    needed = {FOOTER, *SESSION_STATES.values(), *HEADS.values(), *WORDS.values()} - {""}
    assert needed - set(german) == set()


def test_the_german_claims_no_more_than_the_english() -> None:
    assert {t: CLAIMING.findall(t) for t in translations_in(GERMAN).values() if CLAIMING.search(t)} == {}
    assert CLAIMING.search("Sie sind sicher")
    assert CLAIMING.search("nicht normal")


def test_what_a_window_loads_says_what_the_file_says(qtbot: QtBot, qapp: QCoreApplication) -> None:
    translator = QTranslator()
    assert translator.load(str(GERMAN.with_suffix(".qm")))
    for source, text in translations_in(GERMAN).items():
        assert translator.translate("attune", source) == text


def test_a_language_is_found_by_its_code_with_or_without_a_region(
    qtbot: QtBot, qapp: QCoreApplication
) -> None:
    assert {"de", "en"} <= set(languages())
    try:
        assert install(qapp, "de") == "de"
        assert tr("not available") == "nicht verfügbar"
        assert install(qapp, "de-CH") == "de"
        assert len(qapp.findChildren(QTranslator, "attune-translator")) == 1
    finally:
        assert install(qapp, "en") == "en"
    assert tr("not available") == "not available"


@pytest.mark.parametrize("language", ["xx", "../../etc/passwd", "de/../de", "*", "", "C"])
def test_a_language_there_is_not_leaves_the_source(
    language: str, qtbot: QtBot, qapp: QCoreApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.views.translate.QLocale.system", lambda: FakeLocale())
    assert install(qapp, language) == "en"
    assert tr("not available") == "not available"


class FakeLocale:
    """The locale of a machine without one."""

    @staticmethod
    def name() -> str:
        return "C"


def test_bringing_a_file_up_to_date_keeps_what_is_translated(tmp_path: Path) -> None:
    path = tmp_path / "attune_xx.ts"
    path.write_text(
        written(["a <b> & c", "new"], "xx", {"a <b> & c": 'ä "ö"', "gone": "weg"}), encoding="utf-8"
    )
    assert translations_in(path) == {"a <b> & c": 'ä "ö"'}
    assert 'type="unfinished"' in path.read_text(encoding="utf-8")
    assert (FOLDER / TEMPLATE).is_file()
