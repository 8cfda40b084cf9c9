"""What members are asked and told about their data."""
