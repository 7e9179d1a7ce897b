"""Create Airflow's users, or set their passwords again.

The command `airflow users create` takes a password from a terminal or from its command line, which everyone can read.
"""

import sys
from pathlib import Path

from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder
from airflow.utils.providers_configuration_loader import providers_configuration_loaded

SECRETS = Path("/run/secrets")
ROLES = {"admin": "Admin", "operator": "Op", "viewer": "Viewer"}


@providers_configuration_loaded
def main() -> None:
    """Create each user with the password in its file `airflow_NAME_password`."""
    with get_application_builder() as builder:
        manager = builder.sm
        manager.sync_roles()
        for name, role in ROLES.items():
            password = (SECRETS / f"airflow_{name}_password").read_text().strip()
            user = manager.find_user(username=name)
            if user is None:
                address = f"{name}@airflow.invalid"
                created = manager.add_user(name, name.title(), "Airflow", address, manager.find_role(role), password)
            else:
                created = manager.reset_password(user.id, password)
            if not created:
                sys.exit(f"The user {name} could not be written; the lines above say why.")
    print(f"Users {', '.join(ROLES)} are ready.")


main()
