"""Kazakh sentences to try the tokenizer on: `from citizen_nlu.lang.kk.examples import SENTENCES`."""

from __future__ import annotations

SENTENCES = (
    "Үйде үш күннен бері жылу жоқ, балалар тоңып отыр.",
    "ЦОН-ға бармай-ақ ЭЦП-ны қалай алуға болады?",
    "Өтінішіме 15 жұмыс күні ішінде жауап берілуі керек пе?",
    "Абай көш. 12-үйдің ауласынан қоқыс шығарылмай жатыр.",
)
