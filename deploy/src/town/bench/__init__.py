"""`make bench`: numbers as ratios, both sides measured in turn in one run on one machine.

A ratio holds when the machine is slow or shared; an absolute number does not. Later issues add rows by adding a
module with a function to `run.OF_THE_BUS` or `run.OF_THE_TOWN`.
"""

from town.bench.run import measure

__all__ = ["measure"]
