"""Benchmarks: what the suite does, measured against its peers on the same data.

``harness``  runs two contenders in turn and reports
``worker``   what a contender's own process does
``rows``     one file per benchmark
"""
