: All inhibitory contacts on a cell: a difference of two exponentials that peaks at the weight of the contact.

NEURON {
    THREADSAFE
    POINT_PROCESS Inhibition
    NONSPECIFIC_CURRENT i
    RANGE tau_rise, tau_decay, peak, E_gaba, onset
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (uS) = (microsiemens)
}

PARAMETER {
    tau_rise (ms)
    tau_decay (ms)
    peak (1)
    E_gaba (mV)
    onset (ms)
}

STATE {
    decaying (uS)
    rising (uS)
}

ASSIGNED {
    v (mV)
    i (nA)
    g (uS)
}

INITIAL {
    decaying = 0
    rising = 0
}

BREAKPOINT {
    CONDUCTANCE g
    SOLVE states METHOD cnexp
    g = decaying - rising
    i = g*(v - E_gaba)
}

DERIVATIVE states {
    decaying' = -decaying/tau_decay
    rising' = -rising/tau_rise
}

NET_RECEIVE(weight (uS)) {
    if (t >= onset) {
        decaying = decaying + weight*peak
        rising = rising + weight*peak
    }
}
