"""The embedded server of one checkout: shared by its processes, stopped by the last of them.

Every process that needs the database holds a shared lock while it does. The last one out stops the
server, unless ``wangge db start`` asked for it to be kept. A process that is killed loses its lock by
the kernel's hand, and the next one adopts the server that it left running.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from geo.errors import Conflict, GridError
from geo.store.embedded.account import server_account
from geo.store.embedded.cluster import Cluster, Role
from geo.store.embedded.locks import Say, SharedUse, exclusive, is_used, lock_holder
from geo.store.embedded.places import find_places

REVIVE_EVERY_S = 1.0


@dataclass(frozen=True)
class ServerStatus:
    """What ``wangge db status`` tells.

    Attributes
    ----------
    pid
        Of the running server; None when it is stopped.
    made
        Whether the cluster exists.
    kept
        Whether it goes on running when nobody uses it.
    used
        Whether a process of ours uses it now.
    home, sockets
        Where its files and its socket lie.
    """

    pid: int | None
    made: bool
    kept: bool
    used: bool
    home: Path
    sockets: Path


class EmbeddedServer:
    """PostGIS under a state directory.

    Parameters
    ----------
    state_dir
        Usually ``.wangge`` in the checkout; made when missing.
    say
        Called with a sentence when something takes a while.
    patience_s
        How long to wait for another process that is starting or stopping the server.
    """

    def __init__(self, state_dir: Path, *, say: Say = lambda _: None, patience_s: float = 180.0) -> None:
        account = server_account()
        places = find_places(state_dir, account)
        self._state = places.state
        self._say = say
        self._patience_s = patience_s
        self.cluster = Cluster(places.home, places.sockets, account)

    def url(self, role: Role = "owner") -> str:
        """Address of the database as one of our roles; does not start anything."""
        return self.cluster.url(role)

    def status(self) -> ServerStatus:
        """Look, and change nothing."""
        cluster = self.cluster
        return ServerStatus(
            pid=cluster.pid(),
            made=cluster.exists,
            kept=self._kept.exists(),
            used=is_used(self._users),
            home=cluster.home,
            sockets=cluster.sockets,
        )

    def keep(self) -> bool:
        """Start the server and keep it running until :meth:`stop`; False when it was running already."""
        with self._starting("wangge db start"):
            started = self._ensure_running()
            self._kept.touch()
            return started

    def stop(self) -> bool:
        """Stop the server; False when it was not running.

        Raises
        ------
        Conflict
            A process of ours is using it.
        """
        with self._starting("wangge db stop"):
            if is_used(self._users):
                raise Conflict(
                    f"The database is in use by another process{self._up_note()}; end that first, "
                    "and the database stops with it."
                )
            return self._stop()

    @contextmanager
    def in_use(self, purpose: str) -> Iterator[None]:
        """Have the server running inside the block; the last to leave stops it, unless it is kept."""
        with self._starting(purpose):
            use = SharedUse(self._users)
            try:
                self._ensure_running()
            except BaseException:
                self._leave(use)
                raise
        try:
            yield
        finally:
            with self._starting(f"{purpose}, ending"):
                self._leave(use)

    @contextmanager
    def kept_alive(self) -> Iterator[None]:
        """Start the server again whenever somebody kills it, as long as the block lasts."""
        leaving = Event()
        watch = Thread(target=self._watch, args=(leaving,), name="database watch", daemon=True)
        watch.start()
        try:
            yield
        finally:
            leaving.set()
            watch.join()

    def serving(self, purpose: str) -> AbstractContextManager[None]:
        """Be the one process that serves this checkout; a second one is told who does.

        Raises
        ------
        Conflict
            On entering, when another process serves it.
        """
        return exclusive(self._state / "up.lock", purpose, say=self._say, patience_s=0)

    @property
    def _kept(self) -> Path:
        return self._state / "kept"

    @property
    def _users(self) -> Path:
        return self._state / "users.lock"

    def _starting(self, purpose: str) -> AbstractContextManager[None]:
        return exclusive(self._state / "start.lock", purpose, say=self._say, patience_s=self._patience_s)

    def _ensure_running(self) -> bool:
        cluster = self.cluster
        if cluster.pid() is not None:
            return False
        self._mark_home()
        if not cluster.exists:
            self._say(f"Making the database in {cluster.home} …")
            cluster.create()
        cluster.start()
        return True

    def _mark_home(self) -> None:
        """Leave word beside a home that lies outside the state directory whose it is."""
        home = self.cluster.home
        if home.parent == self._state:
            return
        home.parent.mkdir(parents=True, exist_ok=True, mode=0o711)
        home.parent.chmod(0o711)
        self.cluster.account.own(home)
        (home / "belongs-to").write_text(f"{self._state}\n", encoding="utf-8")

    def _watch(self, leaving: Event) -> None:
        while not leaving.wait(REVIVE_EVERY_S):
            if self.cluster.pid() is None:
                self._revive()

    def _revive(self) -> None:
        self._say("The database is gone; starting it again …")
        try:
            with self._starting("wangge up, starting the database again"):
                self._ensure_running()
        except GridError as error:
            self._say(f"{error} Trying again.")

    def _leave(self, use: SharedUse) -> None:
        if use.release() and not self._kept.exists():
            self._stop()

    def _stop(self) -> bool:
        self._kept.unlink(missing_ok=True)
        if self.cluster.pid() is None:
            return False
        self.cluster.stop()
        return True

    def _up_note(self) -> str:
        holder = lock_holder(self._state / "up.lock")
        return f": {holder}" if holder else ""
