"""An app with one model as Wagtail's search wants it, for `benchmarks.search.wagtail`."""
