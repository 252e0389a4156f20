"""Certificates made for a test by openssl, and a server that shows one."""

from __future__ import annotations

import hashlib
import ssl
import subprocess
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from pathlib import Path

from needs import require


@dataclass(frozen=True)
class Certificate:
    file: Path
    key: Path

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(self.file.read_text())).hexdigest()


def certificate(folder: Path, name: str, days: int = 2) -> Certificate:
    """Valid for so many days from now; -1 for one that ended yesterday."""
    require("openssl", "faketime")
    made = Certificate(folder / "cert.pem", folder / "key.pem")
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", str(made.key)]
    (folder / "ext").write_text(f"subjectAltName={name}\n")
    run("openssl", "req", "-new", *key, "-subj", "/CN=test", "-out", str(folder / "csr"))
    sign = ["-signkey", str(made.key), "-days", str(abs(days)), "-extfile", str(folder / "ext")]
    begin = ["faketime", f"{1 - days} days ago"] if days < 0 else []  # newer ones refuse a negative -days
    run(*begin, "openssl", "x509", "-req", "-in", str(folder / "csr"), *sign, "-out", str(made.file))
    return made


def run(*argv: str) -> None:
    subprocess.run(argv, check=True, capture_output=True)


def with_tls(server: ThreadingHTTPServer, own: Certificate) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own.file, own.key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
