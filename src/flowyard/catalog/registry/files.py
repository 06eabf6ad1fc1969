"""The files of registered models: ``<home>/storage/models/<workspace id>/<digest>/``, never changed once they are there."""

import os
import shutil
import uuid
from pathlib import Path


class RegistryFiles:
    """Keeps files by their digest, for each workspace. They are linked from where they come, or copied where that is not possible."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, workspace_id: str, digest: str) -> Path:
        """Return the folder of a digest, which need not be there."""
        return self._root / workspace_id / digest

    def keep(self, workspace_id: str, digest: str, source: Path) -> Path:
        """Keep a file, or all of a folder, as `digest` and return the folder. What is kept already costs nothing."""
        final = self.path(workspace_id, digest)
        if final.is_dir():
            return final
        fresh = final.with_name(f".{uuid.uuid4().hex}")
        fresh.mkdir(parents=True)
        try:
            if source.is_file():
                _link(str(source), str(fresh / source.name))
            else:
                shutil.copytree(source, fresh, copy_function=_link, dirs_exist_ok=True)
            try:
                fresh.rename(final)
            except OSError:
                if not final.is_dir():  # else somebody else was first with the same files
                    raise
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        return final


def _link(source: str, target: str) -> object:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target
