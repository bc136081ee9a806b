"""The HMI as the browser gets it."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from automation.publishers.hmi.folder import hmi_folder
from automation.publishers.hmi.pages import register
from automation.publishers.web.gate import Gate

Get = Callable[..., Any]

SCRIPT = b"console.log('plant');\n" * 200


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    built = tmp_path / "dist"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<html>the HMI</html>")
    (built / "favicon.svg").write_text("<svg/>")
    (built / "assets" / "index-1a2b.js").write_bytes(SCRIPT)
    (built / "assets" / "small.css").write_text("a{}")
    (tmp_path / "secret.txt").write_text("secret")
    (built / "link.txt").symlink_to(tmp_path / "secret.txt")
    return built


@pytest.fixture
def get(app_and_gate: tuple[Flask, Gate], folder: Path) -> Get:
    app, gate = app_and_gate
    register(app, gate, folder)
    http = app.test_client()
    return lambda path, **headers: http.get(path, headers={k.replace("_", "-"): v for k, v in headers.items()})


@pytest.mark.parametrize("path", ["/", "/alarms", "/trends/TK101", "/apps/tank/overview", "/index.html"])
def test_every_screen_starts_with_the_first_page_which_is_never_kept(get: Get, path: str) -> None:
    answer = get(path)

    assert answer.status_code == 200
    assert answer.text == "<html>the HMI</html>"
    assert answer.mimetype == "text/html"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_assets_are_kept_for_ever_and_come_compressed_to_who_takes_it(get: Get) -> None:
    plain = get("/assets/index-1a2b.js")
    packed = get("/assets/index-1a2b.js", Accept_Encoding="gzip, br")

    assert plain.data == SCRIPT
    assert plain.mimetype == "text/javascript"
    assert "immutable" in plain.headers["Cache-Control"]
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == SCRIPT
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert packed.headers["Vary"] == "Accept-Encoding"


def test_a_small_file_is_not_compressed(get: Get) -> None:
    assert "Content-Encoding" not in get("/assets/small.css", Accept_Encoding="gzip").headers


def test_what_the_browser_has_already_is_not_sent_again(get: Get) -> None:
    tag = get("/").headers["ETag"]

    again = get("/", If_None_Match=tag)

    assert again.status_code == 304
    assert again.data == b""


def test_a_new_build_is_seen_at_once(get: Get, folder: Path) -> None:
    get("/")
    (folder / "index.html").write_text("<html>a newer HMI</html>")

    assert "newer" in get("/").text


@pytest.mark.parametrize(
    "path",
    [
        "/assets/missing.js",
        "/assets/missing",
        "/assets",
        "/missing.png",
        "/api/nothing",
        "/socket.io/x",
        "/swaggerui/missing.js",
        "/metrics/x",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/..%5csecret.txt",
        "/link.txt",
        "/assets/a%00.js",
    ],
)
def test_what_is_not_there_is_404_and_nothing_outside_the_folder_is_served(get: Get, path: str) -> None:
    answer = get(path)

    if answer.status_code == 200:  # "/assets" is a word without an extension, hence a screen of the HMI
        assert path == "/assets"
        return
    assert answer.status_code == 404
    assert answer.json["error"]["code"] == "not_found"
    assert b"secret" not in answer.data.replace(b"secret.txt", b"")


@pytest.mark.parametrize("path", ["/tags/TK101.LT", "/tags/TK101.LT/edit", "/equipment/P101.A", "/apps/demo.plant/screen.one"])
def test_a_name_with_dots_in_an_address_is_a_screen_of_the_hmi(get: Get, path: str) -> None:
    assert get(path).data == get("/").data


def test_a_missing_build_is_told_on_a_page(app_and_gate: tuple[Flask, Gate]) -> None:
    app, gate = app_and_gate
    register(app, gate, None)
    http = app.test_client()

    assert http.get("/").status_code == 503
    assert "The HMI is not built" in http.get("/alarms").text
    assert http.get("/assets/x.js").status_code == 404


def test_the_folder_is_one_with_a_first_page_or_none() -> None:
    folder = hmi_folder()

    assert folder is None or (folder / "index.html").is_file()
