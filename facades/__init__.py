"""Actions: each module does one thing for an actor, with its rules, its one transaction and what it owes Discord."""
