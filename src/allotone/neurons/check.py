"""Checks of a user's cell model, so that a slip is found here and not in generated code."""

from brian2 import Equations
from brian2.core.functions import DEFAULT_CONSTANTS, DEFAULT_FUNCTIONS
from brian2.equations.equations import EquationError
from brian2.parsing.sympytools import get_identifiers if False else None
