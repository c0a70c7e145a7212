"""The server as a process: readiness, limits, slow clients, lost workers, and a quiet end."""

from __future__ import annotations

import base64
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving_model import (
    CUSTOM_ATTRIBUTES,
    LABELS,
    SHA256,
    TRAINING,
    Answer,
    Running,
    running,
    start,
    until,
    write_artifact,
)
from serving_samples import encoded, hostile_images, picture

from breeds.serve.__main__ import main, parse

JPEG = encoded(picture())
# Times that a test can wait for; all other tests stay far below them.
HASTY = "head_seconds=1, body_seconds=1, idle_seconds=2, answer_seconds=6, log_requests=False"


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_artifact(tmp_path_factory.mktemp("artifact"))


@pytest.fixture(scope="module")
def server(artifact: Path) -> Iterator[Running]:
    settings = f"workers=2, limits=Limits(body_bytes=2_000_000), bodies_bytes=5_000_000, connections=40, {HASTY}"
    with running(artifact, settings, {"MODEL_SHA256": SHA256}) as server:
        yield server


def connect(server: Running) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=20)


def everything(connection: socket.socket) -> bytes:
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


def raw(server: Running, content: bytes) -> bytes:
    with connect(server) as connection:
        connection.sendall(content)
        return everything(connection)


def test_ping_and_invocations_are_answered(server: Running) -> None:
    ping, answer = server.send("GET", "/ping"), server.ask(JPEG)

    assert (ping.status, ping.body) == (200, b"")
    assert answer.status == 200
    assert answer.headers[CUSTOM_ATTRIBUTES] == f"model-sha256={SHA256}"
    assert len(json.loads(answer.body)[0]) == 5


def test_labels_are_chosen_by_query_header_or_field(server: Running) -> None:
    for answer in (
        server.ask(JPEG, path="/invocations?top=2"),
        server.ask(JPEG, path="/invocations?" + "&" * 500 + "x=1&top=2"),
        server.ask(JPEG, Accept=f"{LABELS};top=2"),
        server.ask(b'{"image": "%s", "top": 2}' % base64.b64encode(JPEG), "application/json"),
    ):
        assert (answer.status, answer.headers["Content-Type"]) == (200, LABELS)
        assert len(json.loads(answer.body)["predictions"][0]) == 2


@pytest.mark.parametrize("query", ["top=", "top=x", "top=%32", "top=99"])
def test_a_query_that_cannot_be_is_refused(server: Running, query: str) -> None:
    assert server.ask(JPEG, path=f"/invocations?{query}").code() == "malformed-request"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/", 404, "not-found"),
        ("POST", "/../etc/passwd", 404, "not-found"),
        ("GET", "/models?" + "&" * 500, 404, "not-found"),
        ("POST", "/ping", 405, "method-not-allowed"),
        ("GET", "/invocations", 405, "method-not-allowed"),
        ("DELETE", "/invocations", 405, "method-not-allowed"),
    ],
)
def test_nothing_else_is_there(server: Running, method: str, path: str, status: int, code: str) -> None:
    answer = server.send(method, path)

    assert (answer.status, answer.code()) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert ("Allow" in answer.headers) == (status == 405)


def test_a_connection_serves_several_requests_in_order(server: Running) -> None:
    ping = b"GET /ping HTTP/1.1\r\nHost: a\r\n\r\n"
    image = b"POST /invocations HTTP/1.1\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(JPEG) + JPEG

    found = raw(server, ping + image + ping[:-2] + b"Connection: close\r\n\r\n")

    assert re.findall(rb"HTTP/1.1 (\d+)[^\[]*?Content-Length: (\d+)", found)[0] == (b"200", b"0")
    assert found.count(b"HTTP/1.1 200 OK") == 3
    assert found.index(b"[[") > found.index(b"HTTP/1.1 200 OK", 10)


def test_curl_is_told_to_go_on(server: Running) -> None:
    head = b"POST /invocations HTTP/1.1\r\nContent-Type: image/jpeg\r\nExpect: 100-continue\r\nConnection: close\r\n"
    with connect(server) as connection:
        connection.sendall(head + b"Content-Length: %d\r\n\r\n" % len(JPEG))
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(JPEG)

        assert everything(connection).startswith(b"HTTP/1.1 200 OK")


