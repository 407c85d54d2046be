"""Danger that needs no understanding service: words in both languages, without letters, in Latin.

The words themselves are data: `dialogs.emergency_rules`. Here they are matched, in time linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

LONGEST = 400
"""Words looked at; a cry for help comes early."""
LONG = 45
"""Words from which a message is a letter: it must also say that it is urgent."""
HEARD = 6
"""Letters from which a word may be spelt as it is heard; shorter ones would meet other words."""

NUMBERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "fire": ("101", "112"),
        "gas": ("104", "112"),
        "medical": ("103", "112"),
        "violence": ("102", "112", "111"),
        "selfharm": ("112", "103", "111"),
        "crime": ("102", "112"),
        "rescue": ("112",),
        "accident": ("112", "103", "102"),
        "missing": ("102", "112"),
    }
)
"""Whom to call, the first number first (domain facts §4.3)."""
NEEDS_HUMAN = frozenset({"violence", "selfharm"})
"""Kinds in which an operator is called at once, without asking."""

_LATIN = re.compile(r"[A-Za-z]")
_JOINED = re.compile(r"[-‑]")
_APOSTROPHE = re.compile(r"['’ʼ‘`]")
_SOUND = str.maketrans("оеядбгзвжщ", "аииткпсфшш")
_DOUBLED = re.compile(r"(.)\1+")
