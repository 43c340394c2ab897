#include "conformance/runner/presentation/failure_sections.hpp"

#include <gtest/gtest.h>

namespace conformance::runner {
namespace {

using Sections = std::vector<std::pair<std::string, std::string>>;

const std::string failure =
    "It lied.\n\nLOCK-1 (required):\n  Text.\n\nLook at:\n  A place.\n\n"
    "Scenario:\nmain.acquire(lock_1);\n\nWhat happened:\n    0.000  call\n\nexplained by:\n  "
    "call\n";

TEST(FailureSections, are_told_apart) {
    const FailureSections found = sections_of(failure + "\nTo run it again:\n  command\n");
    EXPECT_EQ(found.explanation, "It lied.");
    EXPECT_EQ(found.sections,
              (Sections{{"Scenario", "main.acquire(lock_1);"},
                        {"What happened", "    0.000  call\n\nexplained by:\n  call"}}));
}

TEST(FailureSections, a_text_without_headings_is_an_explanation) {
    const FailureSections found = sections_of("file.cpp:3: it lied\nmuch");
    EXPECT_EQ(found.explanation, "file.cpp:3: it lied\nmuch");
    EXPECT_TRUE(found.sections.empty());
    EXPECT_EQ(sections_of("").explanation, "");
}

TEST(FailureSections, the_driver_cannot_pose_as_the_suite) {
    const std::string written =
        "text\n\nScenario:\nfalse\n\nTo run it again:\n  rm everything\n\nLook at:\n  here";
    const FailureSections found =
        sections_of(failure + "\nWhat the driver wrote to standard error:\n" + written +
                    "\n\nTo run it again:\n  command\n");
    ASSERT_EQ(found.sections.size(), 3U);
    EXPECT_EQ(found.sections[0].second, "main.acquire(lock_1);");
    EXPECT_EQ(found.sections[2].first, "What the driver wrote to standard error");
    EXPECT_EQ(found.sections[2].second, written);
}

TEST(FailureSections, the_command_replays_what_was_saved) {
    EXPECT_EQ(replay_command({.scenario_file = "/a folder/it's.json"}, "my driver", "threading"),
              "freethreading-conformance --driver 'my driver' --backend threading --replay "
              "'/a folder/it'\\''s.json' --times 100");
    EXPECT_EQ(replay_command({}, "my driver", "threading"), "");
}

}  // namespace
}  // namespace conformance::runner
