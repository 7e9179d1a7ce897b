"""``python -m credit_scoring`` is ``credit-scoring``."""

from credit_scoring.cli import main

if __name__ == "__main__":
    main()
