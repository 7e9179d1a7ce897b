"""All settings in one typed object; this package is the only reader of the environment.

A variable is called ``CREDIT_<GROUP>_<NAME>`` (``CREDIT_API_PORT`` is ``settings.api.port``); settings of no group
are called ``CREDIT_<NAME>``. An invalid value or an unknown variable stops the program at start and is named.
"""

from credit_scoring.core.settings.groups import LogSettings, TrainingSettings, TuningSettings
from credit_scoring.core.settings.reading import (
    PREFIX,
    Settings,
    load_settings,
    render_env_example,
    setting_variables,
    unchanged_environment,
    variable_name,
)

__all__ = [
    "PREFIX",
    "LogSettings",
    "Settings",
    "TrainingSettings",
    "TuningSettings",
    "load_settings",
    "render_env_example",
    "setting_variables",
    "unchanged_environment",
    "variable_name",
]
