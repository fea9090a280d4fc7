"""Partitioned Parquet on a Dask cluster: every part is geocoded by whichever worker is free.

Each worker gets the index once. A part appears under its name whole or not at all, so that a worker may be
lost at any time: its parts are done again by another, and a run that was broken off goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import parquet

from geo.errors import Conflict, InvalidFile, InvalidInput
from geo.geocode_files import FileOptions
from geo.locate.chain import ChainLocator
from geo.streams.ahead import ahead
from geo.streams.chain_columns import ChainColumns, Tally, with_chain
from geo.streams.formats import Form, form_of
from geo.streams.readers import open_rows
from geo.streams.whole_file import remove_drafts, whole_file
from geo.streams.writers import write_parquet

if TYPE_CHECKING:
    from distributed import Client

#: How long a scheduler may take to answer.
PATIENCE = "10s"
#: In the footer of each part: what it was made from, and how its rows fared.
_FACTS = b"wangge.geocode"
Progress = Callable[[int, float | None], None]


@dataclass(frozen=True)
class Part:
    """One part of a partitioned file, and what it is to become."""

    source: Path
    target: Path


@dataclass(frozen=True)
class Index:
    """The index as workers get it: a file they can all read, or its bytes.

    Attributes
    ----------
    digest
        Checksum of the file.
    path
        Where every worker can read it; None when they do not share a disk.
    """

    digest: str
    path: str | None
    content: bytes | None

    @classmethod
    def of(cls, path: Path, *, shared: bool) -> Index:
        """The index saved in a file."""
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        return cls(digest, str(path) if shared else None, None if shared else content)

    def load(self, room: Path) -> ChainLocator:
        """Map it into memory; bytes become a file in a room of the worker's first."""
        path = Path(self.path) if self.path is not None else room / f"{self.digest}.index"
        if self.content is not None and not path.exists():
            path.write_bytes(self.content)
        return _loaded(path)


@lru_cache(maxsize=2)
def _loaded(path: Path) -> ChainLocator:
    return ChainLocator.load(path)


