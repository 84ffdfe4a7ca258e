"""The gates of chapter 01: one neuron with a step each, and XOR made of three."""

from __future__ import annotations

from byhand.exercises.spec import exercise
from byhand.reference.neuron import gates as reference

# corner, and on which side of it the inputs lie: the sums that come nearest to those of another answer
NEAR = [(0, 0, 1), (1, 1, -1), (0, 1, 1), (0, 1, -1), (1, 0, 1), (1, 0, -1)]


def _inputs_of_a_gate(draw):
    """The four corners, and inputs that are a little off: 0.08 still is a 0, and 0.93 still a 1."""
    yield 0, 0
    yield 0, 1
    yield 1, 0
    yield 1, 1
    for x1, x2, side in NEAR:
        off1, off2 = side * (7 + draw.permutation(4)[:2]) / 100  # never equal: XOR is not x1 != x2
        yield round(float(x1 + off1), 2), round(float(x2 + off2), 2)


def _nearest(*table):
    """A gate that answers `table` to (0, 0), (0, 1), (1, 0), (1, 1), and to what lies near them."""
    return lambda x1, x2: table[2 * int(x1 > 0.5) + int(x2 > 0.5)]


def _neuron(w1, w2, b):
    """A neuron with a step."""
    return lambda x1, x2: float(w1 * x1 + w2 * x2 + b >= 0)


NO_ROOM = (
    "Right for exactly 0 and 1, but not where the inputs are off by up to 0.1. Your line runs too near a corner: "
    "choose numbers that leave room on both sides of it."
)

TRUTH_OF_NUMBERS = (
    "Right for exactly 0 and 1, but Python takes every number except 0 for true: 0.08 should still count as 0. Let a "
    "neuron weigh the two inputs."
)
PRODUCT = (
    "You multiplied the two inputs with each other, and the result need not be 0 or 1. A neuron weighs its inputs and "
    "adds; then the step answers."
)


and_gate = exercise(reference.and_gate)(_inputs_of_a_gate)

and_gate.mistake(
    "or-instead",
    "Your neuron fires as soon as one input is 1: that is OR. The bias must hold it back until both inputs are 1.",
)(_nearest(0, 1, 1, 1))
and_gate.mistake("or-instead")(_neuron(1, 1, -1))
and_gate.mistake(
    "never-fires",
    "Your neuron never fires, not even for (1, 1). The bias holds it back too strongly, or a weight is negative.",
)(_nearest(0, 0, 0, 0))
and_gate.mistake(
    "always-fires",
    "Your neuron always fires, even for (0, 0), where the sum is the bias alone. Which sign must it have?",
)(_nearest(1, 1, 1, 1))
and_gate.mistake(
    "nand-instead",
    "Your answers are the opposite of AND: that is NAND. What happens if all signs are turned?",
)(_nearest(1, 1, 1, 0))
and_gate.mistake("only-x1", "Your neuron only repeats x1. Do both inputs have a weight?")(
    _nearest(0, 0, 1, 1)
)
and_gate.mistake("only-x2", "Your neuron only repeats x2. Do both inputs have a weight?")(
    _nearest(0, 1, 0, 1)
)
and_gate.mistake("no-room", NO_ROOM)(_neuron(1, 1, -1.1))
and_gate.mistake(
    "silent-below-1",
    "Right for exactly 0 and 1, but silent for inputs a little below 1, such as (0.92, 0.93). Does your line run too "
    "near (1, 1)? If you compare with == instead, let a neuron weigh the inputs.",
)(_neuron(1, 1, -2))
and_gate.mistake("truth-of-numbers", TRUTH_OF_NUMBERS)(lambda x1, x2: int(bool(x1 and x2)))
and_gate.mistake("product", PRODUCT)(lambda x1, x2: x1 * x2)


or_gate = exercise(reference.or_gate)(_inputs_of_a_gate)

