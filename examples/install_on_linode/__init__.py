"""A button that installs your software on a Linode of the visitor's own account."""
