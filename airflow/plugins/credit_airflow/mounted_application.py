"""What our plugins have in common that mount an application in the api-server."""

from typing import Any


class MountedApplication:
    """Adds one application to the api-server; a plugin inherits it before ``AirflowPlugin``.

    Airflow executes the file of a plugin in every process, so the application is imported only where Airflow asks for
    applications. No ``AirflowPlugin`` itself, because Airflow would load it as one.

    Attributes:
        name: of the plugin.
        url_prefix: path below which the application answers.
    """

    name: str
    url_prefix: str

    def __init__(self) -> None:
        self._applications: list[dict[str, Any]] = []

    def create_application(self) -> Any:
        """Import and make the application."""
        raise NotImplementedError(self.name)

    @property
    def fastapi_apps(self) -> list[dict[str, Any]]:
        """The application with its path, always the same one."""
        if not self._applications:
            application = self.create_application()
            self._applications = [{"app": application, "url_prefix": self.url_prefix, "name": self.name}]
        return self._applications
