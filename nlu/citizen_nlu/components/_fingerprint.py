"""What Rasa's cache cannot see by itself: the plain modules and language data our components stand on."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

PACKAGE = Path(__file__).parent.parent


@lru_cache(maxsize=1)
def code_hash() -> str:
    """Changes with every file of this package and of the repository's `text` and `appeals`."""
    import appeals
    import text

    digest = hashlib.sha256()
    folders = [PACKAGE, Path(str(text.__file__)).parent, Path(str(appeals.__file__)).parent]
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".yml", ".yaml")):
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
