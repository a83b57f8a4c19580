// Limit of C: A with a conductance that fluctuates (Ornstein-Uhlenbeck) and a Poisson background on every neuron.
//
// Random numbers: Philox 4x32-10 (Salmon et al. 2011, doi:10.1145/2063384.2063405), counted by step, block and lane;
// normals by Box and Muller (1958) from 52 bits each, Poisson numbers by inversion of 32 bits in a table.
// Arguments: SEED SECONDS.
#include "coba.h"

#include <cstring>
#ifdef __AVX512F__
#include <immintrin.h>
#endif

constexpr double x_mean = 1e-9, x_sd = 0.5e-9, tau_x = 2.73e-3;   // S, S, s
constexpr double rate_b = 1000, w_b = 0.2e-9, tau_b = 5e-3;       // Hz, S, s

// Eight words of 32 bits in lanes of 64, where the processor multiplies them in full.
typedef uint64_t Lanes __attribute__((vector_size(64)));

static inline Lanes product(Lanes a, uint64_t b) {
#ifdef __AVX512F__
    return Lanes(_mm512_mul_epu32(__m512i(a), _mm512_set1_epi64(b)));
#else
    return (a & 0xffffffffu)*b;
#endif
}

struct Words {
    Lanes word[2];   // 64 random bits each
};

