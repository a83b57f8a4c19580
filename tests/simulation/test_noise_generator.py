"""The random numbers of a run: the published generator, the right distributions, one stream apart from another.

Every statistic is held to seven standard deviations, or a chance of 1e-11, so that a right generator fails the 20 000
comparisons made here with a chance below 1e-6; the seeds are fixed besides.
"""

import subprocess
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from scipy import special, stats

import allotone
from allotone.simulation.compiler import compiler

HEADER = Path(allotone.__file__).parent / "simulation" / "device" / "noise.h"
DRIVER = r"""
#include "noise.h"
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

template <class In>
uint64_t lowest(In in) {
    uint64_t word;
    std::memcpy(&word, &in, sizeof word);
    return word;
}

int main(int, char **arguments) {
    const std::string kind = arguments[1];
    uint64_t words[4], answer[2];
    if (kind == "philox" || kind == "box_muller") {
        while (std::fread(words, 8, kind == "philox" ? 4 : 2, stdin) > 0) {
            if (kind == "philox") {
                const auto halves = noise::detail::philox(
                    noise::detail::Words{} + words[0], uint32_t(words[1]), uint32_t(words[2]), words[3]);
                answer[0] = lowest(halves.first);
                answer[1] = lowest(halves.second);
            } else {
                noise::detail::Reals x, y;
                noise::detail::box_muller({noise::detail::Words{} + words[0], noise::detail::Words{} + words[1]}, x, y);
                answer[0] = lowest(x);
                answer[1] = lowest(y);
            }
            std::fwrite(answer, 8, 2, stdout);
        }
        return 0;
    }
    noise::Stream stream{std::strtoull(arguments[2], nullptr, 10), uint32_t(std::atol(arguments[3])),
                         std::strtoull(arguments[4], nullptr, 10)};
    const size_t n = size_t(std::atol(arguments[5]));
    const double mean = std::atof(arguments[6]);
    noise::Poisson table;
    std::vector<double> out(n);
    std::vector<int32_t> counts(n);
    for (size_t i = 0, chunk = 7; i < n; i += size_t(std::atol(arguments[chunk++]))) {
        if (!arguments[chunk]) chunk = 7;
        const size_t asked = size_t(std::atol(arguments[chunk])), size = asked < n - i ? asked : n - i;
        if (kind == "uniform") noise::uniform(stream, &out[i], size);
        if (kind == "normal") noise::normal(stream, &out[i], size);
        if (kind == "uniform1") out[i] = noise::uniform1(stream);
        if (kind == "normal1") out[i] = noise::normal1(stream);
        if (kind == "poisson1") out[i] = noise::poisson1(stream, mean);
        if (kind == "poisson") noise::poisson(stream, table, mean, &out[i], size);
        if (kind == "integers") {
            noise::poisson(stream, table, mean, &counts[i], size);
            for (size_t j = i; j < i + size; j++) out[j] = counts[j];
        }
    }
    std::fwrite(out.data(), 8, n, stdout);
    if (stream.position != std::strtoull(arguments[4], nullptr, 10) + n) return 1;
}
"""
SEED = 0x1234_5678_9ABC_DEF0
PLAIN = ("-O1", "-std=c++11")
KINDS = ["uniform", "normal", "poisson", "integers"]


def build(folder: Path, flags: tuple[str, ...], **replacements: str):
    """Numbers from a program built in a folder, of the header with some of its text replaced."""
    header = HEADER.read_text()
    for old, new in replacements.values():
        assert header.count(old) == 1, old
        header = header.replace(old, new)
    (folder / "noise.h").write_text(header)
    (folder / "driver.cpp").write_text(DRIVER)
    subprocess.run([compiler().command, *flags, "driver.cpp", "-o", "driver"], cwd=folder, check=True)

    def draw(kind, n, seed=SEED, id=1, position=0, mean=0.0, chunks=(64,)):
        """First n numbers of a stream from a position on, array (n,), asked for in chunks of these sizes in turn."""
        arguments = [kind, *map(str, (seed, id, position, n, mean, *chunks))]
        return np.frombuffer(subprocess.run([folder / "driver", *arguments], capture_output=True, check=True).stdout)

    def answers(kind, words):
        """What a function of the header makes of rows of words: array (row, 2), uint64."""
        found = subprocess.run([folder / "driver", kind], input=words.tobytes(), capture_output=True, check=True)
        return np.frombuffer(found.stdout, np.uint64).reshape(-1, 2)

    draw.answers = answers
    return draw


