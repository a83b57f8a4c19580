// Limit of A: `coba_driven`. Arguments: SEED SECONDS EXCITATORY INHIBITORY, and for each further run of E
// SEED TAU_I G_TONIC_EXCITATORY G_TONIC_INHIBITORY (s, S, S).
#include "coba.h"

static void run(int seed, double seconds, int excitatory, int inhibitory, double tau_i, const double (&tonic)[2]) {
    Coba net(seed, excitatory, inhibitory);
    double *__restrict v = net.v, *__restrict g_e = net.g_e, *__restrict g_i = net.g_i;
    const int *__restrict free_from = net.free_from;
    const double keep_e = std::exp(-dt/tau_e), keep_i = std::exp(-dt/tau_i);
    const int ends[] = {excitatory, net.n}, steps = std::lround(seconds/dt);
    const double start = now();
    for (int step = 0; step < steps; step++) {
        uint16_t *spikes = net.ring.of(step);
        int number = 0;
        for (int begin = 0, kind = 0; kind < 2; kind++) {
            const double g_0 = g_leak + tonic[kind], I_0 = g_leak*E_leak + tonic[kind]*E_gaba + I_drive;
            for (int end; begin < ends[kind]; begin = end) {
                end = std::min(begin + BLOCK, ends[kind]);
                int any = 0;
                for (int i = begin; i < end; i++) {
                    const double g = g_0 + g_e[i] + g_i[i], v_inf = (I_0 + g_i[i]*E_gaba)/g;
                    const double next = v_inf + (v[i] - v_inf)*exponential(-dt/C_m*g);
                    v[i] = free_from[i] <= step ? next : v[i];
                    g_e[i] *= keep_e;
                    g_i[i] *= keep_i;
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

int main(int count, char **words) {
    const double seconds = std::atof(words[2]);
    const int excitatory = std::atoi(words[3]), inhibitory = std::atoi(words[4]);
    if (count == 5) run(std::atoi(words[1]), seconds, excitatory, inhibitory, tau_i, {g_tonic, g_tonic});
    for (int k = 5; k + 3 < count; k += 4) {
        const double tonic[] = {std::atof(words[k + 2]), std::atof(words[k + 3])};
        run(std::atoi(words[k]), seconds, excitatory, inhibitory, std::atof(words[k + 1]), tonic);
    }
}
