// What every program of this device stands on: arrays that grow, the generator of the draws, contacts and their delays.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>
#include <vector>

// What Brian2's creation of contacts prints where it fails; the header of streams takes longer than a network to compile.
struct Printer
{
    const Printer &operator<<(const char *text) const { return fputs(text, stdout), *this; }
    const Printer &operator<<(long number) const { return printf("%ld", number), *this; }
};
static const Printer cout;
static const char *const endl = "\n";

// As wide as the numbers beside it, so that a loop over both takes as many of one as of the other.
template <typename T> inline int64_t int_(T value) { return (int64_t) value; }

// The first step that is no longer in a run, with room for the rounding of times.
static inline int64_t clock_end(double duration, double dt)
{
    const int64_t nearest = (int64_t) (duration/dt + 0.5);
    return fabs(nearest*dt - duration) <= 1e-14*duration ? nearest : (int64_t) ceil(duration/dt);
}

// Rows that are added one by one; all of one width.
template <typename T> struct DynamicArray2D
{
    int n = 0, m = 0;
    std::vector<T> values;
    void resize(int rows, int columns)
    {
        n = rows;
        m = columns;
        values.resize((size_t) rows*columns);
    }
    T &operator()(int row, int column) { return values[(size_t) row*m + column]; }
};

// Mersenne twister (Matsumoto and Nishimura 1998, DOI 10.1145/272991.272995), 53-bit fractions of two of its words and
// normal numbers by the polar method, in the order in which Brian2's own device draws them.
class RandomGenerator
{
    static const int size = 624, half = 397;
    uint32_t state[size];
    int place = size;
    double spare = 0;
    bool has_spare = false;

    void renew()
    {
        for (int i = 0; i < size; i++)
        {
            const uint32_t word = (state[i] & 0x80000000u) | (state[(i + 1) % size] & 0x7fffffffu);
            state[i] = state[(i + half) % size] ^ (word >> 1) ^ (word & 1 ? 0x9908b0dfu : 0u);
        }
        place = 0;
    }

  public:
    RandomGenerator() { seed(5489); }

    void seed(unsigned long value)
    {
        state[0] = (uint32_t) value;
        for (int i = 1; i < size; i++) state[i] = 1812433253u*(state[i - 1] ^ (state[i - 1] >> 30)) + i;
        place = size;
        has_spare = false;
    }

    uint32_t word()
    {
        if (place == size) renew();
        uint32_t y = state[place++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680u;
        y ^= (y << 15) & 0xefc60000u;
        return y ^ (y >> 18);
    }

    double rand()
    {
        const long high = word() >> 5, low = word() >> 6;
        return (high*67108864.0 + low)/9007199254740992.0;
    }

    double randn()
    {
        if (has_spare)
        {
            has_spare = false;
            return spare;
        }
        double first, second, square;
        do
        {
            first = 2.0*rand() - 1.0;
            second = 2.0*rand() - 1.0;
            square = first*first + second*second;
        } while (square >= 1.0 || square == 0.0);
        const double factor = sqrt(-2.0*log(square)/square);
        spare = factor*first;
        has_spare = true;
        return factor*second;
    }
};

// Contacts of one projection, which lie in the order of their sources, and the spikes on their way to them.
class Pathway
{
    static const int line = 16; // contacts that come with one access to memory
    static const size_t ahead = 2; // sources
    const std::vector<int32_t> &sources;
    const int first_source;
    std::vector<int32_t> begin; // of each source's contacts, and the end of the last
    std::vector<int32_t> steps; // delay of each contact, where they differ
    std::vector<std::vector<int32_t>> due; // sources, or contacts where delays differ, by the step in which they arrive
    size_t now = 0, delay = 0;

  public:
    Pathway(const std::vector<int32_t> &sources, int first_source) : sources(sources), first_source(first_source) {}

    void prepare(int number_of_sources, const std::vector<double> &delays, double dt)
    {
        if (!std::is_sorted(sources.begin(), sources.end()))
        {
            printf("contacts do not lie in the order of their sources\n");
            exit(1);
        }
        begin.assign(number_of_sources + 1, 0);
        for (size_t contact = 0; contact < sources.size(); contact++) begin[sources[contact] - first_source + 1]++;
        for (int source = 0; source < number_of_sources; source++) begin[source + 1] += begin[source];
        steps.resize(delays.size());
        for (size_t i = 0; i < delays.size(); i++) steps[i] = (int) (delays[i]/dt + 0.5);
        size_t longest = 0;
        for (int step : steps) longest = std::max(longest, (size_t) step);
        due.resize(longest + 1);
        delay = longest;
        if (steps.empty() || *std::min_element(steps.begin(), steps.end()) == (int) longest) steps.clear();
    }

    void advance()
    {
        due[now].clear();
        if (++now == due.size()) now = 0;
    }

    void push(const int32_t *spikes, int number)
    {
        if (number == 0) return;
        const size_t size = due.size();
        const int32_t *first = std::lower_bound(spikes, spikes + number, first_source);
        for (const int32_t *spike = first; spike != spikes + number; spike++)
        {
            const int source = *spike - first_source;
            if (source + 1 >= (int) begin.size()) break;
            if (steps.empty())
            {
                due[(now + delay) % size].push_back(source);
                continue;
            }
            for (int contact = begin[source]; contact < begin[source + 1]; contact++)
                due[(now + steps[contact]) % size].push_back(contact);
        }
    }

    bool nothing_due() const { return due[now].empty(); }

    // `targets` are only asked for early: in a large network each source's contacts wait far away in memory.
    template <typename Effect> void deliver(const Effect &effect, const int32_t *targets) const
    {
        if (!steps.empty())
        {
            for (int32_t contact : due[now]) effect(contact);
            return;
        }
        const std::vector<int32_t> &arriving = due[now];
        for (size_t place = 0; place < arriving.size(); place++)
        {
            if (place + ahead < arriving.size())
            {
                const int32_t next = arriving[place + ahead];
                for (int contact = begin[next]; contact < begin[next + 1]; contact += line)
                    __builtin_prefetch(targets + contact);
            }
            const int last = begin[arriving[place] + 1];
            for (int contact = begin[arriving[place]]; contact < last; contact++) effect(contact);
        }
    }
};
