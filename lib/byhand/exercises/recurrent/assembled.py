"""The network that writes, in chapter 05: its loss with all gradients, its training, and what it writes."""

from __future__ import annotations

import numpy as np

from byhand.exercises.spec import exercise
from byhand.reference.activations.probabilities import log_softmax, softmax
from byhand.reference.backprop.gradients import clip_by_norm
from byhand.reference.recurrent import assembled as reference
from byhand.reference.recurrent.lstm import lstm_backward, lstm_forward
from byhand.reference.recurrent.lstm_step import lstm_step_forward

ALL = reference.NAMES


def _network(draw, V, D, H, size=1.0):
    shapes = (V, D), (D, 4 * H), (H, 4 * H), (4 * H,), (H, V), (V,)
    return {name: draw.uniform(-size, size, *shape) for name, shape in zip(ALL, shapes, strict=True)}


def _filled(draw, V, lengths, T):
    """Sequences of these lengths; what stands behind their ends is drawn, too, and must not count."""
    return draw.integers(0, V, len(lengths), T), np.arange(T) < np.array(lengths)[:, np.newaxis]


@exercise(reference.character_loss, returns="loss, gradients")
def character_loss(draw):
    yield _network(draw, 3, 2, 2), *_filled(draw, 3, [3], 3)
    lengths = np.array([5, 3, 2])[draw.permutation(3)]
    yield _network(draw, 4, 3, 2), *_filled(draw, 4, lengths, 5)
    yield _network(draw, 5, 2, 3), *_filled(draw, 5, [6, 4], 7)  # nobody fills the last step
    yield _network(draw, 3, 2, 1), *_filled(draw, 3, [2, 1, 2], 2)  # one of them has nothing to foretell
    often = np.array([[1, 1, 0, 1], [0, 1, 1, 1]])
    yield _network(draw, 3, 2, 2), often, np.array([[True] * 4, [True, True, True, False]])


@character_loss.switchable
def _judged(
    parameters,
    tokens,
    mask,
    *,
    ahead=True,
    loss_masked=True,
    gradient_masked=True,
    mask_moved=True,
    mean="real tokens",
    right_subtracted=True,
    divided=True,
    every_step=True,
    each_use=True,
    handed_on=True,
    sign=-1,
    learning=ALL,
):
    p = {name: np.asarray(parameters[name], float) for name in ALL}
    real = mask[:, 1:] if mask_moved else mask[:, :-1]
    following = tokens[:, 1:] if ahead else tokens[:, :-1]
    read = tokens[:, :-1]
    every = np.ones_like(real)
    in_loss, in_gradient = (real if loss_masked else every), (real if gradient_masked else every)

    def weights(kept):
        if mean == "all tokens":
            return kept / kept.size
        if mean == "sequences":
            return kept / np.maximum(kept.sum(axis=1, keepdims=True), 1) / len(kept)
        return kept / (1 if mean == "none" else max(kept.sum(), 1))

    nothing = np.zeros((len(read), len(p["Wh"])))
    layer = p["Wx"], p["Wh"], p["b"]
    x = p["E"][read]
    h, _, cache = lstm_forward(x, nothing, nothing, *layer)
    logs = log_softmax(h @ p["W"] + p["c"])
    hot = following[..., np.newaxis] == np.arange(len(p["E"]))
    loss = sign * np.sum(weights(in_loss) * np.sum(logs * hot, axis=2))
    dscores = np.exp(logs) - (hot if right_subtracted else 0)
    dscores = -sign * dscores * (weights(in_gradient) if divided else in_gradient)[..., np.newaxis]
    dh = dscores @ p["W"].T
    if not every_step:
        dh[:, :-1] = 0
    if not handed_on:  # each step's gradient alone, without what comes back from later ones
        dx, _, _, dWx, dWh, db = _step_by_step(dh, cache)
    else:
        dx, _, _, dWx, dWh, db = lstm_backward(dh, cache)
    dE = np.zeros_like(p["E"])
    if each_use:
        np.add.at(dE, read, dx)
    else:
        dE[read] += dx
    gradients = {"E": dE, "Wx": dWx, "Wh": dWh, "b": db}
    gradients |= {"W": np.einsum("nth,ntv->hv", h, dscores), "c": dscores.sum(axis=(0, 1))}
    return loss, {name: gradients[name] * (name in learning) for name in ALL}


