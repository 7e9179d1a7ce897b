"""Infrastructure: processors, memory, network, disks, database."""

from typing import Final

from monitoring.description import limits, measures
from monitoring.description.panel import WINDOW, Dashboard, Panel, Query, Row

_NODE: Final = 'job="node", instance=~"$instance"'
_API: Final = 'job="credit-api"'
_CONTAINERS: Final = 'job="cadvisor", name!=""'

INFRASTRUCTURE: Final = Dashboard(
    "credit-infrastructure",
    "Credit scoring: infrastructure",
    "Processors, memory, network and disks by machine, replica and container; database connections.",
    (
        Row(
            "Machines",
            (
                Panel(
                    "CPU",
                    "Share of each machine's processor time that is used.",
                    (Query(measures.cpu_share(WINDOW, _NODE), "{{instance}}"),),
                    "percentunit",
                    limit=limits.CPU_SHARE,
                    alert="CpuHigh",
                    maximum=1,
                ),
                Panel(
                    "Memory",
                    "Share of each machine's memory that is used.",
                    (Query(measures.memory_share(_NODE), "{{instance}}"),),
                    "percentunit",
                    limit=limits.MEMORY_SHARE,
                    alert="MemoryHigh",
                    maximum=1,
                ),
                Panel(
                    "Disk usage",
                    "Share of each disk that is used.",
                    (Query(measures.disk_share(f'{measures.DISK}, instance=~"$instance"'), "{{instance}} {{device}}"),),
                    "percentunit",
                    limit=limits.DISK_SHARE,
                    alert="DiskAlmostFull",
                    maximum=1,
                ),
            ),
        ),
        Row(
            "Replicas and containers",
            (
                Panel(
                    "CPU of each replica",
                    "Processors that each replica of the prediction service uses; a process uses little more than one.",
                    (Query(f"rate(credit_process_cpu_seconds_total{{{_API}}}[{WINDOW}])", "{{instance}}"),),
                    "short",
                ),
                Panel(
                    "Memory of each replica",
                    "Resident memory of each replica of the prediction service.",
                    (Query(f"credit_process_resident_memory_bytes{{{_API}}}", "{{instance}}"),),
                    "bytes",
                ),
                Panel(
                    "CPU of each container",
                    "Processors that each container uses.",
                    (
                        Query(
                            f"sum by (name) (rate(container_cpu_usage_seconds_total{{{_CONTAINERS}}}[{WINDOW}]))",
                            "{{name}}",
                        ),
                    ),
                    "short",
                    is_live=False,
                ),
                Panel(
                    "Memory of each container",
                    "Working set, which the memory limit counts.",
                    (Query(f"sum by (name) (container_memory_working_set_bytes{{{_CONTAINERS}}})", "{{name}}"),),
                    "bytes",
                    is_live=False,
                ),
                Panel(
                    "Network of each container",
                    "Bytes received and sent per second.",
                    tuple(
                        Query(
                            f"sum by (name) (rate(container_network_{way}_bytes_total{{{_CONTAINERS}}}[{WINDOW}]))",
                            f"{{{{name}}}} {way}",
                        )
                        for way in ("receive", "transmit")
                    ),
                    "Bps",
                    is_live=False,
                ),
            ),
        ),
        Row(
            "Database",
            (
                Panel(
                    "Database connections",
                    "Share of PostgreSQL's connections in use.",
                    (Query(measures.database_connection_share(), "{{instance}}"),),
                    "percentunit",
                    limit=limits.DATABASE_CONNECTION_SHARE,
                    alert="PostgresConnectionsHigh",
                    maximum=1,
                ),
                Panel(
                    "Connections by database",
                    "Open connections of each database.",
                    (
                        Query(
                            'sum by (datname) (pg_stat_database_numbackends{job="postgres", datname!=""})',
                            "{{datname}}",
                        ),
                    ),
                    "short",
                    stacked=True,
                ),
                Panel(
                    "Connections of the service",
                    "1 where the prediction service reaches a database.",
                    (Query(f"min by (database) (credit_database_connected{{{_API}}})", "{{database}}"),),
                    "short",
                    limit=1,
                    is_floor=True,
                    maximum=1,
                    alert="CreditDatabaseConnectionLost",
                ),
                Panel(
                    "Decisions in the spool",
                    "Decisions on the local disk of each replica that wait for the ledger.",
                    (Query(f"credit_ledger_spooled_decisions{{{_API}}}", "{{instance}}"),),
                    "short",
                    alert="CreditSpoolGrowing",
                ),
            ),
        ),
    ),
    series="node_cpu_seconds_total",
)
