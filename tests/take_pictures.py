"""Takes the README's pictures of the demo city: ``python -m tests.take_pictures FOLDER`` (needs Chromium).

The demo is made in a home of its own, served on a free port, and looked at by a headless browser; every PNG is packed
again with a palette.
"""

import shutil
import struct
import sys
import tempfile
import zlib
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page, sync_playwright

from service.app import create_app
from service.language import LANGUAGES
from service.settings import settings
from service.usecases import Programme
from tests.browser import ARGUMENTS, PROGRAMS, running
from tests.people_rig import cookie_as

PAGES = {
    "home": ("/", 1190),
    "index": ("/index", 1100),
    "mentor": ("/mentors/M002", 1470),
    "plan": ("/plans/1#choice-{choice}", 880),
    "match": ("/matches/1", 1010),
    "model": ("/model", 1060),
}
"""The README's pictures: name, page and height of the window; each is taken in every language as NAME-LANGUAGE.png.
{choice}: the plan's first choice, to which the window is scrolled."""
WIDTH = 1100
MOST_BYTES = 150_000
_HEAD = 8
_CHANNELS = {2: 3, 6: 4}
Bytes = NDArray[np.uint8]


def main(folder: Path) -> None:
    """Make the demo, serve it, and write the pictures to a folder."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        sys.exit("No Chromium was found; install Debian's package chromium.")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        programme = Programme(settings(home=Path(home)))
        programme.demo()
        programme.match()
        first = programme.stored_plan(1)["choices"][0]
        choice = f"{first['mentor_id']}:{first['course_id']}"
        app = create_app(settings(home=Path(home)))
        cookie = "=".join(cookie_as(app.extensions["programme"].store, name="Sari"))

        def logged_in(environ, start_response):
            return app(environ | {"HTTP_COOKIE": cookie}, start_response)

        with running(logged_in) as address, sync_playwright() as playwright:
            window = playwright.chromium.launch(executable_path=program, args=[*ARGUMENTS, "--disable-lcd-text"])
            for (name, (page, height)), lang in product(PAGES.items(), LANGUAGES):
                target = folder / f"{name}-{lang}.png"
                path, _, place = page.format(choice=choice).partition("#")
                look(window.new_page(reduced_motion="reduce"), f"{address}{path}?lang={lang}#{place}", target, height)
                target.write_bytes(packed(target.read_bytes()))
                size = target.stat().st_size
                print(f"{target}: {size:,} bytes")
                if size > MOST_BYTES:
                    sys.exit(f"{target.name} is larger than {MOST_BYTES:,} bytes.")
            window.close()


def look(page: Page, address: str, target: Path, height: int) -> None:
    """One page as the browser shows it."""
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.goto(address)
    page.screenshot(path=target)
    page.close()


def packed(picture: bytes) -> bytes:
    """The same picture with a palette of the 256 colours it uses most; rarer colours become the nearest of them."""
    chunks = list(_chunks(picture))
    width, height, _, kind = struct.unpack(">IIBB", chunks[0][1][:10])
    lines = zlib.decompress(b"".join(body for name, body in chunks if name == b"IDAT"))
    shown = pixels(np.frombuffer(lines, np.uint8).reshape(height, -1), _CHANNELS[kind])[:, :, :3]
    colours, at, count = np.unique(shown.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    palette = colours[np.argsort(-count)[:256]]
    nearest = ((colours[:, None].astype(int) - palette[None].astype(int)) ** 2).sum(axis=2).argmin(axis=1)
    coded = nearest[at].reshape(height, width).astype(np.uint8)
    rows = np.concatenate([np.zeros((height, 1), np.uint8), coded], axis=1).tobytes()
    made = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0),
        b"PLTE": palette.tobytes(),
        b"IDAT": zlib.compress(rows, 9),
        b"IEND": b"",
    }
    return picture[:_HEAD] + b"".join(_chunk(name, body) for name, body in made.items())


def pixels(lines: Bytes, channels: int) -> Bytes:
    """Rows of PNG filters undone (PNG specification, section 9): height × width × channels."""
    done = np.zeros((len(lines) + 1, lines.shape[1] - 1), np.uint8)
    for y, line in enumerate(lines):
        done[y + 1] = _unfiltered(int(line[0]), line[1:], done[y], channels)
    return done[1:].reshape(len(lines), -1, channels)


def _unfiltered(kind: int, line: Bytes, above: Bytes, step: int) -> Bytes:
    if kind == 0:
        return line
    if kind == 1:
        return np.cumsum(line.reshape(-1, step), axis=0, dtype=np.uint8).ravel()
    if kind == 2:
        return line + above
    left, up = [0] * step, above.tolist()
    for i, value in enumerate(line.tolist()):
        a, b, c = left[i], up[i], up[i - step] if i >= step else 0
        guess = (a + b) // 2 if kind == 3 else min((a, b, c), key=lambda at, p=a + b - c: abs(p - at))
        left.append((value + guess) & 255)
    return np.array(left[step:], np.uint8)


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = _HEAD
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        yield picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        at += length + 12


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Give a folder: python -m tests.take_pictures FOLDER")
    main(Path(sys.argv[1]))
