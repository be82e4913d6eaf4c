"""Encryption of identifiers at rest, and keyed fingerprints to find them by."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

_NONCE_BYTES = 12


class Unreadable(Exception):
    """The ciphertext was made with a key that is not among the given ones, or was altered."""


@cache
def derive_key(secret: bytes, purpose: str, length: int = 32) -> bytes:
    """A key for one purpose from a master secret (HKDF-Expand, RFC 5869)."""
    return HKDFExpand(algorithm=hashes.SHA256(), length=length, info=purpose.encode()).derive(
        secret
    )


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals with the first secret, opens with any: add a new one in front to rotate.

    The nonce is derived from the plaintext (AES-GCM-SIV, RFC 8452, tolerates that), so that
    sealing is a pure function and an unchanged value is not rewritten by the next extract.
    """

    secrets: Sequence[bytes]
    purpose: str

    def seal(self, plain: str) -> bytes:
        key = derive_key(self.secrets[0], f"seal:{self.purpose}")
        data = plain.encode()
        nonce = hmac.digest(key, data, hashlib.sha256)[:_NONCE_BYTES]
        return nonce + AESGCMSIV(key).encrypt(nonce, data, None)

    def open(self, sealed: bytes) -> str:
        for secret in self.secrets:
            key = derive_key(secret, f"seal:{self.purpose}")
            try:
                plain = AESGCMSIV(key).decrypt(
                    sealed[:_NONCE_BYTES], bytes(sealed[_NONCE_BYTES:]), None
                )
            except InvalidTag:
                continue
            return plain.decode()
        raise Unreadable(self.purpose)

    def fingerprint(self, plain: str) -> bytes:
        """16 bytes that are equal for equal plaintexts and tell nothing without the key."""
        key = derive_key(self.secrets[-1], f"index:{self.purpose}")
        return hmac.digest(key, plain.encode(), hashlib.sha256)[:16]
