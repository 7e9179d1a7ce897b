"""Addresses that servers of this program bind."""

import socket

from credit_scoring.core.errors import SettingsError


def require_free_address(host: str, port: int, next_step: str) -> None:
    """Check that a server can bind an address, of IPv4 or IPv6.

    Raises:
        SettingsError: it is taken, or not of this machine.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SettingsError(f"Cannot listen on {host}, port {port} ({reason}).", next_step) from error
