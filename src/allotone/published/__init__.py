"""Published values as data, and the scoreboard that holds the simulator against them."""

from .data import Row as Row
from .data import rows as rows
