"""The widget's and the pages' files, kept in memory, compressed once, named by what they hold."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import hdrs, web

FOLDER = Path(__file__).parent / "static"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_FOREVER = "public, max-age=31536000, immutable"
_SHORTLY = "public, max-age=300"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, plain and compressed."""

    plain: bytes
    packed: bytes
    content_type: str
    etag: str

    @classmethod
    def read(cls, path: Path) -> Asset:
        plain = path.read_bytes()
        return cls(
            plain,
            gzip.compress(plain, 9, mtime=0),
            _TYPES[path.suffix],
            hashlib.sha256(plain).hexdigest()[:20],
        )


@dataclass(frozen=True, slots=True)
class Assets:
    """All files by `folder/name`; `version` changes with any of them."""

    files: Mapping[str, Asset]
    version: str

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Assets:
        """Read the folder. Raises KeyError for a kind of file that is not served."""
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        files = {path.relative_to(folder).as_posix(): Asset.read(path) for path in paths}
        names = "".join(name + asset.etag for name, asset in files.items())
        return cls(files, hashlib.sha256(names.encode()).hexdigest()[:12])

    async def loader(self, request: web.Request) -> web.Response:
        """The script that other sites include; they may pin it (crossorigin, integrity)."""
        return self._answer(request, "widget.js", _SHORTLY, {hdrs.ACCESS_CONTROL_ALLOW_ORIGIN: "*"})

    async def icon(self, request: web.Request) -> web.Response:
        """The site's icon."""
        return self._answer(request, "site/icon.svg", _SHORTLY)

    async def file(self, request: web.Request) -> web.Response:
        """A file under the version of its set. After an update old addresses give the new files, unkept."""
        cache = _FOREVER if request.match_info["version"] == self.version else "no-store"
        folder = request.path.rsplit("/", 3)[-3]
        return self._answer(request, f"{folder}/{request.match_info['name']}", cache)

    def _answer(
        self, request: web.Request, name: str, cache: str, more: Mapping[str, str] | None = None
    ) -> web.Response:
        asset = self.files.get(name)
        if asset is None:
            raise web.HTTPNotFound(headers={"X-Content-Type-Options": "nosniff"})
        packed = "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, "")
        etag = f'"{asset.etag}{"-gz" if packed else ""}"'
        headers = {
            hdrs.CACHE_CONTROL: cache,
            hdrs.ETAG: etag,
            hdrs.VARY: "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
            **(more or {}),
        }
        if request.headers.get(hdrs.IF_NONE_MATCH) == etag:
            return web.Response(status=304, headers=headers)
        if packed:
            headers[hdrs.CONTENT_ENCODING] = "gzip"
        return web.Response(
            body=asset.packed if packed else asset.plain,
            content_type=asset.content_type,
            charset="utf-8",
            headers=headers,
        )
