"""A small network that holds one of most things, as its file, and ways to change it."""

import copy
import json
import math

CELLS = """
title = "Ten cells and five trains"
time_step = "0.05 ms"

[medium]
gaba = "0.16 uM"

[populations.cells]
size = 10
neuron = "conductance_lif"
reversal = { E_gaba = "-75 mV" }

[populations.cells.drive.current]
kind = "current"
amplitude = { mean = "200 pA", cv = 0.1 }

[populations.cells.drive.noise]
kind = "ornstein_uhlenbeck"
mean = "1 nS"
sd = "0.2 nS"
tau = "5 ms"
reversal = "0 mV"

[populations.cells.drive.input]
kind = "poisson"
rate = "10 Hz"
weight = "1 nS"
tau_decay = "5 ms"
reversal = "0 mV"

[populations.cells.tonic.delta]
receptor = "alpha4_beta_delta"
conductance = "1 nS"

[populations.trains]
size = 5
neuron = { kind = "poisson_source", rate = "10 Hz" }

[projections.inhibition]
source = "cells"
target = "cells"
receptor = "alpha1_beta_gamma2"
synapse = { kind = "biexponential", tau_rise = "0.5 ms", tau_decay = "5 ms" }
connect = { rule = "fixed_indegree", indegree = 3 }
weight = "1 nS"
delay = "1 ms"

[projections.excitation]
source = "trains"
target = "cells"
receptor = "ampa"
reversal = "0 mV"
synapse = { kind = "exponential", tau_decay = "5 ms" }
connect = { rule = "probability", probability = 0.5 }
weight = "1 nS"
"""
# Of test_plasticity.py and test_waveforms.py, which record the same and so share a binary.
CONTACT_SPIKES_MS = (10, 30, 50, 70, 90, 110, 300)
CONTACTS = """
title = "Pulses, a drawn weight, a contact that facilitates and one that does not"
time_step = "0.1 ms"

[populations.train]
size = 1
neuron = { kind = "spike_file", path = "spikes.csv" }

[populations.cell]
size = 2
neuron = "conductance_lif"
parameters = { v_threshold = "100 mV" }

[populations.cell.drive.short]
kind = "pulse"
amplitude = "1 pA"
onset = "5 ms"
duration = "0.1 ms"
period = "25 ms"

[populations.cell.drive.long]
kind = "pulse"
amplitude = "1 pA"
duration = "1 ms"
period = "10 ms"

[projections.excitation]
source = "train"
target = "cell"
receptor = "ampa"
reversal = "0 mV"
synapse = { kind = "biexponential", tau_rise = "0.5 ms", tau_decay = "3 ms" }
connect = { rule = "all_to_all" }
weight = { distribution = "lognormal", mean = "3 nS", cv = 0.5 }

[projections.contact]
source = "train"
target = "cell"
receptor = "ampa"
reversal = "0 mV"
synapse = { kind = "exponential", tau_decay = "2 ms" }
plasticity = { kind = "tsodyks_markram", U = "0.2", tau_recovery = "100 ms", tau_facilitation = "50 ms" }
connect = { rule = "all_to_all" }
weight = "3 nS"

[projections.depressing]
source = "train"
target = "cell"
receptor = "ampa"
reversal = "0 mV"
synapse = { kind = "exponential", tau_decay = "2 ms" }
plasticity = { kind = "tsodyks_markram", U = "0.6", tau_recovery = "400 ms", tau_facilitation = "0 ms" }
connect = { rule = "all_to_all" }
weight = "3 nS"
"""
CONTACT_RECORD = [
    "I_drive_short@cell:0/0.1ms", "I_drive_long@cell:0/0.1ms",
    *(f"g_{name}@cell/0.1ms" for name in ("excitation", "contact", "depressing")),
]  # fmt: skip
REMOVED = object()


def changed(raw, path, value):
    """A copy of a raw table with another value at a dotted path, made if it is not there."""
    raw = copy.deepcopy(raw)
    *tables, last = path.split(".")
    node = raw
    for key in tables:
        node = node.setdefault(key, {})
    if value is REMOVED:
        del node[last]
    else:
        node[last] = value
    return raw


def as_toml(raw):
    """Text of a TOML file of a raw table."""

    def text(value):
        if isinstance(value, dict):
            return "{" + ", ".join(f"{json.dumps(key)} = {text(item)}" for key, item in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(text, value)) + "]"
        if isinstance(value, float) and not math.isfinite(value):
            return repr(value)
        return json.dumps(value)

    return "\n".join(f"{json.dumps(key)} = {text(value)}" for key, value in raw.items()) + "\n"
