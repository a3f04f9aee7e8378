"""Views of the curriculum in the workbench."""
