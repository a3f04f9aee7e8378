"""The words inside files, for search: read once a file, by content, in a process of its own."""