or_gate.mistake(
    "and-instead",
    "Your neuron waits for both inputs: that is AND. One input alone must be enough to lift the sum to 0.",
)(_nearest(0, 0, 0, 1))
or_gate.mistake("and-instead")(_neuron(1, 1, -2))
or_gate.mistake(
    "always-fires",
    "Your neuron fires even for (0, 0). There the sum is the bias alone, and step(0) is 1: is your bias below 0?",
)(_nearest(1, 1, 1, 1))
or_gate.mistake(
    "nor-instead",
    "Your answers are the opposite of OR: that is NOR. What happens if all signs are turned?",
)(_nearest(1, 0, 0, 0))
or_gate.mistake("xor-instead", "That is XOR, either but not both. OR fires for (1, 1) as well.")(
    _nearest(0, 1, 1, 0)
)
or_gate.mistake("only-x1", "Your neuron only repeats x1. Do both inputs have a weight?")(_nearest(0, 0, 1, 1))
or_gate.mistake("only-x2", "Your neuron only repeats x2. Do both inputs have a weight?")(_nearest(0, 1, 0, 1))
or_gate.mistake("no-room", NO_ROOM)(_neuron(1, 1, -1))
or_gate.mistake(
    "fires-above-0",
    "Right for exactly 0 and 1, but it fires for inputs a little above 0, such as (0.08, 0.09). Does your line run too "
    "near (0, 0)? Python's `or` draws no line: to it, every number except 0 is true.",
)(_neuron(1, 1, -0.1))
or_gate.mistake(
    "compared",
    "Right for exactly 0 and 1, but not for inputs that are a little off, such as 0.92 for 1. Comparing with == draws "
    "no line: let a neuron weigh the two inputs.",
)(lambda x1, x2: int(x1 == 1 or x2 == 1))


nand_gate = exercise(reference.nand_gate)(_inputs_of_a_gate)

nand_gate.mistake("and-instead", "That is AND. NAND is its opposite: it fires everywhere except at (1, 1).")(
    _nearest(0, 0, 0, 1)
)
nand_gate.mistake(
    "nor-instead",
    "That is NOR: one input alone silences your neuron. Only both together should pull the sum below 0.",
)(_nearest(1, 0, 0, 0))
nand_gate.mistake(
    "always-fires",
    "Your neuron fires for (1, 1) too. Both weights together must pull the sum below 0; a sum of exactly 0 fires.",
)(_nearest(1, 1, 1, 1))
nand_gate.mistake(
    "or-instead", "That is OR. NAND fires for (0, 0), so the bias alone must be enough to fire."
)(_nearest(0, 1, 1, 1))
nand_gate.mistake(
    "never-fires", "Your neuron never fires. For (0, 0) the sum is the bias alone: which sign must it have?"
)(_nearest(0, 0, 0, 0))
nand_gate.mistake("no-room", NO_ROOM)(_neuron(-1, -1, 1))
nand_gate.mistake(
    "fires-below-1",
    "Right for exactly 0 and 1, but it fires for inputs a little below 1, such as (0.92, 0.93). Does your line run too "
    "near (1, 1)? If you compare with == instead, let a neuron weigh the inputs.",
)(_neuron(-1, -1, 1.9))
nand_gate.mistake("truth-of-numbers", TRUTH_OF_NUMBERS)(lambda x1, x2: int(not (x1 and x2)))
nand_gate.mistake("product", PRODUCT)(lambda x1, x2: 1 - x1 * x2)


xor_gate = exercise(reference.xor_gate)(_inputs_of_a_gate)

xor_gate.mistake(
    "or-instead", "That is OR. XOR must be silent for (1, 1): which of your gates says that not both are 1?"
)(_nearest(0, 1, 1, 1))
xor_gate.mistake(
    "nand-instead",
    "That is NAND. XOR must be silent for (0, 0): which of your gates says that at least one is 1?",
)(_nearest(1, 1, 1, 0))
xor_gate.mistake("and-instead", "That is AND. XOR fires when exactly one input is 1.")(_nearest(0, 0, 0, 1))
xor_gate.mistake("opposite", "Your answers are the opposite of XOR: yours says that both inputs are equal.")(
    _nearest(1, 0, 0, 1)
)
xor_gate.mistake(
    "always-fires",
    "Your gate always fires. For every input at least one of OR and NAND is 1; XOR asks for both at once.",
)(_nearest(1, 1, 1, 1))
xor_gate.mistake(
    "never-fires", "Your gate never fires. You ask for two things that are never true together."
)(_nearest(0, 0, 0, 0))
xor_gate.mistake(
    "compared",
    "Right for exactly 0 and 1, but not for inputs that are a little off. Comparing with == or != draws no line: "
    "ask your gates.",
)(lambda x1, x2: int(x1 != x2))
xor_gate.mistake("compared")(lambda x1, x2: int(x1 + x2 == 1))
