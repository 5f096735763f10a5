"""The only part that does I/O: the transport, and the two wires that turn calls into requests and answers into JSON."""
