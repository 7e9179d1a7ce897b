"""The service's endpoints: translate the request, delegate, translate the answer."""

from fastapi import APIRouter

from credit_scoring.api.routes import operating, predicting, records

router = APIRouter()
for _part in (predicting, records, operating):
    router.include_router(_part.router)
