"""The wrapper around the Geometry Dash server."""

from services.geometry_dash.breaker import BreakerState
from services.geometry_dash.client import OFFICIAL_SERVER, GeometryDash
from services.geometry_dash.errors import GeometryDashUnavailable, UnavailableReason
from services.geometry_dash.health import Health
from services.geometry_dash.level import Difficulty, Grade, Length, Level

__all__ = [
    "OFFICIAL_SERVER",
    "BreakerState",
    "Difficulty",
    "GeometryDash",
    "GeometryDashUnavailable",
    "Grade",
    "Health",
    "Length",
    "Level",
    "UnavailableReason",
]
