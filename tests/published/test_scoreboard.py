"""The scoreboard: nothing missed in silence, nothing declared in vain, and no verdict that the model cannot change."""

import json
import math
from collections import Counter, defaultdict
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from allotone import InputError
from allotone.cli import main
from allotone.concentration import NUMBERS, SCHEDULES, pharmacokinetics, reductase
from allotone.concentration.kinds import Word
from allotone.published import concentration, data, receptors, rows, scoreboard
from allotone.published.checks import DECLARED, MET, MISS, REPORTED, ROLES, STALE, Board, Check, Result
from allotone.published.receptors import phasic
from allotone.published.targets import (
    CONVENTIONS,
    EC50,
    PRINTED,
    SIGN,
    STANDARD_ERROR,
    Target,
    falls,
    mean_of,
    printed,
    published,
    ratio,
    rises,
    span,
    unbounded,
    unchanged,
    within,
)
from allotone.receptors import PARAMETERS, regulation_presets, subtypes

TABLE = rows("pharmacology") | rows("concentration")
# Those of receptors are numbered so; there is no 4 and no 13. Those of concentration have names; N1 is of networks.
ACCEPTANCE = {1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 14} | {
    "U1", "P1", "P2", "P3", "P5", "P6", "P7", "P8", "P9", "P10", "R1", "M1", "N2", "B1",
}  # fmt: skip


@pytest.fixture(scope="module")
def board():
    return scoreboard.validate(scoreboard.QUICK)


@pytest.fixture(scope="module")
def by_name(board):
    return {result.check.name: result for result in board.results}


