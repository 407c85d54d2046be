"""Where a Kazakh token may be split: never at a hyphen between letters (ЦОН-ға, ЭЦП-ны, бала-шаға).

spaCy's own letter classes lack қ, ғ, ұ and і, so «жоқ.» would keep its full stop: here they are complete.
"""

from __future__ import annotations

from spacy.lang import char_classes
from spacy.lang.char_classes import CONCAT_QUOTES, HYPHENS, LIST_ELLIPSES, LIST_ICONS
from spacy.lang.punctuation import TOKENIZER_SUFFIXES as BASE_SUFFIXES

ALPHA = char_classes.ALPHA + "әғқңөұүһіӘҒҚҢӨҰҮҺІ"
ALPHA_LOWER = char_classes.ALPHA_LOWER + "әғқңөұүһі"
ALPHA_UPPER = char_classes.ALPHA_UPPER + "ӘҒҚҢӨҰҮҺІ"
_DASHES = "|".join(hyphen for hyphen in HYPHENS.split("|") if hyphen != "-")

_CYRILLIC = "а-яёәғқңөұүһіА-ЯЁӘҒҚҢӨҰҮҺІ"
_MEASURES = "жж?|тг|теңге|тенге|мың|млн|млрд|сом|шақырым|күн|күнде|ай|жыл|жылы|үй|пәтер"

TOKENIZER_SUFFIXES = [
    *BASE_SUFFIXES,
    rf"(?<=[{ALPHA_LOWER}])\.",
    rf"(?<=[{ALPHA_UPPER}][{ALPHA_UPPER}])\.",
    rf"(?<=[0-9])(?:{_MEASURES})\.?",
]
TOKENIZER_INFIXES = [
    *LIST_ELLIPSES,
    *LIST_ICONS,
    rf"(?<=[{ALPHA_LOWER}])\.(?=[{ALPHA_UPPER}])",
    rf"(?<=[{ALPHA}])[,;!?/()]+(?=[{ALPHA}])",
    rf"(?<=[{ALPHA}{CONCAT_QUOTES}])[:<>=](?=[{ALPHA}])",
    rf"(?<=[{ALPHA}])(?:{_DASHES})(?=[{ALPHA}])",
    rf"(?<=[0-9])[,;!?()]+(?=[{ALPHA}])",
    rf"(?<=[{ALPHA}])[()]+(?=[0-9])",
    rf"(?<=[{ALPHA}])[«»“”„\"]+(?=[{ALPHA}])",
    rf"(?<=[{_CYRILLIC}])_+(?=[{_CYRILLIC}])",
    r"(?<=[0-9])-(?=[0-9])",
]
