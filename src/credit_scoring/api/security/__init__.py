"""API keys, authorisation and the rate limit."""