def _step_by_step(dh, cache):
    """Back through one step at a time, each by itself."""
    x, h0, c0, Wx, Wh, gates, h, c = cache
    dx, sums = np.zeros_like(x), [0, 0, 0]
    for t in range(x.shape[1]):
        before = (h[:, t - 1], c[:, t - 1]) if t else (h0, c0)
        one = (slice(None), slice(t, t + 1))
        step = x[one], *before, Wx, Wh, gates[one], h[one], c[one]
        dx[one], _, _, *weights = lstm_backward(dh[one], step)
        sums = [old + new for old, new in zip(sums, weights, strict=True)]
    return dx, None, None, *sums


character_loss.switch(
    "same-token",
    "Your network is to name the token that it has just read. Asked is the next one: at step t, tokens[:, t + 1].",
    ahead=False,
)
character_loss.switch(
    "mask-unused",
    "What was filled in counts in your answer. The mask says which tokens are real.",
    loss_masked=False,
    gradient_masked=False,
)
character_loss.switch(
    "mask-not-in-gradient",
    "Your loss is right, but in your gradients the filled-in tokens count. Which scores may get a gradient?",
    gradient_masked=False,
)
character_loss.switch(
    "mask-of-the-token-read",
    "You masked by the tokens that are read. It is the token to be foretold that must be real: mask[:, 1:].",
    mask_moved=False,
)
character_loss.switch(
    "mean-over-all-steps",
    "You divided by the number of all steps. Only the real tokens count: divide by how many they are.",
    mean="all tokens",
)
character_loss.switch(
    "mean-of-means",
    "You took a mean for each sequence, and the mean of those. Each real token counts once, so that a long sequence "
    "counts more.",
    mean="sequences",
)
character_loss.switch(
    "sum-for-mean",
    "You added up the losses. The loss is their mean over the real tokens, and the gradients are those of the mean.",
    mean="none",
)
character_loss.switch(
    "right-token-not-subtracted",
    "Your loss is right, the gradient of the scores is not: it is the softmax, minus 1 at the token that came.",
    right_subtracted=False,
)
character_loss.switch(
    "gradient-not-divided",
    "Your loss is a mean, but your gradients are those of the sum. Divide them by the number of real tokens, too.",
    divided=False,
)
character_loss.switch(
    "last-step-alone",
    "Only the last step sends a gradient into the LSTM. Here every step answers, so every step has one.",
    every_step=False,
)
character_loss.switch(
    "not-through-time",
    "Each step's gradient stays in its own step. Earlier steps made the state that it started from: go back through "
    "time.",
    handed_on=False,
)
character_loss.switch(
    "last-use-of-a-token",
    "The gradient of E keeps only one use of a token that was read several times. Each use adds its part.",
    each_use=False,
)
character_loss.switch("sign-of-the-loss", "The loss is minus the mean of the logarithms.", sign=1)
character_loss.switch(
    "head-learns-alone",
    "Only the head, W and c, has gradients in your answer. Go on, back through the LSTM and the embedding.",
    learning=("W", "c"),
)


@exercise(reference.train_writer, returns="parameters, losses", rtol=1e-5, atol=1e-7)
def train_writer(draw):
    few = _filled(draw, 4, np.array([5, 3, 2, 4])[draw.permutation(4)], 5)
    yield _network(draw, 4, 2, 2), *few, 0.1, 1, 4  # one step, not clipped
    steep = _network(draw, 4, 2, 3)
    steep["W"] = 40 * steep["W"]  # its gradients are longer than 1
    yield steep, *_filled(draw, 4, [9] * 6, 9), 0.5, 3, 3
    yield _network(draw, 4, 2, 2), *few, 0.2, 2, 3  # one sequence is left over
    yield _network(draw, 4, 2, 2), *few, 0.3, 2, 9  # fewer sequences than a mini-batch has
    first = draw.integers(0, 4, 12, 1)
    counting = (first + np.arange(7)) % 4  # 0, 1, 2, 3, 0, …: what comes next is certain
    yield _network(draw, 4, 3, 6, size=0.5), counting, counting >= 0, 2.0, 20, 4


