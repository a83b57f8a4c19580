"""Where allopregnanolone comes from: schedules of its concentration, and the ways from plasma to the receptor."""

from .canonical import DEFAULT_MAP as DEFAULT_MAP
from .canonical import canonical_schedule as canonical_schedule
from .canonical import compartment_of as compartment_of
from .canonical import drop_map as drop_map
from .canonical import parameters_of as parameters_of
from .courses import BrainCourse as BrainCourse
from .courses import PlasmaCourse as PlasmaCourse
from .courses import ReceptorCourse as ReceptorCourse
from .evaluate import Evaluator as Evaluator
from .exposure import MAPS as MAPS
from .exposure import NUMBERS as NUMBERS
from .exposure import exposure as exposure
from .files import read_schedule_file as read_schedule_file
from .files import with_files as with_files
from .listing import listing as listing
from .registry import SCHEDULES as SCHEDULES
from .schedules import Schedule as Schedule
from .schedules import constant as constant
from .schedules import schedule as schedule
from .schedules import table as table
from .steroids import MOLAR_MASS as MOLAR_MASS
from .steroids import to_ng_per_mL as to_ng_per_mL
from .steroids import to_nM as to_nM
from .text import SUM as SUM
from .text import as_table as as_table
