"""Search at a province's size. Each module measures one thing: `python -m benchmarks.search.<module>`.

BENCHMARK_DATA=<folder> keeps the made-up province there and takes it up again: making a million works takes longer
than measuring.
"""
