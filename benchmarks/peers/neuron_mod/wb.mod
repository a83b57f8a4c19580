: Membrane of Wang & Buzsaki 1996, doi:10.1523/JNEUROSCI.16-20-06402.1996, with instantaneous sodium activation and a
: drive from `onset` on; rates, and the shift that keeps 0/0 away from round potentials, as in our wang_buzsaki.py.

NEURON {
    THREADSAFE
    SUFFIX wb
    NONSPECIFIC_CURRENT i
    RANGE g_leak, E_leak, g_Na, E_Na, g_K, E_K, phi, drive, onset
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    g_leak (S/cm2)
    E_leak (mV)
    g_Na (S/cm2)
    E_Na (mV)
    g_K (S/cm2)
    E_K (mV)
    phi (1)
    drive (mA/cm2)
    onset (ms)
}

STATE { h n }

ASSIGNED {
    v (mV)
    i (mA/cm2)
    g (S/cm2)
    h_inf (1)
    h_tau (ms)
    n_inf (1)
    n_tau (ms)
}

INITIAL {
    rates(v)
    h = h_inf
    n = n_inf
}

BREAKPOINT {
    LOCAL m_inf, now_Na, now_K, on
    : Linearised as it stands, with the slope of the activation, the membrane equation has a pole at time steps of 0.05 ms.
    CONDUCTANCE g
    SOLVE states METHOD cnexp
    m_inf = activation(v)
    now_Na = g_Na*m_inf*m_inf*m_inf*h
    now_K = g_K*n*n*n*n
    on = 0
    if (t >= onset) { on = 1 }
    g = g_leak + now_Na + now_K
    i = g_leak*(v - E_leak) + now_Na*(v - E_Na) + now_K*(v - E_K) - drive*on
}

DERIVATIVE states {
    rates(v)
    h' = (h_inf - h)/h_tau
    n' = (n_inf - n)/n_tau
}

FUNCTION activation(v (mV)) {
    LOCAL alpha, beta
    alpha = 0.1*(v + 35.0000001)/(1 - exp(-0.1*(v + 35.0000001)))
    beta = 4*exp(-(v + 60)/18)
    activation = alpha/(alpha + beta)
}

PROCEDURE rates(v (mV)) {
    LOCAL alpha, beta
    alpha = 0.07*exp(-(v + 58)/20)
    beta = 1/(1 + exp(-0.1*(v + 28)))
    h_tau = 1/(phi*(alpha + beta))
    h_inf = alpha/(alpha + beta)
    alpha = 0.01*(v + 34.0000001)/(1 - exp(-0.1*(v + 34.0000001)))
    beta = 0.125*exp(-(v + 44)/80)
    n_tau = 1/(phi*(alpha + beta))
    n_inf = alpha/(alpha + beta)
}
