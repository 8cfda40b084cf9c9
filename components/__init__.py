"""What Discord shows: cards, buttons, modals, pages and replies, and the one boundary for errors."""
