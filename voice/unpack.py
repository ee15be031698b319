"""Unpacks the zip of a recogniser model without trusting it."""

from __future__ import annotations

import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from voice.errors import LullError

BLOCK = 256 * 1024  # bytes written at a time
MOST_FILES = 1000


class UnpackError(LullError):
    """The zip is broken or not to be trusted; what was written may be thrown away. One sentence."""

    exit_code = 1


def unpack(archive: IO[bytes], folder: Path, most: int) -> Path:
    """Writes plain files below `folder`, at most `most` bytes of them; returns the folder of the model in it.

    A zip may hold the model's files, or one folder with them. Raises UnpackError.
    """
    folder.mkdir()
    try:
        with zipfile.ZipFile(archive) as packed:
            infos = [info for info in packed.infolist() if not info.is_dir()]
            if len(infos) > MOST_FILES:
                raise UnpackError(
                    f"The zip holds {len(infos)} files, too many for a model; nothing was kept."
                )
            left = most
            for info in infos:
                left -= _unpack_file(packed, info, folder, left)
    except FileExistsError:
        raise UnpackError("The zip holds two files of one name; nothing was kept.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        raise UnpackError(f"The zip cannot be unpacked ({error}); nothing was kept.") from None
    inside = list(folder.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else folder


def _unpack_file(packed: zipfile.ZipFile, info: zipfile.ZipInfo, folder: Path, most: int) -> int:
    kind = stat.S_IFMT(info.external_attr >> 16)
    parts = PurePosixPath(info.filename).parts
    unsafe = any(sign in info.filename for sign in ("\\", ":", "\0")) or info.filename.startswith("/")
    if unsafe or not parts or ".." in parts or kind not in (0, stat.S_IFREG):
        raise UnpackError(
            f"The zip holds {info.filename!r}, which is not a plain file below it; nothing was kept."
        )
    target = folder.joinpath(*parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with packed.open(info) as source, target.open("xb") as sink:
        while block := source.read(BLOCK):
            written += len(block)
            if written > most:
                raise UnpackError("The zip unpacks to far more than a model's size; nothing was kept.")
            sink.write(block)
    return written
