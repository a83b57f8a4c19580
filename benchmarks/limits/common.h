// What the hand-written limits share: aligned arrays, contacts, spikes on their way, time and the answer.
//
// Usage of each program: NAME SEED SECONDS [its own arguments]; it prints one JSON object.
#pragma once
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

#ifdef INLINE_EXP
// exp for |x| < 700, to about one unit in the last place: a call to the C library would spill every vector register.
inline double exponential(double x) {
    const double n = __builtin_rint(x*1.4426950408889634), r = x - n*0.693147180369123816 - n*1.90821492927058770e-10;
    double p = 1./6227020800;
    for (double c : {1./479001600, 1./39916800, 1./3628800, 1./362880, 1./40320, 1./5040, 1./720, 1./120, 1./24, 1./6,
                     .5, 1., 1.})
        p = p*r + c;
    return p*__builtin_bit_cast(double, ((int64_t)n + 1023) << 52);
}
#else
// The C library's vector exp, once a loop is vectorised.
inline double exponential(double x) { return std::exp(x); }
#endif

// Few enough neurons that most blocks hold no spike; the state of a block stays in registers and the first cache.
constexpr int BLOCK = 64;

inline double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

inline double *array(size_t n, double value = 0) {
    auto *made = static_cast<double *>(std::aligned_alloc(64, (n*sizeof(double) + 63)/64*64));
    std::fill(made, made + n, value);
    return made;
}

// Contacts by source: those of i are target[first[i]] to target[first[i + 1] - 1], in order of target.
struct Contacts {
    std::vector<uint32_t> first{0};
    std::vector<uint16_t> target;

    // Each pair with the same probability, none of a neuron with itself; the gaps between contacts are geometric.
    Contacts(std::mt19937_64 &random, int n, double probability) {
        std::geometric_distribution<int> gap(probability);
        for (int i = 0; i < n; i++) {
            for (int64_t j = gap(random); j < n; j += 1 + gap(random))
                if (j != i) target.push_back(j);
            first.push_back(target.size());
        }
    }
};

// Spikes of the last `delay` steps and of the present one.
struct Ring {
    int n, slots;
    std::vector<uint16_t> index;
    std::vector<int> count;

    Ring(int n, int delay) : n(n), slots(delay + 1), index(size_t(n)*slots), count(slots) {}
    uint16_t *of(int64_t step) { return &index[step%slots*n]; }
    int &number(int64_t step) { return count[step%slots]; }
};

// Neurons of [begin, end) above threshold, appended to `spikes`; without a branch, which would be guessed wrong.
inline int collect(const double *v, double threshold, int begin, int end, uint16_t *spikes, int number) {
    for (int i = begin; i < end; i++) {
        spikes[number] = i;
        number += v[i] > threshold;
    }
    return number;
}

inline void answer(double loop_s, const std::vector<int> &spikes, double seconds, int64_t events) {
    int64_t all = 0;
    for (int one : spikes) all += one;
    const double rate = all/seconds/spikes.size();
    std::printf("{\"loop_s\": %.9g, \"rate_hz\": %.9g, \"events\": %lld}\n", loop_s, rate, (long long)events);
}
