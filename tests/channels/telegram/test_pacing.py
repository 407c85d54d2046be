"""How fast messages go out."""

from bot.channels.telegram.pacing import Pace


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


async def test_a_chat_gets_a_short_burst_and_then_one_a_second() -> None:
    time = Time()
    pace, moments = Pace(time.clock, time.sleep), []
    for _ in range(6):
        await pace.turn(1)
        moments.append(time.now - 100)
    assert [round(moment) for moment in moments] == [0, 0, 0, 1, 2, 3]


async def test_all_chats_together_get_thirty_a_second() -> None:
    time = Time()
    pace = Pace(time.clock, time.sleep)
    for chat_id in range(61):
        await pace.turn(chat_id)
    assert 1.99 < time.now - 100 < 2.01


async def test_a_chat_that_waited_has_its_burst_again() -> None:
    time = Time()
    pace = Pace(time.clock, time.sleep)
    for _ in range(3):
        await pace.turn(1)
    time.now += 60
    await pace.turn(1)
    assert time.now < 160.2


def test_a_chat_is_left_alone_as_long_as_telegram_asks() -> None:
    time = Time()
    pace = Pace(time.clock, time.sleep)
    pace.shut_out(1, 30)
    time.now += 10
    assert (pace.shut_for(1), pace.shut_for(2)) == (20, 0)
    time.now += 21
    assert pace.shut_for(1) == 0
