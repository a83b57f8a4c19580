// The network of the limits A, C and D: conductance-based integrate-and-fire neurons, excitatory ones first.
#pragma once
#include "common.h"

constexpr double dt = 0.1e-3;                              // s
constexpr int DELAY = 10, REFRACTORY = 50;                 // time steps
constexpr double C_m = 200e-12, g_leak = 10e-9;            // F, S
constexpr double E_leak = -60e-3, E_gaba = -80e-3;         // V; that of excitation is 0
constexpr double v_threshold = -50e-3, v_reset = -60e-3;   // V
constexpr double I_drive = 200e-12, g_tonic = 1e-9;        // A, S
constexpr double tau_e = 5e-3, tau_i = 10e-3;              // s
constexpr double w_e = 6e-9, w_i = 67e-9, probability = 0.02;

struct Coba {
    int excitatory, n;
    std::mt19937_64 random;
    double *v, *g_e, *g_i;
    int *free_from;   // the step at which a neuron is no longer refractory
    std::vector<int> spikes;
    int64_t events = 0;
    Contacts contacts;
    Ring ring;

    Coba(int seed, int excitatory, int inhibitory)
        : excitatory(excitatory), n(excitatory + inhibitory), random(seed), v(array(n)), g_e(array(n)), g_i(array(n)),
          free_from(reinterpret_cast<int *>(array(n))), spikes(n), contacts(random, n, probability), ring(n, DELAY) {
        std::normal_distribution<double> normal;
        for (int i = 0; i < n; i++) {
            v[i] = -65e-3 + 5e-3*normal(random);
            g_e[i] = std::max(0., 40e-9 + 15e-9*normal(random));
            g_i[i] = std::max(0., 200e-9 + 120e-9*normal(random));
        }
    }

    // Spikes of DELAY steps ago arrive; those of this step reset.
    void deliver(int step) {
        const uint16_t *arriving = ring.of(step + 1), *leaving = ring.of(step);
        for (int k = 0; k < ring.number(step + 1); k++) {
            const int i = arriving[k];
            double *g = i < excitatory ? g_e : g_i;
            const double w = i < excitatory ? w_e : w_i;
            const uint32_t first = contacts.first[i], last = contacts.first[i + 1];
            for (uint32_t c = first; c < last; c++) g[contacts.target[c]] += w;
            events += last - first;
        }
        for (int k = 0; k < ring.number(step); k++) {
            v[leaving[k]] = v_reset;
            free_from[leaving[k]] = step + REFRACTORY;
            spikes[leaving[k]]++;
        }
    }
};