class TestBoard:
    def test_nothing_is_missed_in_silence_or_declared_in_vain(self, board):
        failures = [
            (one.check.name, one.verdict, one.simulated) for one in board.results if one.verdict in (MISS, STALE)
        ]
        assert failures == []
        assert not board.failed

    def test_every_declared_miss_is_a_miss(self, board):
        declared = [one for one in board.results if one.check.declared]
        assert declared
        assert [one.check.name for one in declared if one.check.target.met(one.simulated)] == []

    def test_names_are_unique(self, by_name, board):
        assert len(by_name) == len(board.results)

    def test_every_key_is_a_row_and_only_reported_ones_are_recalled(self, board):
        keys = {key for one in board.results for key in one.check.keys}
        assert keys <= TABLE.keys()
        recalled = {
            one.check.name
            for one in board.results
            if one.verdict != REPORTED and any(TABLE[key].status != "seen" for key in one.check.keys)
        }
        assert recalled == set()

    def test_at_least_sixty_sourced_values(self, board):
        graded = {key for one in board.results if one.verdict != REPORTED for key in one.check.keys}
        assert len({key for key in graded if TABLE[key].status == "seen" and TABLE[key].source}) >= 60

    def test_at_least_twenty_predictions(self, board):
        assert board.counts("prediction")["graded"] >= 20

    def test_every_acceptance_value_is_covered(self, board):
        assert {item for one in board.results for item in one.check.items} == ACCEPTANCE

    def test_no_prediction_rests_on_what_was_fitted_or_put_in(self, board):
        graded = [one.check for one in board.results if one.check.role == "prediction" and one.verdict != REPORTED]
        found = {key: TABLE[key].role for one in graded for key in one.keys if TABLE[key].role}
        # The optical density of virgin mice, over which those of other states are told; and the brain's total at anaesthesia,
        # from which a receptor concentration was fitted, and not the plasma of people.
        assert found == {"g2_OD_virgin": "reference", "brain_EC50_anaesth": "reference"}

    def test_nothing_computed_here_is_graded_as_published(self, board):
        graded = {key for one in board.results if one.verdict != REPORTED for key in one.check.keys}
        # What is graded of it is not the rate derived, but the share that the source saw left.
        assert {key for key in graded if TABLE[key].source.startswith("derived") and key.startswith("drv_")} == {
            "drv_k_brain"
        }

    def test_no_mean_is_held_to_the_spread_between_subjects(self, by_name):
        """Rows whose spread is a standard deviation, by their sources, or a pair of percentiles."""
        assert {by_name[name].check.target.bounds for name in ("vag_50", "vag_100", "PPeuthymic_d3", "PPblues_d3", "PP_P4_d3")} == {
            STANDARD_ERROR
        }  # fmt: skip
        assert {by_name[name].verdict for name in ("P4_ov", "P4_lut")} == {REPORTED}
        assert not by_name["P4_foll"].check.target.met(by_name["P4_foll"].simulated)

    def test_rows_and_checks_agree_on_what_was_fitted_or_put_in(self, board):
        of_checks = defaultdict(set)
        for one in board.results:
            for key in one.check.keys:
                of_checks[key].add(one.check.role)
        for key, row in TABLE.items():
            assert row.role in ("", "reference") or row.role in of_checks[key], key
        graded = [one.check for one in board.results if one.verdict != REPORTED]
        needed = {key for one in graded if one.role in ("calibration", "input") for key in one.keys}
        assert [key for key in needed if not TABLE[key].role] == []

    def test_groups_are_those_there_are_and_make_up_the_board(self, board):
        assert tuple(board.groups) == scoreboard.QUICK
        assert scoreboard.GROUPS == (*scoreboard.QUICK, "networks")
        assert sum(len(one.results) for one in board.groups.values()) == len(board.results)
        for role in ROLES:
            total = Counter()
            for one in board.groups.values():
                total.update(one.counts(role))
            assert total == Counter(board.counts(role))

    def test_nothing_is_simulated_only_where_there_is_nothing_to_simulate(self, board):
        absent = {one.check.name for one in board.results if math.isnan(one.simulated)}
        assert absent == {"PMDD_null_LCMS", "PPD_meta_null"}

    def test_counts_add_up(self, board):
        for role in ROLES:
            n = board.counts(role)
            assert n["graded"] == n["met"] + n["declared"] + n["failed"]
            verdicts = Counter(one.verdict for one in board.results if one.check.role == role)
            assert (n["met"], n["declared"], n["reported"]) == (verdicts[MET], verdicts[DECLARED], verdicts[REPORTED])
            signs = [one for one in board.results if one.check.role == role and one.check.target.bounds == SIGN]
            assert n["signs"] == sum(one.verdict != REPORTED for one in signs)
            assert n["signs_met"] == sum(one.verdict == MET for one in signs)

    def test_both_sides_of_a_controversy_are_shown(self, by_name):
        for miss, hit in (
            ("lu23_pv_tonic_null", "lu23_pv_tonic_null.insensitive"),
            ("thdoc1000_a1b3d_sat.shipped", "thdoc1000_a1b3d_sat"),
            ("shen_ecl_hyp.default", "shen_ecl_hyp.slice"),
        ):
            assert (by_name[miss].verdict, by_name[hit].verdict) == (DECLARED, MET)

    def test_the_exponent_is_a_choice_between_two_amplitudes(self, by_name):
        """What lowers the current of patches lowers the IPSC; the default, which does neither, is a calibration."""
        default, deepened = by_name["ipsc_amplitude_100nM"], by_name["ipsc_amplitude_100nM.deepened"]
        assert (default.check.role, default.verdict, deepened.verdict) == ("calibration", MET, REPORTED)
        assert not deepened.check.target.met(deepened.simulated)
        patches = by_name["thdoc_deact_components.amplitude.deepened"]
        assert patches.verdict == REPORTED and patches.check.target.met(patches.simulated)


# What the equations give, as it is printed beside the acceptance values.
@pytest.mark.parametrize(
    ("name", "factor", "printed"),
    [
        ("gaba_ec50_a1b2g2L_concat", 1, "34"),
        ("gaba_ec50_a1b2g2L_alf1", 1, "7.2"),
        ("alf19_dpo", 1, "0.52"),
        ("alf_direct_conc", 1, "0.005"),
        ("allo_ec50_a1b2g2L_oo", 1, "0.63"),
        ("allo_ec50_a1b2g2L_oo.hek", 1, "0.3"),
        ("allo1uM_a4b2d_sat", 1, "6.8"),
        ("thdoc30_a1b3d", 1, "180"),
        ("thdoc30_a1b3d.saturating", 1, "160"),
        ("thdoc30_a1b3d_ec50", 100, "-12"),
        ("thdoc50_100_ipsc_cblm.50nM", 0.01, "0.24"),
        ("thdoc50_100_ipsc_cblm.100nM", 0.01, "0.51"),
        ("tonic_g_40", 1, "1.84"),
        ("jw_1mM_peak", 1, "94"),
    ],
)
def test_printed_by_the_equations(by_name, name, factor, printed):
    half_unit = 0.5 * 10.0 ** Decimal(printed).as_tuple().exponent
    assert abs(factor * by_name[name].simulated - float(printed)) <= half_unit


