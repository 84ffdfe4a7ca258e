"""Explorables: pictures that answer one question, with sliders that move in the browser.

    from byhand import explore

    explore.saturation()                # the reference
    explore.saturation(sigmoid, tanh)   # your own functions

Each returns an `Explorable`: the notebook shows it, `.still()` is a matplotlib figure for print, `.value`
is where the sliders were left.
"""

from byhand.explore.batch_norm import batch_norm
from byhand.explore.conv_size import conv_size
from byhand.explore.cross_entropy import cross_entropy
from byhand.explore.dropout import dropout
from byhand.explore.gradients_through_time import gradients_through_time
from byhand.explore.graph import graph
from byhand.explore.initialisation import initialisation
from byhand.explore.kernel_editor import kernel_editor
from byhand.explore.kernel_steps import kernel_steps
from byhand.explore.learning_rate import learning_rate
from byhand.explore.lstm_gates import lstm_gates
from byhand.explore.neuron import neuron
from byhand.explore.optimizer_race import optimizer_race
from byhand.explore.polynomial import polynomial
from byhand.explore.receptive_field import receptive_field
from byhand.explore.saturation import saturation
from byhand.explore.softmax_temperature import softmax_temperature
from byhand.explore.step_sizes import step_sizes
from byhand.explore.tangent import tangent
from byhand.explore.training_run import training_run

__all__ = [
    "batch_norm",
    "conv_size",
    "cross_entropy",
    "dropout",
    "gradients_through_time",
    "graph",
    "initialisation",
    "kernel_editor",
    "kernel_steps",
    "learning_rate",
    "lstm_gates",
    "neuron",
    "optimizer_race",
    "polynomial",
    "receptive_field",
    "saturation",
    "softmax_temperature",
    "step_sizes",
    "tangent",
    "training_run",
]
