"""Which letters a message is typed in: the first sign of its language and of how to read its spelling."""

from __future__ import annotations

import re
from typing import Literal

from text.letters import KAZAKH_LETTERS

Script = Literal["cyrl", "cyrl_noletters", "latn", "other"]

_CYRILLIC = re.compile(r"[Ѐ-ԯ]")
_LATIN = re.compile(r"[A-Za-zªºÀ-ÖØ-öø-ɏḀ-ỿ]")
_LETTER = re.compile(r"[^\W\d_]")


def script_of(s: str) -> Script:
    """The script most letters of `s` belong to.

    "cyrl": Cyrillic with at least one Kazakh letter; "cyrl_noletters": Cyrillic without any (Russian, or
    Kazakh typed on a Russian keyboard); "latn"; "other": no letters, or mostly letters of another script.
    """
    cyrillic = len(_CYRILLIC.findall(s))
    latin = len(_LATIN.findall(s))
    others = len(_LETTER.findall(s)) - cyrillic - latin
    if max(cyrillic, latin) == 0 or others > max(cyrillic, latin):
        return "other"
    if latin > cyrillic:
        return "latn"
    return "cyrl" if any(ch in KAZAKH_LETTERS for ch in s) else "cyrl_noletters"
