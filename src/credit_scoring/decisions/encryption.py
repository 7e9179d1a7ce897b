"""Personal data, encrypted with one key per client: erasing the key erases the data (AES-256-GCM, NIST SP 800-38D)."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_KEY_BITS = 256
_NONCE_BYTES = 12


def new_key() -> bytes:
    """A random key of 32 bytes."""
    return AESGCM.generate_key(_KEY_BITS)


def seal(key: bytes, personal: bytes, decision_id: str) -> bytes:
    """Encrypt; decrypting requires the same key and decision id.

    Nonces are random: for fewer than 2**32 decisions per client, a collision is negligible (SP 800-38D, 8.3).
    """
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, personal, decision_id.encode())


def unseal(key: bytes, sealed: bytes, decision_id: str) -> bytes:
    """Decrypt; raises ValueError if the bytes were modified or belong to another decision."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], decision_id.encode())
    except InvalidTag as error:
        raise ValueError(f"the personal data of decision {decision_id} was modified") from error
