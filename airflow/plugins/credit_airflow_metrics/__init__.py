"""State of Airflow as metrics for Prometheus: an application below /credit-metrics of the api-server.

It reads the metadata database: state, not events. Airflow's own metrics (StatsD, OpenTelemetry) are events, which are
lost while their receiver is away and cannot say that something did not happen: no run for a week, a scheduler that
stopped. What is read here is complete after every start.

The application requires no key, because it shows names of DAGs, tasks and pools, numbers and times alone; expose it in
networks of the platform only (docs/MONITORING.md, Airflow).
"""