def test_a_body_that_is_too_large_is_refused_unread(server: Running) -> None:
    head = b"POST /invocations HTTP/1.1\r\nContent-Type: image/jpeg\r\nExpect: 100-continue\r\n"

    answer = raw(server, head + b"Content-Length: 2000001\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"2000001 bytes; at most 2000000" in answer
    assert server.ask(bytes(6_000_000)).code() == "body-too-large"


@pytest.mark.parametrize(
    "content",
    [b"\x16\x03\x01\x02\x00\r\n\r\n", b"GET /ping HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n"],
)
def test_what_is_no_http_is_refused_and_the_connection_closed(server: Running, content: bytes) -> None:
    answer = raw(server, content + b"GET /ping HTTP/1.1\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert len(re.findall(rb"^HTTP/1\.1 ", answer, re.MULTILINE)) == 1


def test_headers_and_bodies_that_trickle_in_are_cut_off(server: Running) -> None:
    head = b"POST /invocations HTTP/1.1\r\nContent-Type: image/jpeg\r\nContent-Length: 100\r\n\r\n"

    answers = [raw(server, b"POST /invocations HTTP/1.1\r\nA: "), raw(server, head + b"x")]

    assert all(answer.startswith(b"HTTP/1.1 408 ") for answer in answers)
    assert b"The headers did not arrive" in answers[0] and b"The body did not arrive" in answers[1]


def test_slow_clients_keep_no_other_from_an_answer(server: Running) -> None:
    """Thirty clients send a byte at a time, for longer than any of them is allowed."""
    stop = threading.Event()
    slow = [connect(server) for _ in range(30)]

    def trickle() -> None:
        head = b"POST /invocations HTTP/1.1\r\nContent-Type: image/jpeg\r\nContent-Length: 9999\r\n\r\n" + bytes(999)
        for at in range(len(head)):
            for connection in slow:
                try:
                    connection.send(head[at : at + 1])
                except OSError:
                    continue
            if stop.wait(0.02):
                return

    thread = threading.Thread(target=trickle)
    thread.start()
    try:
        assert [server.ask(JPEG).status for _ in range(10)] == [200] * 10
        assert server.send("GET", "/ping").status == 200
    finally:
        stop.set()
        thread.join()
        for connection in slow:
            connection.close()


def test_too_many_connections_are_turned_away_and_the_others_served(server: Running) -> None:
    connections = [connect(server) for _ in range(60)]
    try:
        until(lambda: len(select.select(connections, [], [], 0)[0]) >= 20)
        answers = [connection.recv(1000) for connection in select.select(connections, [], [], 0)[0]]
    finally:
        for connection in connections:
            connection.close()

    # The others have waited too long for a request of theirs, and are closed without a word.
    turned_away = [answer for answer in answers if answer != b""]
    assert len(turned_away) >= 20
    assert all(answer.startswith(b"HTTP/1.1 503 ") and b'"overloaded"' in answer for answer in turned_away)
    until(lambda: server.ask(JPEG).status == 200)


def test_bodies_in_memory_are_limited_in_all(server: Running) -> None:
    head = b"POST /invocations HTTP/1.1\r\nContent-Type: image/jpeg\r\nContent-Length: 2000000\r\n\r\n"
    held = [connect(server) for _ in range(2)]
    try:
        for connection in held:
            connection.sendall(head + b"x")
        answer = raw(server, head + b"x")
    finally:
        for connection in held:
            connection.close()

    assert answer.startswith(b"HTTP/1.1 503 ") and b"Too many large requests" in answer
    until(lambda: raw(server, head + b"x").startswith(b"HTTP/1.1 408 "))


def test_a_client_that_leaves_harms_nothing(server: Running) -> None:
    for content in (b"", b"G", b"POST /invocations HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"):
        connect(server).close()
        with connect(server) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.sendall(content)

    assert server.ask(JPEG).status == 200


def test_many_clients_at_once_get_each_their_own_answer(server: Running) -> None:
    images = [encoded(picture(60 + number, 60)) for number in range(8)]
    expected = [server.ask(image).body for image in images]
    found: dict[int, Answer] = {}

    def ask(number: int) -> None:
        found[number] = server.ask(images[number % 8])

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(expected)) == 8
    assert [found[number].body for number in range(24)] == expected * 3


def test_hostile_images_end_no_worker(server: Running) -> None:
    before = server.workers()

    statuses = {server.ask(content, "application/x-image").status for content, _ in hostile_images().values()}

    assert statuses <= {400, 413, 415, 422}
    assert server.workers() == before and len(before) == 2


def test_a_worker_that_hangs_is_ended_and_replaced(server: Running) -> None:
    hanging, other = server.workers()
    os.kill(hanging, signal.SIGSTOP)

    answers = [server.ask(JPEG) for _ in range(2)]

    # The other worker takes what the hanging one leaves.
    assert sorted(answer.status for answer in answers) in ([200, 200], [200, 504])
    until(lambda: server.ask(JPEG).status == 200 and hanging not in server.workers())
    assert other in server.workers()
    until(lambda: len(server.workers()) == 2)


def test_a_worker_that_dies_loses_one_request_at_most(server: Running) -> None:
    until(lambda: len(server.workers()) == 2)
    os.kill(server.workers()[0], signal.SIGKILL)

    answers = [server.ask(JPEG) for _ in range(4)]

    codes = [answer.code() for answer in answers if answer.status != 200]
    # The worker that replaced the hanging one may not be ready yet.
    assert codes.count("internal") <= 1 and set(codes) <= {"internal", "not-ready", "timed-out"}
    until(lambda: server.ask(JPEG).status == 200)


def test_a_full_queue_answers_at_once_and_workers_end_with_their_server(artifact: Path) -> None:
    with running(artifact, "waiting=0, log_requests=False") as server:
        (worker,) = server.workers()
        os.kill(worker, signal.SIGSTOP)
        answers: list[Answer] = []
        threads = [threading.Thread(target=lambda: answers.append(server.ask(JPEG))) for _ in range(5)]
        for thread in threads:
            thread.start()
        until(lambda: len(answers) >= 3)
        os.kill(worker, signal.SIGCONT)
        for thread in threads:
            thread.join()
        server.process.kill()
        until(lambda: not _alive(worker))

    assert {answer.code() for answer in answers if answer.status != 200} == {"overloaded"}
    assert {answer.status for answer in answers} == {200, 503}


def _alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_ping_says_503_before_the_model_is_warm_and_a_begun_request_is_answered_after_sigterm(artifact: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = [sys.executable, "-m", "breeds.serve", "--model", str(artifact), "--port", str(port), "--workers", "1"]
    with subprocess.Popen(program, cwd=TRAINING, stdout=subprocess.PIPE, text=True) as serving:
        try:
            server = Running(serving, port)
            statuses: list[int] = []

            def pinged() -> bool:
                try:
                    statuses.append(server.send("GET", "/ping").status)
                except ConnectionError:
                    return False
                if statuses == [503]:
                    assert server.ask(JPEG).code() == "not-ready"
                return statuses[-1] == 200

            until(pinged)
            assert statuses[0] == 503 and set(statuses) == {200, 503}
            server.ask(b"", **{CUSTOM_ATTRIBUTES: "correlation-id=<script>"})

            (worker,), answers = server.workers(), list[Answer]()
            os.kill(worker, signal.SIGSTOP)
            headers = {CUSTOM_ATTRIBUTES: "correlation-id=abc-1"}
            thread = threading.Thread(target=lambda: answers.append(server.ask(JPEG, **headers)))
            idle = connect(server)
            thread.start()
            time.sleep(0.5)
            serving.terminate()
            # A connection without a request is closed.
            assert idle.recv(10) == b""
            os.kill(worker, signal.SIGCONT)
            thread.join()
            assert [answer.status for answer in answers] == [200]
            assert serving.wait(120) == 0
            assert not _alive(worker)
            assert serving.stdout is not None
            lines = [json.loads(line) for line in serving.stdout]
        finally:
            # Or a failure would wait for the server's end.
            serving.kill()

    unready, ready, refused, served = lines
    assert (unready["message"], unready["code"]) == ("request", "not-ready")
    assert (ready["message"], ready["port"], ready["workers"]) == ("ready", port, 1)
    assert (refused["status"], refused["code"]) == (400, "malformed-request")
    assert "correlationId" not in refused
    assert (served["status"], served["correlationId"]) == (200, "abc-1")


def test_a_tampered_model_is_never_ready(artifact: Path, tmp_path: Path) -> None:
    folder = write_artifact(tmp_path / "model")
    (folder / "class_to_idx.json").write_text("{}")
    process = start(folder)

    out, err = process.communicate(timeout=300)

    assert process.returncode == 1
    assert out == ""
    assert "error: class_to_idx.json is not the file that was exported" in err
    assert "Traceback" not in err


def test_sigterm_while_the_model_loads_ends_the_server(artifact: Path) -> None:
    process = start(artifact)
    until(lambda: len(Running(process, 0).workers()) == 1)

    process.send_signal(signal.SIGTERM)

    assert process.wait(120) == 0
    process.communicate()


def test_a_port_that_is_taken_is_told(artifact: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["--model", str(artifact), "--port", port], {}) == 1

    assert f"error: 127.0.0.1:{port} cannot be listened at" in capsys.readouterr().err


def test_the_container_decides_where_the_arguments_do_not() -> None:
    told = parse([], {"SM_MODEL_DIR": "/m", "SAGEMAKER_BIND_TO_PORT": "8081", "SERVE_WORKERS": "3"}, 7)
    plain = parse([], {}, 7)
    asked = parse(["--port", "0", "--workers", "2", "--quiet"], {"SAGEMAKER_BIND_TO_PORT": "8081"}, 7)

    assert (told.model, told.host, told.port, told.workers) == (Path("/m"), "127.0.0.1", 8081, 3)
    assert (plain.model, plain.port, plain.workers, plain.threads) == (Path("/opt/ml/model"), 8080, 7, 1)
    assert (asked.port, asked.workers, asked.log_requests) == (0, 2, False)


@pytest.mark.parametrize(
    "argv", [["--workers", "0"], ["--port", "65536"], ["--threads", "²"], ["--waiting", "-1"], ["x"]]
)
def test_arguments_that_cannot_be_end_with_status_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(argv, {}, 1)

    assert ended.value.code == 2
    assert argv[-1] in capsys.readouterr().err