def altered(monkeypatch, name, **factors):
    """Let one subtype have other numbers, as if its defaults were others."""
    original = subtypes.SUBTYPES[name]

    def other(preparation="slice"):
        found = original(preparation)
        numbers = {key: getattr(found, key) for key in factors}
        return replace(
            found,
            **{
                key: replace(number, value=number.value * factors[key], low=0, high=float("inf"))
                for key, number in numbers.items()
            },
        )

    monkeypatch.setitem(subtypes.SUBTYPES, name, other)


def drawn(rng, low=0.2, high=5.0):
    """A factor between two, evenly on a logarithmic scale."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def other_receptors(rng):
    """Every subtype with each of its numbers up to fivefold off, apart in each preparation, within their meaning."""

    def numbers(found):
        for key in PARAMETERS:
            number = getattr(found, key)
            factor = drawn(rng, 0.5, 1.9) if key == "c_allo" else drawn(rng)
            # An insensitive receptor with another number would be another preparation.
            fixed = found.preparation == "insensitive" and key in ("c_allo", "decay_max", "q")
            value = number.value if fixed else number.value * factor
            value = min(value, 1.0) if key == "c_allo" else max(value, 1.0) if key == "decay_max" else value
            yield key, replace(number, value=value, low=0, high=math.inf)

    made = {
        (name, preparation): replace(found, **dict(numbers(found)))
        for name, subtype in subtypes.SUBTYPES.items()
        for preparation in subtypes.PREPARATIONS
        for found in [subtype(preparation)]
    }
    return {
        name: lambda preparation="slice", name=name: made[name, preparation] for name in subtypes.SUBTYPES
    }  # fmt: skip


def other_scheme(rng):
    """The scheme with its rates up to fivefold off, and its exponent anywhere in its own range."""
    scheme, exponent = phasic.jones_westbrook(), phasic.DESENSITISATION_EXPONENT
    rates = {rate.name: rate.value for rate in scheme.rates}
    scheme = scheme.with_rates(**{name: value * drawn(rng) for name, value in rates.items()})
    p = rng.uniform(exponent.low, exponent.high)
    return lambda desensitisation_exponent=p: replace(
        scheme, desensitisation_exponent=p if desensitisation_exponent == exponent.value else desensitisation_exponent
    )


def other_mouse(rng):
    """The mouse's preset with levels and assumed numbers anywhere in their own ranges, and fitted anew to the blots."""
    preset = regulation_presets.mouse_dentate()

    def within_range(named):
        return {key: replace(n, value=rng.uniform(n.low, n.high)) if n.origin == "assumed" else n for key, n in named}

    levels, numbers = within_range(preset.levels.items()), within_range(preset.numbers.items())
    values = ({key: number.value for key, number in named.items()} for named in (numbers, levels))
    for key, value in zip(("delta_rise", "delta_fall", "gamma2_fall"), regulation_presets._amplitudes(*values)):
        numbers[key] = replace(numbers[key], value=value, low=value, high=value)
    return lambda: replace(preset, levels=levels, numbers=numbers)


# What says when, which and how much of it is asked, and is no number of a model.
ASKED = {"day", "week", "delivery", "length", "count", "interval", "pattern", "dose", "body_weight", "onset"}
AT_MOST_1 = {"fast_fraction", "anovulatory_fraction", "bioavailability"}


def redrawn(rng, parameter, highest=math.inf):
    """A parameter with another default, up to fivefold off; as it is where it has none."""
    number, _, unit = parameter.default.partition(" ")
    value = min(float(number) * drawn(rng), highest) if number else None
    return replace(parameter, default=f"{value!r} {unit}".strip()) if number else parameter


