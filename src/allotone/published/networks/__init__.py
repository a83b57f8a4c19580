"""Everything that networks are held against: each room one network, its protocols and its published values."""

# Each is a module of this package with a function `checks() -> list[Check]`; nothing runs before a check is simulated.
ROOMS = (
    "wang_buzsaki", "pv_gamma", "single_cells", "ping", "coba", "thalamus_tc_re", "thalamus_spindle", "spike_wave", "bla",
    "dentate", "granule_cell", "rectification",
)  # fmt: skip

# Rows of the table that no network here is held against, and why.
CONTEXT = {
    "lemasson_gaba": "a circuit of one living and one simulated cell, told by a third party: context alone",
    "dervinis_swd": "a thalamocortical network larger than any here: context alone",
}
