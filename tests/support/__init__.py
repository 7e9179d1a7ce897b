"""Builders, servers and sample rows that several tests share."""
