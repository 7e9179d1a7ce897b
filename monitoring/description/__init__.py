"""What is measured, which limits hold, who is alerted, what dashboards show; `scripts/monitoring` writes the files.

limits.py has every threshold, shared by alerts and dashboards; measures.py the queries that both use.
"""