def other_schedules(rng):
    """Every named schedule with each of its numbers up to fivefold off."""
    return {
        name: replace(
            kind,
            parameters={
                key: one
                if isinstance(one, Word) or key in ASKED
                else redrawn(rng, one, 1 if key in AT_MOST_1 else math.inf)
                for key, one in kind.parameters.items()
            },
        )
        for name, kind in SCHEDULES.items()
    }


def redraw_receptors(monkeypatch):
    """Function that gives receptors, the scheme and the mouse's preset other numbers, drawn from those they have now."""
    makers, scheme = dict(subtypes.SUBTYPES), phasic.jones_westbrook
    mouse = regulation_presets.REGULATIONS["mouse_dentate"]

    def redraw(rng):
        for name, maker in makers.items():
            monkeypatch.setitem(subtypes.SUBTYPES, name, maker)
        for name, other in other_receptors(rng).items():
            monkeypatch.setitem(subtypes.SUBTYPES, name, other)
        monkeypatch.setattr(phasic, "jones_westbrook", scheme)
        monkeypatch.setattr(phasic, "jones_westbrook", other_scheme(rng))
        monkeypatch.setitem(regulation_presets.REGULATIONS, "mouse_dentate", mouse)
        monkeypatch.setitem(regulation_presets.REGULATIONS, "mouse_dentate", other_mouse(rng))

    return redraw


def redraw_concentrations(monkeypatch):
    """Function that gives schedules, the map to the receptor and enzymes other numbers, drawn from those they have now."""
    tables = (SCHEDULES, NUMBERS, reductase.NUMBERS, pharmacokinetics._OF_MODEL)
    originals = [dict(table) for table in tables]

    def redraw(rng):
        for table, original in zip(tables, originals):
            for key, one in original.items():
                monkeypatch.setitem(table, key, one)
        for name, other in other_schedules(rng).items():
            monkeypatch.setitem(SCHEDULES, name, other)
        for key, one in originals[1].items():
            monkeypatch.setitem(NUMBERS, key, redrawn(rng, one))
        for key, one in originals[2].items():
            least = 1.0 if key.startswith("fold_type") else 0.0
            other = redrawn(rng, one, 1.0 if key == "type_1_share" else math.inf)
            if float(other.default.split()[0]) > least:
                monkeypatch.setitem(reductase.NUMBERS, key, other)
        for model, numbers in originals[3].items():
            monkeypatch.setitem(
                pharmacokinetics._OF_MODEL, model, {key: value * drawn(rng) for key, value in numbers.items()}
            )

    return redraw


class TestEvidence:
    @pytest.mark.parametrize(
        ("checks", "redraw"),
        [(receptors.checks, redraw_receptors), (concentration.checks, redraw_concentrations)],
        ids=scoreboard.QUICK,
    )
    def test_predictions_could_come_out_otherwise_and_constructions_could_not(self, monkeypatch, checks, redraw):
        """Every number of the model redrawn: 25 times for constructions, and until both verdicts for predictions."""
        met = defaultdict(set)
        redraw = redraw(monkeypatch)
        for draw in range(100):
            redraw(np.random.default_rng(draw))
            graded = [one for one in checks() if not one.reported]
            wanted = [one for one in graded if one.role == "prediction" and len(met[one.name]) < 2]
            if draw < 25:
                wanted += [one for one in graded if one.role == "construction"]
            elif not wanted:
                break
            for one in wanted:
                try:
                    met[one.name].add(one.target.met(one.simulate()))
                except InputError:
                    # These numbers leave nothing to compute: a decay, say, that the scheme cannot reach.
                    continue
        roles = {one.name: one.role for one in graded}
        assert [name for name, found in met.items() if roles[name] == "prediction" and len(found) < 2] == []
        assert [name for name, found in met.items() if roles[name] == "construction" and len(found) > 1] == []
        assert {name for name, role in roles.items() if role in ("prediction", "construction")} == met.keys()


