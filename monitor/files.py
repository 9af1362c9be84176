"""Files that others read while we write them: always the old text whole, or the new."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from monitor.errors import InvalidConfig

__all__ = ["replace_text"]


def replace_text(file: Path, text: str, key: str) -> bool:
    """Puts the text into the file at once; False: it stood there already, and the file was left alone.

    Raises InvalidConfig naming `key`, the configuration's key for the file, where it cannot be written.
    """
    content = text.encode()
    try:
        if file.is_file() and file.read_bytes() == content:
            return False
        descriptor, partial = tempfile.mkstemp(dir=file.absolute().parent, prefix=f".{file.name}.")
        try:
            with os.fdopen(descriptor, "wb") as written:
                written.write(content)
            # Who reads it is another user (a web server, the node exporter); mkstemp lets nobody else read.
            Path(partial).chmod(0o644)
            Path(partial).replace(file)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(partial).unlink()
            raise
    except OSError as error:
        raise InvalidConfig(
            f"{key} {file} cannot be written ({error.strerror}); name a file in a directory that can"
        ) from error
    return True
