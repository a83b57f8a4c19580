: Membrane of Wang & Buzsaki 1996, doi:10.1523/JNEUROSCI.16-20-06402.1996, with instantaneous sodium activation and a
: constant drive; rates as in our wang_buzsaki.py, whose x/(1 - exp(-x)) is exprelr(-x).

NEURON {
    SUFFIX wb
    NONSPECIFIC_CURRENT i
    GLOBAL g_leak, E_leak, g_Na, E_Na, g_K, E_K, phi
    RANGE drive
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
}

STATE { h n }

INITIAL {
    LOCAL alpha, beta
    alpha = 0.07*exp(-(v + 58)/20)
    beta = 1/(1 + exp(-0.1*(v + 28)))
    h = alpha/(alpha + beta)
    alpha = 0.1*exprelr(-0.1*(v + 34))
    beta = 0.125*exp(-(v + 44)/80)
    n = alpha/(alpha + beta)
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    LOCAL alpha, beta, m_inf, n2
    alpha = exprelr(-0.1*(v + 35))
    beta = 4*exp(-(v + 60)/18)
    m_inf = alpha/(alpha + beta)
    n2 = n*n
    i = g_leak*(v - E_leak) + g_Na*m_inf*m_inf*m_inf*h*(v - E_Na) + g_K*n2*n2*(v - E_K) - drive
}

DERIVATIVE states {
    LOCAL alpha_h, beta_h, alpha_n, beta_n
    alpha_h = 0.07*exp(-(v + 58)/20)
    beta_h = 1/(1 + exp(-0.1*(v + 28)))
    alpha_n = 0.1*exprelr(-0.1*(v + 34))
    beta_n = 0.125*exp(-(v + 44)/80)
    h' = phi*(alpha_h - (alpha_h + beta_h)*h)
    n' = phi*(alpha_n - (alpha_n + beta_n)*n)
}
