"""What citizens' files really are: told by their content, cleaned of what they tell beside it, shown small."""

from bot.media.inspector import ContentInspector

__all__ = ["ContentInspector"]
