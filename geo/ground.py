"""Everything places are located in, held in memory: one index per span of days on which nothing changes.

``Grounds`` answers for any day. The web server lets :class:`GroundWatch` keep it up to date, so that no
request asks the database for it: a change is noticed within a second, what comes into force tomorrow is ready
today.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Event, Lock, Thread

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from geo.errors import GridError, InvalidFile
from geo.locate.chain import ChainLocator
from geo.model import GridChain, GridRef, NamedRef, NearestBuilding, NearestGrid, ReleaseRef, Zone
from geo.store import frames
from geo.store import ground_state as store
from geo.store.engine import store_errors
from geo.zones import find_zone, get_zone

Floats = NDArray[np.float64]
_log = logging.getLogger(__name__)

#: How far a building may be to be worth naming as the nearest.
NEAREST_BUILDING_M = 200.0


@dataclass(frozen=True)
class GroundIndex:
    """What is in force on the days from ``since`` on, before ``until``.

    Attributes
    ----------
    state
        Which state of the database it was made from.
    grids, buildings, neighbourhoods
        Names by code.
    """

    zone: Zone
    state: int
    since: date
    until: date
    chain: ChainLocator
    grids: dict[str, GridRef]
    buildings: dict[str, NamedRef]
    neighbourhoods: dict[str, NamedRef]
    release: ReleaseRef | None

    def place(self, lon: float, lat: float, day: date) -> GridChain:
        """The grid chain of a point in the storage CRS."""
        x, y = np.array([lon]), np.array([lat])
        rows = self.chain.locate(lon=x, lat=y)
        grids = tuple(
            self.grids[self.chain.codes[level][found[0]]]
            for level, found in rows.grids.items()
            if found[0] >= 0
        )
        building, lived_in = rows.buildings[0], self.chain.neighbourhoods_of(rows.buildings, lon=x, lat=y)[0]
        return GridChain(
            lon=lon,
            lat=lat,
            as_of=day,
            grids=grids,
            building=self.buildings[self.chain.building_codes[building]] if building >= 0 else None,
            neighbourhood=(
                self.neighbourhoods[self.chain.neighbourhood_codes[lived_in]] if lived_in >= 0 else None
            ),
            nearest=None if grids else self._nearest_grid(x, y),
            nearest_building=None if building >= 0 else self._nearest_building(x, y),
            release=self.release,
        )

    def _nearest_grid(self, x: Floats, y: Floats) -> NearestGrid | None:
        if not self.chain.levels:
            return None
        (row,), (metres,) = self.chain.nearest_grid(lon=x, lat=y)
        grid = self.grids[self.chain.codes[self.chain.levels[-1]][row]]
        return NearestGrid(grid.level, grid.code, grid.name, float(metres))

    def _nearest_building(self, x: Floats, y: Floats) -> NearestBuilding | None:
        (row,), (metres,) = self.chain.nearest_building(lon=x, lat=y)
        if row < 0 or metres > NEAREST_BUILDING_M:
            return None
        found = self.buildings[self.chain.building_codes[row]]
        return NearestBuilding(found.code, found.kind, found.name, found.address, float(metres))

    def warm_up(self) -> None:
        """Ask once for everything, so that no user waits for what is made at the first question."""
        if self.chain.levels:
            west, south, *_ = self.chain.grid_locator(self.chain.levels[-1]).bounds
            self.place(west - 1e-3, south, self.since)


class Grounds:
    """Indexes by day, the latest kept; safe for several threads.

    Parameters
    ----------
    folder
        Where indexes are kept as files, mapped into memory and so shared by all server processes; None keeps
        them in the memory of this process.
    keep
        How many are held at a time.
    """

    def __init__(self, folder: Path | None = None, *, keep: int = 6) -> None:
        self._folder, self._keep = folder, keep
        self._held: OrderedDict[tuple[int, date], GroundIndex] = OrderedDict()
        self._lock, self._making = Lock(), Lock()
        #: State the watch has seen last; None: the database is asked with every question.
        self.watched: int | None = None

    def zone(self, session: Session) -> Zone:
        """The zone, as it is set now.

        Raises
        ------
        NotFound
            The database serves no zone yet.
        """
        newest = self._newest()
        return get_zone(session) if newest is None else newest.zone

    def at(self, session: Session, day: date) -> GroundIndex:
        """What is in force on a day.

        Raises
        ------
        NotFound
            The database serves no zone yet.
        """
        state = self.watched
        if state is None:
            state = store.read_state(session)
        found = self._find(state, day)
        if found is None:
            with self._making:
                found = self._find(state, day) or self._make(session, day)
        return found

    def _newest(self) -> GroundIndex | None:
        with self._lock:
            state = self.watched
            return next((index for index in self._held.values() if index.state == state), None)

    def _find(self, state: int, day: date) -> GroundIndex | None:
        with self._lock:
            for key, index in self._held.items():
                if index.state == state and index.since <= day < index.until:
                    self._held.move_to_end(key)
                    return index
        return None

    def _make(self, session: Session, day: date) -> GroundIndex:
        state = store.read_state(session)
        index = read_ground(session, day, state, self._folder)
        index.warm_up()
        with self._lock:
            self._held[state, index.since] = index
            while len(self._held) > self._keep:
                self._held.popitem(last=False)
        return index

    def refresh(self, session: Session) -> None:
        """Make ready what is in force today and what comes next, then answer from it.

        The session's transaction sees one moment (``REPEATABLE READ``).
        """
        zone = find_zone(session)
        if zone is None:
            self.watched = None
            return
        state, day = store.read_state(session), zone.today()
        with self._making:
            index = self._find(state, day) or self._make(session, day)
            if index.until < date.max and self._find(state, index.until) is None:
                self._make(session, index.until)
        self.watched = state


def read_ground(session: Session, day: date, state: int, folder: Path | None = None) -> GroundIndex:
    """Read what is in force on a day, its index from a file in the folder or into one."""
    zone = get_zone(session)
    since, until = store.read_unchanged_days(session, day)
    file = None if folder is None else folder / f"{state & (1 << 64) - 1:016x}-{since}.chain"
    return GroundIndex(
        zone=zone,
        state=state,
        since=since,
        until=until,
        chain=_shared_chain(session, zone, day, file) if file else _chain(session, zone, day),
        grids=store.read_grid_names(session, day),
        buildings=store.read_building_names(session, day),
        neighbourhoods=store.read_neighbourhood_names(session, day),
        release=store.find_release(session, day),
    )


def chain_locator(session: Session, as_of: date | None = None) -> ChainLocator:
    """The index of the partition in force, its buildings and neighbourhoods.

    Parameters
    ----------
    as_of
        The day; today in the zone when None.

    Raises
    ------
    NotFound
        The database serves no zone yet.
    """
    zone = get_zone(session)
    return _chain(session, zone, as_of or zone.today())


def _chain(session: Session, zone: Zone, day: date) -> ChainLocator:
    crs = zone.storage_crs
    return ChainLocator.from_frames(
        frames.grids_frame(session, day, crs),
        frames.buildings_frame(session, day, crs),
        frames.neighbourhoods_frame(session, day, crs),
    )


def _shared_chain(session: Session, zone: Zone, day: date, file: Path) -> ChainLocator:
    """The index mapped from its file; made first where it is missing or damaged."""
    try:
        return ChainLocator.load(file)
    except InvalidFile as missing:
        made = _chain(session, zone, day)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            made.save(file)
            _remove_others(file)
            return ChainLocator.load(file)
        except OSError as error:
            _log.warning("indexes are not shared between processes: %s (%s)", error, missing)
            return made


def _remove_others(file: Path) -> None:
    """Remove the files of other states of the ground; who has mapped one keeps it until it ends."""
    state = file.name.partition("-")[0]
    for other in file.parent.glob("*.chain"):
        if not other.name.startswith(state):
            other.unlink(missing_ok=True)


class GroundWatch:
    """Keeps ``Grounds`` up to date in the background.

    Parameters
    ----------
    sessions
        Makes sessions.
    every_s
        Seconds between two looks.
    """

    def __init__(self, grounds: Grounds, sessions: Callable[[], Session], *, every_s: float = 1.0) -> None:
        self._grounds, self._sessions, self._every_s = grounds, sessions, every_s
        self._ended = Event()
        self._thread = Thread(target=self._run, name="ground-watch", daemon=True)

    def start(self) -> None:
        """Look once, then in the background every second."""
        self.look()
        self._thread.start()

    def stop(self) -> None:
        """End the background look."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def look(self) -> None:
        """Take over what has changed; while that fails, for whatever reason, every request asks for itself.

        The thread must outlive every error: without it a server would answer from an old partition for ever.
        """
        try:
            with store_errors(), self._sessions() as session:
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
                self._grounds.refresh(session)
        except Exception as error:
            if self._grounds.watched is not None:
                unknown = not isinstance(error, GridError)
                _log.warning("the ground can no longer be watched: %s", error, exc_info=unknown)
            self._grounds.watched = None

    def _run(self) -> None:
        while not self._ended.wait(self._every_s):
            self.look()