def _downhill(parameters, gradients, lr):
    return {name: parameters[name] - lr * gradients[name] for name in ALL}


def _each_clipped(gradients):
    return {name: clip_by_norm({name: gradient}, 1.0)[name] for name, gradient in gradients.items()}


@train_writer.switchable
def _trained(
    parameters,
    tokens,
    mask,
    lr,
    epochs,
    batch_size,
    *,
    step=_downhill,
    clip=lambda gradients: clip_by_norm(gradients, 1.0),
    masked=True,
    batches="all",
    noted="mean",
    after=False,
    once_an_epoch=False,
):
    losses = np.zeros(epochs)
    if not masked:
        mask = np.ones_like(mask)
    starts = range(0, len(tokens), batch_size)
    if batches == "full":
        starts = range(0, max(len(tokens) - batch_size + 1, 1), batch_size)
    for epoch in range(epochs):
        found, gradients = [], {}
        for start in starts:
            batch = slice(start, start + batch_size)
            loss, gradients = reference.character_loss(parameters, tokens[batch], mask[batch])
            if not once_an_epoch:
                parameters = step(parameters, clip(gradients), lr)
            if after:
                loss, _ = reference.character_loss(parameters, tokens[batch], mask[batch])
            found.append(loss)
        if once_an_epoch:
            parameters = step(parameters, clip(gradients), lr)
        losses[epoch] = {"mean": np.mean, "sum": np.sum, "last": lambda losses: losses[-1]}[noted](found)
    return parameters, losses


train_writer.switch(
    "uphill",
    "Your step goes with the gradient, so the loss grows. Take lr times the gradient off the parameters.",
    step=lambda parameters, gradients, lr: {name: parameters[name] + lr * gradients[name] for name in ALL},
)
train_writer.switch(
    "parameters-not-kept",
    "Your parameters stay as they were given. gradient_step changes nothing: it returns new ones.",
    step=lambda parameters, gradients, lr: parameters,
)
train_writer.switch(
    "rate-unused",
    "Your steps do not depend on lr. Hand it to gradient_step.",
    step=lambda parameters, gradients, lr: _downhill(parameters, gradients, 1.0),
)
train_writer.switch(
    "not-clipped",
    "Your steps are too long: clip the gradients to a norm of 1 before each step.",
    clip=lambda gradients: gradients,
)
train_writer.switch(
    "each-array-clipped",
    "You clipped each array by its own norm. All gradients together have one norm: one call of clip_by_norm.",
    clip=_each_clipped,
)
train_writer.switch(
    "always-a-norm-of-one",
    "You scaled every gradient to a norm of 1. Short ones stay as they are: only what is longer is cut.",
    clip=lambda gradients: clip_by_norm({name: 1e9 * one for name, one in gradients.items()}, 1.0),
)
train_writer.switch(
    "mask-unused", "Your training does not use the mask: what was filled in is learned, too.", masked=False
)
train_writer.switch(
    "last-batch-dropped",
    "The last mini-batch is missing when it is not full. Let it be smaller.",
    batches="full",
)
train_writer.switch(
    "one-step-an-epoch",
    "You make one step an epoch, after its last mini-batch. Every mini-batch makes a step of its own.",
    once_an_epoch=True,
)
train_writer.switch(
    "loss-after-the-step",
    "Your losses are those after each step. Asked is the loss before it: note it, then make the step.",
    after=True,
)
train_writer.switch(
    "losses-added",
    "The losses of an epoch's mini-batches are added up. Asked is their mean.",
    noted="sum",
)
train_writer.switch(
    "last-batch-noted",
    "You note the loss of the last mini-batch alone. Asked is the mean over all of the epoch.",
    noted="last",
)