class TestVerdictsFollowTheModel:
    @pytest.mark.parametrize(
        ("name", "factors", "check", "before", "after"),
        [
            ("alpha1_beta_gamma2_concatemer", {"K_gaba": 3}, "gaba_ec50_a1b2g2L_concat", MET, MISS),
            ("alpha4_beta_delta", {"K_allo": 3}, "allo1uM_a4b2d_sat", MET, MISS),
            ("alpha1_beta_gamma2", {"decay_ec50": 10}, "thdoc50_100_ipsc_cblm.75nM", MET, MISS),
            ("alpha4_beta_delta", {"K_gaba": 3}, "gaba_ec50_a4b3d_oo_lo", MET, MISS),
            ("alpha1_beta_delta", {"K_allo": 100}, "lu23_pv_tonic_null", DECLARED, STALE),
        ],
    )
    def test_another_number_another_verdict(self, monkeypatch, by_name, name, factors, check, before, after):
        assert by_name[check].verdict == before
        altered(monkeypatch, name, **factors)
        changed = scoreboard.validate(["receptors"])
        assert {one.check.name: one.verdict for one in changed.results}[check] == after
        assert changed.failed

    @pytest.mark.parametrize(
        ("table", "name", "key", "factor", "check", "before", "after"),
        [
            (NUMBERS, "Kp", "", 0.5, "loc_closure", MET, MISS),
            (SCHEDULES, "infusion", "clearance", 1.3, "brx_auc", MET, MISS),
            (NUMBERS, "C_loc", "", 10, "brain_regions", MET, MISS),
            (SCHEDULES, "infusion", "clearance", 1.3, "brx_cmax_1b", MET, MISS),
            (SCHEDULES, "vaginal_progesterone", "volume", 0.77, "vag_50", DECLARED, STALE),
            (SCHEDULES, "pregnancy", "baseline", 4.4, "PPeuthymic_d3", DECLARED, STALE),
            (SCHEDULES, "menstrual_cycle", "offset", 0.5, "ratio_ALLO_P4_mid", DECLARED, STALE),
        ],
    )
    def test_another_number_of_a_schedule_another_verdict(
        self, monkeypatch, by_name, table, name, key, factor, check, before, after
    ):
        def scaled(parameter):
            number, _, unit = parameter.default.partition(" ")
            return replace(parameter, default=f"{float(number) * factor} {unit}".strip())

        assert by_name[check].verdict == before
        one = table[name]
        other = replace(one, parameters={**one.parameters, key: scaled(one.parameters[key])}) if key else scaled(one)
        monkeypatch.setitem(table, name, other)
        found = next(each for each in concentration.checks() if each.name == check)
        assert Result(found, found.simulate()).verdict == after

    def test_nothing_but_input_is_constant(self, monkeypatch, board):
        """All numbers of all subtypes a little off: what names a subtype must move."""
        for name in subtypes.SUBTYPES:
            altered(monkeypatch, name, L=1.1, K_gaba=1.1, K_allo=1.1, decay_ec50=1.1, c_gaba=1.05, c_allo=0.95, Q0=1.1)
        moved = {one.check.name: one.simulated for one in scoreboard.validate(["receptors"]).results}
        constant = {
            one.check.name
            for one in board.results
            if one.check.role != "input"
            and one.check.parameters.split(",")[0] in subtypes.SUBTYPES
            and moved[one.check.name] == pytest.approx(one.simulated, rel=1e-9)
        }
        # Energies add whatever they are; the other two have numbers of their own.
        assert constant == {"alf_logd_a1b3g2", "zolp_phasic_dgc", "thdoc100_ipsc_dg_p20.dentate"}


