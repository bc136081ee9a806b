"""The routes of the HMI: its files, and its first page for every address that is a screen of it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Protocol

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

from automation.publishers.hmi.files import StaticFile, StaticFiles
from automation.security.principal import Permission

_NEVER_OURS = ("api", "socket.io", "swaggerui", "metrics")
_IMMUTABLE = "public, max-age=31536000, immutable"
_NOT_BUILT = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Automation Runtime</title></head>
<body>
<h1>The HMI is not built</h1>
<p>The runtime is running. To build the HMI, run <code>make hmi</code> in the project's folder and reload this page;
an installed package brings it along.</p>
<p>The REST interface is described at <a href="/api/docs">/api/docs</a>.</p>
</body>
</html>
"""


class Gate(Protocol):
    """Where routes declare who may use them."""

    def declare(self, endpoint: str, method: str, permission: Permission | None, *, pending: bool = False) -> None:
        """Let callers with the permission, or everybody if None, use the method of the endpoint."""


def register(app: Flask, gate: Gate, folder: Path | None) -> None:
    """Serve the HMI of the folder at ``/``, to everybody; a page that says so if there is none."""
    files = None if folder is None else StaticFiles(folder)

    def serve(path: str = "") -> Response:
        return _serve(files, path)

    app.add_url_rule("/", "hmi_index", serve)
    app.add_url_rule("/<path:path>", "hmi_file", serve)
    for endpoint in ("hmi_index", "hmi_file"):
        gate.declare(endpoint, "GET", None)


def _serve(files: StaticFiles | None, path: str) -> Response:
    if path.partition("/")[0] in _NEVER_OURS:
        raise NotFound
    is_screen = _is_screen(path)
    if files is None:
        if not is_screen:
            raise NotFound
        return Response(_NOT_BUILT, status=503, mimetype="text/html", headers={"Cache-Control": "no-store"})
    file = files.get(path) if path else None
    if file is not None:
        return _answer(file, _IMMUTABLE if path.startswith("assets/") else "no-cache")
    index = files.get("index.html") if is_screen else None
    if index is None:
        raise NotFound
    return _answer(index, "no-cache")


def _is_screen(path: str) -> bool:
    """True for an address within the HMI; names in it, such as of a tag, may have dots."""
    first, *inner = PurePosixPath(path).parts or ("",)
    return ".." not in inner and first != ".." and (first != "assets" if inner else "." not in first)


def _answer(file: StaticFile, caching: str) -> Response:
    packed = file.compressed is not None and request.accept_encodings.quality("gzip") > 0
    body = file.compressed if packed and file.compressed is not None else file.content
    response = Response(body, mimetype=file.type)
    response.headers["Cache-Control"] = caching
    if file.compressed is not None:
        response.headers["Vary"] = "Accept-Encoding"
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(file.tag + ("-gz" if packed else ""))
    response.make_conditional(request.environ)
    return response
