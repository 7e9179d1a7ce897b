"""The service's endpoints: translate the request, delegate, translate the answer."""

from credit_scoring.api.routes import operating, predicting, records

routes = tuple(route for part in (predicting, records, operating) for route in part.router.routes)
"""All endpoints; what is asked most comes first."""
