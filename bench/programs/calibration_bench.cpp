// Work of a known length, for the test of bench/track: FREETHREADING_BENCH_EXTRA_PERCENT=5 makes it so much longer.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "contest.hpp"
#include "lock_rows.hpp"

namespace bench {
namespace {

struct Steps {
    static constexpr const char* name = "reference";
    std::int64_t hundreds;
    static Steps make(std::int64_t hundreds) { return {hundreds}; }
};

struct WorkThrough {
    template <class Handle>
    static void once(const Handle& entry) {
        std::uint32_t value = 1;
        for (std::int64_t i = 0; i < entry->hundreds; ++i) {
            value = work_through<100>(value);
            benchmark::DoNotOptimize(value);
        }
    }
};

}  // namespace

void register_benchmarks() {
    const char* const extra = std::getenv("FREETHREADING_BENCH_EXTRA_PERCENT");
    const std::int64_t percent = 100 + (extra != nullptr ? std::stoll(extra) : 0);
    alone<Steps, WorkThrough>("calibration/steps", percent);
    alone<Steps, WorkThrough>("calibration/as_ever", std::int64_t{100});
}

}  // namespace bench
