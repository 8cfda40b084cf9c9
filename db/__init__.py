"""Models, sessions, migrations and the queries over them."""
