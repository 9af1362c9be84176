"""`cstowatch.toml`, read once at the edge into one frozen value."""

from __future__ import annotations

import datetime as dt
import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.delivery.channels import LANGUAGES, Channel, channels_of
from monitor.errors import InvalidConfig

__all__ = ["KEEP_ALL", "KEEP_CHANGED", "Config", "load_config"]

DEFAULT_FILE = "cstowatch.toml"
DEFAULT_DATABASE = "cstowatch.db"
UTC = ZoneInfo("UTC")
DEFAULT_CONTACT = "https://pypi.org/project/csto-watch/"
_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
KEEP_ALL, KEEP_CHANGED = "all", "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What a user can set for every command.

    `sources` and `gazetteer` are files that replace the bundled ones (None: the bundled ones).
    `contact` stands in the User-Agent, so that a site's owner can reach a person. `timezone` is
    where the digest's day begins and ends. `keep_bodies` is what `cstowatch prune` keeps: `all` bodies, or
    of each page the first, the last and those that `changed`. `notify` are the channels to tell, `language`
    is that of the digest's own words. `web` is where the web view is reached, for links to what is stored
    (None: no such links), `atom_file` a feed that is kept up to date (None: none). `digest_at` is the time
    of the local day at which the daemon makes the digest, `metrics_file` a file for the node exporter of
    Prometheus that is written after each run (None: none).
    """

    database: Path
    sources: Path | None = None
    gazetteer: Path | None = None
    contact: str = DEFAULT_CONTACT
    timezone: ZoneInfo = UTC
    keep_bodies: str = KEEP_ALL
    notify: tuple[Channel, ...] = ()
    language: str = "en"
    web: str | None = None
    atom_file: Path | None = None
    digest_at: dt.time = dt.time(7)
    metrics_file: Path | None = None


_KEYS: Mapping[str, str] = {
    "database": "a path",
    "sources": "a path",
    "gazetteer": "a path",
    "contact": "an address or e-mail",
    "timezone": "a time zone such as Europe/Moscow",
    "keep_bodies": f'"{KEEP_ALL}" or "{KEEP_CHANGED}"',
    "language": " or ".join(f'"{code}"' for code in LANGUAGES),
    "web": "an address such as https://watch.example.org",
    "atom_file": "a path",
    "digest_at": 'a time of day such as "07:00"',
    "metrics_file": "a path",
    "notify": "tables headed [[notify]]",
}


def load_config(file: Path | None, database: Path | None) -> Config:
    """The configuration of this call: the command line, then the environment, then the file.

    `file` None: `CSTOWATCH_CONFIG`, else `cstowatch.toml` in the working directory where there is
    one. Relative paths in the file are relative to the file. Raises `InvalidConfig` with every fault
    of the file at once.
    """
    named = file or (Path(os.environ["CSTOWATCH_CONFIG"]) if os.environ.get("CSTOWATCH_CONFIG") else None)
    path = named or Path(DEFAULT_FILE)
    values: Mapping[str, object] = {}
    if named is not None and not named.is_file():
        raise InvalidConfig(f"No configuration at {named}; name an existing file or leave --config out.")
    if path.is_file():
        values = _read(path)
    language = str(values.get("language", "en"))
    web = str(values["web"]).rstrip("/") if "web" in values else None
    zone = ZoneInfo(str(values.get("timezone", "UTC")))
    if database is None and os.environ.get("CSTOWATCH_DB"):
        database = Path(os.environ["CSTOWATCH_DB"])
    beside = path.parent
    return Config(
        database=database or beside / str(values.get("database", DEFAULT_DATABASE)),
        sources=beside / str(values["sources"]) if "sources" in values else None,
        gazetteer=beside / str(values["gazetteer"]) if "gazetteer" in values else None,
        contact=str(values.get("contact", DEFAULT_CONTACT)),
        timezone=zone,
        keep_bodies=str(values.get("keep_bodies", KEEP_ALL)),
        notify=channels_of(values.get("notify", []), beside, language, web, zone)[0],
        language=language,
        web=web,
        atom_file=beside / str(values["atom_file"]) if "atom_file" in values else None,
        digest_at=dt.time.fromisoformat(str(values.get("digest_at", "07:00"))),
        metrics_file=beside / str(values["metrics_file"]) if "metrics_file" in values else None,
    )


def _read(path: Path) -> Mapping[str, object]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidConfig(f"{path} cannot be read as TOML: {error}. Mend the file.") from error
    faults = []
    for key, value in values.items():
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(_KEYS)}"
            faults.append(f"unknown key {key!r} ({hint})")
        elif key == "notify":
            faults += channels_of(value, path.parent)[1]
        elif not isinstance(value, str):
            faults.append(f"{key} must be {_KEYS[key]}, found {value!r}")
        elif key == "timezone" and not _is_zone(value):
            faults.append(f"timezone {value!r} is unknown; name one such as Europe/Moscow")
        elif (
            (key == "digest_at" and not _HOUR.fullmatch(value))
            or (key == "keep_bodies" and value not in {KEEP_ALL, KEEP_CHANGED})
            or (key == "language" and value not in LANGUAGES)
        ):
            faults.append(f"{key} must be {_KEYS[key]}, found {value!r}")
        elif key == "web" and not value.startswith(("http://", "https://")):
            faults.append(f"web must be {_KEYS[key]}, found {value!r}")
    if faults:
        raise InvalidConfig(f"{path}: {'; '.join(faults)}")
    return values


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # "Europe" is a folder of zones
        return False
    return True
