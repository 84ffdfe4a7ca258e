"""Every sentence that a diagnosis says, but for exceptions': those stand in `exceptions`."""

from __future__ import annotations

IN_PART = "Your `{name}`: {{{place}}}"
ON_SOME = "In {count} of the {total} cases your answer is the one that a common mistake gives. Is it yours? {{{place}}}"
TWO_MISTAKES = "Two things at once. First: {1}\nThen: {2}"
HIDDEN_STATE = (
    "The same call gave another answer the second time. Either your function draws random numbers, or something "
    "outlives the call: a variable outside of your function, or a list or dict as a default value. Make everything "
    "anew inside the function, and draw nothing by chance that the task does not ask for."
)
NOT_UPDATED = "Your `{what}` comes back as it came in. Each call must bring it up to date."

IN_SOME_CASES = "In {count} of the {total} cases: {sentence}"
SAME_FOR = "The same holds for {names}."
SUBJECT = "`{name}`"
THE_ANSWER = "answer"

# Of one array of numbers. {what} is the learner's array; the rest is found by a relation.
RELATIONS = {
    "zero": "Every number of your {what} is 0. Is what you compute ever stored in it?",
    "constant": "Every number of your {what} is the same, {0}. Does it still depend on the inputs?",
    "input": "Your {what} is the input `{0}`, unchanged.",
    "another": "Your {what} is what `{0}` should be. Are the two exchanged?",
    "sign": "Your {what} has the opposite sign everywhere; the sizes are right.",
    "absolute": "Your {what} has lost its signs: every number is the absolute value of the right one.",
    "factor": "Your {what} is {0} times what was expected, everywhere.",
    "half": "Your {what} is half of what was expected, everywhere.",
    "twice": "Your {what} is twice what was expected, everywhere.",
    "times size": (
        "Your {what} is the right one times {0}. Is a division by it missing, or is a sum taken where a mean is asked?"
    ),
    "over size": (
        "Your {what} is the right one divided by {0}. Do you divide once too often, or take a mean for a sum?"
    ),
    "times less": (
        "Your {what} is the right one times n / (n − 1), where n is {0}. By which of the two do you divide?"
    ),
    "times more": (
        "Your {what} is the right one times (n − 1) / n, where n is {0}. By which of the two do you divide?"
    ),
    "times root": "Your {what} is the right one times the square root of {0}.",
    "over root": "Your {what} is the right one divided by the square root of {0}.",
    "shift": "Your {what} is off by {0} everywhere: yours minus expected is the same for every number.",
    "square": "Your {what} is the square of what was expected. Is a square root missing?",
    "root": "Your {what} is the square root of what was expected. Is a square missing?",
    "inverse": "Your {what} is 1 divided by what was expected.",
    "one minus": "Your {what} is 1 minus what was expected.",
    "exponential": "Your {what} is e to the power of what was expected. Is a logarithm missing?",
    "logarithm": "Your {what} is the logarithm of what was expected. Is there one too many?",
    "transposed": "Your {what} is the right one transposed: rows and columns are exchanged.",
    "axes": "Your {what} holds the right numbers, but its axes stand in the order {0}.",
    "reshaped": "Your {what} holds the right numbers in the right order, but in the shape {0} where {1} is asked.",
    "reversed": "Your {what} is the right one in reverse order along axis {0}.",
    "rolled": "Your {what} is the right one moved by one place along axis {0}, around the end.",
    "reordered": "Your {what} holds the right numbers, but at other places. In which order were they put there?",
    "rounded": "Your {what} is the right one, rounded to {0} decimals. Do not round what you return.",
    "rounded whole": "Your {what} is the right one, rounded to whole numbers. Do not round what you return.",
    "cut off": (
        "Your {what} is the right one, cut off to whole numbers. An array of integers, made by `np.array([0, 1])` or "
        "`np.zeros_like` of one, keeps no decimals: make it of floats."
    ),
    "but first": "Your {what} is right but for {0}.",
    "border": "Your {what} is right inside; only numbers at its border are wrong. How are the edges padded?",
    "where negative": "Your {what} is right wherever `{0}` is 0 or positive; it is wrong only where `{0}` is negative.",
    "where positive": "Your {what} is right wherever `{0}` is 0 or negative; it is wrong only where `{0}` is positive.",
    "where zero": "Your {what} is wrong only where `{0}` is exactly 0.",
    "near": (
        "Your {what} is almost right: no number is off by more than {0} of its size. Is a small constant, such as ε, "
        "added at another place, or a number rounded on the way?"
    ),
}

ROWS, COLUMNS, LENGTH = "the number of rows of `{0}`", "the number of columns of `{0}`", "the length of `{0}`"
AXIS, ALL = "the size of axis {1} of `{0}`", "the number of all numbers in `{0}`"
OR = "{0} (or {1})"
FIRST_ROW, LAST_ROW, FIRST_COLUMN, LAST_COLUMN = (
    "its first row",
    "its last row",
    "its first column",
    "its last column",
)
FIRST_NUMBER, LAST_NUMBER = "its first number", "its last number"
FIRST_ALONG, LAST_ALONG = "the first place along its axis {0}", "the last place along its axis {0}"
