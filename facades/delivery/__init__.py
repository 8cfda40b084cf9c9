"""What is owed to Discord: the worker that sends it and the cards it keeps equal to the database."""