# forty tokens of six that are about equally likely: two seeds give the same once in 10^25
@exercise(reference.write)
def write(draw):
    yield _network(draw, 3, 2, 2, size=2), draw.integers(0, 3, 1), 1, draw.uniform(0.5, 2), draw.rng()
    parameters, start = _network(draw, 6, 3, 2), draw.permutation(6)[:3]
    seed = draw.rng()
    yield parameters, start, 40, 1.0, seed
    yield parameters, start, 40, 1.0, seed  # the same again: the same text
    yield parameters, start, 40, 1.0, draw.rng()  # and another
    for temperature in (0.5, 0.8, 1.5, 3.0) * 5:
        start = draw.permutation(8)[: draw.integers(2, 6)]
        parameters = _network(draw, 8, 3, 4, size=4)
        parameters["b"][4:8] = draw.uniform(
            3, 5, 4
        )  # forget gates that are open: the start is long remembered
        yield parameters, start, 12, temperature, draw.rng()
    yield _network(draw, 4, 2, 2), draw.integers(0, 4, 2), 0, 1.0, draw.rng()  # only the start


@write.switchable
def _written(
    parameters,
    start,
    length,
    temperature,
    rng,
    *,
    start_read="all",
    h_kept=True,
    c_kept=True,
    handed_in="what was drawn",
    heat=lambda scores, temperature: scores / temperature,
    drawn=lambda p, rng: int(rng.choice(len(p), p=p)),
    returned="all",
    with_c=True,
):
    p, tokens = parameters, [int(token) for token in start]
    h = c = np.zeros((1, len(p["Wh"])))

    def read(token, h, c):
        zeros = np.zeros_like(h)
        layer = p["Wx"], p["Wh"], p["b"]
        h, c, _ = lstm_step_forward(p["E"][[token]], h if h_kept else zeros, c if c_kept else zeros, *layer)
        return h, c

    first = {"all": tokens, "last": tokens[-1:], "first": tokens[:1], "twice": [*tokens, tokens[-1]]}
    for token in first[start_read]:
        h, c = read(token, h, c)
    for _ in range(length):
        scores = (h @ p["W"] + (p["c"] if with_c else 0))[0]
        tokens.append(drawn(softmax(heat(scores, temperature)), rng))
        h, c = read(tokens[-1] if handed_in == "what was drawn" else tokens[len(start) - 1], h, c)
    return np.array(
        {"all": tokens, "new": tokens[len(start) :], "length": tokens[:length]}[returned], dtype=int
    )


write.switch(
    "start-not-read",
    "Your network read only the last token of the start. The tokens before it must go through the LSTM, too.",
    start_read="last",
)
write.switch(
    "only-the-first-token-read",
    "Your network read only the first token of the start, and then wrote. It must read all of it.",
    start_read="first",
)
write.switch(
    "last-token-read-twice",
    "The last token of the start was read twice. After it was read, its state gives the first scores.",
    start_read="twice",
)
write.switch(
    "state-forgotten",
    "Every step of yours begins with a state of zeros. Hand the state on from step to step.",
    h_kept=False,
)
write.switch(
    "cell-forgotten",
    "Every step of yours begins with a cell of zeros. The cell is the memory: hand it on, too.",
    c_kept=False,
)
write.switch(
    "nothing-handed-on",
    "Every step of yours begins from zeros. Hand state and cell on from step to step.",
    h_kept=False,
    c_kept=False,
)
write.switch(
    "not-fed-back",
    "What was drawn is not read: your network reads the last token of the start again and again.",
    handed_in="the start",
)
write.switch(
    "temperature-unused",
    "The temperature does not count in your answer.",
    heat=lambda scores, temperature: scores,
)
write.switch(
    "temperature-multiplied",
    "You multiplied by the temperature. Hot should mean flatter: sample_index divides.",
    heat=lambda scores, temperature: scores * temperature,
)
write.switch(
    "largest-taken",
    "You always take the likeliest token. Asked is a draw by chance, with sample_index.",
    drawn=lambda p, rng: int(np.argmax(p)),
)
write.switch("bias-missing", "The head's bias c is missing in your scores.", with_c=False)
write.switch(
    "start-missing",
    "You returned only what was written. Asked is the start and what comes after it.",
    returned="new",
)
write.switch(
    "start-counted",
    "Your answer is too short: length says how many tokens are drawn, beside those of the start.",
    returned="length",
)


@write.mistake(
    "own-generator",
    "You made a random generator of your own: it writes the same text again and again. Chance must come from the "
    "argument rng.",
)
def _(parameters, start, length, temperature, rng):
    return _written(parameters, start, length, temperature, np.random.default_rng(0))
