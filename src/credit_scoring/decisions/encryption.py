"""Personal data under a key per client: whoever loses the key loses the data (AES-256-GCM, NIST SP 800-38D)."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_KEY_BITS = 256
_NONCE_BYTES = 12


def new_key() -> bytes:
    """A random key of 32 bytes."""
    return AESGCM.generate_key(_KEY_BITS)


def seal(key: bytes, personal: bytes, decision_id: str) -> bytes:
    """Encrypt; the result opens under this key and for this decision only.

    A nonce is random: below 2**32 decisions of one client two equal ones are out of the question.
    """
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, personal, decision_id.encode())


def unseal(key: bytes, sealed: bytes, decision_id: str) -> bytes:
    """Decrypt; raises ValueError when the bytes were changed or belong to another decision."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], decision_id.encode())
    except InvalidTag as error:
        raise ValueError(f"the personal data of decision {decision_id} was changed") from error