def find_parts(source: str, target: Path) -> list[Part]:
    """The parts of a partitioned file, in order of their names.

    Parameters
    ----------
    source
        A folder of Parquet files, or a pattern such as ``points/*.parquet``.
    target
        A folder; each part keeps its name.

    Raises
    ------
    InvalidFile
        There are none.
    InvalidInput
        Two parts have one name, or a part would be written over itself.
    """
    folder = Path(source)
    if folder.is_dir():
        found = sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".parquet")
        found = [path for path in found if not _is_hidden(path.relative_to(folder))]
        parts = [Part(path.resolve(), target / path.relative_to(folder)) for path in found]
    else:
        base, pattern = _pattern(folder)
        parts = [Part(path.resolve(), target / path.name) for path in sorted(base.glob(pattern))]
    if not parts:
        raise InvalidFile(f"{source} holds no Parquet files; name a folder of them, or a pattern in quotes")
    names = [part.target for part in parts]
    twice = sorted({name.name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidInput(f"several parts are called {', '.join(twice[:5])}; name their folder instead")
    for part in parts:
        if form_of(part.source) is not Form.PARQUET:
            raise InvalidFile(f"{part.source.name} is no Parquet; --engine dask works on Parquet only")
        if part.target.resolve() == part.source:
            raise InvalidInput(f"{target} is where the parts are read from; name another folder to write to")
    return parts


def _is_hidden(path: Path) -> bool:
    return any(name.startswith((".", "_")) for name in path.parts)


def _pattern(path: Path) -> tuple[Path, str]:
    """A folder without wildcards, and the rest."""
    fixed = [part for part in path.parts if not any(sign in part for sign in "*?[")]
    count = next((i for i, part in enumerate(path.parts) if part not in fixed), len(path.parts) - 1)
    base = Path(*path.parts[:count]) if count else Path()
    return base, str(Path(*path.parts[count:]))


def geocode_parts(
    source: str,
    target: str | Path,
    chain: ChainLocator,
    options: FileOptions | None = None,
    *,
    scheduler: str | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Tally:
    """Add the grid chain to every row of partitioned Parquet on a Dask cluster.

    Parts that are there already, made from the same source with the same index and options, are kept.

    Parameters
    ----------
    source, target
        See :func:`find_parts`; both must be readable under these names by all workers.
    scheduler
        Address of a cluster's scheduler, such as ``tcp://10.0.0.5:8786``; workers of this program's version
        on this machine when None.
    workers
        How many processes a cluster on this machine has; as many as cores when None.

    Raises
    ------
    InvalidInput
        Dask is not installed, the scheduler does not answer, or an option does not fit.
    InvalidFile
        A part cannot be read.
    Conflict
        The target holds parts that were made from something else.
    """
    options = options or FileOptions()
    if find_spec("distributed") is None:
        raise InvalidInput(
            "Dask is not installed; run pip install 'wangge[dask]', or leave --engine dask out"
        )
    if options.encoding is not None or options.layer is not None:
        raise InvalidInput("--encoding and --layer are for other formats than Parquet; leave them out")
    ChainColumns.of(chain, level=options.level, prefix=options.prefix)
    parts = find_parts(source, Path(target).resolve())
    tally, done = Tally(), 0
    with ExitStack() as stack:
        room = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wangge-index-")))
        chain.save(room / "chain")
        index = Index.of(room / "chain", shared=scheduler is None)
        open_ones = [part for part in parts if not _is_done(part, index.digest, options, tally)]
        done = len(parts) - len(open_ones)
        if not open_ones:
            return tally
        client = stack.enter_context(_cluster(scheduler, workers))
        for facts in _results(client, open_ones, index, options):
            tally.merge(facts)
            done += 1
            if progress is not None:
                progress(tally.rows, done / len(parts))
        for part in open_ones:
            remove_drafts(part.target)
    return tally


@contextmanager
def _cluster(scheduler: str | None, workers: int | None) -> Iterator[Client]:
    from distributed import Client, LocalCluster  # noqa: PLC0415 - an extra that most do not need

    if scheduler is not None:
        try:
            client = Client(scheduler, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise InvalidInput(f"no Dask scheduler answers at {scheduler!r} ({error})") from error
        with client:
            yield client
        return
    with (
        LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=40
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


def _results(
    client: Client, parts: Sequence[Part], index: Index, options: FileOptions
) -> Iterator[dict[str, Any]]:
    from distributed import as_completed  # noqa: PLC0415 - an extra that most do not need

    client.register_plugin(_plugin(index))
    work = partial(geocode_part, digest=index.digest, options=options)
    futures = client.map(work, parts, pure=False, retries=2)
    try:
        for future in as_completed(futures, loop=client.loop):
            yield future.result()
    finally:
        client.cancel(futures)


def _plugin(index: Index) -> Any:
    """Gives every worker the index as it joins; the scheduler keeps it for those that join later."""
    from distributed import WorkerPlugin  # noqa: PLC0415 - an extra that most do not need

    class HoldsIndex(WorkerPlugin):  # type: ignore[misc]
        name = f"wangge-index-{index.digest[:12]}"

        def setup(self, worker: Any) -> None:
            _hold(index, Path(worker.local_directory))

    return HoldsIndex()


#: In a worker: indexes by their checksum.
_indexes: dict[str, ChainLocator] = {}


def _hold(index: Index, room: Path) -> None:
    # by a function of this module, or the plugin would fill a copy of its own
    _indexes[index.digest] = index.load(room)


def geocode_part(part: Part, *, digest: str, options: FileOptions) -> dict[str, Any]:
    """Geocode one part; runs in a worker that holds the index.

    Returns
    -------
    dict
        How its rows fared, as ``Tally.facts``.
    """
    columns = ChainColumns.of(_indexes[digest], level=options.level, prefix=options.prefix)
    made_from = _made_from(part, digest, options)
    tally = Tally()
    part.target.parent.mkdir(parents=True, exist_ok=True)
    with open_rows(part.source) as rows:
        located = with_chain(rows, columns, options.place_in(rows), tally)
        with whole_file(part.target, force=True) as draft:
            footer = lambda: {_FACTS: json.dumps({**made_from, **tally.facts}).encode()}  # noqa: E731
            write_parquet(draft, columns.schema(rows.schema), ahead(located), footer)
    return tally.facts


def _made_from(part: Part, digest: str, options: FileOptions) -> dict[str, Any]:
    about = part.source.stat()
    return {
        "source": part.source.name,
        "bytes": about.st_size,
        "modified": about.st_mtime_ns,
        "index": digest,
        "options": {name: value for name, value in asdict(options).items() if value not in {None, ""}},
    }


def _is_done(part: Part, digest: str, options: FileOptions, tally: Tally) -> bool:
    """Whether a part is there already; its rows are counted then."""
    if not part.target.exists():
        return False
    try:
        facts = json.loads((parquet.read_metadata(part.target).metadata or {})[_FACTS])
    except (KeyError, ValueError, OSError, pa.ArrowException) as error:
        raise Conflict(
            f"{part.target} exists and was not made by this command; name an empty folder to write to"
        ) from error
    made_from = _made_from(part, digest, options)
    if any(facts.get(name) != value for name, value in made_from.items()):
        raise Conflict(
            f"{part.target} exists and was made from another source, index or options; "
            "remove it, or name an empty folder to write to"
        )
    tally.merge(facts)
    return True
