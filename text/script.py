"""Which letters a message is typed in: the first sign of its language and of how to read its spelling."""

from __future__ import annotations

import re
from typing import Literal

from text.letters import KAZAKH_LETTERS

Script = Literal["cyrl", "cyrl_noletters", "latn", "other"]

# Whole runs: counting letter by letter takes several times longer.
_CYRILLIC = re.compile(r"[Ѐ-ԯ]+")
_LATIN = re.compile(r"[A-Za-zªºÀ-ÖØ-öø-ɏḀ-ỿ]+")
_LETTER = re.compile(r"[^\W\d_]+")
_NOT_CYRILLIC = re.compile(r"[^\W\d_Ѐ-ԯ]")
_KAZAKH = re.compile(f"[{''.join(sorted(KAZAKH_LETTERS))}]")


def script_of(s: str) -> Script:
    """The script most letters of `s` belong to.

    "cyrl": Cyrillic with at least one Kazakh letter; "cyrl_noletters": Cyrillic without any (Russian, or
    Kazakh typed on a Russian keyboard); "latn"; "other": no letters, or mostly letters of another script.
    """
    if _NOT_CYRILLIC.search(s) is None:  # by far the commonest
        if _CYRILLIC.search(s) is None:
            return "other"
        return "cyrl_noletters" if _KAZAKH.search(s) is None else "cyrl"
    cyrillic, latin, letters = (sum(map(len, kind.findall(s))) for kind in (_CYRILLIC, _LATIN, _LETTER))
    others = letters - cyrillic - latin
    if max(cyrillic, latin) == 0 or others > max(cyrillic, latin):
        return "other"
    if latin > cyrillic:
        return "latn"
    return "cyrl_noletters" if _KAZAKH.search(s) is None else "cyrl"