@pytest.fixture(scope="module")
def draw(tmp_path_factory):
    return build(tmp_path_factory.mktemp("noise"), compiler().flags)


@pytest.fixture(scope="module")
def builds(draw, tmp_path_factory):
    """The same, and where the widest vectors are switched off, and from plain code whose arithmetic keeps its order."""
    flags = compiler().flags
    narrow = (*flags, "-mno-avx512f") if "-march=native" in flags else flags
    return [draw, build(tmp_path_factory.mktemp("narrow"), narrow), build(tmp_path_factory.mktemp("plain"), PLAIN)]


def philox(counter, id, tag, seed):
    """Both halves of the generator's output: array (2, counter), uint64."""
    low = np.uint64(0xFFFFFFFF)
    x = [np.asarray(part, np.uint64) for part in np.broadcast_arrays(counter & low, counter >> np.uint64(32), id, tag)]
    keys = [seed & 0xFFFFFFFF, seed >> 32]
    for _ in range(10):
        product = np.uint64(0xD2511F53) * x[0], np.uint64(0xCD9E8D57) * x[2]
        high, rest = [p >> np.uint64(32) for p in product], [p & low for p in product]
        x = [high[1] ^ x[1] ^ np.uint64(keys[0]), rest[1], high[0] ^ x[3] ^ np.uint64(keys[1]), rest[0]]
        keys = [(keys[0] + 0x9E3779B9) & 0xFFFFFFFF, (keys[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return np.array([x[0] | x[1] << np.uint64(32), x[2] | x[3] << np.uint64(32)])


def stream_words(position, n, id, tag, seed):
    """Pairs of words behind each of n numbers and which of the two results is its: arrays (2, n) and (n,)."""
    k = np.arange(position, position + n, dtype=np.uint64)
    counter = k // np.uint64(16) * np.uint64(8) + k % np.uint64(8)
    return philox(counter, np.uint64(id), np.uint64(tag), seed), (k // np.uint64(8) % np.uint64(2)).astype(int)


def box_muller(words):
    """Two normals for each pair of words, array (2, n), in the order in which the header takes quarters of a turn."""
    first, second = words
    radius = np.sqrt(-2 * np.log1p(-((first >> np.uint64(12)) * 2.0**-52)))
    radius = np.where(second & np.uint64(1), -radius, radius)
    angle = np.pi / 2 * ((second >> np.uint64(12)) * 2.0**-52 - 0.5)
    x, y = np.cos(angle), np.sin(angle)
    swapped = (second & np.uint64(2)).astype(bool)
    return radius * np.where(swapped, y, x), radius * np.where(swapped, x, y)


# Lines "philox4x32 10" of kat_vectors in the Random123 distribution: counter, key, result.
KNOWN = [
    "00000000 00000000 00000000 00000000 00000000 00000000 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    "ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff 408f276d 41c83b0e a20bc7c6 6d5451fd",
    "243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0 d16cfe09 94fdcceb 5001e420 24126ea1",
]


@pytest.mark.parametrize("line", KNOWN)
def test_the_generator_gives_the_published_answers(builds, line):
    c0, c1, c2, c3, k0, k1, *result = (int(word, 16) for word in line.split())
    words = np.array([[c0 | c1 << 32, c2, c3, k0 | k1 << 32]], np.uint64)
    expected = [[result[0] | result[1] << 32, result[2] | result[3] << 32]]
    for draw in builds:
        assert draw.answers("philox", words).tolist() == expected
    assert philox(words[:, 0], words[:, 1], words[:, 2], int(words[0, 3])).T.tolist() == expected


@pytest.mark.parametrize("position", [0, 5, 2**33 - 40, 2**45 + 3])
@pytest.mark.parametrize(("seed", "id"), [(0, 0), (SEED, 7), (2**64 - 1, 2**32 - 1)])
def test_uniforms_are_the_bits_of_an_independent_philox(builds, seed, id, position):
    words, half = stream_words(position, 200, id, 0, seed)
    expected = (np.choose(half, words) >> np.uint64(12)) * 2.0**-52
    for draw in builds:
        assert np.array_equal(draw("uniform", 200, seed, id, position), expected)


def test_normals_are_those_of_box_and_muller(builds):
    words, half = stream_words(3, 100_000, 2, 1, SEED)
    expected = np.choose(half, box_muller(words))
    for draw in builds:
        np.testing.assert_allclose(draw("normal", 100_000, id=2, position=3), expected, rtol=4e-15, atol=1e-16)


def test_normals_stay_right_to_the_ends_of_their_bits(builds):
    ends = np.array([0, 1 << 12, 1 << 32, 1 << 62, 1 << 63, (1 << 64) - (1 << 30), (1 << 64) - 1], np.uint64)
    words = np.array(
        [(first, second + low) for first in ends for second in ends // 4 * 4 for low in range(4)], np.uint64
    )
    expected = np.transpose(box_muller(words.T))
    for draw in builds:
        found = draw.answers("box_muller", words).view(float)
        np.testing.assert_allclose(found, expected, rtol=4e-15, atol=1e-15)
        assert np.hypot(*found.T).max() == pytest.approx(np.sqrt(2 * 52 * np.log(2)))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mean", [0.3, 50.0])
def test_numbers_do_not_depend_on_how_they_are_asked_for(draw, kind, mean):
    whole = draw(kind, 1000, mean=mean, chunks=(1000,))
    for chunks in [(1,), (8,), (64,), (24, 1, 7, 128, 3)]:
        assert np.array_equal(draw(kind, 1000, mean=mean, chunks=chunks), whole)
    assert np.array_equal(draw(kind, 777, mean=mean, position=223), whole[223:])


@pytest.mark.parametrize("kind", ["uniform", "normal"])
def test_single_numbers_are_those_of_blocks(draw, kind):
    assert np.array_equal(draw(kind + "1", 300, position=3, chunks=(1,)), draw(kind, 300, position=3))


@pytest.mark.parametrize("mean", [1e-3, 0.7, 31.0, 400.0])
def test_counts_do_not_depend_on_which_function_gives_them(builds, mean):
    counts = builds[0]("poisson", 10_000, mean=mean)
    for draw in builds:
        for kind in ("poisson", "poisson1", "integers"):
            assert np.array_equal(draw(kind, 10_000, mean=mean, chunks=(1 if kind == "poisson1" else 64,)), counts)


@pytest.mark.parametrize("kind", ["poisson", "poisson1", "integers"])
@pytest.mark.parametrize("mean", [0.0, -1.0])
def test_no_mean_gives_no_counts(draw, kind, mean):
    assert not draw(kind, 1000, mean=mean, chunks=(1,)).any()


def assert_z(z):
    assert np.abs(z).max() < 7, f"{np.abs(z).max():.1f} standard deviations"


def assert_counts(found, expected):
    """Chi-square of counts in bins, arrays (bin,), against what is expected there."""
    chance = stats.chi2.sf(((found - expected) ** 2 / expected).sum(), len(expected) - 1)
    assert chance > 1e-11, f"a chance of {chance:.1e}"


def autocorrelation_z(x):
    x = (x - x.mean()) / x.std()
    return np.array([x[:-lag] @ x[lag:] / np.sqrt(len(x) - lag) for lag in range(1, 101)])


def check_uniforms(draw):
    n = 1 << 21
    u = draw("uniform", n)
    assert (u >= 0).all() and (u < 1).all()
    assert stats.kstest(u, "uniform").pvalue > 1e-11
    assert_counts(np.bincount((u * 4096).astype(int), minlength=4096), np.full(4096, n / 4096))
    bits = (u * 2.0**52).astype(np.uint64)
    ones = np.array([np.count_nonzero(bits >> np.uint64(bit) & np.uint64(1)) for bit in range(52)])
    assert_z((ones - n / 2) / np.sqrt(n / 4))
    assert_counts(np.bincount((bits & np.uint64(255)).astype(int), minlength=256), np.full(256, n / 256))
    # Pairs of one counter's halves and of neighbouring counters.
    for lag in (1, 8):
        pairs = (u[:-lag] * 64).astype(int) * 64 + (u[lag:] * 64).astype(int)
        assert_counts(np.bincount(pairs, minlength=4096), np.full(4096, len(pairs) / 4096))
    assert_z(autocorrelation_z(u[: 1 << 19]))


def check_normals(draw):
    n = 10_000_000
    x = draw("normal", n)
    square = x * x
    moments = np.array([x.mean(), square.mean() - 1, (square * x).mean(), (square * square).mean() - 3])
    assert_z(moments / np.sqrt(np.array([1, 2, 15, 96]) / n))
    for tail in (4, 5):
        expected = n * special.ndtr(-tail)
        for found in (np.count_nonzero(x > tail), np.count_nonzero(x < -tail)):
            assert min(stats.poisson.cdf(found, expected), stats.poisson.sf(found - 1, expected)) > 1e-11
    part = x[: 1 << 19]
    assert stats.kstest(part, "norm").pvalue > 1e-11
    assert_counts(np.bincount((special.ndtr(part) * 1000).astype(int), minlength=1000), np.full(1000, len(part) / 1000))
    # Box and Muller's two partners, eight apart, share a radius: neither they nor their squares may be correlated.
    assert_z(autocorrelation_z(part))
    assert_z(autocorrelation_z(part**2))


def check_poisson(draw, mean):
    n = 10_000_000 if mean < 1 else 1_000_000
    counts = draw("poisson", n, mean=mean)
    assert np.array_equal(counts, np.floor(counts)) and counts.min() >= 0
    total = counts.sum()
    assert min(stats.poisson.cdf(total, n * mean), stats.poisson.sf(total - 1, n * mean)) > 1e-11
    assert_z((((counts - mean) ** 2).mean() - mean) / np.sqrt((mean + 2 * mean**2) / n))
    # Bins of at least 100 expected counts each, the tails within the outermost.
    edges = np.unique(stats.poisson.ppf(np.linspace(0, 1, 102)[1:-1], mean))
    outer = stats.poisson.isf([1e-3, 1e-4], mean)
    edges = np.unique([*edges, *(edge for edge in outer if n * stats.poisson.sf(edge, mean) > 100), 0])
    edges = edges[(n * stats.poisson.cdf(edges, mean) > 100) & (n * stats.poisson.sf(edges, mean) > 100)]
    expected = n * np.diff([0, *stats.poisson.cdf(edges, mean), 1])
    assert_counts(np.bincount(np.searchsorted(edges, counts), minlength=len(expected)), expected)


def check_streams(draw):
    n = 1 << 16
    streams = {(SEED + step, 3) for step in range(32)} | {(SEED ^ 1 << bit, 3) for bit in range(64)}
    streams |= {(SEED, id) for id in range(32)} | {(SEED, 1 << bit) for bit in range(32)}
    streams = [draw("uniform", n, seed, id, chunks=(n,)) - 0.5 for seed, id in sorted(streams)]
    streams += [draw("normal", n, id=id, chunks=(n,)) for id in range(8)]
    streams += [draw("poisson", n, id=id, mean=5, chunks=(n,)) - 5 for id in range(8)]
    streams = np.array(streams)
    z = np.corrcoef(streams) * np.sqrt(n)
    assert_z(z[np.triu_indices(len(z), 1)])


def test_uniforms_are_uniform_to_their_last_bit(draw):
    check_uniforms(draw)


def test_normals_are_normal(draw):
    check_normals(draw)


@pytest.mark.parametrize("mean", [1e-4, 0.01, 0.3, 1.0, 5.0, 20.0, 31.99, 32.0, 300.0, 1e5])
def test_counts_are_of_poisson(draw, mean):
    check_poisson(draw, mean)


def test_streams_of_neighbouring_seeds_and_numbers_are_independent(draw):
    check_streams(draw)


FAULTS = {
    "two rounds": (("round < 10", "round < 2"), [check_uniforms, check_streams]),
    "the upper word of the seed unused": (("uint32_t(seed >> 32)", "0"), [check_streams]),
    "24 bits": (("(word >> 12)", "(word >> 40 << 28)"), [check_uniforms]),
    "an angle within a half turn": (("-((random.second >> 1) & uint64_t(1))", "uint64_t(0)"), [check_normals]),
    "a rounded logarithm": (("-1.3862943611198906", "-1.38"), [check_normals]),
    "a mean too large by one percent": (
        ("probability[0] = std::exp(-mean)", "probability[0] = std::exp(-1.01 * mean)"),
        [partial(check_poisson, mean=1.0)],
    ),
    "too eager an acceptance": (("0.9277 - 3.6224", "2.0 - 3.6224"), [partial(check_poisson, mean=300.0)]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_these_tests_find_a_fault(tmp_path, fault):
    replacement, checks = FAULTS[fault]
    broken = build(tmp_path, compiler().flags, fault=replacement)
    for check in checks:
        with pytest.raises(AssertionError):
            check(broken)
