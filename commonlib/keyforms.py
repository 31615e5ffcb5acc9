"""The few forms (DER) in which our keys appear, read without a library: loading one takes longer than an arrival.

Owns the form of a public key on P-256, where it stands in a certificate, and the form in which key.pem is written. Must
never take another form for one of these: what is not exactly so is told, and left to those who know all forms. Sources:
RFC 5280 4.1 (certificates), RFC 5480 (keys on curves), RFC 5958 and RFC 5915 (private keys).
Pure: any thread.
"""

import binascii

_INTEGER, _SEQUENCE, _VERSION = 0x02, 0x30, 0xA0
_POINT_SIZE = 64
_SECRET_SIZE = 32

# SubjectPublicKeyInfo of id-ecPublicKey on secp256r1, up to the two coordinates of the point.
_SPKI_HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
SPKI_SIZE = len(_SPKI_HEAD) + _POINT_SIZE
# PrivateKeyInfo of the same, up to the secret number, and from there up to the point.
_PRIVATE_HEAD = bytes.fromhex("308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420")
_PRIVATE_MIDDLE = bytes.fromhex("a14403420004")
_PRIVATE_SIZE = len(_PRIVATE_HEAD) + _SECRET_SIZE + len(_PRIVATE_MIDDLE) + _POINT_SIZE

_PEM_HEAD, _PEM_END = b"-----BEGIN %s-----\n", b"-----END %s-----\n"


class FormError(ValueError):
    """Bytes are not in the form that was looked for."""


def spki_of_point(x: int, y: int) -> bytes:
    """The SubjectPublicKeyInfo of a point on P-256, in the usual, uncompressed form."""
    return b"".join((_SPKI_HEAD, x.to_bytes(_POINT_SIZE // 2), y.to_bytes(_POINT_SIZE // 2)))


def is_usual_spki(spki: bytes) -> bool:
    """Whether bytes have the form of a key on P-256; whether its point is on the curve is not looked at."""
    return len(spki) == SPKI_SIZE and spki.startswith(_SPKI_HEAD)


def spki_in_certificate(certificate: bytes) -> bytes:
    """The SubjectPublicKeyInfo in a certificate (DER), at the one place where it can stand; nothing else is looked at.

    Raises FormError.
    """
    body, end = _open(certificate, 0, len(certificate), _SEQUENCE)
    if end != len(certificate):
        raise FormError("there is more behind the certificate")
    at, end = _open(certificate, body, end, _SEQUENCE)
    if certificate[at : at + 1] == bytes((_VERSION,)):
        _, at = _open(certificate, at, end, _VERSION)
    # Serial number, algorithm, issuer, validity, subject.
    for tag in (_INTEGER, _SEQUENCE, _SEQUENCE, _SEQUENCE, _SEQUENCE):
        _, at = _open(certificate, at, end, tag)
    _, behind = _open(certificate, at, end, _SEQUENCE)
    return certificate[at:behind]


def secret_in_pem(pem: bytes) -> tuple[int, bytes]:
    """The secret number in a key.pem as we write it, and the SubjectPublicKeyInfo that stands beside it.

    Raises FormError, also for good keys in another form.
    """
    der = der_in_pem(pem, b"PRIVATE KEY")
    secret_end = len(_PRIVATE_HEAD) + _SECRET_SIZE
    point_start = secret_end + len(_PRIVATE_MIDDLE)
    is_usual = der.startswith(_PRIVATE_HEAD) and der[secret_end:point_start] == _PRIVATE_MIDDLE
    if len(der) != _PRIVATE_SIZE or not is_usual:
        raise FormError("it is no private key in the form in which we write it")
    return int.from_bytes(der[len(_PRIVATE_HEAD) : secret_end]), _SPKI_HEAD + der[point_start:]


def der_in_pem(pem: bytes, label: bytes) -> bytes:
    """What a file in the form PEM (RFC 7468) holds that has one block, with this label and nothing around it.

    Raises FormError.
    """
    head, end = _PEM_HEAD % label, _PEM_END % label
    if not pem.startswith(head) or not pem.endswith(end) or len(pem) < len(head) + len(end):
        raise FormError("it is not one block of that kind")
    try:
        return binascii.a2b_base64(pem[len(head) : -len(end)].replace(b"\n", b""), strict_mode=True)
    except binascii.Error as error:
        raise FormError(str(error)) from None


def _open(data: bytes, at: int, end: int, tag: int) -> tuple[int, int]:
    """Where the content of the element at a place begins, and where it ends. Raises FormError."""
    if end - at < 2 or data[at] != tag:
        raise FormError("another element stands there")
    size, start = data[at + 1], at + 2
    if size >= 0x80:
        digits = size & 0x7F
        start += digits
        size = int.from_bytes(data[at + 2 : start])
        # DER has one way to write a length: not more digits than it needs, and none for what fits into one byte.
        if not 1 <= digits <= 4 or start > end or size < 0x80 or size >> 8 * (digits - 1) == 0:
            raise FormError("a length is not written as DER wants it")
    if start + size > end:
        raise FormError("an element is longer than what it stands in")
    return start, start + size
