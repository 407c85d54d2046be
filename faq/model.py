"""What an answer is: its words in both languages and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from appeals.provenance import Provenance, Review
from faq.sums import Sums
from text.bilingual import Bilingual

CATEGORIES: Mapping[str, Bilingual] = MappingProxyType(
    {
        "about": Bilingual("е-Өтініш туралы", "Об е-Өтініш"),
        "filing": Bilingual("Жолданым беру", "Как подать обращение"),
        "terms": Bilingual("Мерзімдер", "Сроки"),
        "answers": Bilingual("Жауап және мәртебе", "Ответ и статус"),
        "complaints": Bilingual("Шағымдану және сот", "Обжалование и суд"),
        "signature": Bilingual("ЭЦҚ", "ЭЦП"),
        "documents": Bilingual("Құжаттар және eGov", "Документы и eGov"),
        "social": Bilingual("Әлеуметтік көмек", "Социальная помощь"),
        "health": Bilingual("Денсаулық сақтау", "Здравоохранение"),
        "education": Bilingual("Білім беру", "Образование"),
        "family": Bilingual("Отбасы және АХАТ", "Семья и РАГС"),
        "migration": Bilingual("Тіркеу, көші-қон, азаматтық", "Прописка, миграция, гражданство"),
        "military": Bilingual("Әскери қызмет", "Воинская служба"),
        "work": Bilingual("Еңбек және жұмыс", "Труд и работа"),
        "business": Bilingual("Салық және кәсіпкерлік", "Налоги и бизнес"),
        "agriculture": Bilingual("Ауыл шаруашылығы", "Сельское хозяйство"),
        "justice": Bilingual("Сот, қарыз, айыппұл", "Суд, долги, штрафы"),
        "transport": Bilingual("Көлік және жүргізуші куәлігі", "Авто и права"),
        "utilities": Bilingual("Коммуналдық қызметтер", "Коммунальные услуги"),
        "land": Bilingual("Жер және тұрғын үй", "Земля и жильё"),
        "city": Bilingual("Қала, аула, байланыс", "Город, двор, связь"),
    }
)
"""The folders of content, in the order they are browsed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One question. A signpost has no sure basis: it says where to ask and promises nothing.

    `article` names the place in the act in both languages; `examples` are the ways citizens ask it.
    `answer` may name yearly sums in braces: it is said by way of `Faq.answer`.
    """

    slug: str
    category: str
    question: Bilingual
    answer: Bilingual
    provenance: Provenance
    article: Bilingual | None
    url: Bilingual | None
    signpost: bool
    topic: str
    examples: tuple[str, ...] = field(default=(), repr=False)


class Faq:
    """All entries by slug, in browsing order."""

    def __init__(self, entries: Iterable[Entry], sums: Sums | None = None) -> None:
        order = list(CATEGORIES)
        self._sums = sums or Sums()
        ordered = sorted(entries, key=lambda entry: (order.index(entry.category), entry.slug))
        self._entries = {entry.slug: entry for entry in ordered}

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, slug: str) -> Entry | None:
        """The entry, or None."""
        return self._entries.get(slug)

    def answer(self, entry: Entry, day: date) -> Bilingual:
        """The answer of an entry with the sums of `day`."""
        return self._sums.fill(entry.answer, day)

    def categories(self) -> tuple[str, ...]:
        """Categories that have entries, in browsing order."""
        present = {entry.category for entry in self}
        return tuple(category for category in CATEGORIES if category in present)

    def in_category(self, category: str) -> tuple[Entry, ...]:
        """Entries of a category; empty for an unknown one."""
        return tuple(entry for entry in self if entry.category == category)

    def reviewed(self) -> Faq:
        """Only what a person has reviewed: for organisations that hide drafts."""
        return Faq((entry for entry in self if entry.provenance.status is Review.REVIEWED), self._sums)
