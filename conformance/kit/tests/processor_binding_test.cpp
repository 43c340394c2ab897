#include "conformance/kit/processor_binding.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include <cstdint>

namespace conformance::kit {
namespace {

cpu_set_t present_processors() {
    cpu_set_t set;
    CPU_ZERO(&set);
    EXPECT_EQ(sched_getaffinity(0, sizeof set, &set), 0);
    return set;
}

TEST(ProcessorBinding, binds_to_one_of_the_processors_each_in_its_turn_and_lets_go) {
    const cpu_set_t before = present_processors();
    const int count = CPU_COUNT(&before);
    cpu_set_t seen;
    CPU_ZERO(&seen);
    for (std::uint64_t choice = 0; choice < static_cast<std::uint64_t>(count); ++choice) {
        {
            const ProcessorBinding bound(choice);
            const cpu_set_t present = present_processors();
            EXPECT_EQ(CPU_COUNT(&present), 1) << "processor " << choice;
            CPU_OR(&seen, &seen, &present);
        }
        const cpu_set_t after = present_processors();
        EXPECT_TRUE(CPU_EQUAL(&after, &before)) << "processor " << choice;
    }
    EXPECT_TRUE(CPU_EQUAL(&seen, &before));
}

}  // namespace
}  // namespace conformance::kit
