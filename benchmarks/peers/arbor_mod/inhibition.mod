: All inhibitory contacts on a cell: a difference of two exponentials; the weight is that of each, so the peak is lower.

NEURON {
    POINT_PROCESS inhibition
    NONSPECIFIC_CURRENT i
    GLOBAL tau_rise, tau_decay, E_gaba
}

PARAMETER {
    tau_rise (ms)
    tau_decay (ms)
    E_gaba (mV)
}

STATE { decaying rising }

INITIAL {
    decaying = 0
    rising = 0
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    i = (decaying - rising)*(v - E_gaba)
}

DERIVATIVE states {
    decaying' = -decaying/tau_decay
    rising' = -rising/tau_rise
}

NET_RECEIVE(weight) {
    decaying = decaying + weight
    rising = rising + weight
}
