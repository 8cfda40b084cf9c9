"""What operators and their programs look at: does it live, does it work, and its figures. No token is needed."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.state import app_of
from config.version import version
from facades.operations.check_readiness import check_readiness
from facades.operations.read_metrics import CONTENT_TYPE, read_metrics

router = APIRouter(include_in_schema=False)
FRESH = {"Cache-Control": "no-store"}


@router.get("/healthz")
async def healthz() -> Response:
    """Say that the process lives: that its loop gets round to answering."""
    return JSONResponse({"status": "ok", "version": version()}, headers=FRESH)


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """Say whether it does its work: 200, or 503 with the checks that fail."""
    found = await check_readiness(app_of(request))
    status = "ready" if found.is_ready else "standby" if found.is_standby else "not ready"
    return JSONResponse({"status": status, "checks": found.checks}, 200 if found.is_ready else 503, headers=FRESH)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Give the figures for Prometheus."""
    return Response(await read_metrics(app_of(request)), headers=FRESH | {"Content-Type": CONTENT_TYPE})
