"""Object Storage."""
