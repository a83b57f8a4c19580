"""Whether a tonic conductance that rectifies outwards shifts the response of a neuron without changing its slope.

Question
    Pavlov et al. 2009 (doi:10.1523/JNEUROSCI.2747-09.2009): tonic GABA-A currents of CA1 pyramidal cells rectify outwards,
    and so barely touch the subthreshold noise but act at threshold; they move the offset of the response, not its gain. A
    linear conductance would shunt the noise and change both. Does a point cell do so?

Network
    `rectifying_cell`: 1500 unconnected integrate-and-fire cells under weak synaptic noise, each with the same test synapse
    (an alpha function of 2 ms). They differ in their noise alone, so that they are trials of one cell. The cell is ours.

Design
    `rectification`: none (no tonic conductance), and 5 nS at -50 mV that is linear, rectifies weakly (Ransom et al. 2010,
    doi:10.1523/JNEUROSCI.0290-10.2010) or strongly (code that names Pavlov et al. 2009) x `amplitude` of the test
    conductance 9 to 17 nS x seeds. One volley at 150 ms. A seed draws the same noise at all settings, so that changes are
    paired.

Read-outs
    Spike probability within 20 ms of the volley. The cumulative Gaussian through it (maximum likelihood) gives the
    offset, the amplitude of one half, and the gain, the slope there. Mean and standard deviation of the membrane potential
    are those over cells before the volley. Intervals are 95 % over seeds (Student's t).
"""

import sys

import numpy as np
import xarray
from matplotlib.figure import Figure
from script import run_script

from allotone import figures, write_table
from allotone.published.networks.rectification import CONDITIONS, NETWORK, Psychometric, psychometric, responses
from allotone.published.targets import AMPLITUDE_UNCHANGED
from allotone.receptors import rectification_factor
from allotone.statistics import paired_change

AMPLITUDES = tuple(np.arange(9, 17.1, 0.25).tolist())  # nS
TONIC_NS, MATCHED_MV = 5, -50
LAWS = {"linear": "none", "weak": "weak", "strong": "strong"}
READ = {"offset": "offset", "gain": "gain", "membrane_sd": "membrane SD"}


def rectification(path, amplitudes=AMPLITUDES, conditions=tuple(CONDITIONS), seeds=6) -> xarray.Dataset:
    """Table of spike probability and what is read from it, dimensions (rectification, amplitude, seed); also a file."""
    found = responses(amplitudes, conditions, seeds)
    curves = [[psychometric(amplitudes, of_seed) for of_seed in found[one]["probability"].T] for one in conditions]

    def per_seed(values, units):
        return ("rectification", "seed"), values, {"units": units}

    def potential(name):
        return [found[one][name].mean(axis=0) for one in conditions]

    table = xarray.Dataset(
        {
            "spike_probability": (
                ("rectification", "amplitude", "seed"),
                [found[one]["probability"] for one in conditions],
                {"units": "1"},
            ),
            "offset": per_seed([[curve.offset for curve in of] for of in curves], "nS"),
            "gain": per_seed([[curve.gain for curve in of] for of in curves], "/nS"),
            "membrane_sd": per_seed(potential("membrane_sd"), "mV"),
            "membrane_mean": per_seed(potential("membrane_mean"), "mV"),
        },
        coords={
            "rectification": ("rectification", list(conditions), {"units": "1"}),
            "amplitude": ("amplitude", list(amplitudes), {"units": "nS"}),
            "seed": ("seed", list(range(seeds)), {"units": "1"}),
        },
        attrs={"network": NETWORK, "tonic_conductance": f"{TONIC_NS} nS at {MATCHED_MV} mV"},
    )
    write_table(table, path)
    return table


def change(table: xarray.Dataset, variable: str, condition: str) -> np.ndarray:
    """What a tonic conductance adds to a variable, relative to the cell without one; array (seed,)."""
    without = table[variable].sel(rectification="none")
    return (table[variable].sel(rectification=condition) / without - 1).values


