"""The web channel: HTTP interface, WebSocket, embeddable widget and the public pages."""

from bot.channels.web.options import WebConversations, WebOptions
from bot.channels.web.routes import setup

__all__ = ["WebConversations", "WebOptions", "setup"]
