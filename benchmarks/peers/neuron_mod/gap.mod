: One side of a gap junction; the potential of the other cell arrives by NEURON's transfer between cells.

NEURON {
    THREADSAFE
    POINT_PROCESS Gap
    NONSPECIFIC_CURRENT i
    RANGE conductance, onset, v_other
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (uS) = (microsiemens)
}

PARAMETER {
    conductance (uS)
    onset (ms)
}

ASSIGNED {
    v (mV)
    v_other (mV)
    i (nA)
    g (uS)
}

BREAKPOINT {
    CONDUCTANCE g
    g = 0
    if (t >= onset) { g = conductance }
    i = g*(v - v_other)
}
