"""What is measured on: the whole demo zone in a throw-away database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
from geopandas import GeoDataFrame
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from geo.database import DatabaseUrls
from geo.demo.load import load_demo
from geo.frames import buildings_frame, grids_frame
from geo.store.engine import make_engine
from tests.database import TestServer, throw_away_cluster

TODAY = date(2026, 3, 1)


@dataclass
class Ground:
    """The demo zone, loaded.

    Attributes
    ----------
    engine
        The database as its owner.
    folder
        For files; gone afterwards.
    """

    urls: DatabaseUrls
    engine: Engine
    folder: Path

    @cached_property
    def grids(self) -> GeoDataFrame:
        """Third-level grids."""
        with Session(self.engine) as session:
            return grids_frame(session, level=3)

    @cached_property
    def all_grids(self) -> GeoDataFrame:
        """Grids of every level."""
        with Session(self.engine) as session:
            return grids_frame(session)

    @cached_property
    def buildings(self) -> GeoDataFrame:
        """All buildings."""
        with Session(self.engine) as session:
            return buildings_frame(session)

    def points(self, count: int, seed: int = 1) -> npt.NDArray[np.float64]:
        """Uniform over the zone's bounding box: shape (n, 2), longitude and latitude."""
        west, south, east, north = self.grids.total_bounds
        return np.random.default_rng(seed).uniform((west, south), (east, north), (count, 2))


@contextmanager
def make_ground() -> Iterator[Ground]:
    """Start a database, load the demo, clean up."""
    with throw_away_cluster() as cluster, TemporaryDirectory() as folder:
        server = TestServer(cluster)
        urls = server.clone().urls
        engine = make_engine(urls.owner)
        try:
            with Session(engine) as session, session.begin():
                load_demo(session, today=TODAY)
            yield Ground(urls, engine, Path(folder))
        finally:
            engine.dispose()
            server.close()
