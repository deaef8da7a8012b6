"""Callers of the API: an issuer of tokens, users, and requests.

The emulator cannot read its own user pool's keys by TLS, so the API is told of another issuer: one that
this harness runs, which can also sign what no user pool would. That the deployed API trusts the user pool
and its client alone is asserted on the template.
"""

import base64
import json
import ssl
import threading
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa


def _encoded(content):
    content = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@dataclass
class User:
    """Who calls, and what their token says."""

    name: str
    groups: list
    claims: dict = field(default_factory=dict)


class Issuer:
    """Signs tokens, and publishes its key on the loopback."""

    def __init__(self):
        self.key = rsa.generate_private_key(65537, 2048)
        numbers = self.key.public_key().public_numbers()
        number = lambda n: _encoded(n.to_bytes((n.bit_length() + 7) // 8, "big"))
        published = {"keys": [{"kty": "RSA", "kid": "test", "use": "sig", "alg": "RS256",
                               "n": number(numbers.n), "e": number(numbers.e)}]}
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                documents = {
                    "/.well-known/openid-configuration": {"issuer": issuer.url, "jwks_uri": f"{issuer.url}/keys"},
                    "/keys": published,
                }
                body = json.dumps(documents.get(self.path, {})).encode()
                self.send_response(200 if self.path in documents else 404)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def token(self, user, client_id):
        now = int(time.time())
        claims = {"iss": self.url, "sub": str(uuid.uuid5(uuid.NAMESPACE_DNS, user.name)), "client_id": client_id, "token_use": "access",
                  "iat": now - 1, "exp": now + 900, **user.claims}
        if user.groups:
            claims["cognito:groups"] = user.groups
        text = f"{_encoded({'alg': 'RS256', 'kid': 'test'})}.{_encoded(claims)}"
        signature = self.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{text}.{_encoded(signature)}"


@dataclass
class Answer:
    status: int
    body: str


class Api:
    """The deployed HTTP API."""

    def __init__(self, deployment):
        self.deployment = deployment
        self.context = ssl.create_default_context(cafile=deployment.emulator.certificate)
        self.base = f"{deployment.emulator.endpoint}/_aws/execute-api/{deployment.physical['ApiApi']}/$default"

    def post(self, path, body, user):
        return self._call("POST", path, json.dumps(body).encode(), user)

    def get(self, path, user):
        return self._call("GET", path, None, user)

    def _call(self, method, path, body, user):
        headers = {"content-type": "application/json"}
        if user:
            token = self.deployment.issuer.token(user, self.deployment.physical["ApiClient"])
            headers["authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self.base + path, data=body, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, context=self.context, timeout=60) as answer:
                return Answer(answer.status, answer.read().decode())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read().decode())


def trust(deployment, issuer):
    """Has the deployed API take the harness's issuer for the user pool."""
    api = deployment.emulator.client("apigatewayv2")
    api.update_authorizer(
        ApiId=deployment.physical["ApiApi"], AuthorizerId=deployment.physical["ApiAuthoriser"],
        JwtConfiguration={"Issuer": issuer.url, "Audience": [deployment.physical["ApiClient"]]},
    )
    deployment.issuer = issuer
