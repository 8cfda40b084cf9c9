"""What the Control Panel's token looks like on Discord."""
