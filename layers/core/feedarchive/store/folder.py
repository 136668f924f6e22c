"""The store of an archive in a folder. Several processes may write to it at the same time.

``create`` gives a complete file its name by a hard link, which is atomic. ``replace`` holds a lock. On a file system
without hard links, ``create`` holds the lock too.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from feedarchive.hashes import sha256_of
from feedarchive.store.durable_files import UnsyncedFiles, write_at
from feedarchive.store.folder_errors import folder_error
from feedarchive.store.folder_lock import FolderLock
from feedarchive.store.interface import PART_BYTES, Presence, Stored, StoreError, checked_key
from feedarchive.store.link_files import FileLinker
from feedarchive.store.temporary_files import TemporaryFiles

# The folder of temporary files. It is not in archive/, so that a copy of archive/ contains no incomplete files.
_TEMPORARY = ".tmp"
_CLAIMS = "claims/"


class FolderStore:
    """A store in a folder. The folder is made when the first object is written.

    ``create`` uses strings for paths, because making a ``Path`` takes longer than writing the file of an article.
    """

    threads = 1

    def __init__(self, root: Path) -> None:
        self.location = str(root)
        self._root = root
        self._temporary = TemporaryFiles(root / _TEMPORARY)
        self._unsynced = UnsyncedFiles(root)
        self._lock = FolderLock(root / _TEMPORARY)
        self._linker = FileLinker(root / _TEMPORARY, self._unsynced, self._lock)

    def read(self, key: str) -> Stored | None:
        try:
            data = self._path(key).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise self._failed("read", key, error) from error
        if key.startswith(_CLAIMS):
            # Another process may have written this claim without flushing it to the disk, so ``sync`` must do that.
            self._unsynced.add(f"{self.location}/{key}")
        return Stored(data, sha256_of(data))

    def presence(self, key: str) -> Presence:
        try:
            with self._path(key).open("rb") as file:
                if file.seek(0, os.SEEK_END) == 0:
                    return Presence.TRUNCATED
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    return Presence.TRUNCATED
        except (FileNotFoundError, NotADirectoryError):
            return Presence.ABSENT
        except OSError as error:
            raise self._failed("check", key, error) from error
        # Another process may have written this file without flushing it to the disk, so ``sync`` must do that.
        self._unsynced.add(f"{self.location}/{key}")
        return Presence.COMPLETE

    def create(self, key: str, data: bytes) -> bool:
        return self._create(key, lambda: self._temporary.write(data))

    def create_from(self, key: str, source: BinaryIO) -> bool:
        return self._create(key, lambda: self._temporary.copy(source))

    def stream(self, key: str, start: int = 0) -> Iterator[bytes] | None:
        try:
            file = self._path(key).open("rb")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise self._failed("read", key, error) from error
        return self._parts(key, file, start)

    def renew(self, key: str, source: BinaryIO) -> bool:
        try:
            os.utime(self._path(key))
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise self._failed("renew", key, error) from error
        return True

    def replace(self, key: str, data: bytes, version: str) -> bool:
        path = self._path(key)
        try:
            self._make_folder(self._root / _TEMPORARY)
            with self._lock.hold():
                current = self.read(key)
                if current is None or current.version != version:
                    return False
                # Keep the permissions of the old file: a person may have made feeds.toml unreadable for others.
                mode = stat.S_IMODE(path.stat().st_mode)
                os.replace(self._temporary.write(data, mode), path)  # noqa: PTH105
        except OSError as error:
            raise self._failed("replace", key, error) from error
        self._unsynced.add(str(path))
        return True

    def append(self, key: str, data: bytes, at: int, size: int) -> bool:
        """Overwrite the end of a file: write data at byte ``at``, and cut off what follows the data.

        ``size``: the expected size of the file in bytes, 0 if it should not exist. If the file has another size,
        another process has changed it. Then nothing is written.

        Returns whether the data was written.

        This is not atomic: if the process is killed, a part of the data may have been written. S3Store does not have
        this method.
        """
        path = self._path(key)
        try:
            self._make_folder(self._root / _TEMPORARY)
            with self._lock.hold():
                self._make_folder(path.parent)
                if not write_at(path, data, at, size):
                    return False
        except OSError as error:
            raise self._failed("write", key, error) from error
        self._unsynced.add(str(path))
        return True

    def delete(self, key: str) -> None:
        path = self._path(key)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise self._failed("delete", key, error) from error
        for folder in list(path.parents)[: len(Path(key).parts) - 1]:
            try:
                folder.rmdir()  # fails if the folder is not empty
            except OSError:
                break
        self._unsynced.add(str(path))

    def list(self, prefix: str) -> Iterator[str]:
        folder = self._root / prefix.rpartition("/")[0]
        names = []
        for parent, folders, files in os.walk(folder, onerror=self._unreadable):
            relative = Path(parent).relative_to(self._root).as_posix()
            start = "" if relative == "." else f"{relative}/"
            folders[:] = [f for f in folders if (start + f).startswith(prefix[: len(start + f)]) and f != _TEMPORARY]
            names += [start + name for name in files if (start + name).startswith(prefix)]
        yield from sorted(names)

    def sizes(self, prefix: str) -> dict[str, int]:
        found = {}
        for key in self.list(prefix):
            try:
                found[key] = os.stat(f"{self.location}/{key}").st_size  # noqa: PTH116 - Path takes twice as long
            except FileNotFoundError:  # the file has been removed meanwhile, or is a broken symbolic link
                continue
            except OSError as error:
                raise self._failed("check", key, error) from error
        return found

    def hashes(self, prefix: str) -> dict[str, str]:
        found = {}
        for key in self.list(prefix):
            try:
                data = (self._root / key).read_bytes()
            except FileNotFoundError:  # the file has been removed meanwhile
                continue
            except OSError as error:
                raise self._failed("read", key, error) from error
            found[key] = hashlib.md5(data, usedforsecurity=False).hexdigest()
        return found

    def folders(self, prefix: str) -> Sequence[str]:
        try:
            found = [entry.name for entry in (self._root / prefix).iterdir() if entry.is_dir()]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise self._failed("list", prefix, error) from error
        return sorted(f"{prefix}{name}/" for name in found)

    def files(self, prefix: str) -> Sequence[str]:
        try:
            return sorted(f"{prefix}{entry.name}" for entry in (self._root / prefix).iterdir() if not entry.is_dir())
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise self._failed("list", prefix, error) from error

    def sync(self) -> None:
        try:
            self._unsynced.sync()
        except OSError as error:
            raise self._failed("sync", "", error) from error

    def _path(self, key: str) -> Path:
        return self._root / checked_key(key)

    def _create(self, key: str, write: Callable[[], str]) -> bool:
        """Create an object: write a temporary file, and give it its final name. Returns False if the name exists.

        ``write``: writes the temporary file and returns its path.
        """
        path = f"{self.location}/{checked_key(key)}"
        try:
            temporary = write()
            try:
                return self._linker.link_once(temporary, path)
            finally:
                with suppress(FileNotFoundError):
                    os.unlink(temporary)  # noqa: PTH108
        except OSError as error:
            raise self._failed("write", key, error) from error

    def _parts(self, key: str, file: BinaryIO, start: int) -> Iterator[bytes]:
        with file:
            try:
                file.seek(start)
                while part := file.read(PART_BYTES):
                    yield part
            except OSError as error:
                raise self._failed("read", key, error) from error

    @staticmethod
    def _make_folder(folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)

    def _unreadable(self, error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            raise self._failed("list", "", error) from error

    def _failed(self, operation: str, key: str, error: OSError) -> StoreError:
        return folder_error(self._root, self._root / _TEMPORARY, operation, key, error)
