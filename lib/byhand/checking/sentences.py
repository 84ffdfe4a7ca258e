"""Every sentence that a check says to a learner, in one place: a translation starts here."""

from __future__ import annotations

PASSED = "Right."
PASSED_SLOW = "Right, but slow: one call took {seconds:.1f} s. Can one NumPy expression replace a loop?"

MISSING = "There is no function called {name} yet. Run the cell that defines it, then this check again."
NOT_WRITTEN = "Not written yet. Replace the line `raise NotImplementedError()` by your answer."
OTHER_NOT_WRITTEN = "Your function calls {name}, which is not written yet. Do that exercise first."
NOTHING = "Your function returned nothing (None). Does it end with a `return` line?"
RAISED = "Your code stopped with an error: {type}: {message}"
RAISED_IN = "Line {line} of the cell that defines {inside}: {source}"
RAISED_AT = "Line {line} of your cell: {source}"
WRONG_ARGUMENTS = "The function must take these arguments: {signature}."
NO_ARGUMENTS = "The function must take no arguments."
NOT_REPEATABLE = (
    "Two calls with the same rng gave different answers. Draw all your random numbers from the argument rng, and "
    "none from np.random or random."
)
STOPPED = (
    "Your function was still running after {seconds:g} s, so the check stopped it. Does a loop never end?"
)
HELPER_AT_FAULT = (
    "Your {helper}, which {name} calls, does not pass its own check. Mend it first: run check({helper})."
)
BROKEN_CELL = (
    "A later cell with {name} stopped with a SyntaxError (its line {line}: {message}), so this is still your old "
    "function. Mend that cell and run it first."
)
EDITED_CELL = (
    "The saved notebook has other code for {name} than what ran. Run the cell with your answer first."
)
JUDGED = "This is about the code that begins with `{line}`."
JUDGED_AT = "This is about the code that begins with `{line}` and ran at {time}."
BROKEN_REFERENCE = (
    "The course's own {name} stopped with an error ({error}), so nothing can be compared. Did a cell change NumPy or "
    "the course? Restart the kernel and run the setup cell."
)
NOT_RANDOM = (
    "Two calls with different random generators gave exactly the same answer, so your answer does not depend on rng. "
    "Draw your random numbers from the argument rng: do not make a generator of your own."
)
NOT_REFUSED = (
    "These inputs have no right answer: your function must refuse them with a `raise ValueError(...)` line. "
    "Yours returned something."
)
REFUSED_OTHERWISE = (
    "These inputs must be refused with a ValueError. Yours stopped with another error, {type}."
)
NOT_COMPARED = "Your answer could not be compared ({type}). Is it of the form that the task asks for?"
GARBLED = "What your function returned could not be read."

WRONG_TYPE = "{what} is {actual}; {expected} was expected."
FLOAT_MASK = (
    "{what} holds numbers where True and False were expected: a mask picks entries, `values[mask]`, and only True and "
    "False can. A comparison such as `a > b` gives them."
)
LIST_NOT_ARRAY = "{what} is a list; a NumPy array was expected. Try np.array(...)."
TRAILING_COMMA = "Is there a comma at the end of the line? `return x,` returns a tuple that holds x."
TEXT_NOT_NUMBER = 'A text such as "0.5" is no number: take the quotes away, or return the number itself.'
HOW_IT_CAME = {
    "generator": "`yield`, or round brackets around `… for …`, makes a generator. Use `return`, and square brackets.",
    "function": "Did you forget the brackets of a call, `f(x)`?",
    "builtin_function_or_method": "Did you forget the brackets of a call, such as `x.sum()`?",
    "method": "Did you forget the brackets of a call, such as `x.sum()`?",
    "numpy.ufunc": "Did you forget the brackets of a call, such as `np.exp(x)`?",
    "type": "That is a type itself. Did you forget the brackets of a call?",
    "range": "Turn it into an array: `np.arange(...)`.",
    "map": "`map` makes nothing until it is asked. Turn it into an array: `np.array(list(...))`.",
    "zip": "`zip` makes nothing until it is asked. Turn it into an array: `np.array(list(...))`.",
    "filter": "`filter` makes nothing until it is asked. Turn it into an array: `np.array(list(...))`.",
    "coroutine": "`async def` makes a coroutine. Use plain `def`.",
    "set": "Curly brackets make a set, which has no order. Use square brackets and `np.array`.",
    "ellipsis": "`...` holds the place of an answer: write yours there.",
    "array of object": "An array of lists of different lengths, or of None, holds objects. Build it from numbers.",
}
RETURN_ALL = "Your function must end with `return {names}`."
WRONG_LENGTH = "{what} has {actual} items where {expected} were expected."
WRONG_KEYS = "{what} has the keys {actual}; {expected} were expected."
WRONG_SHAPE = "{what} has the shape {actual} where {expected} was expected."
CHANGED = (
    "Your function changed its input {names}. Work on a copy: the caller still needs the input as it was."
)
WRONG_CACHE = (
    "The rest is right, but not yet the {name}: it must be what the task lists, in that order. {found}"
)
NOT_FINITE = (
    "{what} holds {bad} where a number was expected. Which step overflows, divides by zero, or takes the root or the "
    "logarithm of a number for which there is none?"
)
FORGOTTEN_MISTAKE = (
    "A known mistake was recognized ({id}), which this version of the course no longer has. "
    "Run the check again."
)
WRONG_VALUES = "The values differ from what was expected."
ONE_ITEM = "Your `{name}`"
THE_ANSWER = "Your answer"

