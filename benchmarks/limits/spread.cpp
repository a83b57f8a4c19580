// Limit of D: A with a tonic density and an inhibitory decay of each neuron's own, while allopregnanolone rises.
//
// Out of the loop over time steps: what the steroid does to the tonic conductance (one number for each kind of neuron)
// and to the decay (one exponential a neuron) is worked out once a millisecond, as often as the steroid is looked at.
// Arguments: SEED SECONDS.
#include "coba.h"

constexpr int SLOW = 10;                                   // time steps between two looks at the steroid
constexpr double peak = 100, rise = 1;                     // nM, s
constexpr double spread = 0.2;                             // coefficient of variation of density and decay
constexpr double L = 1e4, gaba = 0.16;                     // 1, uM: receptors of two states
constexpr double K_gaba[] = {0.48, 1.75}, c_gaba[] = {0.0271, 0.03};   // uM, 1: on excitatory and inhibitory neurons
constexpr double K_allo = 0.19, c_allo = 0.46;             // uM, 1

static double open_share(int kind, double gaba, double allo) {
    const double by_gaba = (1 + gaba/K_gaba[kind])/(1 + gaba/(K_gaba[kind]*c_gaba[kind]));
    const double by_allo = (1 + allo/K_allo)/(1 + allo/(K_allo*c_allo));
    return 1/(1 + L*by_gaba*by_gaba*by_allo*by_allo);
}

static double tonic_fold(int kind, double allo) {
    const double reference = open_share(kind, gaba, 0) - open_share(kind, 0, 0);
    return (open_share(kind, gaba, allo) - open_share(kind, 0, allo))/reference;
}

static double decay_factor(double allo) { return 1 + 4*(1 - 1/(1 + std::pow(allo/0.5, 1.2))); }

int main(int, char **words) {
    const double seconds = std::atof(words[2]);
    Coba net(std::atoi(words[1]), 3200, 800);
    double *__restrict v = net.v, *__restrict g_e = net.g_e, *__restrict g_i = net.g_i;
    double *__restrict density = array(net.n), *__restrict tau = array(net.n), *__restrict keep_i = array(net.n);
    const int *__restrict free_from = net.free_from;
    std::normal_distribution<double> normal;
    for (int i = 0; i < net.n; i++) density[i] = std::max(0., 1 + spread*normal(net.random));
    for (int i = 0; i < net.n; i++) tau[i] = std::max(dt, tau_i*(1 + spread*normal(net.random)));
    const double keep_e = std::exp(-dt/tau_e), I_0 = g_leak*E_leak + I_drive;
    const int ends[] = {net.excitatory, net.n}, steps = std::lround(seconds/dt);
    double tonic[2];
    const double start = now();
    for (int step = 0; step < steps; step++) {
        if (step%SLOW == 0) {
            const double allo = 1e-3*peak*std::min(1., step*dt/rise), factor = decay_factor(allo);
            for (int kind = 0; kind < 2; kind++) tonic[kind] = g_tonic*tonic_fold(kind, allo);
            for (int i = 0; i < net.n; i++) keep_i[i] = exponential(-dt/factor/tau[i]);
        }
        uint16_t *spikes = net.ring.of(step);
        int number = 0;
        for (int begin = 0, kind = 0; kind < 2; kind++) {
            const double each = tonic[kind];
            for (int end; begin < ends[kind]; begin = end) {
                end = std::min(begin + BLOCK, ends[kind]);
                int any = 0;
                for (int i = begin; i < end; i++) {
                    const double g_gaba = g_i[i] + each*density[i], g = g_leak + g_e[i] + g_gaba;
                    const double v_inf = (I_0 + g_gaba*E_gaba)/g;
                    const double next = v_inf + (v[i] - v_inf)*exponential(-dt/C_m*g);
                    v[i] = free_from[i] <= step ? next : v[i];
                    g_e[i] *= keep_e;
                    g_i[i] *= keep_i[i];
                    any |= v[i] > v_threshold;
                }
                if (any) number = collect(v, v_threshold, begin, end, spikes, number);
            }
        }
        net.ring.number(step) = number;
        net.deliver(step);
    }
    answer(now() - start, net.spikes, seconds, net.events);
}
