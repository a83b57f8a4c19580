"""Fast sodium and potassium currents of Traub, with potentials and densities as parameters: cells of Destexhe share them."""

# The 1e-7 in x_Na and x_K keeps the removable singularities (0/0) of the rates away from round potentials.
EQUATIONS = """
        I_Na = g_Na*m**3*h*(v - E_Na)                : amp/meter**2    # sodium current, outward
        I_K = g_K*n**4*(v - E_K)                     : amp/meter**2    # delayed rectifier, outward
        dm/dt = alpha_m*(1 - m) - beta_m*m           : 1               # sodium activation
        dh/dt = alpha_h*(1 - h) - beta_h*h           : 1               # sodium inactivation
        dn/dt = alpha_n*(1 - n) - beta_n*n           : 1               # potassium activation
        m_inf = alpha_m/(alpha_m + beta_m)           : 1
        h_inf = alpha_h/(alpha_h + beta_h)           : 1
        n_inf = alpha_n/(alpha_n + beta_n)           : 1
        x_Na = (v - v_traub_Na)/mV + 1e-7            : 1
        x_K = (v - v_traub_K)/mV + 1e-7              : 1
        alpha_m = 0.32*(x_Na - 13)/(1 - exp((13 - x_Na)/4))/ms    : hertz
        beta_m = 0.28*(x_Na - 40)/(exp((x_Na - 40)/5) - 1)/ms     : hertz
        alpha_h = 0.128*exp((17 - x_Na)/18)/ms                    : hertz
        beta_h = 4/(1 + exp((40 - x_Na)/5))/ms                    : hertz
        alpha_n = 0.032*(x_K - 15)/(1 - exp((15 - x_K)/5))/ms     : hertz
        beta_n = 0.5*exp((10 - x_K)/40)/ms                        : hertz
"""
INITIAL = {"m": "m_inf", "h": "h_inf", "n": "n_inf"}
