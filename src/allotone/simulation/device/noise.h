// Random numbers of a run: vectorised, and each a pure function of seed, stream and position.
//
// Generator: Philox 4x32 with 10 rounds, J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, "Parallel random
//     numbers: as easy as 1, 2, 3", SC11 (2011), doi:10.1145/2063384.2063405.
// Normals: G. E. P. Box and M. E. Muller, Annals of Mathematical Statistics 29 (1958) 610, doi:10.1214/aoms/1177706645.
// Large Poisson means: W. Hoermann, algorithm PTRS, Insurance: Mathematics and Economics 12 (1993) 39,
//     doi:10.1016/0167-6687(93)90997-4.
//
// Promise: the number at position k of a stream does not depend on how the positions before it were drawn: one by one,
// in blocks of any size, of which kind. Uniforms are the same bit for bit on every machine, Poisson counts but for a
// chance of some 1e-15 each; normals are the same within one program and differ in their last digits between
// instruction sets.
//
// Numbers lie in groups of sixteen, which eight counters fill: number j of a group is the first (j < 8) or second half
// of the output of counter j % 8. A call that begins or ends within a group computes the whole group again.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace noise {

struct Stream {
    uint64_t seed;
    uint32_t id;
    uint64_t position;  // of the next number
};

constexpr int capacity = 128;

// Thresholds of a Poisson distribution, one of these for each place that draws with one mean for all.
struct Poisson {
    double mean = 0;
    int size = 0;
    double above[capacity];  // above[k]: probability of more than k
};

