"""``make grade`` as a person meets it: progress while it works, a table when it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from grader.classroom.class_folder import notebook_path, write_config
from grader.classroom.class_lock import class_lock
from grader.errors import UserError
from grader.intake.downloads import Found, scan
from grader.messages import OLDER_RELEASE
from grader.model import Status
from grader.pipeline.grading import Grading, Summary
from grader.pipeline.submission import Setting
from grader.publish.grades_csv import number
from grader.publish.publisher import publish
from grader.publish.result import Result
from grader.workers import Workers

NOTHING = (
    "There is nothing to grade in {folder}: put each notebook at submitted/<student>/<chapter>/<chapter>.ipynb, "
    "or sort your LMS's download with `make collect ZIP=download.zip`."
)
NONE_OF_THESE = "There is no submission {what} in {folder}/submitted.{hint}"
PREPARED = "grader.publish.publisher"  # imports all that the workers do
STOPPED = "\nStopped. What is graded is kept: run the same command again, and it goes on from here."
LOOK = "Worth a look ({count}):"
JUDGED_AGAIN = " ({count} of them judged again from what they had returned, without running them)"
GONE = "No longer in submitted/, and still in the gradebook, in grades.csv and in feedback/: {names}."
EARLIER = "{notebooks} from an earlier version of the chapter; graded by the present one."


def grade_and_tell(
    class_folder: Path,
    jobs: int,
    student: str | None = None,
    chapter: str | None = None,
    *,
    fresh: bool = False,
) -> int:
    """Grade what is new or changed, publish, and say what came out.

    Parameters
    ----------
    class_folder : Path
    jobs : int
        How many submissions are graded at once.
    student, chapter : str, optional
        Grade only these, and grade them again if nothing has changed.
    fresh : bool
        Whether each submission gets a sandbox of its own.

    Returns
    -------
    int
        The exit status.
    """
    console = Console(highlight=False)
    if not console.is_terminal:  # a file or a pipe has no width of its own
        console = Console(highlight=False, width=120)
    only = _only(class_folder, student, chapter)
    try:
        with class_lock(class_folder):
            return _grade_and_tell(console, class_folder, jobs, only, bool(student or chapter), fresh)
    except KeyboardInterrupt:
        console.print(STOPPED)
        return 130


def _grade_and_tell(
    console: Console,
    class_folder: Path,
    jobs: int,
    only: Callable[[Found], bool],
    again: bool,
    fresh: bool,
) -> int:
    for warning in write_config(class_folder):
        console.print(f"[bold]Note:[/bold] {escape(warning)}")
    with _bar(console) as bar, Workers(jobs, PREPARED) as workers:
        grading = Grading(Setting.of(class_folder, fresh=fresh), workers, only=only, again=again)
        task = bar.add_task("Grading", total=grading.total)

        def done(student: str) -> None:
            bar.update(task, advance=1, description=escape(f"Grading {student}"))

        # takes a second to import, in which the workers have begun
        from grader.record.gradebook import Gradebook
        from grader.record.prepare import ensure_class_folder

        with Gradebook(class_folder) as gradebook:
            ensure_class_folder(class_folder, gradebook)
            summary = grading.finish(gradebook, done)
            bar.update(task, description="Writing pages")
            results = publish(class_folder, gradebook, workers, summary.lost)
    if not results:
        console.print(escape(NOTHING.format(folder=class_folder)))
        return 1
    _tell(console, class_folder, summary, results)
    return 0


def _only(class_folder: Path, student: str | None, chapter: str | None) -> Callable[[Found], bool]:
    """Which submissions are meant; an error that helps if there is none."""

    def meant(found: Found) -> bool:
        return student in (None, found.student) and chapter in (None, found.chapter)

    if student or chapter:
        found, _ = scan(class_folder)
        if not any(map(meant, found)):
            names = {one.student if student else one.chapter for one in found}
            near = get_close_matches(student or chapter or "", names, n=3)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            what = " of ".join(filter(None, (chapter, student)))
            raise UserError(NONE_OF_THESE.format(folder=class_folder, what=what, hint=hint))
    return meant


def publish_again(class_folder: Path, jobs: int) -> list[Result]:
    """Write feedback pages, ``grades.csv`` and the class report from what is recorded."""
    from grader.record.gradebook import Gradebook

    with (
        class_lock(class_folder),
        Gradebook(class_folder) as gradebook,
        Workers(jobs, PREPARED) as workers,
    ):
        return publish(class_folder, gradebook, workers)


def _bar(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )


def _tell(console: Console, class_folder: Path, summary: Summary, results: list[Result]) -> None:
    console.print(_table(summary, results))
    unusual = [result for result in results if result.facts.status != Status.GRADED]
    if unusual:
        console.print(LOOK.format(count=len(unusual)))
        for result in unusual:
            line = f"  {result.student} · {result.chapter} · {result.facts.status}: {result.facts.note}"
            console.print(escape(line), soft_wrap=True)
    earlier = sum(OLDER_RELEASE in result.facts.repairs for result in results)
    if earlier:
        notebooks = "1 notebook comes" if earlier == 1 else f"{earlier} notebooks come"
        console.print(f"  {EARLIER.format(notebooks=notebooks)}", soft_wrap=True)
    gone = [f"{one.student} · {one.chapter}" for one in results if not _is_there(one, class_folder)]
    if gone:
        console.print(escape(f"  {GONE.format(names=', '.join(gone))}"), soft_wrap=True)
    for sentence in summary.ignored:
        console.print(escape(f"  Not taken: {sentence}"), soft_wrap=True)
    console.print(
        escape(
            f"Marks: {class_folder / 'grades.csv'}\n"
            f"Feedback: {class_folder / 'feedback'}\n"
            f"Class report: {class_folder / 'report' / 'index.html'}"
        ),
        soft_wrap=True,
    )


def _is_there(result: Result, class_folder: Path) -> bool:
    """Whether what a row is of still lies where it was handed in."""
    return notebook_path(class_folder, "submitted", result.student, result.chapter).parent.is_dir()


def _table(summary: Summary, results: list[Result]) -> Table:
    """How each chapter went."""
    again = JUDGED_AGAIN.format(count=summary.judged_again) if summary.judged_again else ""
    title = f"{summary.graded} graded now{again}, {summary.unchanged} unchanged"
    table = Table(title=title, title_justify="left")
    table.add_column("chapter")
    table.add_column("handed in", justify="right")
    for status in Status:
        table.add_column(status.value, justify="right")
    table.add_column("median score", justify="right")
    for chapter in sorted({result.chapter for result in results}):
        own = [result for result in results if result.chapter == chapter]
        counts = Counter(str(result.facts.status) for result in own)
        middle = f"{number(median(result.score for result in own))} of {number(own[0].max_score)}"
        table.add_row(
            chapter, str(len(own)), *(str(counts[status.value] or "–") for status in Status), middle
        )
    return table