WARNED = "A warning, which costs nothing: {warning}"
FIRST_DIFFERENCE = "They first differ at {index}: expected {expected}, yours {actual}."
LARGEST_DIFFERENCE = "The largest difference is {largest:.3g}; {count} of {total} numbers differ."
APART = "Yours minus expected is {gap}."
RATIO = "Yours divided by expected is {ratio}."
HOW_MANY_DIFFER = "{count} of {total} values differ."

TITLE_PASSED = "✓ {name}: right on all {count} cases"
TITLE_PASSED_ONE = "✓ {name}: right"
TITLE_FAILED = "✗ {name}: not right yet"
CASES = "{passed} of {count} cases are right. Case {number} is not:"
INPUT = "input"
EXPECTED = "expected"
ONE_RIGHT_ANSWER = "one right answer"
YOURS = "yours"
MORE_INPUTS = "{count} more inputs, or parts of inputs"
AS_PYTHON = "This case as Python, to redo it in a cell"
TOO_LARGE = "too large to write out"
PART_OF = "a part of shape {shape}"
DIFFERS = "differs"
DIFFERENCE = "yours − expected"

UNKNOWN = (
    "{error} A check looks up its exercise by the function's name. If yours is called otherwise, say which exercise it "
    'answers: check({name}, of="sigmoid").'
)
NO_FUNCTION = "check() takes a function, such as check(sigmoid), without brackets or quotes; it got {kind}."
BROUGHT_BACK = "Yours from another day, ready again: {names}."
STANDS_IN = "Your {name} does not pass its check yet, so the course's own {name} stands in for it here."
YOURS_IS_USED = "Your own {name} is used here."

PROGRESS_TITLE = "Your progress"
PROGRESS_NOTHING = "No check was run yet. Open 00_start.ipynb to begin."
PROGRESS_CHAPTER = "chapter"
PROGRESS_DONE = "passed"
PROGRESS_LEFT = "left"
PROGRESS_STATES = ("not begun", "partly done", "all passed")
PROGRESS_NEXT = "Next: {exercise}, in {chapter}."
PROGRESS_CHAPTER_DONE = "All of {chapter} is passed. Next comes {following}: {title}{stop}"
PROGRESS_ALL_DONE = "All of {chapter} is passed."
PROGRESS_FOOTNOTE = "This list stays on your computer, in the folder {folder}."
PROGRESS_UNSAVED = "Your progress could not be saved ({error}). The check itself is not affected."

TRIED_NOT_WRITTEN = "{name} is not written yet: it still raises NotImplementedError."
TRIED_RAISED = "{call} stopped with {kind}: {error}\nin the line: {line}"
TRIED_ARGUMENTS = "{name} takes {signature}. Write a value for each: try_it({name}, ...)."
TRIED_NOTHING = "It returned nothing (None). Does it end with a `return` line?"
TRIED_ARRAY = "{value}\nan array of shape {shape} that holds {kind}"
TRIED_TUPLE = "a tuple of {count}:\n{parts}"
TRIED_VALUE = "{value}, a value of type {kind}"

HINT_TITLE = "Hint {number} of {count} for `{name}`."
ONE_MORE_HINT = 'Still stuck? Run hint("{name}") again.'
LAST_HINT = 'That was the last hint. After three tries solution("{name}") shows the model answer.'
NO_HINT = "There is no hint for {name} here. Its text in the notebook may have one."
NO_ANSWERS = "There are no model answers in this copy of the course."
TRY_FIRST = (
    "Not yet. The model answer of `{name}` opens when yours passes, or after {needed} honest tries: each another text "
    'that ran on a case. So far: {tries}; {left} to go. `hint("{name}")` may help sooner.'
)
WRITE_FIRST = (
    "Write your own answer to `{name}` first, and save the notebook (Ctrl+S). Then this shows the model answer and the "
    "marking scheme, so that you can mark yourself."
)
MODEL_ANSWER = "The model answer of `{name}`:"
YOUR_OWN = "Yours:"
SCHEME = "The marking scheme:"
