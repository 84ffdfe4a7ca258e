"""A class list places learners of one name; exports and due dates go by it and by the gradebook."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from publishing import graded, mark_by_hand, results, small
from uploads import A, B, collected, packed, placed, reasons

from grader.classroom.class_folder import CONFIG
from grader.errors import UserError
from grader.intake.class_list import FILE, Person, read_class_list
from grader.intake.downloads import collect, time_of
from grader.model import Chapter
from grader.nbgrader_entry import formgrade
from grader.publish import grades_csv
from grader.record import due
from grader.record.prepare import ensure_class_folder
from grader.record.recorder import record

HEAD = "id,first_name,last_name,email,lms_user_id\n"
ADAS = HEAD + 'ada1,Ada,Lovelace,ada@example.org,12 13\nada2,Ada,Lovelace,,"21"\nben,Bén,"O\'Neil, Jr.",,\n'
MOODLE = "{name}_{number}_assignsubmission_file_/02_activations.ipynb"


def class_list(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / FILE).write_text(text, encoding="utf-8")
    return folder


# Placing


def test_two_learners_of_one_name_are_placed_by_their_numbers(tmp_path: Path) -> None:
    class_list(tmp_path / "class", ADAS)
    files = {
        MOODLE.format(name="Ada Lovelace", number=12): A,
        MOODLE.format(name="Ada Lovelace", number=21): B,
    }
    result = collected(tmp_path, files)
    assert result.not_taken == [] and result.not_in_list == []
    assert placed(tmp_path) == {
        "ada1/02_activations/02_activations.ipynb": A,
        "ada2/02_activations/02_activations.ipynb": B,
    }
    # Moodle gives another number in the next assignment
    collected(
        tmp_path, {MOODLE.format(name="Ada Lovelace", number=13).replace("02_act", "01_neuron/02_act"): A}
    )
    assert placed(tmp_path)["ada1/02_activations/02_activations.ipynb"] == A


def test_a_name_that_two_have_places_nobody_without_a_number(tmp_path: Path) -> None:
    class_list(tmp_path / "class", ADAS)
    result = collected(tmp_path, {MOODLE.format(name="Ada Lovelace", number=99): A})
    assert placed(tmp_path) == {}
    (reason,) = reasons(result).values()
    assert "ada1, ada2" in reason and "99" in reason


def test_two_who_share_a_name_that_the_list_has_once_are_not_mixed(tmp_path: Path) -> None:
    class_list(tmp_path / "class", HEAD + "ben,Ben,Shaw,,\n")
    files = {MOODLE.format(name="Ben Shaw", number=1): A, MOODLE.format(name="Ben Shaw", number=2): B}
    result = collected(tmp_path, files)
    assert placed(tmp_path) == {} and len(result.not_taken) == 2


@pytest.mark.parametrize(
    "path",
    [
        MOODLE.format(name="Ben ONeil Jr", number=5),
        "oneiljrben_4711_123_02_activations.ipynb",
        "oneiljrben_LATE_4711_123_02_activations.ipynb",
        "ben/02_activations.ipynb",
        "Bén O'Neil jr/02_activations.ipynb",
    ],
)
def test_a_name_of_the_list_is_known_however_an_lms_writes_it(path: str, tmp_path: Path) -> None:
    class_list(tmp_path / "class", ADAS)
    assert collected(tmp_path, {path: A}).not_in_list == []
    assert list(placed(tmp_path)) == ["ben/02_activations/02_activations.ipynb"]


def test_who_is_not_in_the_list_is_placed_and_named(tmp_path: Path) -> None:
    class_list(tmp_path / "class", ADAS)
    result = collected(tmp_path, {"zoe/02_activations.ipynb": A})
    assert list(placed(tmp_path)) == ["zoe/02_activations/02_activations.ipynb"]
    assert "Not in students.csv, and placed under the LMS's name: zoe." in str(result)


def test_a_list_from_a_spreadsheet_is_read(tmp_path: Path) -> None:
    class_list(tmp_path, "\ufeffid;first_name;group\nada;Ada;3\n;;\n")
    assert read_class_list(tmp_path).people == {"ada": Person("ada", "Ada")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name\nada\n", "no column called id"),
        ("", "no column called id"),
        (HEAD + "../ada,,,,\n", "line 2: '../ada' cannot be a student id"),
        (HEAD + "ada,,,,\nada,,,,\n", "line 3: the id 'ada' stands in another line"),
        (HEAD + "ada,,,,7\nben,,,,7\n", "line 3: the number '7'"),
    ],
)
def test_a_list_that_cannot_be_right_is_refused_before_anything_is_placed(
    text: str, said: str, tmp_path: Path
) -> None:
    class_list(tmp_path / "class", text)
    with pytest.raises(UserError, match=said):
        collected(tmp_path, {"ada/02_activations.ipynb": A})
    assert not (tmp_path / "class" / "submitted").exists()


# When it was handed in


def stamps(tmp_path: Path) -> dict[str, str]:
    return {path.parts[-3]: path.read_text() for path in tmp_path.rglob("timestamp.txt")}


def test_a_download_can_say_when_it_was_handed_in(tmp_path: Path) -> None:
    (tmp_path / "first.zip").write_bytes(
        packed({"ada/02_activations.ipynb": A, "ben/02_activations.ipynb": A})
    )
    (tmp_path / "later.zip").write_bytes(
        packed({"ada/02_activations.ipynb": A, "ben/02_activations.ipynb": B}, 2025)
    )
    folder = tmp_path / "class"
    collect(tmp_path / "first.zip", folder, ["02_activations"], time_of("2026-03-01T23:59+01:00"))
    assert stamps(tmp_path) == dict.fromkeys(("ada", "ben"), "2026-03-01 22:59:00 UTC\n")
    collect(tmp_path / "later.zip", folder, ["02_activations"])
    # nobody said when ben's newer one came: the old time would be wrong
    assert stamps(tmp_path) == {"ada": "2026-03-01 22:59:00 UTC\n"}
    with pytest.raises(UserError, match="write it like"):
        time_of("tomorrow")


# Exports


@pytest.fixture(scope="module")
def chapter(tmp_path_factory: pytest.TempPathFactory) -> Chapter:
    return small(tmp_path_factory.mktemp("solutions"))


def table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_moodle_and_canvas_get_the_files_that_they_take_in(chapter: Chapter, tmp_path: Path) -> None:
    class_list(tmp_path, ADAS + 'eve,=cmd(),"+Eve, ""x""",@eve,\n')
    ensure_class_folder(tmp_path)
    record(graded(chapter, "ada1"), tmp_path)
    record(graded(chapter, "eve", passed=()), tmp_path)
    record(graded(chapter, "lovelaceada_4711", answer=None), tmp_path)
    mark_by_hand(tmp_path, "written-why", 4.5, student="ada1")
    exported = formgrade.export(tmp_path)
    assert str(exported).splitlines()[1:] == [
        "1 mark waits for a person (`make formgrade`); without it, points are missing in these files."
    ]
    assert table(tmp_path / "marks-moodle.csv") == [
        ["Student id", "First name", "Last name", "Email address", "77_small"],
        ["lovelaceada_4711", "", "", "", "2"],
        ["eve", "'=cmd()", '\'+Eve, "x"', "'@eve", "0"],
        ["ada1", "Ada", "Lovelace", "ada@example.org", "6.5"],
    ]
    head, possible, *rows = table(tmp_path / "marks-canvas.csv")
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "77_small"]
    assert possible == ["    Points Possible", "", "", "", "", "10"]
    assert ["Lovelace, Ada", "12", "", "", "", "6.5"] in rows
    assert ["lovelaceada_4711", "4711", "", "", "", "2"] in rows
    everybody = {row[3] for row in table(tmp_path / "marks.csv")[1:]}
    assert everybody == {"ada1", "ada2", "ben", "eve", "lovelaceada_4711"}  # those who handed in nothing, too


