"""From a definition to a run: the only place that drives Brian2's devices."""
