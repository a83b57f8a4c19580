"""What a figure shows of the seeds: their mean, a spread around it, and how many there are at each point."""

import numpy as np

from ..errors import InputError, unknown


def summary(table, variable: str):
    """Mean over seeds of a variable with its spread: standard deviations, or the intervals that `over_seeds` added.

    Returns
    -------
    values : xarray.Dataset
        Without the dimension `seed`: `mean`, `low` and `high` (ends of the bars), `count` (seeds with a value).
    seeds : int
        That every point was to have.
    text : str
        What the bars are, of how many seeds; empty without seeds.

    Raises
    ------
    InputError
        An unknown variable, or one of words.
    """
    if variable not in table.data_vars:
        raise unknown("variable", "variable", variable, table.data_vars)
    values = table[variable]
    if values.dtype.kind not in "iuf":
        numbers = ", ".join(str(name) for name, one in table.data_vars.items() if one.dtype.kind in "iuf")
        raise InputError(variable, f"holds no numbers and cannot be drawn; choose one of {numbers}")
    # Slow to import, and only users of tables need it.
    from xarray import Dataset

    values = values.where(np.isfinite(values))
    if "seed" in values.dims:
        seeds, count = values.sizes["seed"], values.count("seed")
        mean = values.mean("seed")
        deviation = values.std("seed", ddof=1) if seeds > 1 else np.nan * mean
        low, high = mean - deviation, mean + deviation
        text = f"mean ± SD, {seeds} seeds"
    elif {f"{variable}_low", f"{variable}_high", f"{variable}_count"} <= set(table.data_vars):
        mean, count = values, table[f"{variable}_count"]
        low, high, seeds = table[f"{variable}_low"], table[f"{variable}_high"], int(count.attrs["seeds"])
        text = f"mean, {100 * low.attrs['level']:g} % interval, {seeds} seeds"
    else:
        mean, count, seeds = values, values.notnull().astype(int), 1
        low = high = np.nan * mean
    return Dataset({"mean": mean, "low": low, "high": high, "count": count}), seeds, text if seeds > 1 else ""
