: Tonic GABA-A conductance that rectifies weakly: Ransom et al. 2010, doi:10.1523/JNEUROSCI.0290-10.2010, relative to v_ref.

NEURON {
    THREADSAFE
    SUFFIX tonic
    NONSPECIFIC_CURRENT i
    RANGE g_tonic, E_gaba, v_ref
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    g_tonic (S/cm2)
    E_gaba (mV)
    v_ref (mV)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    at_ref (1)
    g (S/cm2)
}

INITIAL { at_ref = 1 + exp(-(v_ref + 72.7)/25) }

BREAKPOINT {
    CONDUCTANCE g
    g = g_tonic*at_ref/(1 + exp(-(v + 72.7)/25))
    i = g*(v - E_gaba)
}
