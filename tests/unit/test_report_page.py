"""The page about a session: what it says, in which order, of what little there is, and what it never lets out."""

import json
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from monitor import app
from monitor.errors import RecordingError
from monitor.report import quality
from monitor.report.charts import gaps_of
from monitor.report.noted import read_noted
from monitor.report.page import render, sections_of
from monitor.report.person import notes_near, time_text
from monitor.report.reading import read_material
from monitor.report.synchrony import sentence_of
from monitor.report.write import report_lines, write_report
from monitor.session.manifest import seal, verify_manifest
from monitor.session.notebook import WrittenNote, add_written
from monitor.views.words import FOOTER
from tests.contract.test_words import PATTERN
from tests.report_session import EXCURSION, summary_of, write_session

VOID = {"meta", "br", "hr", "img", "link", "input"}
CANARY = "<script>alert('canary')</script>$\\frac"


class Reader(HTMLParser):
    """Checks that every element is closed where it should be, and gathers what is on the page."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "svg"} & set(self.open):
            self.text.append(data.strip())

    @property
    def said(self) -> str:
        return " ".join(filter(None, self.text)).replace("\u202f", " ")


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


@pytest.fixture(scope="module")
def dyad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_session(tmp_path_factory.mktemp("sessions") / "2026-11-22_111542_C07_T02")


@pytest.fixture(scope="module")
def page(dyad: Path) -> str:
    return render(read_material(dyad))


@pytest.fixture
def drawn() -> None:
    """Asks for real drawings, which take their time."""


@pytest.fixture(autouse=True)
def undrawn(request: pytest.FixtureRequest) -> Iterator[None]:
    """Leave the drawings out where only the words are looked at."""
    if "drawn" in request.fixturenames:
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        for name in ("draw_coverage", "draw_bands", "draw_markers", "draw_chance"):
            patch.setattr(f"monitor.figures.session.{name}", lambda *_: "<svg></svg>")
        yield


@pytest.fixture
def copy(dyad: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(dyad, tmp_path / dyad.name))


def change(folder: Path, **changes: Any) -> None:
    path = folder / "summary.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes), encoding="utf-8")


def test_the_page_is_whole_and_asks_for_nothing_from_anywhere(page: str) -> None:
    reader = read(page)
    assert not re.search(r"https?:|//[a-z]|@import|<script|<img|<link|<object|<iframe", page)
    names = [attrs["id"] for _, attrs in reader.tags if "id" in attrs]
    assert len(names) == len(set(names))
    used = re.findall(r'(?:url\(#|href="#)([^")]+)', page)
    assert used
    assert set(used) <= set(names)


def test_every_picture_has_words_and_every_table_has_headings(page: str) -> None:
    reader = read(page)
    pictures = [attrs for tag, attrs in reader.tags if tag == "svg"]
    assert len(pictures) == 7
    assert all(attrs["role"] == "img" and attrs["aria-label"] for attrs in pictures)
    assert all(attrs.get("scope") in {"row", "col"} for tag, attrs in reader.tags if tag == "th")
    assert sum(tag == "table" for tag, _ in reader.tags) == sum(tag == "caption" for tag, _ in reader.tags)
    levels = [int(tag[1]) for tag, _ in reader.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_data_quality_comes_first(dyad: Path) -> None:
    titles = [section.title for section in sections_of(read_material(dyad))]
    assert titles == [
        "Data quality",
        "Client C07",
        "Therapist T02",
        "Both at the same time",
        "Synchrony against chance",
        "Notes and marks",
        "Methods, to paste",
    ]


def test_the_page_says_the_numbers_of_the_summary(page: str) -> None:
    said = read(page).said
    for text in (
        "2026-11-22, 10:15 UTC",
        "client C07, therapist T02",
        "Client C07, valid of 10.0 min: heart rate 9.8, beat-to-beat variability 9.8, skin conductance 9.8, "
        "arousal index 9.3.",
        "electrode contact lost 30 s; warming up 10 s",
        "Within 89 % of 9.3 valid min (95 % interval 80 % to 95 %); above the upper edge 11 %",
        "Upper edge 2.50 ± 0.50 reference SD: provisional (no mark, 3 are needed).",
        "Lower edge −2.50 ± 0.75 reference SD, from 4 marks.",
        "Reference: 4.8 valid min, of the same day.",
        "03:20 above 1 min 4.2 < 15 s returned skin conductance 02:50 rupture",
        "01:24 to 01:54: electrode contact lost",
        "Both within 89 % of 9.0 min valid in both.",
        "above what chance gives in this session (z 2.6, 10 valid min); they moved the same way more often "
        "than chance; changes of therapist T02 tended to come about 2 s earlier; not a causal statement.",
        "05:30 mark too much C07 client recording",
        FOOTER,
    ):
        assert text in said, text


def test_the_page_claims_no_more_than_the_body_shows(page: str) -> None:
    said = read(page).said.replace(FOOTER, "")
    assert not PATTERN.search(said), PATTERN.search(said)
    labels = " ".join(attrs.get("aria-label") or "" for _, attrs in read(page).tags)
    assert not PATTERN.search(labels)


def test_the_same_session_gives_the_same_bytes(dyad: Path, page: str, tmp_path: Path, drawn: None) -> None:
    again = Path(shutil.copytree(dyad, tmp_path / "other" / dyad.name))
    assert render(read_material(again)) == page


def test_hosts_are_left_out(page: str) -> None:
    assert "annas-laptop" not in page
    assert "Polar H10 C07" in page


def test_both_formats_of_tables_say_the_same(dyad: Path, tmp_path: Path) -> None:
    folder = write_session(tmp_path / dyad.name, file_format="csv")
    assert render(read_material(folder)) == render(read_material(dyad))


def test_hostile_texts_are_only_texts(copy: Path, drawn: None) -> None:
    streams = json.loads((copy / "summary.json").read_text())["streams"]
    warning = {"t_s": 1.0, "subject": CANARY, "label": "x", "text": CANARY}
    note = {"t_s": 210.0, "kind": "note", "label": CANARY, "participant": "", "by": CANARY}
    changes = {
        "source": CANARY,
        "preflight": CANARY,
        "streams": [stream | {"title": CANARY, "modality": CANARY} for stream in streams],
        "warnings": [warning],
        "notes": [note],
        "recording": {"incidents": [CANARY]},
        "versions": {"attune-monitor": CANARY, CANARY: CANARY},
    }
    change(copy, **changes)
    page = render(read_material(copy))
    reader = read(page)
    assert "<script" not in page
    assert not [tag for tag, _ in reader.tags if tag == "script"]
    assert reader.said.count("alert('canary')") >= len(changes)


def test_hostile_codes_do_not_stop_the_page(tmp_path: Path, drawn: None) -> None:
    folder = write_session(tmp_path / "s", {"$\\frac$": "client", "<b>": "therapist"})
    page = render(read_material(folder))
    assert "<b>" not in page
    assert "&lt;b&gt;" in page


def test_someone_without_calibration_gets_markers_and_no_zones(tmp_path: Path) -> None:
    said = read(render(read_material(write_session(tmp_path / "s", calibrated=False)))).said
    assert "Not calibrated. No zones and no excursions are given." in said
    assert "The markers are shown as they were measured." in said
    assert "Not calibrated: no zones to compare." in said
    assert "reference SD" not in said
    assert "valid min (95" not in said


def test_one_person_alone_has_nobody_to_be_compared_with(tmp_path: Path) -> None:
    folder = write_session(tmp_path / "s", {"C07": "client"})
    titles = [section.title for section in sections_of(read_material(folder)) if section.blocks]
    assert titles == ["Data quality", "Client C07", "Notes and marks", "Methods, to paste"]


def test_sixteen_people_are_told_in_tables_where_charts_would_be_too_many(tmp_path: Path) -> None:
    people = {f"P{place:02d}": "other" for place in range(1, 17)}
    folder = write_session(tmp_path / "s", people, seconds=60)
    page = render(read_material(folder))
    said = read(page).said
    assert page.count("<svg") <= 1 + 6 * 2 + 3 + 3
    assert "Further pairs" in said
    assert "120 of 120 pairs above chance; by chance alone 6.0 are expected" in said
    assert all(f"Participant {code}" in said for code in people)


@pytest.mark.parametrize("name", ["markers", "zones", "synchrony"])
def test_a_missing_table_is_told_and_the_rest_is_there(copy: Path, name: str) -> None:
    (copy / f"{name}.parquet").unlink()
    said = read(render(read_material(copy))).said
    assert f"The table {name} is missing" in said
    assert "Within 89 % of 9.3 valid min" in said


@pytest.mark.parametrize("content", [b"", b"PAR1 nothing", b"\x00" * 4096])
def test_a_damaged_table_is_told_and_the_rest_is_there(copy: Path, content: bytes) -> None:
    (copy / "markers.parquet").write_bytes(content)
    said = read(render(read_material(copy))).said
    assert "The table markers.parquet cannot be read" in said
    assert "Within 89 % of 9.3 valid min" in said


def test_a_table_of_another_analysis_is_not_drawn(copy: Path) -> None:
    change(copy, totals={"rows": {"markers": 1}})
    material = read_material(copy)
    assert not material.tables.courses
    assert any("different analyses" in text for text in material.told)


def test_a_summary_with_nothing_in_it_still_gives_a_page(tmp_path: Path) -> None:
    (tmp_path / "summary.json").write_text(
        '{"participants": {"A": 3}, "streams": 5, "zones": [], "warnings": {"a": 1}}'
    )
    said = read(render(read_material(tmp_path))).said
    assert "date not known" in said
    assert "Participant A: no marker could be computed." in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "attune analyze"),
        ("{", "is damaged"),
        ("[]", "no summary of this program"),
        ('{"participants": 1}', "no summary"),
    ],
)
def test_without_a_summary_the_next_step_is_named(tmp_path: Path, content: str | None, said: str) -> None:
    if content is not None:
        (tmp_path / "summary.json").write_text(content)
    with pytest.raises(RecordingError, match=said) as caught:
        read_material(tmp_path)
    assert "attune analyze" in str(caught.value)


def test_a_session_without_tables_names_the_very_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "recording.xdf").write_bytes(b"XDF:")
    assert app.main(["report", str(tmp_path)]) == 1
    assert f"`attune analyze {tmp_path} --out {tmp_path}`" in capsys.readouterr().err


def test_free_text_is_on_the_page_only_when_asked_for(copy: Path) -> None:
    add_written(copy, WrittenNote(1, 170.0, "rupture", "therapist", "", "quokka quartz", ""))
    add_written(copy, WrittenNote(0, 400.0, "", "AB", "", "quokka alone", ""))
    add_written(copy, WrittenNote(0, 410.0, "repair", "AB", "", "quokka repair", "C07"))
    path, _ = write_report(copy)
    assert path.name == "report.html"
    assert "quokka" not in path.read_text(encoding="utf-8")
    assert "06:50 note repair C07 AB added later" in read(path.read_text(encoding="utf-8")).said
    other, _ = write_report(copy, with_text=True)
    assert other.name == "report_with_text.html"
    elsewhere = copy.parent / "elsewhere"
    elsewhere.mkdir()
    assert write_report(copy, elsewhere, with_text=True)[0].name == "report_with_text.html"
    said = read(other.read_text(encoding="utf-8")).said
    assert said.count("quokka") == 3
    assert "02:50 note rupture – therapist recording quokka quartz" in said
    assert "This page holds free text from notes.toml" in said
    assert "quokka" not in path.read_text(encoding="utf-8")


def test_a_text_goes_with_its_number_and_one_of_a_note_taken_back_stays_away(tmp_path: Path) -> None:
    stands = {"t_s": 60.0, "kind": "note", "label": "rupture", "participant": "", "by": "therapist"}
    notes = [{**stands, "number": 1}, {**stands, "number": 3, "label": "repair"}]
    for number, text in ((1, "first"), (2, CANARY), (3, "third")):
        add_written(tmp_path, WrittenNote(number, 60.0, author="therapist", text=text))
    told: list[str] = []
    found = read_noted(tmp_path, {"notes": notes}, told, with_text=True)
    assert [(one.number, one.label, one.text) for one in found] == [
        (1, "rupture", "first"),
        (3, "repair", "third"),
    ]
    assert told == ["Note 2 was taken back or is not in the recording; its text is left out."]
    assert all(one.text == "" for one in read_noted(tmp_path, {"notes": notes}, told))


def test_a_report_in_a_sealed_folder_is_under_its_seal(copy: Path) -> None:
    seal(copy)
    path, told = write_report(copy)
    assert told == ()
    assert verify_manifest(copy) == []
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_report_elsewhere_leaves_the_session_as_it_is(copy: Path, tmp_path: Path) -> None:
    seal(copy)
    before = sorted((path.name, path.stat().st_size) for path in copy.iterdir())
    path, _ = write_report(copy, tmp_path / "pages" / "one.html")
    assert path.is_file()
    assert sorted((path.name, path.stat().st_size) for path in copy.iterdir()) == before


def test_a_report_that_fails_harms_nothing(
    tmp_path: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert report_lines(tmp_path / "nowhere")[0].startswith("No report: ")

    def broken(*_: object, **__: object) -> str:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr("monitor.report.page.render", broken)
    (line,) = report_lines(copy)
    assert "ZeroDivisionError: planted" in line
    assert "attune report" in line
    assert not (copy / "report.html").exists()


def test_a_check_before_the_start_is_told(copy: Path) -> None:
    change(copy, preflight="EDA of C07: no contact.")
    assert "Check before the start: EDA of C07: no contact." in read(render(read_material(copy))).said


def test_gaps_lie_where_the_rows_are_missing(dyad: Path) -> None:
    course = read_material(dyad).tables.courses["C07", "arousal"]
    gaps = gaps_of(course)
    assert [(gap.start_s, gap.stop_s, gap.reason) for gap in gaps[-1:]] == [
        (84.5, 114.5, "electrode contact lost")
    ]


def test_seconds_are_counted_by_reason(dyad: Path) -> None:
    seconds = read_material(dyad).tables.seconds
    assert seconds["C07", "arousal", "NA", "lead_off"] == 30
    assert seconds["C07", "arousal", "NA", "warmup"] == 10
    assert seconds["T02", "hr_bpm", "LOW", "motion"] == 10
    assert seconds["T02", "hr_bpm", "OK", ""] == 580
    assert sum(seconds.values()) == 2 * 4 * 600


def test_percentages_never_stand_without_their_minutes() -> None:
    zones = summary_of({"C07": "client"})["zones"]["C07"]
    assert "of 9.3 valid min" in time_text(zones)
    assert time_text(zones | {"shares": {}}).startswith("Within – of 9.3 valid min")


def test_notes_are_named_up_to_a_minute_from_an_excursion(dyad: Path) -> None:
    noted = read_material(dyad).noted
    assert notes_near(noted, EXCURSION["t_on_s"], EXCURSION["t_off_s"]) == "02:50 rupture"
    assert notes_near(noted, 230.1, 269.9) == ""
    assert notes_near(noted, 230.0, 270.0) == "02:50 rupture; 05:30 too much"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"z": 0.5, "lag_s": None, "z_in_phase": 0.0},
            "within what chance gives in this session (z 0.5, 10 valid min).",
        ),
        (
            {"z": -2.0, "lag_s": None, "z_in_phase": 0.0},
            "below what chance gives in this session (z −2.0, 10 valid min).",
        ),
        ({"lag_s": None, "z_in_phase": 0.0}, "(z 2.6, 10 valid min); no direction beyond chance."),
        (
            {"lag_s": 0.3, "z_in_phase": 0.0},
            "changes of A tended to come less than 1 s earlier; not a causal statement.",
        ),
        (
            {"status": "LOW", "reason": "resp_confounded"},
            "unsure: both breathed steadily at one rate, which alone makes hearts alike.",
        ),
        (
            {"status": "NA", "reason": "too_few_segments", "n_segments": 4},
            "not available (4 segments valid in both, 10 are needed).",
        ),
        ({"z": None}, "not available (no reason given)."),
    ],
)
def test_similarity_is_said_beside_chance(changes: dict[str, Any], said: str) -> None:
    facts = summary_of({"A": "other", "B": "other"})["synchrony"]["session"][0] | changes
    assert sentence_of(facts, "eda", ("A", "B")).endswith(said)


def test_a_wish_of_the_program_is_not_told_twice() -> None:
    summary = summary_of({"C07": "client"})
    summary["warnings"] += [
        {"t_s": 0.0, "subject": "x", "label": "channel_plausible", "text": "ECG spans 1 mV."}
    ]
    summary["streams"][0]["warnings"] = ["Frames were lost.", "Another thing."]
    lines = quality.warning_lines(summary)
    assert lines == ["01:05 Polar H10 C07: Frames were lost.", "Polar H10 C07: Another thing."]


def test_the_command_writes_where_it_is_told_to(
    copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "page.html"
    assert app.main(["report", str(copy), "--out", str(out)]) == 0
    assert f"Written: {out}" in capsys.readouterr().err.replace("\n", "")
    read(out.read_text(encoding="utf-8"))
