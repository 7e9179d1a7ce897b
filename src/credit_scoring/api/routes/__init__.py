"""The service's endpoints: translate the request, delegate, translate the answer."""

from credit_scoring.api.routes import decisions, health, outcomes, predict

ROUTERS = (predict.router, decisions.router, outcomes.router, health.router)
