"""Parts of a text that say themselves that they are about something else: «…, и ещё …», «… . Сондай-ақ …»."""

from __future__ import annotations

import re

from text.words import words

MOST = 3
"""Parts a text is taken apart into; one of more is a list or a long story."""
_FEWEST_WORDS = 2
_AGAIN = r"не|и|раз|больше|лучше|хуже|более|один раз|недел\w+|год\w*|месяц\w*|день|дня|дней|в|во|с|до|на"
_ADDED = (
    rf"(?:(?:и|а|да|және)\s+)?(?:ещ[её](?!\s+(?:{_AGAIN})\b)|также|кроме\s+(?:того|этого)|помимо\s+(?:того|этого)|вдобавок|"
    r"плюс\s+к\s+(?:тому|этому)|во-вторых|второй\s+вопрос|вторая\s+проблема|және\s+де|тағы(?:\s+да|\s+бір\w*)?|сондай-ақ|"
    r"сонымен\s+(?:қатар|бірге)|(?:оған|бұған|онымен)\s+қоса|(?:одан|бұдан)\s+бөлек|оның\s+үстіне|екіншіден)"
)
_SEAM = re.compile(
    rf"(?:[.!?…;\n]+\s*|\s*,\s*){_ADDED}\b[\s,:–—-]*"
    r"|\s+(?:и|а|да|және)\s+(?:ещ[её]|также|тағы)\s+",
    re.IGNORECASE,
)


def clauses(text: str) -> tuple[str, ...]:
    """The parts, without the words that join them; the text alone where it is one, or more than `MOST`."""
    parts = tuple(part.strip().removesuffix(",") for part in _SEAM.split(text))
    whole = 2 <= len(parts) <= MOST and all(len(words(part)) >= _FEWEST_WORDS for part in parts)
    return parts if whole else (text,)