static inline Words philox(uint64_t seed, uint32_t step, uint32_t first, uint32_t kind) {
    Lanes a = Lanes{0, 1, 2, 3, 4, 5, 6, 7} + first, b = Lanes{} + step, c = Lanes{} + kind, d = {};
    uint32_t k0 = uint32_t(seed), k1 = uint32_t(seed >> 32);
    for (int round = 0; round < 10; round++) {
        const Lanes p = product(a, 0xD2511F53u), q = product(c, 0xCD9E8D57u);
        a = (q >> 32) ^ b ^ k0;
        b = q;
        c = (p >> 32) ^ d ^ k1;
        d = p;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return {{(a << 32) | (b & 0xffffffffu), (c << 32) | (d & 0xffffffffu)}};
}

static inline double as_real(uint64_t bits) { return __builtin_bit_cast(double, bits); }

// Two standard normals from 64 random bits for the radius and 64 for the direction: an angle within an eighth of a turn,
// and two bits that mirror it into the other quarters.
static inline void normals(uint64_t for_radius, uint64_t for_angle, double &x, double &y) {
    const uint64_t u = __builtin_bit_cast(uint64_t, 2 - as_real(for_radius >> 12 | 0x3ff0000000000000u));
    // u is 2^k m with m about 1: log m = 2 artanh((m - 1)/(m + 1)), a polynomial in the square; so are sine and cosine.
    const int64_t k = int64_t(u - 0x3fe6a09e667f3bcdu) >> 52;
    const double m = as_real(u - (uint64_t(k) << 52)), s = (m - 1)/(m + 1), z = s*s;
    double series = -0.33675319941360976, sine = 5.633933781537854e-08, cosine = 4.6552961874867623e-07;
    for (double c : {-0.3624386886243043, -0.4444686909503581, -0.5714283204221534, -0.8000000012348323,
                     -1.3333333333310584, -4.000000000000001}) series = series*z + c;
    const double t = as_real(for_angle >> 12 | 0x3ff0000000000000u) - 1.5, w = t*t;
    for (double c : {-3.59864335298231e-06, 0.0001604411507421909, -0.004681754132340976, 0.07969262624604301,
                     -0.6459640975062443, 1.5707963267948966}) sine = sine*w + c;
    for (double c : {-2.520013526428479e-05, 0.000919259950041661, -0.02086348073494657, 0.25366950789986475,
                     -1.2337005501361513, 1.}) cosine = cosine*w + c;
    sine *= t;
    const double radius = std::sqrt(s*series - 1.3862943611198906*k), signed_radius = for_angle & 1 ? -radius : radius;
    x = signed_radius*(for_angle & 2 ? sine : cosine);
    y = signed_radius*(for_angle & 2 ? cosine : sine);
}

int main(int, char **words) {
    const int seed = std::atoi(words[1]);
    const double seconds = std::atof(words[2]);
    Coba net(seed, 3200, 800);
    double *__restrict v = net.v, *__restrict g_e = net.g_e, *__restrict g_i = net.g_i;
    double *__restrict x = array(net.n), *__restrict g_b = array(net.n);
    const int *__restrict free_from = net.free_from;
    std::normal_distribution<double> normal;
    for (int i = 0; i < net.n; i++) x[i] = x_mean + x_sd*normal(net.random);
    const double keep_e = std::exp(-dt/tau_e), keep_i = std::exp(-dt/tau_i), keep_b = std::exp(-dt/tau_b);
    const double keep_x = std::exp(-dt/tau_x), step_x = x_sd*std::sqrt(1 - keep_x*keep_x);
    // An arrival more for every bound that a word reaches; those above the last one are rarer than 2^-32.
    std::vector<uint32_t> bounds;
    for (double p = std::exp(-rate_b*dt), sum = p; sum < 1 - 0x1p-33; sum += p) {
        bounds.push_back(uint32_t(std::min(sum*0x1p32, 4294967295.)));
        p *= rate_b*dt/bounds.size();
    }
    const int steps = std::lround(seconds/dt);
    const double g_0 = g_leak + g_tonic, I_0 = g_leak*E_leak + g_tonic*E_gaba + I_drive;
    static_assert(BLOCK%32 == 0, "a call of the generator gives 32 words of 32 bits");
    const double start = now();
    for (int step = 0; step < steps; step++) {
        uint16_t *spikes = net.ring.of(step);
        int number = 0;
        for (int begin = 0; begin < net.n; begin += BLOCK) {
            const int end = std::min(begin + BLOCK, net.n), size = end - begin;
            alignas(64) uint64_t radius[BLOCK/2], angle[BLOCK/2];
            alignas(64) uint32_t word[BLOCK];
            alignas(64) double z[BLOCK];
            alignas(64) int arrivals[BLOCK] = {};
            for (int j = 0; j < BLOCK/2; j += 8) {
                const Words drawn = philox(seed, step, begin + j, 0);
                std::memcpy(radius + j, &drawn.word[0], sizeof(Lanes));
                std::memcpy(angle + j, &drawn.word[1], sizeof(Lanes));
            }
            for (int j = 0; j < BLOCK/2; j++) normals(radius[j], angle[j], z[j], z[j + BLOCK/2]);
            for (int j = 0; j < BLOCK; j += 32) {
                const Words drawn = philox(seed, step, begin + j, 1);
                std::memcpy(word + j, drawn.word, sizeof drawn);
            }
            for (uint32_t bound : bounds)
                for (int k = 0; k < BLOCK; k++) arrivals[k] += word[k] >= bound;
            int any = 0;
            for (int k = 0; k < size; k++) {
                const int i = begin + k;
                x[i] = x_mean + (x[i] - x_mean)*keep_x + step_x*z[k];
                const double g = g_0 + g_e[i] + g_i[i] + g_b[i] + std::max(x[i], 0.), v_inf = (I_0 + g_i[i]*E_gaba)/g;
                const double next = v_inf + (v[i] - v_inf)*exponential(-dt/C_m*g);
                v[i] = free_from[i] <= step ? next : v[i];
                g_e[i] *= keep_e;
                g_i[i] *= keep_i;
                g_b[i] = g_b[i]*keep_b + w_b*arrivals[k];
                any |= v[i] > v_threshold;
            }
            if (any) number = collect(v, v_threshold, begin, end, spikes, number);
        }
        net.ring.number(step) = number;
        net.deliver(step);
    }
    answer(now() - start, net.spikes, seconds, net.events);
}
