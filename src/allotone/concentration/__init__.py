"""Where allopregnanolone comes from: schedules of its concentration at the receptor."""

from .schedules import SCHEDULES as SCHEDULES
from .schedules import canonical_schedule as canonical_schedule
from .schedules import concentration_at as concentration_at
from .schedules import constant as constant
from .schedules import read_schedule_file as read_schedule_file
from .schedules import table as table
