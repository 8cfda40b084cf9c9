"""Actions of running the bot: errors, help, status, jobs."""
