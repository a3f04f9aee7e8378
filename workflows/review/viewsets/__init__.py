"""Wagtail screens of the room: policies and rubrics, for administrators of the province."""
