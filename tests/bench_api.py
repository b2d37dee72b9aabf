"""How fast the API answers, beside an MLflow server that answers the bare prediction of the very same model.

``python -m tests.bench_api`` (about two minutes; ``python -m tests.bench_api score`` leaves the lists out). The peer is
looked for in the environment whose Python the variable MLFLOW_PYTHON names (mlflow and scikit-learn installed there);
without it the peer's column stays empty. Nothing is gated: the figures are printed.
"""

import json
import os
import re
import selectors
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

import psutil

from service.settings import settings
from service.usecases import Programme
from tests.api_peer import Twin, predicting_by, twin
from tests.api_rig import server
from training.learning.champion import LINEAR, PAIRS

SECONDS = 8.0


def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as place:
        print("| at 16 connections | requests/s | processor each | p50 | p99 |\n|---|---|---|---|---|")
        homes = [scored(Path(place) / learner, learner) for learner in (PAIRS, LINEAR)]
        print("\nstart to first answer, published model: " + ", ".join(f"{took:.2f} s" for took in homes))
        if "score" not in sys.argv[1:]:
            lists(Path(place) / "large")


def scored(place: Path, learner: str) -> float:
    """Rows of one learner, ours and the peer's; seconds from start to first answer."""
    with predicting_by(learner):
        home = city(place, mentors=160, businesses=4000)
    programme, same = Programme(settings(home=home)), twin(home, learner)
    token = str(programme.add_token(role="analyst", name="bench")["token"])
    programme.store.close()
    body = json.dumps(same.asked)
    with server(home) as address:
        ours = load(address, "POST", "/api/v1/score", 16, body=body, token=token)
    show(f"POST /api/v1/score, {learner}: token, validation, prediction, reasons", ours)
    peer = mlflow(place, same)
    if peer is None:
        print("MLFLOW_PYTHON names no Python with mlflow: no peer in this run")
    else:
        more, less = ours["rate"] / peer["rate"], peer["each"] / ours["each"]
        show(
            f"MLflow server, the same {learner} model's bare prediction of a coded row: ours {more:.1f} × in requests, "
            f"{less:.1f} × in processor",
            peer,
        )
    return first_answer(home, token, body)


def city(place: Path, **size: int) -> Path:
    """A home with a trained sample city."""
    programme = Programme(settings(home=place / "home"))
    programme.sample(place / "city", months=36, seed=2005, **size)
    programme.import_([place / "city"])
    programme.train()
    programme.plan(budget=100_000_000)
    programme.store.close()
    return place / "home"


