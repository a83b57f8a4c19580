// e^x for loops over agents: within one unit in the last place, and nothing but arithmetic, so that the loop around it
// is vectorised and keeps its constants in registers, which a call to the C library would spill.
//
// x = n ln 2 + r with |r| <= ln 2 / 2; e^r is a polynomial of degree 11, of which the part beyond 1 + r was fitted
// (Chebyshev nodes, relative error below 2e-17). Below -708 and above 709, infinity included, the result is
// that of these bounds, never 0 or infinite.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>

// Always inline: gcc gives up on it after some fifty calls, and then on vectors.
static inline __attribute__((always_inline)) double vector_exp(double x)
{
    x = x < -708.0 ? -708.0 : x;
    x = x > 709.0 ? 709.0 : x;
    const double n = std::rint(x*0x1.71547652b82fep+0);
    // Fused, or -ffast-math would add up what is in two parts for accuracy.
    const double r = __builtin_fma(n, -0x1.ef35793c76730p-45, __builtin_fma(n, -0x1.62e42fefa3800p-1, x));
    const double r2 = r*r, r4 = r2*r2;
    const double low = (0x1.0000000000001p-1 + r*0x1.5555555555556p-3) + r2*(0x1.5555555553d63p-5 + r*0x1.11111111109b3p-7);
    const double middle = (0x1.6c16c1788bd90p-10 + r*0x1.a01a01a7c41d5p-13)
                          + r2*(0x1.a019b90d2ae7ap-16 + r*0x1.71de0dae63bb3p-19);
    const double high = 0x1.289185613a3d6p-22 + r*0x1.af38a9b0ec855p-26;
    const double power = 1.0 + __builtin_fma(r2, low + r4*(middle + r4*high), r);
    // Adding 1.5 x 2^52 puts n into the lowest bits, from where it is added to the exponent.
    const double shifted = n + 6755399441055744.0;
    int64_t whole, bits;
    memcpy(&whole, &shifted, sizeof whole);
    memcpy(&bits, &power, sizeof bits);
    bits += whole << 52;
    double result;
    memcpy(&result, &bits, sizeof result);
    return result;
}