def test_who_has_no_number_for_canvas_is_named_where_others_have_one(
    chapter: Chapter, tmp_path: Path
) -> None:
    record(graded(chapter, "ada"), tmp_path)
    assert "Canvas does not know" not in str(formgrade.export(tmp_path))
    record(graded(chapter, "ben_4711"), tmp_path)
    assert "lms_user_id of students.csv: ada." in str(formgrade.export(tmp_path))


# Due dates


def test_a_due_date_and_an_extension_count_for_what_is_graded_already(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chapter: Chapter
) -> None:
    monkeypatch.setattr(due.source, "chapter_names", lambda: ["77_small"])
    monkeypatch.setattr(due.source, "load", lambda name: chapter)
    (tmp_path / CONFIG).write_text("c.LateSubmissionPlugin.penalty_method = 'zero'")
    place = tmp_path / "submitted" / "ada" / "77_small" / "timestamp.txt"
    place.parent.mkdir(parents=True)
    place.write_text("2026-03-02 12:00:00 UTC")
    with pytest.raises(UserError, match="no due date yet"):
        due.set_due(tmp_path, "77_small", time_of("2026-03-03 12:00+00:00"), "ada")
    assert "is due on" in due.set_due(tmp_path, "77_small", time_of("2026-03-01 12:00+00:00"))
    with pytest.raises(UserError, match="ada has not handed in 77_small yet"):
        due.set_due(tmp_path, "77_small", time_of("2026-03-03 12:00+00:00"), "ada")
    record(graded(chapter), tmp_path)
    mark_by_hand(tmp_path, "written-why", 4)

    def final() -> tuple[str, str]:
        row = table(formgrade.export(tmp_path).files[0])[1]
        return row[-2], grades_csv.note(results(tmp_path)[0])

    assert final()[0] == "0" and "1 day late" not in final()[1] and "late" in final()[1]
    due.set_due(tmp_path, "77_small", time_of("2026-03-03 12:00+00:00"), "ada")
    assert final() == ("6", "")
    due.set_due(tmp_path, "77_small", None, "ada")
    assert final()[0] == "0"
    due.set_due(tmp_path, "77_small", None)
    assert final() == ("6", "")
    with pytest.raises(UserError, match="There is no chapter 99"):
        due.set_due(tmp_path, "99", None)
