"""Bytes as the server sent them, packed small and given back exactly."""

from __future__ import annotations

import hashlib

__all__ = ["CHAIN", "DamagedBody", "pack", "sha256", "unpack"]

# Bodies in one chain of deltas: a full copy and 19 that each lean on the one before. Longer chains
# save little (a delta is 1/60 of a page, so a full copy each 20 costs a quarter more) and make the last
# one slower to read (0.13 ms a link) and a lost one dearer. ../shared/engine.md part 7 has the figures.
CHAIN = 20

# zstd's level 3: 6 times faster than zlib's 6 at the same size; 19 gains a tenth at 100 times the cost.
_LEVEL = 3

# What a body may unpack to: the crawler takes no larger one, so more is a damaged or forged row.
_LARGEST = 256 << 20


class DamagedBody(Exception):
    """Stored bytes cannot be unpacked."""


def sha256(data: bytes) -> bytes:
    """The 32 bytes of the digest."""
    return hashlib.sha256(data).digest()


def pack(body: bytes, base: bytes | None) -> bytes:
    """The body compressed, against another one where `base` is given; then `unpack` needs it too."""
    import zstandard as zstd  # most commands read no body, and the library costs start-up time

    if base is None:
        return zstd.ZstdCompressor(level=_LEVEL).compress(body)
    dictionary = zstd.ZstdCompressionDict(base, dict_type=zstd.DICT_TYPE_RAWCONTENT)
    return zstd.ZstdCompressor(level=_LEVEL, dict_data=dictionary).compress(body)


def unpack(data: bytes, base: bytes | None) -> bytes:
    """The inverse of `pack`. Raises DamagedBody."""
    import zstandard as zstd

    dictionary = None if base is None else zstd.ZstdCompressionDict(base, dict_type=zstd.DICT_TYPE_RAWCONTENT)
    try:
        return zstd.ZstdDecompressor(dict_data=dictionary).decompress(data, max_output_size=_LARGEST)
    except (zstd.ZstdError, MemoryError) as error:
        raise DamagedBody(str(error)) from error