def load(
    address: str, method: str, path: str, connections: int, *, body: str = "", token: str = "", of: int | None = None
) -> dict[str, float]:
    """Requests for ``SECONDS`` over kept connections: rate, processor seconds of the server each, p50 and p99.

    One thread asks over all connections, each anew as soon as it is answered, so that the asker's own threads do not
    wait for one another.
    """
    host = address.removeprefix("http://")
    process = psutil.Process(of or listening(host))
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    ask(HTTPConnection(host), method, path, body, headers)
    told = {"Host": host, "Content-Length": str(len(body.encode())), **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    request = f"{method} {path} HTTP/1.1\r\n{lines}\r\n{body}".encode()
    before, begun = used(process), time.perf_counter()
    every = sorted(waits(host, request, connections, begun + SECONDS))
    took, spent = time.perf_counter() - begun, used(process) - before
    return {
        "rate": len(every) / took,
        "each": spent / len(every),
        "p50": statistics.median(every),
        "p99": every[min(len(every) - 1, int(0.99 * len(every)))],
    }


def waits(host: str, request: bytes, connections: int, until: float) -> list[float]:
    """How long each answer took to come, in seconds; fails where one is no success."""
    name, _, port = host.rpartition(":")
    found: list[float] = []
    with selectors.DefaultSelector() as ready, ExitStack() as opened:
        for _ in range(connections):
            one = opened.enter_context(socket.create_connection((name, int(port))))
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            ready.register(one, selectors.EVENT_READ, Waiting(time.perf_counter()))
            one.sendall(request)
        while time.perf_counter() < until:
            for key, _ in ready.select(0.2):
                waiting: Waiting = key.data
                if waiting.whole(key.fileobj.recv(1_000_000)):
                    found.append(time.perf_counter() - waiting.since)
                    ready.modify(key.fileobj, selectors.EVENT_READ, Waiting(time.perf_counter()))
                    key.fileobj.sendall(request)
    return found


@dataclass
class Waiting:
    """An answer that is still coming."""

    since: float
    come: bytearray = field(default_factory=bytearray)

    def whole(self, more: bytes) -> bool:
        """Take more of it; whether it is there to its end."""
        assert more, "the server closed the connection"
        self.come += more
        head, found, rest = self.come.partition(b"\r\n\r\n")
        if not found:
            return False
        assert head.split(b" ", 2)[1] == b"200", bytes(self.come[:300])
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        assert length, bytes(head)
        return len(rest) >= int(length[1])


def ask(connection: HTTPConnection, method: str, path: str, body: str, headers: dict[str, str]) -> bytes:
    """One answer; fails where it is no success."""
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status == 200, text[:300]
    return text


def used(process: psutil.Process) -> float:
    """Processor seconds of a process and those it started."""
    every = [process, *process.children(recursive=True)]
    return sum(sum(one.cpu_times()[:2]) for one in every)


def listening(host: str) -> int:
    """Process that listens on this port."""
    port = int(host.rpartition(":")[2])
    return next(
        one.pid
        for one in psutil.net_connections("tcp")
        if one.status == "LISTEN" and one.laddr.port == port and one.pid
    )


def show(name: str, found: dict[str, float]) -> None:
    """One row of the table."""
    each, p50, p99 = (1000 * found[key] for key in ("each", "p50", "p99"))
    print(f"| {name} | {found['rate']:,.0f} | {each:.2f} ms | {p50:.1f} ms | {p99:.1f} ms |", flush=True)


def mlflow(place: Path, same: Twin) -> dict[str, float] | None:
    """The same load on an MLflow server of the same model; None without one. Fails where it predicts otherwise."""
    python = os.environ.get("MLFLOW_PYTHON", "")
    if not python:
        return None
    with serving(python, same.saved(python, place / "peer")) as (address, process):
        host, told = address.removeprefix("http://"), {"Content-Type": "application/json"}
        found = json.loads(ask(HTTPConnection(host), "POST", "/invocations", same.body(), told))["predictions"][0]
        assert abs(found - same.expected) <= 1e-9, (found, same.expected)
        return load(address, "POST", "/invocations", 16, body=same.body(), of=process)


@contextmanager
def serving(python: str, model: Path) -> Iterator[tuple[str, int]]:
    """MLflow's own server with one worker."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [python, "-m", "mlflow", "models", "serve", "-m", str(model), "--env-manager", "local"]
    command += ["-p", str(port), "-h", "127.0.0.1", "-w", "1"]
    path = os.pathsep.join([str(Path(python).parent), os.environ["PATH"]])
    process = subprocess.Popen(
        command,
        env={**os.environ, "PATH": path},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        waited(lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/ping", timeout=2), 90)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        for one in [*psutil.Process(process.pid).children(recursive=True), process]:
            one.terminate()
        process.wait(20)


def waited(reach: Callable[[], object], seconds: float) -> None:
    """Wait until something can be reached."""
    until = time.monotonic() + seconds
    while True:
        try:
            reach()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def first_answer(home: Path, token: str, body: str) -> float:
    """Seconds from the start of ``serve`` to its first answer of a score; the best of three."""
    found = []
    for _ in range(3):
        begun = time.perf_counter()
        with server(home) as address:
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
            ask(HTTPConnection(address.removeprefix("http://")), "POST", "/api/v1/score", body, headers)
            found.append(time.perf_counter() - begun)
    return min(found)


def lists(place: Path) -> None:
    """The lists of a large programme at 50 connections."""
    home = city(place, mentors=500, businesses=5000)
    programme = Programme(settings(home=home))
    rows = {name: len(programme.snapshot()[name]) for name in ("mentors", "businesses", "reports")}
    token = str(programme.add_token(role="manager", name="bench")["token"])
    print(f"\n| at 50 connections, {rows} | requests/s | processor each | p50 | p99 |\n|---|---|---|---|---|")
    with server(home) as address:
        for path in ("/mentors?limit=50", "/mentors", "/index?by=district", "/plans", "/models", "/mentors/M010/score"):
            show(f"GET {path}", load(address, "GET", f"/api/v1{path}", 50, token=token))


if __name__ == "__main__":
    main()
