"""How many people live in each building: about 2.7 a household, more in workers' dormitories."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.demo.people.land import Land
from geo.demo.shapes import Floats, stream

PER_HOUSEHOLD = {"house": 3.05, "residential": 2.62, "shop": 2.45}
DORMITORY = 4.6  # in the factory park


def count_residents(seed: int, land: Land) -> NDArray[np.int64]:
    """Draw residents of each building; none where there are no households."""
    rng = stream(seed, "residents")
    stock = land.buildings
    households = stock["households"].to_numpy(dtype=np.int64)
    mean: Floats = stock["kind"].map(PER_HOUSEHOLD).fillna(2.6).to_numpy(dtype=float)
    in_park = land.cells["park"].to_numpy(dtype=bool)[stock["cell"]]
    mean = np.where(in_park, DORMITORY, mean) * np.clip(rng.normal(1.0, 0.12, len(mean)), 0.6, 1.5)
    # one in every household for certain, the others by chance
    return np.asarray(households + rng.poisson(households * np.maximum(mean - 1.0, 0.1)), dtype=np.int64)