namespace detail {

constexpr int group = 16;  // numbers
constexpr int lanes = 8;   // counters that give them
// Part of the counter, so that numbers of different kinds never come from one output of the generator.
enum Tag : uint32_t { uniform_tag, normal_tag, poisson_tag, attempt_tag };

#if defined(__GNUC__) && defined(__AVX2__)
#ifdef __AVX512F__
constexpr int width = 8;
#else
constexpr int width = 4;
#endif
typedef uint64_t Words __attribute__((vector_size(8 * width)));
typedef double Reals __attribute__((vector_size(8 * width)));

// Assembly, since no operator multiplies the lower halves of words alone, and the headers of intrinsics alone take
// half a second to compile.
inline Words multiply(Words a, Words b) {
    Words product;
    asm("vpmuludq %2, %1, %0" : "=v"(product) : "v"(a), "v"(b));
    return product;
}
inline Reals root(Reals x) {
    Reals result;
    asm("vsqrtpd %1, %0" : "=v"(result) : "v"(x));
    return result;
}
#else
constexpr int width = 1;
typedef uint64_t Words;
typedef double Reals;

inline Reals root(Reals x) { return std::sqrt(x); }
#endif
inline uint64_t multiply(uint64_t a, uint64_t b) { return (a & 0xffffffffu) * (b & 0xffffffffu); }

template <class To, class From>
inline To bits(From from) {
    static_assert(sizeof(To) == sizeof(From), "the same bits in another type");
    To to;
    std::memcpy(&to, &from, sizeof to);
    return to;
}

// In [1, 2), from the upper 52 bits.
template <class Real, class Word>
inline Real from_one_to_two(Word word) {
    return bits<Real>((word >> 12) | 0x3ff0000000000000u);
}

template <class Word>
struct Halves {
    Word first, second;  // 64 random bits each
};

// For one counter or a vector of them. Of every 64-bit word only the lower half counts, whatever the upper one holds.
template <class Word>
inline Halves<Word> philox(Word counter, uint32_t id, uint32_t tag, uint64_t seed) {
    const Word all{};
    Word a = counter, b = counter >> 32, c = all + uint64_t(id), d = all + uint64_t(tag);
    uint32_t key_a = uint32_t(seed), key_b = uint32_t(seed >> 32);
    for (int round = 0; round < 10; round++) {
        const Word p = multiply(a, all + uint64_t(0xD2511F53u)), q = multiply(c, all + uint64_t(0xCD9E8D57u));
        a = (q >> 32) ^ b ^ uint64_t(key_a);
        b = q;
        c = (p >> 32) ^ d ^ uint64_t(key_b);
        d = p;
        key_a += 0x9E3779B9u;
        key_b += 0xBB67AE85u;
    }
    return {(a & uint64_t(0xffffffffu)) | (b << 32), (c & uint64_t(0xffffffffu)) | (d << 32)};
}

inline Words counters(uint64_t first) {
    static const uint64_t steps[] = {0, 1, 2, 3, 4, 5, 6, 7};
    Words step;
    std::memcpy(&step, steps, sizeof step);
    return step + first;
}

// Box and Muller: radius from one word and direction from the other, each to about an ulp. The radius ends at 8.49,
// where its 52 bits do; beyond 8 there are 57 of its values left.
inline void box_muller(Halves<Words> random, Reals &x, Reals &y) {
    // -2 log u with u = 2^k m, m between the roots of 1/2 and 2, by the odd series in s = (m - 1)/(m + 1).
    const Words u = bits<Words>(2.0 - from_one_to_two<Reals>(random.first));
    const Words biased = (u + (0x3ff0000000000000u - 0x3fe6a09e667f3bcdu)) >> 52;
    const Reals k = bits<Reals>(biased | 0x4330000000000000u) - (4503599627370496.0 + 1023.0);
    const Reals m = bits<Reals>(u - ((biased - uint64_t(1023)) << 52));
    const Reals s = (m - 1.0) / (m + 1.0), z = s * s;
    const Reals series = -4.000000000000001 + z * (-1.333333333331057 + z * (-0.8000000012354611 + z * (
        -0.571428320319513 + z * (-0.4444686984281641 + z * (-0.36243844007787285 + z * -0.33675627137797287)))));
    Words radius = bits<Words>(root(k * -1.3862943611198906 + s * series));

    // An angle of up to an eighth of a turn either way, and two bits that choose among the four quarters.
    const Reals t = from_one_to_two<Reals>(random.second) - 1.5, w = t * t;
    const Words sine = bits<Words>(t * (1.5707963267948966 + w * (-0.6459640975062443 + w * (0.07969262624604301 + w * (
        -0.004681754132340976 + w * (0.0001604411507421909 + w * (-3.59864335298231e-06
        + w * 5.633933781537854e-08)))))));
    const Words cosine = bits<Words>(1.0 + w * (-1.2337005501361513 + w * (0.25366950789986475 + w * (
        -0.02086348073494657 + w * (0.000919259950041661 + w * (-2.520013526428479e-05
        + w * 4.6552961874867623e-07))))));
    const Words swap = (sine ^ cosine) & -((random.second >> 1) & uint64_t(1));
    radius ^= random.second << 63;
    x = bits<Reals>(radius) * bits<Reals>(cosine ^ swap);
    y = bits<Reals>(radius) * bits<Reals>(sine ^ swap);
}

typedef void Groups(const Stream &, uint64_t first, size_t count, double *out);

// Never inlined, so that a number's last digits do not depend on what its caller does with it.
template <Tag tag>
__attribute__((noinline)) void groups(const Stream &stream, uint64_t first, size_t count, double *out) {
    const uint64_t seed = stream.seed;
    const uint32_t id = stream.id;
    for (size_t g = 0; g < count; g++, out += group)
        for (int lane = 0; lane < lanes; lane += width) {
            const Halves<Words> random = philox(counters((first + g) * lanes + uint64_t(lane)), id, tag, seed);
            Reals x, y;
            if (tag == normal_tag) {
                box_muller(random, x, y);
            } else {
                x = from_one_to_two<Reals>(random.first) - 1.0;
                y = from_one_to_two<Reals>(random.second) - 1.0;
            }
            std::memcpy(out + lane, &x, sizeof x);
            std::memcpy(out + lane + lanes, &y, sizeof y);
        }
}

inline void fill(Groups *groups, Stream &stream, double *out, size_t n) {
    while (n > 0) {
        const uint64_t first = stream.position / group;
        const size_t skipped = stream.position % group;
        size_t taken;
        if (skipped == 0 && n >= group) {
            taken = n - n % group;
            groups(stream, first, taken / group, out);
        } else {
            alignas(64) double whole[group];
            groups(stream, first, 1, whole);
            taken = n < group - skipped ? n : group - skipped;
            std::memcpy(out, whole + skipped, taken * sizeof *out);
        }
        stream.position += taken;
        out += taken;
        n -= taken;
    }
}

// The next uniform number alone.
inline double single(Stream &stream, Tag tag) {
    const uint64_t k = stream.position++;
    const Halves<uint64_t> random = philox(k / group * lanes + k % lanes, stream.id, tag, stream.seed);
    return from_one_to_two<double>(k % group < lanes ? random.first : random.second) - 1.0;
}

// Uniform numbers are moved to the middle of their steps before they are counted: never 0, never 1.
constexpr double half_step = 1.0 / 9007199254740992.0;

constexpr size_t block = 64;  // numbers whose counts grow together

// From here on rejection from a transformed uniform number takes fewer steps than counting up.
constexpr double large_mean = 32;

// The count at one position of the stream, whose attempts are numbered by the tag of their counter.
inline double large_poisson(const Stream &stream, uint64_t position, double mean) {
    const double b = 0.931 + 2.53 * std::sqrt(mean), a = -0.059 + 0.02483 * b;
    const double scale = 1.1239 + 1.1328 / (b - 3.4), squeeze = 0.9277 - 3.6224 / (b - 2), log_mean = std::log(mean);
    for (uint32_t tag = attempt_tag;; tag++) {
        const Halves<uint64_t> random = philox(position, stream.id, tag, stream.seed);
        const double u = from_one_to_two<double>(random.first) - 1.5, edge = 0.5 - std::fabs(u);
        const double v = 2.0 - from_one_to_two<double>(random.second);
        if (edge == 0) continue;
        const double count = std::floor((2 * a / edge + b) * u + mean + 0.43);
        if (edge >= 0.07 && v <= squeeze) return count;
        if (count < 0 || (edge < 0.013 && v > edge)) continue;
        if (std::log(v * scale / (a / (edge * edge) + b)) <= count * log_mean - mean - std::lgamma(count + 1))
            return count;
    }
}

inline void tabulate(Poisson &table, double mean) {
    // Upwards the probabilities, downwards their sums, whose small ends would otherwise be lost.
    double probability[capacity];
    probability[0] = std::exp(-mean);
    int count = 1;
    for (; count < capacity && (count < mean || probability[count - 1] > 1e-20); count++)
        probability[count] = probability[count - 1] * mean / count;
    table.above[count - 1] = 0;
    for (int k = count - 1; k > 0; k--) table.above[k - 1] = table.above[k] + probability[k];
    for (table.size = 0; table.above[table.size] > half_step;) table.size++;
    table.mean = mean;
}

}  // namespace detail

