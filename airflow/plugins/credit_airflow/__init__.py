"""What the DAGs of credit scoring are made of: operators that run the command line, and what decides between tasks.

Nothing here imports ``credit_scoring``: Airflow has an environment of its own, and knows the program by its command
line, its exit codes and its HTTP interface only.
"""
