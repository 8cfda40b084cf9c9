"""The bot's process killed at every boundary of the flow, and what must be true afterwards."""
