"""The Telegram channel: Bot API updates become events, messages become Bot API calls."""

from bot.channels.telegram.channel import TelegramChannel

__all__ = ["TelegramChannel"]
