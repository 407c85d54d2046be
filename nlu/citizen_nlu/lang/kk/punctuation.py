"""Where a Kazakh token may be split inside: never at a hyphen between letters (ЦОН-ға, ЭЦП-ны, бала-шаға)."""

from __future__ import annotations

from spacy.lang.char_classes import (
    ALPHA,
    ALPHA_LOWER,
    ALPHA_UPPER,
    CONCAT_QUOTES,
    HYPHENS,
    LIST_ELLIPSES,
    LIST_ICONS,
)

_DASHES = "|".join(hyphen for hyphen in HYPHENS.split("|") if hyphen not in {"-", "‐", "‑", ""})

TOKENIZER_INFIXES = [
    *LIST_ELLIPSES,
    *LIST_ICONS,
    rf"(?<=[{ALPHA_LOWER}])\.(?=[{ALPHA_UPPER}])",
    rf"(?<=[{ALPHA}])[,;!?/()]+(?=[{ALPHA}])",
    rf"(?<=[{ALPHA}{CONCAT_QUOTES}])[:<>=](?=[{ALPHA}])",
    rf"(?<=[{ALPHA}])--(?=[{ALPHA}])",
    rf"(?<=[{ALPHA}])(?:{_DASHES})(?=[{ALPHA}])",
    r"(?<=[0-9])-(?=[0-9])",
]
