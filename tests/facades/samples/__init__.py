"""Tests of histories that are made up."""
