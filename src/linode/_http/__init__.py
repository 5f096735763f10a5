"""The only part that does I/O: the transport, and the two wires that encode requests and decode responses."""
