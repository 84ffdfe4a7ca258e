"""What an LMS gives is placed where grading looks for it; what is not taken is said; nothing is lost."""

from __future__ import annotations

import io
import json
import os
import stat
import zipfile
from pathlib import Path

import pytest
import small_chapter
from uploads import CHAPTERS, A, B, collected, packed, placed, reasons

from grader.chapters import source
from grader.errors import UserError
from grader.intake import archives, submit
from grader.intake.archives import FILE_LIMIT
from grader.intake.downloads import collect, scan
from grader.intake.submit import make_submission

# Where things belong.

PLACED = {
    "Moodle": ("Ada Lovelace_12345_assignsubmission_file_/02_activations.ipynb", "Ada_Lovelace"),
    "Moodle 4": ("Ada Lovelace_12345_assignsubmission_file/02_activations.ipynb", "Ada_Lovelace"),
    "Moodle without folders": (
        "Ada Lovelace_12345_assignsubmission_file_02_activations.ipynb",
        "Ada_Lovelace",
    ),
    "Moodle, unpacked by hand": ("hw/Zoë Ő'Neil_9_assignsubmission_file_/02_activations.ipynb", "Zoë_ŐNeil"),
    "Canvas": ("lovelaceada_12345_67890_02_activations.ipynb", "lovelaceada_12345"),
    "Canvas, late": ("lovelaceada_LATE_12345_67890_02_activations.ipynb", "lovelaceada_12345"),
    "Canvas, again": ("lovelaceada_12345_67890_02_activations-3.ipynb", "lovelaceada_12345"),
    "plain": ("ada/02_activations.ipynb", "ada"),
    "nbgrader's": ("class/submitted/ada/02_activations/02_activations.ipynb", "ada"),
    "chapter first": ("02_activations/ada/02_activations.ipynb", "ada"),
    "renamed": ("ada/My 02_Activations (final).ipynb", "ada"),
    "by its folder": ("ada/02_activations/Untitled.ipynb", "ada"),
    "Windows paths": ("ada\\02_activations\\02_activations.ipynb", "ada"),
    "odd name": ("=cmd|' C calc'!A0/02_activations.ipynb", "cmd_C_calcA0"),
}


@pytest.mark.parametrize("kind", PLACED)
def test_a_notebook_is_placed(kind: str, tmp_path: Path) -> None:
    name, student = PLACED[kind]
    result = collected(tmp_path, {name: A})
    assert placed(tmp_path) == {f"{student}/02_activations/02_activations.ipynb": A}
    assert result.not_taken == [] and "1 new notebooks" in str(result)


def test_a_folder_is_collected_like_a_zip(tmp_path: Path) -> None:
    for name, content in {"ada/01_neuron.ipynb": A, "ben/02_activations/02_activations.ipynb": B}.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True)
        (tmp_path / "in" / name).write_bytes(content)
    collect(tmp_path / "in", tmp_path / "class", CHAPTERS)
    assert placed(tmp_path) == {
        "ada/01_neuron/01_neuron.ipynb": A,
        "ben/02_activations/02_activations.ipynb": B,
    }


def test_zips_inside_are_opened_and_belong_to_who_handed_them_in(tmp_path: Path) -> None:
    inner = packed({"somebody-else/02_activations/02_activations.ipynb": A, "01_neuron.ipynb": B})
    files = {
        "Ada Lovelace_1_assignsubmission_file_/answers.zip": inner,
        "turingalan_2_3_answers.zip": inner,
        "chen/answers.zip": inner,
    }
    collected(tmp_path, files)
    assert {name.split("/")[0] for name in placed(tmp_path)} == {"Ada_Lovelace", "turingalan_2", "chen"}
    assert len(placed(tmp_path)) == 6


def test_a_learner_cannot_hand_in_for_another_by_names_inside_an_upload(tmp_path: Path) -> None:
    inner = packed({"bob_1_2_02_activations.ipynb": A, "Bob_1_assignsubmission_file_/01_neuron.ipynb": A})
    collected(tmp_path, {"mallory_7_8_bob_1_2_answers.zip": inner, "eve/x.zip": inner})
    assert {name.split("/")[0] for name in placed(tmp_path)} == {"mallory_7", "eve"}


