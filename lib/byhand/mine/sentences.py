"""Every sentence that `mine` says to a learner, in one place."""

from __future__ import annotations

NO_TEXT = "The text of your {name} was not found, so it counts as passed but was not kept in a file."
NEEDS = (
    "Your function uses {name}, a value of type {kind} that a file cannot hold, so it counts as passed but was not "
    "kept. Make {name} inside the function, or give it as an argument."
)
NOT_ALONE = (
    "Your {name} passes here, but its file, loaded alone, does not: {reason} So it counts as passed but was not kept. "
    "Does it use something that another cell made?"
)
NOT_WRITABLE = (
    "Nothing can be written here ({error}): what you pass is kept until you close this notebook, no longer."
)
COURSE = "The course's {name} is used here, because yours is not there yet."
COURSE_BROKEN = "The course's {name} is used here: {place} does not pass its check now. {headline}"
SLOWER = "The course's {name} is used here: yours is right, but {times:.0f} times as slow."
NOT_WRITTEN = "{name} is not written yet."
UNKNOWN = "There is no exercise called {name!r}.{hint}"
THAT_DAY = "This is your version of {date}; the cell above was not run."

MILESTONE = "Every part of this network is yours: the page {place} keeps it."
NO_MILESTONE = "No milestone page yet. Still the course's here: {names}."
MILESTONE_TOO_LATE = (
    "No milestone page yet. The course's was used before yours passed: {names}. Restart the kernel, run the setup cell "
    "and then this one."
)
MILESTONE_CHANGED = "No milestone page yet. Changed since the check passed: {names}. Run that check again."
MILESTONE_ALONE = "No milestone page yet. Ask for it in the cell in which your functions train the network."
MILESTONE_NOT_WRITABLE = "Every part of this network is yours, but its page cannot be written here ({error})."

HEADINGS = ("yours", "the course's", "not written yet")
TITLE = "Mine: {count} of {total} exercises"
