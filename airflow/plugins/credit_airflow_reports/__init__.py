"""Shows the published drift reports in Airflow's web server, to users who are logged in."""
