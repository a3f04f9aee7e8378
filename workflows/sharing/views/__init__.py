"""Pages and forms of sharing."""
