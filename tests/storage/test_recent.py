"""What was counted last is remembered, but never longer than it holds."""

from __future__ import annotations

from bot.storage.recent import Recent


class _Counting:
    def __init__(self, recent: Recent[int] | None = None) -> None:
        self.times, self._recent = 0, recent

    async def __call__(self) -> int:
        self.times += 1
        if self._recent is not None:
            self._recent.forget()
        return self.times


async def test_a_value_is_counted_again_for_another_key_after_its_time_and_when_forgotten() -> None:
    now, count = 0.0, _Counting()
    recent = Recent[int](10, lambda: now)
    assert [await recent.get("a", count), await recent.get("a", count)] == [1, 1]
    assert await recent.get("b", count) == 2
    now = 9.9
    assert await recent.get("b", count) == 2
    now = 10.0
    assert await recent.get("b", count) == 3
    recent.forget()
    assert await recent.get("b", count) == 4


async def test_what_changes_while_it_is_counted_is_not_remembered() -> None:
    recent = Recent[int](10)
    count = _Counting(recent)
    assert [await recent.get("a", count), await recent.get("a", count)] == [1, 2]
