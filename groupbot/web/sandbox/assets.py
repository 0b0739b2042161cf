"""The page's files: read once, compressed once, named by their content so that a browser may keep them."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "page"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
LOADED = ("style.css", "messages.js", "sandbox.js")
KEPT = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """One file as it goes out: its plain and its compressed bytes, and a tag that changes with them."""

    media_type: str
    plain: bytes
    packed: bytes
    tag: str

    def answer(self, request: web.Request, cache: str) -> web.Response:
        """The response for this request: nothing new (304), compressed where the browser takes it, or plain."""
        headers = {"Cache-Control": cache, "ETag": f'"{self.tag}"', "Vary": "Accept-Encoding"}
        if f'"{self.tag}"' in request.headers.get("If-None-Match", ""):
            return web.Response(status=304, headers=headers)
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return web.Response(body=self.packed, content_type=self.media_type, charset="utf-8", headers=headers)
        return web.Response(body=self.plain, content_type=self.media_type, charset="utf-8", headers=headers)


@dataclass(frozen=True)
class Assets:
    """The page, and what it loads by name."""

    page: Asset
    loaded: dict[str, Asset]


def read_assets(folder: Path = FOLDER) -> Assets:
    """Read the page's files; the page names the others with their tag (style.css?v=…). Raises OSError."""
    loaded = {name: _asset(name, (folder / name).read_bytes()) for name in LOADED}
    page = (folder / "index.html").read_text(encoding="utf-8")
    for name, asset in loaded.items():
        page = page.replace(f'"{name}"', f'"{name}?v={asset.tag}"')
    return Assets(_asset("index.html", page.encode()), loaded)


def _asset(name: str, plain: bytes) -> Asset:
    tag = hashlib.sha256(plain).hexdigest()[:12]
    return Asset(TYPES[Path(name).suffix], plain, gzip.compress(plain, 9, mtime=0), tag)
