"""What is kept (database, files) and what is shared (locks, bus, limits; in one process or through Redis)."""

from bot.storage.bus import InProcessBus, RedisBus
from bot.storage.files import DiskFiles
from bot.storage.limits import InProcessLimiter, RedisLimiter
from bot.storage.locks import InProcessLock, RedisLock
from bot.storage.migrate import upgrade
from bot.storage.redis_link import RedisLink, open_redis
from bot.storage.uow import SqlStorage, open_storage

__all__ = [
    "DiskFiles",
    "InProcessBus",
    "InProcessLimiter",
    "InProcessLock",
    "RedisBus",
    "RedisLimiter",
    "RedisLink",
    "RedisLock",
    "SqlStorage",
    "open_redis",
    "open_storage",
    "upgrade",
]
