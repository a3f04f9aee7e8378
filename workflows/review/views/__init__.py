"""The room's pages on the site: lists, the desk, the author's deeds, trials."""