// In [0, 1), multiples of 2^-52.
inline void uniform(Stream &stream, double *out, size_t n) {
    detail::fill(detail::groups<detail::uniform_tag>, stream, out, n);
}

// Standard normal.
inline void normal(Stream &stream, double *out, size_t n) {
    detail::fill(detail::groups<detail::normal_tag>, stream, out, n);
}

inline double uniform1(Stream &stream) { return detail::single(stream, detail::uniform_tag); }

inline double normal1(Stream &stream) {
    double number;
    normal(stream, &number, 1);
    return number;
}

// Poisson counts with one mean for all; 0 where the mean is not positive. Count: double or an integer.
template <class Count>
inline void poisson(Stream &stream, Poisson &table, double mean, Count *out, size_t n) {
    if (mean >= detail::large_mean) {
        for (size_t i = 0; i < n; i++) out[i] = Count(detail::large_poisson(stream, stream.position++, mean));
        return;
    }
    if (!(mean > 0)) {
        for (size_t i = 0; i < n; i++) out[i] = 0;
        stream.position += n;
        return;
    }
    if (mean != table.mean) detail::tabulate(table, mean);
    alignas(64) double u[detail::block], counts[detail::block];
    for (size_t taken; n > 0; out += taken, n -= taken) {
        taken = n < detail::block ? n : detail::block;
        detail::fill(detail::groups<detail::poisson_tag>, stream, u, taken);
        double least = 1;
        for (size_t i = 0; i < taken; i++) {
            u[i] += detail::half_step;
            least = u[i] < least ? u[i] : least;
            counts[i] = 0;
        }
        for (int k = 0; k < table.size && least < table.above[k]; k++)
            for (size_t i = 0; i < taken; i++) counts[i] += u[i] < table.above[k] ? 1.0 : 0.0;
        for (size_t i = 0; i < taken; i++) out[i] = Count(counts[i]);
    }
}

// One Poisson count, with a mean of its own.
inline double poisson1(Stream &stream, double mean) {
    if (mean >= detail::large_mean) return detail::large_poisson(stream, stream.position++, mean);
    const double u = detail::single(stream, detail::poisson_tag) + detail::half_step;
    // More than none is no likelier than the mean, so that most draws of a small one need no exponential.
    if (u >= mean) return 0;
    double probability = std::exp(-mean), above = 1 - probability;
    int count = 0;
    while (u < above && count < capacity) {
        probability *= mean / ++count;
        above -= probability;
    }
    return count;
}

}  // namespace noise