class TestCommand:
    @pytest.mark.parametrize("group", scoreboard.QUICK)
    def test_all_is_well(self, capsys, group):
        assert main(["validate", group]) == 0
        out = capsys.readouterr().out
        assert "Declared misses:" in out
        assert "predictions: " in out.splitlines()[-4]
        assert "re-implementation" not in out and "interval" not in out
        assert out.splitlines()[-1].endswith("no evidence either way")

    def test_terminal_is_narrow_and_leaves_nothing_out(self, board):
        out = scoreboard.text(board)
        assert max(map(len, out.splitlines())) <= 140
        # A wrapped line joined again.
        words = " ".join(out.split())
        for one in board.results:
            for told in (one.check.name, one.check.parameters, one.check.quantity, one.reason):
                assert " ".join(told.split()) in words, one.check.name

    def test_json(self, capsys, board):
        assert main(["validate", "--json", *scoreboard.QUICK]) == 0
        answer = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
        assert len(answer["checks"]) == len(board.results)
        assert answer["predictions"] == board.counts("prediction")
        assert {name: one["predictions"] for name, one in answer["groups"].items()} == {
            name: one.counts("prediction") for name, one in board.groups.items()
        }
        assert {one["group"] for one in answer["checks"]} == set(scoreboard.QUICK)
        assert all(one["keys"] and one["parameters"] and one["verdict"] for one in answer["checks"])

    @pytest.mark.parametrize(
        ("name", "factors", "told"),
        [
            ("alpha4_beta_delta", {"K_allo": 3}, "missed, and not declared"),
            ("alpha1_beta_delta", {"K_allo": 100}, "take the declaration away"),
        ],
    )
    def test_a_miss_or_a_stale_declaration_fails(self, monkeypatch, capsys, name, factors, told):
        altered(monkeypatch, name, **factors)
        assert main(["validate", "receptors"]) == 1
        out = capsys.readouterr().out
        assert told in out
        assert "undeclared or stale" in out

    def test_unknown_group(self, capsys):
        assert main(["validate", "receptor"]) == 2
        assert "did you mean 'receptors'?" in capsys.readouterr().err


def test_page_shows_every_check_and_every_row_that_was_read(board):
    page = scoreboard.page(board)
    assert board.headline() in page
    assert all(f"{name}\n{one.headline()}" in board.headline() for name, one in board.groups.items())
    assert [one.check.name for one in board.results if f"| `{one.check.name}` |" not in page] == []
    assert [key for key, row in TABLE.items() if row.status == "seen" and f"`{key}`" not in page] == []
    widths = {line.replace("\\|", "").count("|") for line in page.splitlines() if line.startswith("|")}
    assert widths == {4, 12}


def result(simulated, target=None, **changes):
    target = target or Target(1.0, 0.5, 2.0, "1", "spread of the source")
    check = Check("name", ("gaba_csf",), "quantity", "prediction", "set", lambda: simulated, target, **changes)
    return Result(check, simulated)


DECLARE, REPORT = {"declared": "why"}, {"reported": "why"}


class TestVerdict:
    @pytest.mark.parametrize(
        ("simulated", "changes", "verdict"),
        [
            (2.0, {}, MET),
            (2.1, {}, MISS),
            (float("nan"), {}, MISS),
            (2.1, DECLARE, DECLARED),
            (2.0, DECLARE, STALE),
            (9.0, REPORT, REPORTED),
        ],
    )
    def test_verdict(self, simulated, changes, verdict):
        one = result(simulated, **changes)
        assert one.verdict == verdict
        assert Board((one,)).failed == (verdict in (MISS, STALE))
        assert bool(one.reason) == (verdict != MET)

    def test_headline_keeps_the_roles_apart(self):
        calibration = replace(result(1.0).check, role="calibration")
        forms = [replace(result(3.0, **reason).check, role="construction") for reason in (DECLARE, REPORT)]
        board = Board(
            (
                result(1.0), result(3.0, **DECLARE), result(0.06, rises()), Result(calibration, 1.0),
                *(Result(form, 3.0) for form in forms),
            )
        )  # fmt: skip
        first, second, third = board.headline().splitlines()
        assert first == "predictions: 2 of 3 met (values 1 of 2, signs 1 of 1; 1 declared)"
        assert second == "calibrations: 1 of 1 met (0 declared); no evidence"
        # Inputs and re-implementations are not told of, for there are none.
        assert third == "constructions: 0 of 1 met (1 declared), 1 reported; no evidence either way"


