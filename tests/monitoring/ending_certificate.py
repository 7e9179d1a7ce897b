"""An HTTPS server on loopback whose certificate ends soon, and can be replaced while it runs."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class EndingCertificate:
    """The server's certificate.

    Attributes:
        url: of the server.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.url = ""
        self.replace(hours=1)

    def replace(self, hours: float) -> None:
        """Use a certificate that ends in some hours from the next connection on."""
        key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name(
            [x509.NameAttribute(NameOID.COMMON_NAME, "proxy")]
        )
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(hours=hours))
            .sign(key, hashes.SHA256())
        )
        path = self._folder / "server.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        self.context.load_cert_chain(path)


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Answer."""
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@contextmanager
def serving_an_ending_certificate(folder: Path) -> Iterator[EndingCertificate]:
    """A server with a certificate that ends in an hour, closed with the block."""
    certificate = EndingCertificate(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answer)
    server.socket = certificate.context.wrap_socket(server.socket, server_side=True)
    certificate.url = f"https://127.0.0.1:{server.server_address[1]}/"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield certificate
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
