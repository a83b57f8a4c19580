// Limit of B: `wb200`, Wang-Buzsaki interneurons with the classical Runge-Kutta method, as the network has it.
//
// Every rate is a function of a few exponentials of the voltage: exp(-v/80) and its powers, and exp(-v/18) (v in mV).
// Rising and decaying parts of the synapses are linear and need no stages of their own: they meet each stage times a
// number that is the same for all. The rectification of the tonic conductance holds for a whole step.
// Arguments: SEED SECONDS TIME_STEP (ms).
#include "common.h"

constexpr int N = 200;
constexpr double C_m = 1, g_leak = 0.1, g_Na = 35, g_K = 9, phi = 5;            // uF/cm2, mS/cm2, 1
constexpr double E_leak = -65, E_Na = 55, E_K = -90, E_gaba = -75, v_spike = 0; // mV
constexpr double tau_rise = 0.16, tau_decay = 1.8, weight = 0.02, lag = 1;      // ms, mS/cm2, ms
constexpr double probability = 0.3;

struct Slope {
    double v, h, n;
};

// Time derivatives (per ms) at a voltage, gates, injected current and conductance to E_gaba.
static inline Slope slope(double v, double h, double n, double I, double g) {
    const double e80 = exponential(v*(-1./80)), e40 = e80*e80, e20 = e40*e40, e10 = e20*e20;
    const double e18 = exponential(v*(-1./18));
    const double a_m = 0.1*(v + 35.0000001), b_m = 4*std::exp(-60./18)*e18, c_m = 1 - std::exp(-3.50000001)*e10;
    const double m = a_m/(a_m + b_m*c_m);
    const double a_h = 0.07*std::exp(-58./20)*e20, b_h = 1/(1 + std::exp(-2.8)*e10);
    const double a_n = 0.01*(v + 34.0000001)/(1 - std::exp(-3.40000001)*e10), b_n = 0.125*std::exp(-44./80)*e80;
    const double n2 = n*n;
    return {(I - g_leak*(v - E_leak) - g_Na*m*m*m*h*(v - E_Na) - g_K*n2*n2*(v - E_K) - g*(v - E_gaba))/C_m,
            phi*(a_h*(1 - h) - b_h*h), phi*(a_n*(1 - n) - b_n*n)};
}

// What a Runge-Kutta step makes of x with dx/dt = -x/tau, at its four stages and its end.
struct Linear {
    double second, third, fourth, end;

    explicit Linear(double z) : second(1 - z/2), third(1 - z/2*second), fourth(1 - z*third),
                                end(1 - z/6*(1 + 2*second + 2*third + fourth)) {}
};

int main(int, char **words) {
    const double seconds = std::atof(words[2]), dt = std::atof(words[3]);
    std::mt19937_64 random(std::atoi(words[1]));
    std::normal_distribution<double> normal;
    std::uniform_real_distribution<double> uniform(-70, -50);
    double *__restrict v = array(N), *__restrict h = array(N), *__restrict n = array(N), *__restrict I = array(N);
    double *__restrict tonic = array(N), *__restrict decaying = array(N), *__restrict rising = array(N);
    double *__restrict before = array(N);
    const Contacts contacts(random, N, probability);
    for (int i = 0; i < N; i++) {
        v[i] = uniform(random);
        I[i] = 1 + 0.1*normal(random);
        tonic[i] = std::max(0., 0.010*(1 + 0.2*normal(random)))*(1 + std::exp(-(-70 + 72.7)/25));
        // At rest slopes vanish: dh/dt is linear in h, and so is dn/dt in n.
        const Slope at_0 = slope(v[i], 0, 0, 0, 0), at_1 = slope(v[i], 1, 1, 0, 0);
        h[i] = at_0.h/(at_0.h - at_1.h);
        n[i] = at_0.n/(at_0.n - at_1.n);
    }
    const int delay = std::lround(lag/dt), steps = std::lround(1e3*seconds/dt);
    const Linear d(dt/tau_decay), r(dt/tau_rise);
    const double t_peak = tau_decay*tau_rise/(tau_decay - tau_rise)*std::log(tau_decay/tau_rise);
    const double jump = weight/(std::exp(-t_peak/tau_decay) - std::exp(-t_peak/tau_rise));
    Ring ring(N, delay);
    std::vector<int> count(N);
    int64_t events = 0;
    const double start = now();
    for (int step = 0; step < steps; step++) {
        uint16_t *spikes = ring.of(step);
        int number = 0;
        for (int begin = 0; begin < N; begin += BLOCK) {
            const int end = std::min(begin + BLOCK, N);
            int any = 0;
            for (int i = begin; i < end; i++) {
                const double x = v[i], y = h[i], z = n[i], D = decaying[i], R = rising[i];
                const double g = tonic[i]/(1 + std::exp(-72.7/25)*exponential(x*(-1./25)));
                const Slope k1 = slope(x, y, z, I[i], g + D - R);
                const Slope k2 = slope(x + dt/2*k1.v, y + dt/2*k1.h, z + dt/2*k1.n, I[i], g + D*d.second - R*r.second);
                const Slope k3 = slope(x + dt/2*k2.v, y + dt/2*k2.h, z + dt/2*k2.n, I[i], g + D*d.third - R*r.third);
                const Slope k4 = slope(x + dt*k3.v, y + dt*k3.h, z + dt*k3.n, I[i], g + D*d.fourth - R*r.fourth);
                v[i] = x + dt/6*(k1.v + 2*k2.v + 2*k3.v + k4.v);
                h[i] = y + dt/6*(k1.h + 2*k2.h + 2*k3.h + k4.h);
                n[i] = z + dt/6*(k1.n + 2*k2.n + 2*k3.n + k4.n);
                decaying[i] = D*d.end;
                rising[i] = R*r.end;
                any |= (v[i] > v_spike) & (x <= v_spike);
                before[i] = x;
            }
            if (any)
                for (int i = begin; i < end; i++) {
                    spikes[number] = i;
                    number += (v[i] > v_spike) & (before[i] <= v_spike);
                }
        }
        ring.number(step) = number;
        const uint16_t *arriving = ring.of(step + 1);
        for (int k = 0; k < ring.number(step + 1); k++) {
            const uint32_t first = contacts.first[arriving[k]], last = contacts.first[arriving[k] + 1];
            for (uint32_t c = first; c < last; c++) {
                decaying[contacts.target[c]] += jump;
                rising[contacts.target[c]] += jump;
            }
            events += last - first;
        }
        for (int k = 0; k < number; k++) count[spikes[k]]++;
    }
    answer(now() - start, count, seconds, events);
}