class TestTarget:
    def test_bounds_are_those_of_the_row(self):
        target = published("gaba_ec50_a1b2g2L_concat")
        assert (target.value, target.low, target.high, target.unit) == (34, 26, 42, "uM")
        assert target.error(38) == (pytest.approx(0.5), "spread")
        assert target.error(30) == (pytest.approx(-0.5), "spread")

    def test_a_lower_bound_has_no_error(self):
        target = published("thdoc30_a1b3d")
        assert target.met(151) and target.met(1e9) and not target.met(149)
        assert target.error(200) is None

    def test_a_convention_stands_in_for_a_spread(self):
        target = published("gaba_ec50_a4b2d_oo", EC50)
        assert (target.low, target.high) == pytest.approx((1 / 1.5, 1.5))
        assert target.error(1.1) == (pytest.approx(0.1), "relative")
        assert published("jw_kon", PRINTED).met(6) and not published("jw_kon", PRINTED).met(6.0001)

    def test_a_convention_is_only_for_rows_without_spread(self):
        with pytest.raises(ValueError, match="needs either"):
            published("gaba_ec50_a4b2d_oo")
        with pytest.raises(ValueError, match="needs either"):
            published("gaba_ec50_a1b2g2L_concat", EC50)
        assert set(CONVENTIONS) == {"EC50 within a factor of 1.5", "within 20 %", "as printed"}

    def test_a_mean_is_within_its_standard_error(self):
        target = mean_of("vag_50", 50)
        half = (28.44 - 20.43) / np.sqrt(50)
        assert (target.value, target.low, target.high) == pytest.approx((20.43, 20.43 - half, 20.43 + half))
        assert target.error(20.43 - 2 * half) == (pytest.approx(-2), "spread")

    def test_what_is_put_in_is_as_printed_whatever_its_spread(self):
        assert printed("P4_wk5").met(24.8) and not printed("P4_wk5").met(24.81)

    def test_ratio_adds_relative_spreads_in_quadrature(self):
        target = ratio("tonic_dgc_diestrus", "tonic_dgc_estrus")
        value, spread = 57.6 / 29.8, np.sqrt((10.2 / 57.6) ** 2 + (5.5 / 29.8) ** 2)
        assert (target.value, target.low, target.high) == pytest.approx(
            (value, value * (1 - spread), value * (1 + spread))
        )

    def test_error_of_a_range_is_measured_from_it(self):
        target = span("thdoc_direct_range")
        assert (target.value, target.low, target.high) == (None, 1, 10)
        assert target.error(1) == target.error(9.9) == (0, "relative")
        assert target.error(0.5) == (pytest.approx(-0.5), "relative")
        assert target.error(15) == (pytest.approx(0.5), "relative")
        assert within(0, 1, "1", "why").error(-1) is None

    def test_signs(self):
        assert rises().met(0.05) and not rises().met(0.049) and not rises().met(-0.05)
        assert falls().met(-0.05) and not falls().met(-0.049)
        assert rises(1e-6).met(0.01) and not rises(1e-6).met(0.0)
        assert rises().error(1) is None and falls().error(1) is None
        assert unchanged().met(0.0) and unchanged().met(-0.19) and not unchanged().met(0.21)
        assert unbounded("uM").met(1e300)


class TestRows:
    def test_numbers_and_gaps(self):
        row = TABLE["gaba_ecs_range"]
        assert (row.value, row.low, row.high, row.unit) == (None, 0.2, 2.5, "uM")
        assert TABLE["shen_residue"].value is None
        assert TABLE["allo_ec50_dgc_adult"].low == 16.4
        assert {row.status for row in TABLE.values()} == {"seen", "recalled"}

    def test_a_caller_may_change_what_it_got(self):
        rows("pharmacology").clear()
        assert rows("pharmacology").items() <= TABLE.items()

    def test_a_key_is_one_row(self, monkeypatch):
        assert len(TABLE | rows("networks")) == sum(len(rows(table)) for table in data.TABLES)
        with pytest.raises(KeyError):
            data.row_of("no_such_row")
        monkeypatch.setattr(data, "TABLES", ("pharmacology", "pharmacology"))
        with pytest.raises(ValueError, match="in two tables: .*gaba_csf"):
            data._all.__wrapped__()

    def test_unknown_table(self):
        with pytest.raises(InputError, match="did you mean 'pharmacology'"):
            rows("pharmacolgy")
