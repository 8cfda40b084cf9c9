"""What `/queue info` shows."""

from config.guild_settings import GuildSettings
from facades.requests.describe_queue import QueueInfo
from facades.requests.queue_state import QueueChange
from util.phrases import Value, phrase, user_mention
from util.texts import Text


def queue_info(settings: GuildSettings, info: QueueInfo, language: str) -> str:
    """Say how the queue stands, since when, and what it does by itself."""
    block: Value = Text.QUEUE_INFO_NEVER
    if info.block_enabled:
        block = phrase(Text.QUEUE_INFO_AT_LEAST, count=info.block_at)
    unblock: Value = Text.QUEUE_INFO_NEVER
    if info.unblock_enabled:
        unblock = phrase(Text.QUEUE_INFO_AT_MOST, count=info.unblock_at)
    return settings.say(
        Text.QUEUE_INFO,
        language,
        state=Text.QUEUE_INFO_CLOSED if info.closed else Text.QUEUE_INFO_OPEN,
        since="" if info.change is None else _since(info.change),
        pending=info.pending,
        block=block,
        unblock=unblock,
    )


def _since(change: QueueChange) -> Value:
    if change.by is None:
        return phrase(Text.QUEUE_INFO_SINCE_AUTOMATICALLY, when=change.at)
    return phrase(Text.QUEUE_INFO_SINCE, when=change.at, who=user_mention(change.by))
