"""A reseller: visitors sign up, and each gets one Linode that runs the owner's software."""
