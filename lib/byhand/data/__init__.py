"""Small real data that ships with the course, so that nothing is downloaded. Sources: SOURCES.md beside this file."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Iris:
    """150 iris flowers, 50 of each of three species, measured in centimetres.

    ``labels[i]`` is 0, 1 or 2 and says which of ``species_names`` flower i is. Column j of ``features``
    is measured as ``feature_names[j]`` says.
    """

    features: NDArray[np.float64]  # (150, 4)
    labels: NDArray[np.int64]  # (150,)
    feature_names: tuple[str, ...]
    species_names: tuple[str, ...]


def iris() -> Iris:
    """The irises of Edgar Anderson and R. A. Fisher (1936), in the order of Fisher's table.

    Returns
    -------
    Iris
        New arrays at every call: changing them harms nobody.

    Examples
    --------
    >>> flowers = iris()
    >>> flowers.features.shape, flowers.species_names
    ((150, 4), ('setosa', 'versicolor', 'virginica'))
    """
    with (_HERE / "iris.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    species = tuple(dict.fromkeys(row[-1] for row in rows))
    return Iris(
        features=np.array([[float(value) for value in row[:-1]] for row in rows]),
        labels=np.array([species.index(row[-1]) for row in rows], dtype=np.int64),
        feature_names=tuple(header[:-1]),
        species_names=species,
    )


@dataclass(frozen=True)
class Digits:
    """1,797 handwritten digits of 8 by 8 pixels, split once and for all into a training set and a test set.

    A pixel is 0 where the paper is empty and 1 where it is black. ``train_labels[i]`` is the digit, 0 to 9,
    that ``train_images[i]`` shows.
    """

    train_images: NDArray[np.float64]  # (1437, 8, 8)
    train_labels: NDArray[np.int64]  # (1437,)
    test_images: NDArray[np.float64]  # (360, 8, 8)
    test_labels: NDArray[np.int64]  # (360,)


def digits() -> Digits:
    """The handwritten digits of E. Alpaydin and C. Kaynak (1998), shuffled, with 360 set aside for testing.

    The file keeps the writers together. Unshuffled, the last images would all be by writers that a network
    has never seen, so they are shuffled first; the order is the same at every call.

    Returns
    -------
    Digits
        New arrays at every call: changing them harms nobody.

    Examples
    --------
    >>> d = digits()
    >>> d.train_images.shape, d.test_images.shape, d.train_labels[:5].tolist()
    ((1437, 8, 8), (360, 8, 8), [4, 9, 5, 8, 5])
    """
    with gzip.open(_HERE / "digits.csv.gz", "rt", encoding="ascii") as file:
        table = np.loadtxt(file, delimiter=",", dtype=np.int64)
    table = table[np.random.default_rng(0).permutation(len(table))]
    images, labels = table[:, :-1].reshape(-1, 8, 8) / 16, table[:, -1]  # a pixel is a count from 0 to 16
    return Digits(images[360:], labels[360:], images[:360], labels[:360])


@dataclass(frozen=True)
class Photographs:
    """Two photographs in colour. A pixel is three numbers from 0 to 1: red, green and blue."""

    tower: NDArray[np.float64]  # (210, 200, 3)
    dahlia: NDArray[np.float64]  # (160, 170, 3)


def photographs() -> Photographs:
    """A tower of the Summer Palace in Beijing, and a dahlia. ``.mean(axis=2)`` makes one of them grey.

    Returns
    -------
    Photographs
        New arrays at every call: changing them harms nobody.

    Examples
    --------
    >>> photographs().tower.shape
    (210, 200, 3)
    """
    with np.load(_HERE / "photographs.npz", allow_pickle=False) as file:
        return Photographs(file["tower"] / 255, file["dahlia"] / 255)


def python_topics() -> str:
    """What Python's own help says about its language: 243 paragraphs of plain prose, one a line.

    It is the same for every version of Python: the text that ships with Python changes from one to the next.

    Returns
    -------
    str
        About 60,000 characters, 80 different ones.

    Examples
    --------
    >>> python_topics()[:39]
    'Assignments to "__debug__" are illegal.'
    """
    return (_HERE / "python_topics.txt").read_text(encoding="ascii")
