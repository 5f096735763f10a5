"""Managed databases: MySQL, PostgreSQL and Valkey."""
