"""Settings, one class per concern, read from the environment once, at the edge.

A function that needs a setting takes it as an argument; only ``api.cli``, ``api.app`` and
``geo.open_session`` call :func:`Settings.from_environment`.
"""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

from pydantic import BaseModel, Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

CHECKOUT = Path(__file__).resolve().parent.parent


class DatabaseSettings(BaseSettings):
    """Which PostGIS to use; all empty means the embedded one under the state directory.

    Attributes
    ----------
    url
        ``DATABASE_URL``: a PostGIS of the user's, reached as a role that may create tables.
    app_url, loader_url, planner_url
        The same database reached as the application, loader or planner role. When empty, ``url`` is used
        with that role set on the connection.
    """

    model_config = SettingsConfigDict(env_prefix="DATABASE_", extra="ignore")

    url: str | None = None
    app_url: str | None = None
    loader_url: str | None = None
    planner_url: str | None = None


class ServerSettings(BaseSettings):
    """How the web server listens and what its pages show.

    Attributes
    ----------
    host, port, workers
        Where to listen; loopback unless told otherwise. ``PORT`` changes the port.
    basemap_url
        ``WANGGE_BASEMAP_URL``: an XYZ tile template (``{z}/{x}/{y}``) drawn under the maps; empty for none.
    basemap_attribution
        ``WANGGE_BASEMAP_ATTRIBUTION``: whose tiles those are.
    secure_cookies
        ``WANGGE_SECURE_COOKIES``: cookies only over HTTPS; set it behind a TLS proxy.
    allowed_hosts
        ``WANGGE_ALLOWED_HOSTS``: names beside localhost under which browsers reach the server, with commas
        between them.
    local_networks
        ``WANGGE_LOCAL_NETWORKS``: networks that count as this machine for demo accounts, such as that of a
        container's gateway, with commas between them.
    """

    model_config = SettingsConfigDict(env_prefix="WANGGE_", extra="ignore", populate_by_name=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535, validation_alias="PORT")
    workers: int = Field(default=1, ge=1, le=64)
    basemap_url: str | None = None
    basemap_attribution: str = ""
    secure_cookies: bool = False
    allowed_hosts: str = ""
    local_networks: str = ""

    @field_validator("local_networks")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        for network in filter(None, (part.strip() for part in value.split(","))):
            ip_network(network)
        return value


class BatchSettings(BaseSettings):
    """How much one ``POST /geocode/batch`` may ask for.

    Attributes
    ----------
    rows
        ``WANGGE_BATCH_ROWS``: points in one request.
    body_bytes
        ``WANGGE_BATCH_BODY_BYTES``: size of its body.
    row_bytes
        ``WANGGE_BATCH_ROW_BYTES``: size of one line or one JSON item.
    arrow_batch_bytes
        ``WANGGE_BATCH_ARROW_BATCH_BYTES``: size of one record batch of an Arrow stream.
    at_once
        ``WANGGE_BATCH_AT_ONCE``: requests answered at a time by one worker process.
    """

    model_config = SettingsConfigDict(env_prefix="WANGGE_BATCH_", extra="ignore")

    rows: int = Field(default=10_000_000, ge=1)
    body_bytes: int = Field(default=1024**3, ge=1)
    row_bytes: int = Field(default=1024**2, ge=1024)
    arrow_batch_bytes: int = Field(default=64 * 1024**2, ge=1024)
    at_once: int = Field(default=4, ge=1)


class PathSettings(BaseSettings):
    """Where local state lives.

    Attributes
    ----------
    state_dir
        ``WANGGE_STATE_DIR``: embedded database, secrets, caches. Default ``.wangge`` in the checkout.
    """

    model_config = SettingsConfigDict(env_prefix="WANGGE_", extra="ignore")

    state_dir: Path = CHECKOUT / ".wangge"


class Settings(BaseModel):
    """All settings together."""

    database: DatabaseSettings = Field(default_factory=DatabaseSettings)
    server: ServerSettings = Field(default_factory=ServerSettings)
    batch: BatchSettings = Field(default_factory=BatchSettings)
    paths: PathSettings = Field(default_factory=PathSettings)

    @classmethod
    def from_environment(cls) -> Settings:
        """Read the environment now."""
        return cls()
