: Tonic GABA-A conductance that rectifies weakly: Ransom et al. 2010, doi:10.1523/JNEUROSCI.0290-10.2010, relative to v_ref.

NEURON {
    SUFFIX tonic
    NONSPECIFIC_CURRENT i
    GLOBAL E_gaba, v_ref
    RANGE g_tonic
}

PARAMETER {
    g_tonic (S/cm2)
    E_gaba (mV)
    v_ref (mV)
}

ASSIGNED { at_ref (1) }

INITIAL { at_ref = 1 + exp(-(v_ref + 72.7)/25) }

BREAKPOINT {
    LOCAL g
    g = g_tonic*at_ref/(1 + exp(-(v + 72.7)/25))
    i = g*(v - E_gaba)
}
