#include "conformance/wire/driver_request.hpp"

#include <gtest/gtest.h>

#include <string>

namespace conformance {
namespace {

TEST(DriverRequest, greets) {
    const auto request = driver_request_from_json(
        R"({"hello":{"protocol":1,"backend":"threading","logs":"/tmp/x","lanes":16,"slots":4096,
            "mood":"good"},"more":1})");
    const auto& hello = std::get<HelloRequest>(request);
    EXPECT_EQ(hello.backend, "threading");
    EXPECT_EQ(hello.logs, "/tmp/x");
    EXPECT_EQ(hello.lanes, 16U);
    EXPECT_EQ(hello.slots, 4096U);
}

TEST(DriverRequest, brings_a_scenario) {
    const auto request =
        driver_request_from_json(R"({"run":12,"scenario":{"version":1,"workers":[{"id":0}]}})");
    EXPECT_EQ(std::get<RunRequest>(request).run, 12U);
    EXPECT_EQ(std::get<RunRequest>(request).scenario.workers.size(), 1U);
}

TEST(DriverRequest, with_a_bad_scenario_still_tells_the_run) {
    try {
        static_cast<void>(driver_request_from_json(R"({"run":12,"scenario":{}})"));
        FAIL() << "it was read";
    } catch (const MalformedScenario& malformed) {
        EXPECT_EQ(malformed.run(), 12U);
    }
}

TEST(DriverRequest, that_is_none_is_rejected) {
    for (const char* const text :
         {"", "7", "[]", "{}", R"({"run":0,"scenario":{"version":1,"workers":[{"id":0}]}})",
          R"({"hello":{"protocol":2,"backend":"threading","logs":"/","lanes":1,"slots":1}})",
          R"({"hello":{"protocol":1,"backend":"threading","logs":"/","lanes":0,"slots":1}})",
          R"({"hello":{"protocol":1,"backend":7,"logs":"/","lanes":1,"slots":1}})",
          R"({"hello":7})", R"({"run":1})"}) {
        EXPECT_THROW(static_cast<void>(driver_request_from_json(text)), MalformedMessage) << text;
    }
}

}  // namespace
}  // namespace conformance
