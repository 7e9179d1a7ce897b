"""The service's endpoints: translate the request, delegate, translate the answer."""

from credit_scoring.api.routes import decisions, health, predict

routes = tuple(route for part in (predict, decisions, health) for route in part.router.routes)
"""All endpoints; what is asked most comes first."""
