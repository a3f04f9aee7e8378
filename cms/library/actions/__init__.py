"""The writers of the library. One transaction each; state of review is the review room's."""