def test_a_notebook_under_any_name_is_known_by_what_it_says(tmp_path: Path) -> None:
    raw = json.dumps({"cells": [], "metadata": {"byhand": {"chapter": "01_neuron"}}}).encode()
    collected(tmp_path, {"ada/homework.ipynb": raw})
    assert placed(tmp_path) == {"ada/01_neuron/01_neuron.ipynb": raw}


def test_learners_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    files = {f"Li Wei_{n}_assignsubmission_file_/02_activations.ipynb": b'{"n": %d}' % n for n in (1, 2)}
    collected(tmp_path, files | {"Ada_3_assignsubmission_file_/02_activations.ipynb": A})
    assert [name.split("/")[0] for name in placed(tmp_path)] == ["Ada", "Li_Wei_1", "Li_Wei_2"]


def test_two_folders_that_give_one_student_are_not_mixed(tmp_path: Path) -> None:
    result = collected(tmp_path, {"Ann Lee/01_neuron.ipynb": A, "Ann_Lee/02_activations.ipynb": B})
    assert placed(tmp_path) == {}
    assert len(result.not_taken) == 2 and "rename them" in result.not_taken[0].reason


def test_a_folder_around_the_zips_of_a_class_is_not_a_student(tmp_path: Path) -> None:
    files = {f"week3/{name}.zip": packed({f"{name}/02_activations.ipynb": A}) for name in ("ada", "ben")}
    result = collected(tmp_path, files)
    assert placed(tmp_path) == {}
    assert all("collect it by itself" in one.reason for one in result.not_taken)


# Which of several counts.


def test_the_newest_of_several_counts_and_a_plain_name_before_a_copy(tmp_path: Path) -> None:
    folder = tmp_path / "in" / "ada"
    folder.mkdir(parents=True)
    files = {
        "02_activations.ipynb": (b"{}", 100),
        "02_activations (1).ipynb": (A, 200),
        "02_activations-Copy1.ipynb": (B, 300),
        "02_activations.new.ipynb": (B, 400),
    }
    for name, (content, modified) in files.items():
        (folder / name).write_bytes(content)
        os.utime(folder / name, (modified, modified))
    result = collect(tmp_path / "in", tmp_path / "class", CHAPTERS)
    assert list(placed(tmp_path).values()) == [A]
    assert len(result.not_taken) == 3
    assert {one.reason for one in result.not_taken} == {
        "ada/02_activations (1).ipynb was taken for this student and chapter"
    }


def test_canvas_counts_uploads(tmp_path: Path) -> None:
    files = {
        f"ada_1_2_02_activations{end}.ipynb": text for end, text in (("", b"{}"), ("-2", A), ("-1", b"[]"))
    }
    collected(tmp_path, files)
    assert list(placed(tmp_path).values()) == [A]


def test_collecting_twice_changes_nothing(tmp_path: Path) -> None:
    collected(tmp_path, {"ada/02_activations.ipynb": A})
    path = tmp_path / "class/submitted/ada/02_activations/02_activations.ipynb"
    before = path.stat()
    result = collected(tmp_path, {"ada/02_activations.ipynb": A}, when=2025)
    assert path.stat().st_mtime == before.st_mtime and path.stat().st_ino == before.st_ino
    assert len(result.unchanged) == 1 and not result.placed and not result.not_taken


def test_a_newer_notebook_replaces_an_older_one_which_is_kept(tmp_path: Path) -> None:
    collected(tmp_path, {"ada/02_activations.ipynb": A}, when=2024)
    result = collected(tmp_path, {"ada/02_activations.ipynb": B}, when=2025)
    assert list(placed(tmp_path).values()) == [B]
    kept = list((tmp_path / "class" / "replaced").rglob("*.ipynb"))
    assert [path.read_bytes() for path in kept] == [A]
    assert kept[0].parts[-3:-1] == ("ada", "02_activations") and kept[0].name.startswith("2024-01-01")
    assert "replaced" in str(result)