def findings(table: xarray.Dataset) -> list[str]:
    """What was found: a line for each kind of conductance, and whether it moves the gain."""

    def mean(name, condition):
        return float(table[name].sel(rectification=condition).mean())

    kinds = [one for one in table["rectification"].values.tolist() if one != "none"]
    moved = {kind: paired_change(change(table, "gain", kind)) for kind in kinds}
    left = [kind for kind, found in moved.items() if abs(found.mean) <= AMPLITUDE_UNCHANGED]
    least = min(moved, key=lambda kind: abs(moved[kind].mean))
    most = max(moved, key=lambda kind: abs(moved[kind].mean))
    differs = paired_change(np.abs(change(table, "gain", most)) - np.abs(change(table, "gain", least)))
    return [
        f"Without tonic conductance: half of the cells fire at {mean('offset', 'none'):.2f} nS, gain "
        f"{mean('gain', 'none'):.3f} per nS, membrane {mean('membrane_mean', 'none'):.1f} +- "
        f"{mean('membrane_sd', 'none'):.2f} mV.",
        *(
            f"{kind}: offset {paired_change(100 * change(table, 'offset', kind)).text('%', 1)}, gain "
            f"{paired_change(100 * change(table, 'gain', kind)).text('%', 1)}, membrane SD "
            f"{paired_change(100 * change(table, 'membrane_sd', kind)).text('%', 1)}."
            for kind in kinds
        ),
        f"The gain stays within {100 * AMPLITUDE_UNCHANGED:.0f} % with {' and '.join(left) or 'none of them'}; {most} "
        f"changes it by {100 * differs.mean:.1f} points ({100 * differs.low:.1f} to {100 * differs.high:.1f}) more than "
        f"{least}.",
    ]


@figures.styled
def draw(table: xarray.Dataset) -> Figure:
    """Figure: the conductances, the spike probabilities with their fits, and the changes of the three read-outs."""
    conditions = table["rectification"].values.tolist()
    colours = {"none": "black"} | {kind: f"C{place}" for place, kind in enumerate(LAWS)}
    figure = Figure(figsize=(figures.DOUBLE_COLUMN, 2.5))
    laws, probabilities, bars = figure.subplots(1, 3, width_ratios=(1, 1.3, 1.1))
    voltages = np.linspace(-80, -40, 81)
    for one in conditions:
        if one != "none":
            conductance = TONIC_NS * rectification_factor(voltages, LAWS[one], MATCHED_MV)
            laws.plot(voltages, conductance, color=colours[one], label=one)
        of = table.sel(rectification=one)
        probabilities.plot(
            of["amplitude"], of["spike_probability"].mean("seed"), "o", color=colours[one], markersize=2.2
        )
        fine = np.linspace(float(of["amplitude"].min()), float(of["amplitude"].max()), 300)
        curves = [Psychometric(*values) for values in _fits(of)]
        probabilities.plot(fine, np.mean([curve.at(fine) for curve in curves], axis=0), color=colours[one], label=one)
    laws.plot(MATCHED_MV, TONIC_NS, "o", color="black", markerfacecolor="none")
    laws.set(xlabel="membrane potential (mV)", ylabel="tonic conductance (nS)", xlim=(-80, -40), ylim=(0, 9))
    laws.set_title("matched at −50 mV")
    laws.legend(loc="upper left")
    probabilities.set(xlabel="amplitude of the test conductance (nS)", ylabel="spike probability", ylim=(-0.02, 1.02))
    probabilities.set_title("none, strong, weak, linear from left to right" if len(conditions) == 4 else "")
    probabilities.legend(loc="lower right")
    kinds = [one for one in conditions if one != "none"]
    for place, kind in enumerate(kinds):
        for group, name in enumerate(READ):
            found = paired_change(100 * change(table, name, kind))
            at = group + 0.25 * (place - (len(kinds) - 1) / 2)
            bars.bar(at, found.mean, 0.22, color=colours[kind])
            bars.errorbar(at, found.mean, (found.high - found.low) / 2, color="black", capsize=2, linewidth=0.8)
    bars.axhline(0, color="black", linewidth=0.6)
    bars.set_xlim(-0.5, len(READ) - 0.5)
    bars.set_xticks(range(len(READ)), list(READ.values()))
    bars.set_ylabel("change by tonic conductance (%)")
    bars.set_title(f"95 % interval, {table.sizes['seed']} seeds")
    return figure


def _fits(of: xarray.Dataset) -> np.ndarray:
    """Offset and spread of each seed of one condition, array (seeds, 2)."""
    return np.column_stack((of["offset"], 1 / (of["gain"] * np.sqrt(2 * np.pi))))


def main(arguments=None) -> int:
    """Run the experiment, write the table and the figure, say what was found."""
    quick = {"amplitudes": AMPLITUDES[::2], "conditions": ("none", "linear", "strong"), "seeds": 3}
    smaller = "without the weak one, steps of 0.5 nS, 3 seeds"
    return run_script("rectification", __doc__, rectification, draw, findings, quick, smaller, arguments, seeds=6)


if __name__ == "__main__":
    sys.exit(main())
