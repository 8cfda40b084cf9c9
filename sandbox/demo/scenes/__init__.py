"""The scenes of the tour, each a part of the flow."""
