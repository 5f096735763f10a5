"""Behaviour of Object Storage."""