def test_an_older_notebook_replaces_nothing_and_that_is_said(tmp_path: Path) -> None:
    collected(tmp_path, {"ada/02_activations.ipynb": A}, when=2025)
    result = collected(tmp_path, {"ada/02_activations.ipynb": B}, when=2024)
    assert list(placed(tmp_path).values()) == [A]
    assert "is in submitted/ already" in result.not_taken[0].reason


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    collected(tmp_path, {"ada/02_activations.ipynb": A, "x.ipynb": A})
    assert [path.name for path in (tmp_path / "class").iterdir()] == ["submitted"]


# What is not taken.


def special(name: str, mode: int, content: bytes = b"/etc/passwd") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.create_system, info.external_attr = 3, (mode | 0o777) << 16
        archive.writestr(info, content)
    return out.getvalue()


def deep(levels: int) -> bytes:
    content = packed({"02_activations.ipynb": A})
    for _ in range(levels):
        content = packed({"inner.zip": content})
    return content


NOT_TAKEN = {
    "other file": ({"ada/numpy.py": b"1"}, archives.ONLY_NOTEBOOKS),
    "other archive": ({"ada/answers.rar": b"1"}, archives.OTHER_ARCHIVE),
    "parent path": ({"../../ada/02_activations.ipynb": A}, archives.OUTSIDE),
    "absolute path": ({"/ada/02_activations.ipynb": A}, archives.OUTSIDE),
    "drive": ({"C:\\ada\\02_activations.ipynb": A}, archives.OUTSIDE),
    "no owner": ({"02_activations.ipynb": A}, "nothing tells whose it is"),
    "no owner, own zip": (
        {"submission_all.zip": packed({"02_activations.ipynb": A})},
        "nothing tells whose it is",
    ),
    "no chapter": ({"ada/homework.ipynb": A}, "name it like 02_activations.ipynb"),
    "no name": ({"!!!/02_activations.ipynb": A}, "no letter or digit"),
    "too big": ({"ada/02_activations.ipynb": os.urandom(1000) * (FILE_LIMIT // 1000 + 1)}, archives.TOO_BIG),
    "bomb": ({"ada/02_activations.ipynb": b"0" * 10_000_000}, archives.BOMB),
    "bomb in a zip": ({"ada/x.zip": packed({"02_activations.ipynb": b"0" * 10_000_000})}, archives.BOMB),
    "damaged zip": ({"ada/x.zip": b"PK\x03\x04 no zip"}, archives.DAMAGED),
    "cut zip": ({"ada/x.zip": packed({"02_activations.ipynb": A})[:-30]}, archives.DAMAGED),
    "zips in zips": ({"ada/x.zip": deep(3)}, archives.TOO_DEEP),
}


@pytest.mark.parametrize("kind", NOT_TAKEN)
def test_what_is_not_taken_is_said(kind: str, tmp_path: Path) -> None:
    files, reason = NOT_TAKEN[kind]
    result = collected(tmp_path, files | {"ben/02_activations.ipynb": B})
    assert list(placed(tmp_path)) == ["ben/02_activations/02_activations.ipynb"]
    assert [reason in one.reason for one in result.not_taken] == [True], result.not_taken
    assert str(result.not_taken[0]) in str(result)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["class", "download.zip"]


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_in_a_zip_are_not_taken(mode: int, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(special("ada/02_activations.ipynb", mode))
    result = collect(tmp_path / "x.zip", tmp_path / "class", CHAPTERS)
    assert placed(tmp_path) == {}
    assert [one.reason for one in result.not_taken] == [
        archives.LINK if mode == stat.S_IFLNK else archives.NO_FILE
    ]


def test_links_and_pipes_in_a_folder_are_not_taken(tmp_path: Path) -> None:
    (tmp_path / "secret.ipynb").write_bytes(A)
    folder = tmp_path / "in" / "ada"
    folder.mkdir(parents=True)
    (folder / "02_activations.ipynb").symlink_to(tmp_path / "secret.ipynb")
    (folder / "01_neuron").symlink_to(tmp_path)
    os.mkfifo(folder / "01_neuron.ipynb")
    result = collect(tmp_path / "in", tmp_path / "class", CHAPTERS)
    assert placed(tmp_path) == {}
    assert sorted(one.reason for one in result.not_taken) == sorted(
        [archives.LINK, archives.LINK, archives.NO_FILE]
    )


def test_a_link_in_the_class_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "class" / "submitted").mkdir(parents=True)
    (tmp_path / "class" / "submitted" / "ada").symlink_to(tmp_path / "outside")
    result = collected(tmp_path, {"ada/02_activations.ipynb": A})
    assert list((tmp_path / "outside").iterdir()) == []
    assert "in the place where it belongs" in result.not_taken[0].reason


def test_a_zip_that_lies_about_sizes_is_not_believed(tmp_path: Path) -> None:
    raw = packed({"02_activations.ipynb": b"x" * 5000}, method=zipfile.ZIP_STORED)
    lied = raw.replace((5000).to_bytes(4, "little"), (50).to_bytes(4, "little"))
    result = collected(tmp_path, {"ada/x.zip": lied})
    assert placed(tmp_path) == {}
    assert result.not_taken[0].reason == archives.DAMAGED


def test_a_zip_that_announces_a_huge_list_of_contents_is_not_opened(tmp_path: Path) -> None:
    raw = bytearray(packed({"02_activations.ipynb": A}))
    raw[-10:-6] = (0x7FFFFFFF).to_bytes(4, "little")
    result = collected(tmp_path, {"ada/x.zip": bytes(raw)})
    assert result.not_taken[0].reason == archives.ZIP_TOO_BIG


def test_a_learners_zip_has_its_own_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "INNER_FILES_LIMIT", 5)
    many = packed({f"{n}.txt": b"" for n in range(50)})
    result = collected(tmp_path, {"ada/x.zip": many, "ben/02_activations.ipynb": B})
    assert list(placed(tmp_path)) == ["ben/02_activations/02_activations.ipynb"]
    assert archives.TOO_MANY in reasons(result).values() and len(result.not_taken) == 6


def test_a_locked_zip_is_said_to_be_locked(tmp_path: Path) -> None:
    raw = bytearray(packed({"ada/02_activations.ipynb": A}))
    raw[6] |= 1  # as encrypted files are marked
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "x.zip").write_bytes(raw)
    result = collect(tmp_path / "x.zip", tmp_path / "class", CHAPTERS)
    assert [one.reason for one in result.not_taken] == [archives.LOCKED]


def test_what_systems_leave_beside_files_is_not_worth_a_word(tmp_path: Path) -> None:
    litter = [
        "__MACOSX/ada/._02_activations.ipynb",
        "ada/.DS_Store",
        "ada/.ipynb_checkpoints/02_activations.ipynb",
    ]
    result = collected(tmp_path, dict.fromkeys(litter, A) | {"ada/02_activations.ipynb": B})
    assert list(placed(tmp_path).values()) == [B] and result.not_taken == []


def test_nothing_printed_can_write_to_a_terminal(tmp_path: Path) -> None:
    result = collected(tmp_path, {"ada/\x1b[2J\n.txt": A})
    assert all(line.isprintable() for line in str(result).split("\n"))


@pytest.mark.parametrize("content", [None, b"no zip", b""])
def test_what_is_no_archive_is_refused_in_a_sentence(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(UserError, match="neither a folder nor a zip"):
        collect(tmp_path / "x.zip", tmp_path / "class", CHAPTERS)


# What grading finds.


def test_grading_finds_notebooks_and_says_what_it_does_not_take(tmp_path: Path) -> None:
    top = tmp_path / "submitted"
    files = [
        "ada/02_activations/02_activations.ipynb",
        "ada/02_activations/numpy.py",
        "ada/02_activations/timestamp.txt",
        "ada/.DS_Store",
        "ben/01_neuron/solution.ipynb",
        "chen/01_neuron/a.ipynb",
        "chen/01_neuron/b.ipynb",
        "dara/99_none/99_none.ipynb",
        "elif.ipynb",
        "femi/01_neuron.ipynb",
        "...x/01_neuron/01_neuron.ipynb",
        "ida/.old/01_neuron.ipynb",
        "ada/.ipynb_checkpoints/x.ipynb",
        ".ipynb_checkpoints/x.ipynb",
    ]
    for name in files:
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(A)
    (top / "gita" / "01_neuron").mkdir(parents=True)
    (top / "gita" / "01_neuron" / "01_neuron.ipynb").symlink_to(top / files[0])
    (top / "hugo").symlink_to(top / "ada")
    found, ignored = scan(tmp_path, CHAPTERS)
    assert [(one.student, one.chapter, one.path.name) for one in found] == [
        ("ada", "02_activations", "02_activations.ipynb"),
        ("ben", "01_neuron", "solution.ipynb"),
    ]
    assert [sentence.split(":")[0] for sentence in sorted(ignored)] == [
        "submitted/...x",
        "submitted/ada/02_activations/numpy.py",
        "submitted/chen/01_neuron/a.ipynb",
        "submitted/chen/01_neuron/b.ipynb",
        "submitted/dara/99_none",
        "submitted/elif.ipynb",
        "submitted/femi/01_neuron.ipynb",
        "submitted/gita/01_neuron/01_neuron.ipynb",
        "submitted/hugo",
        "submitted/ida/.old",
    ]
    assert "submitted/ada/02_activations/numpy.py: not taken; the grader reads only notebooks." in ignored


def test_a_huge_submission_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "submitted/ada/01_neuron/01_neuron.ipynb"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        file.truncate(10 * FILE_LIMIT)
    (found,), _ = scan(tmp_path, CHAPTERS)
    assert len(found.read()) == FILE_LIMIT + 1


def test_a_class_without_submissions_has_none(tmp_path: Path) -> None:
    assert scan(tmp_path, CHAPTERS) == ([], [])


# The learner's side.


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(submit, "chapter_names", lambda: ["77_small", "78_small"])
    folder = tmp_path / "course"
    folder.mkdir()
    for name in ("77_small", "78_small"):
        chapter = source.load(name, small_chapter.write(tmp_path / "solutions", name=name))
        (folder / f"{name}.ipynb").write_text(json.dumps(source.released_notebook(chapter)))
    solved = source.solved_notebook(source.load("77_small", tmp_path / "solutions"))
    (folder / "77_small.ipynb").write_text(json.dumps(solved))
    return folder


@pytest.mark.parametrize("chapter", ["77_small", "77_small.ipynb", None])
@pytest.mark.parametrize("student", ["ada", ""])
def test_what_a_learner_packs_is_placed(
    chapter: str | None, student: str, course: Path, tmp_path: Path
) -> None:
    path = make_submission(chapter, student, course).path
    assert path.parent == course and path.suffix == ".zip"
    upload = path.read_bytes()
    downloads = {
        "Canvas": ({f"lovelaceada_1_2_{path.name}": upload}, "lovelaceada_1"),
        "Moodle": ({f"Ada_1_assignsubmission_file_/{path.name}": upload}, "Ada"),
        "by hand": ({path.name: upload} if student else {f"ada/{path.name}": upload}, "ada"),
    }
    for kind, (files, expected) in downloads.items():
        (tmp_path / f"{kind}.zip").write_bytes(packed(files))
        result = collect(tmp_path / f"{kind}.zip", tmp_path / kind, ["77_small", "78_small"])
        assert [(one.student, one.chapter) for one in result.placed] == [(expected, "77_small")]
        assert result.placed[0].path.read_bytes() == (course / "77_small.ipynb").read_bytes()


WRONG = {
    "untouched": ("78_small", "", "has no work in it yet"),
    "unknown": ("77_smal", "", "Did you mean 77_small"),
    "odd student": ("77_small", "../ada", "cannot be a student id"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_handed_in_is_said_before_the_deadline(case: str, course: Path) -> None:
    chapter, student, sentence = WRONG[case]
    with pytest.raises(UserError, match=sentence):
        make_submission(chapter, student, course)


def test_a_damaged_a_missing_and_no_notebook_are_said(course: Path) -> None:
    (course / "77_small.ipynb").write_bytes(b"")
    with pytest.raises(UserError, match="The file is empty"):
        make_submission("77_small", "", course)
    (course / "77_small.ipynb").unlink()
    with pytest.raises(UserError, match="There is no notebook"):
        make_submission("77_small", "", course)
    with pytest.raises(UserError, match="No notebook in"):
        make_submission(None, "", course)
    assert list(course.glob("*.zip")) == []
