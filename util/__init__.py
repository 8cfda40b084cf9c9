"""Pure helpers, identifiers and data types that every layer may use."""
