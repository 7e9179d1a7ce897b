"""The interactive description of the service, from a package: it works without internet access."""

from fastapi import FastAPI, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from swagger_ui_bundle import swagger_ui_path

DOCS, ASSETS = "/docs", "/docs/assets"


def add_pages(app: FastAPI) -> None:
    """Add the page, its assets, and the way from the root to it."""
    app.mount(ASSETS, StaticFiles(directory=swagger_ui_path))

    async def docs(request: Request) -> Response:
        prefix = app.root_path
        return get_swagger_ui_html(
            openapi_url=f"{prefix}{app.openapi_url}",
            title=app.title,
            swagger_js_url=f"{prefix}{ASSETS}/swagger-ui-bundle.js",
            swagger_css_url=f"{prefix}{ASSETS}/swagger-ui.css",
            swagger_favicon_url=f"{prefix}{ASSETS}/favicon-32x32.png",
        )

    async def root(request: Request) -> Response:
        # Relative to the prefix, never to the Host header.
        return RedirectResponse(f"{app.root_path}{DOCS}")

    app.add_route(DOCS, docs, include_in_schema=False)
    app.add_route("/", root, include_in_schema=False)
