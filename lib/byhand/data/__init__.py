"""Small real data that ships with the course, so that nothing is downloaded. Sources: SOURCES.md beside this file."""

from __future__ import annotations

import csv
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
