"""How Object Storage behaves."""
