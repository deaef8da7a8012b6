"""Lambda's runtime API for one function on the loopback, with a clock: what `benches/lambda.py` measures with.

A function polls `/2018-06-01/runtime/invocation/next` and posts what it answers. From the start of the process
to the first poll is its init; from handing out an event to the answer is its duration.
"""

import json
import os
import queue
import subprocess
import threading
import time
import uuid
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

BASE = "/2018-06-01/runtime/"


@dataclass
class Measured:
    """One invocation: seconds, seconds of processor time, the most memory so far in MiB, what was answered."""

    seconds: float
    processor: float
    memory: float
    answer: dict


class Function:
    """A running function. Use it as a context: it ends with the block."""

    def __init__(self, program, environment, core, log):
        self.events, self.answers = queue.Queue(), queue.Queue()
        self.polled = threading.Event()
        self.first_poll = None
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        environment = {**environment, "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self.server.server_port}"}
        self.log = open(log, "ab")
        self.begun = time.perf_counter()
        self.process = subprocess.Popen(
            [program], env=environment, stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT,
            preexec_fn=lambda: os.sched_setaffinity(0, {core}))

    def __enter__(self):
        if not self.polled.wait(30):
            self.__exit__()
            raise RuntimeError("the function did not ask for an event")
        self.init = self.first_poll - self.begun
        self.init_memory = self._memory()
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.events.put(None)
        self.server.shutdown()
        self.server.server_close()
        self.log.close()

    def invoke(self, event, seconds=900):
        before = self._processor()
        begun = time.perf_counter()
        self.events.put(json.dumps(event).encode())
        end = begun + seconds
        while True:
            try:
                kind, body, at = self.answers.get(timeout=1)
                break
            except queue.Empty:
                if self.process.poll() is not None or time.perf_counter() > end:
                    raise RuntimeError("the function ended, or took longer than it may") from None
        if kind != "response":
            raise RuntimeError("the function failed an event")
        return Measured(at - begun, self._processor() - before, self._memory(), json.loads(body))

    def _memory(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        (line,) = [line for line in status.splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1]) / 1024

    def _processor(self):
        """Nanoseconds on a processor of all its threads, as seconds."""
        total = 0
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            try:
                total += int((task / "schedstat").read_text().split()[0])
            except OSError:
                continue
        return total / 1e9

    def _handler(self):
        function = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                if function.first_poll is None:
                    function.first_poll = time.perf_counter()
                    function.polled.set()
                event = function.events.get()
                if event is None:
                    self.close_connection = True
                    return
                self.send_response(200)
                for name, value in {
                    "lambda-runtime-aws-request-id": str(uuid.uuid4()),
                    "lambda-runtime-deadline-ms": str(int(time.time() * 1000) + 900_000),
                    "lambda-runtime-invoked-function-arn": "arn:aws:lambda:eu-central-1:000000000000:function:bench",
                    "content-type": "application/json",
                    "content-length": str(len(event)),
                }.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(event)

            def do_POST(self):
                at = time.perf_counter()
                length = self.headers.get("content-length")
                body = self.rfile.read(int(length)) if length else self._chunks()
                self.send_response(202)
                self.send_header("content-length", "0")
                self.end_headers()
                function.answers.put((self.path.rsplit("/", 1)[-1], body, at))

            def _chunks(self):
                body = b""
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body

            def log_message(self, *_):
                pass

        return Handler
