"""The emulator: ministack in a folder of its own, on the loopback, on a free port, by TLS.

It is started clean (functions inherit what the server's environment has) and stopped by its own process
group. Signatures, IAM and bucket policies are enforced (`AUTH=true`). It is started by its server
directly, since its own command also takes port 443.
"""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import boto3
from botocore.config import Config

REGION = "eu-central-1"
ACCOUNT = "000000000000"
ROOT_KEYS = ("test", "test")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Emulator:
    """A running emulator. Use it as a context: it ends with the block."""

    def __init__(self, folder, more=None):
        self.folder = Path(folder)
        self.more = more or {}
        self.port = free_port()
        self.endpoint = f"https://localhost:{self.port}"
        self.certificate = self.folder / "ministack-tls" / "server.crt"
        self.log = self.folder / "emulator.log"
        self.process = None
        self.administrators_keys = None

    def __enter__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "TMPDIR": str(self.folder),
            "LANG": "C.UTF-8",
            "AUTH": "true",
            "USE_SSL": "1",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_REGION": REGION,
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "AWS_ENDPOINT_URL": self.endpoint,
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            **self.more,
        }
        # Its own code makes the certificate, below TMPDIR.
        subprocess.run(
            [sys.executable, "-c", "import ministack.core.tls as tls; tls.resolve_tls_material()"],
            env=environment, check=True, stdin=subprocess.DEVNULL,
        )
        self.process = subprocess.Popen(
            [sys.executable, "-m", "hypercorn", "ministack.app:app", "--bind", f"127.0.0.1:{self.port}",
             "--certfile", self.certificate, "--keyfile", self.certificate.with_suffix(".key"),
             "--keep-alive", "75"],
            env=environment, cwd=self.folder, stdin=subprocess.DEVNULL,
            stdout=open(self.log, "w", encoding="utf-8"), stderr=subprocess.STDOUT, start_new_session=True,
        )
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _wait(self):
        context = ssl.create_default_context(cafile=self.certificate)
        for _ in range(300):
            if self.process.poll() is not None:
                raise RuntimeError(f"the emulator ended: {self.log.read_text()[-2000:]}")
            try:
                url = f"{self.endpoint}/_ministack/health"
                with urllib.request.urlopen(url, context=context, timeout=2) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the emulator does not answer")

    def __exit__(self, *_):
        # Its functions are processes of its own group.
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        except ProcessLookupError:
            pass
        self._end_of_functions()

    def _end_of_functions(self):
        """Ends functions that outlived the server: processes that were started in its folder."""
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                inside = Path(os.readlink(entry / "cwd"))
                if self.folder.resolve() in (inside, *inside.parents):
                    os.kill(int(entry.name), signal.SIGKILL)
            except (OSError, ValueError):
                continue

    def client(self, service, keys=ROOT_KEYS, token=None):
        """A client of a service, by default as the account's root."""
        return boto3.client(
            service, region_name=REGION, endpoint_url=self.endpoint, verify=str(self.certificate),
            aws_access_key_id=keys[0], aws_secret_access_key=keys[1], aws_session_token=token,
            config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 2}, signature_version=None),
        )

    def administrator(self, service):
        """A client of a service as a user who may do everything that IAM can allow. The emulator does not
        hold its root user to the policies of buckets; AWS does."""
        if not self.administrators_keys:
            iam = self.client("iam")
            iam.create_user(UserName="administrator")
            document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
            iam.put_user_policy(UserName="administrator", PolicyName="all", PolicyDocument=json.dumps(document))
            key = iam.create_access_key(UserName="administrator")["AccessKey"]
            self.administrators_keys = (key["AccessKeyId"], key["SecretAccessKey"])
        return self.client(service, self.administrators_keys)

    def client_as(self, role_arn, service, session="test"):
        """A client of a service with a role's rights."""
        credentials = self.client("sts").assume_role(RoleArn=role_arn, RoleSessionName=session)["Credentials"]
        return self.client(
            service, (credentials["AccessKeyId"], credentials["SecretAccessKey"]), credentials["SessionToken"]
        )
