"""What Linode offers, a family a file: nested objects, resources, options, and what a client can do with them."""
