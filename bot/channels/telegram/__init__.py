"""The Telegram channel: Bot API updates become events, messages become Bot API calls."""

from bot.channels.telegram.channel import TelegramChannel, own_name

__all__ = ["TelegramChannel", "own_name"]
