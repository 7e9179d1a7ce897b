"""All settings in one typed object; this package is the only reader of the environment.

A variable is called ``CREDIT_<GROUP>_<NAME>`` (``CREDIT_API_PORT`` is ``settings.api.port``); settings of no group
are called ``CREDIT_<NAME>``. An invalid value or an unknown variable stops the program at start and is named.
"""

from credit_scoring.core.settings.groups import (
    ApiSettings,
    CostSettings,
    FeatureSettings,
    IngestionSettings,
    LedgerSettings,
    LogSettings,
    PromotionSettings,
    RegistrySettings,
    SettingsGroup,
    SparkSettings,
    StorageSettings,
    TrainingSettings,
    TuningSettings,
)
from credit_scoring.core.settings.process_environment import (
    unchanged_environment,
)
from credit_scoring.core.settings.reading import (
    PREFIX,
    Settings,
    load_settings,
    render_env_example,
    setting_variables,
    variable_name,
)

__all__ = [
    "PREFIX",
    "ApiSettings",
    "CostSettings",
    "FeatureSettings",
    "IngestionSettings",
    "LedgerSettings",
    "LogSettings",
    "PromotionSettings",
    "RegistrySettings",
    "Settings",
    "SettingsGroup",
    "SparkSettings",
    "StorageSettings",
    "TrainingSettings",
    "TuningSettings",
    "load_settings",
    "render_env_example",
    "setting_variables",
    "unchanged_environment",
    "variable_name",
]
