// --init: what it writes, and what it refuses.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "conformance/runner/tests/program.hpp"

namespace conformance::runner {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class InitTest : public testing::Test {
  protected:
    [[nodiscard]] std::vector<std::string> names_in(const std::string& folder) const {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(program_.folder() / folder))
            names.push_back(entry.path().filename().string());
        std::ranges::sort(names);
        return names;
    }
    [[nodiscard]] bool is_program(const std::string& file) const {
        return ::access((program_.folder() / file).c_str(), X_OK) == 0;
    }
    Program program_;
};

TEST_F(InitTest, skeleton_on_the_kit) {
    const auto result = program_.run("--init made/here");
    EXPECT_EQ(result.exit_code, 0) << result.output;
    EXPECT_THAT(result.output, HasSubstr("made/here/judge"));
    EXPECT_THAT(names_in("made/here"), ElementsAre("CMakeLists.txt", "driver.cpp", "judge"));
    EXPECT_THAT(program_.lines_of("made/here/driver.cpp"),
                Contains(HasSubstr("run_driver<Implementation>(argc, argv)")));
    EXPECT_THAT(program_.lines_of("made/here/CMakeLists.txt"),
                Contains(HasSubstr("freethreading_add_conformance(")));
    EXPECT_TRUE(is_program("made/here/judge"));
    EXPECT_THAT(program_.run("--init 'made there'").output, HasSubstr("'made there/judge'\n"));
}

TEST_F(InitTest, skeleton_in_another_language) {
    const auto result = program_.run("--init . --language other");
    EXPECT_EQ(result.exit_code, 0) << result.output;
    EXPECT_THAT(names_in("."), ElementsAre("driver.py", "judge", "requirements"));
    EXPECT_THAT(program_.lines_of("driver.py").back(), "main()");
    EXPECT_TRUE(is_program("judge"));
}

TEST_F(InitTest, nothing_is_overwritten_or_half_written) {
    program_.write("made/judge", "mine\n");
    const auto result = program_.run("--init made");
    EXPECT_EQ(result.exit_code, 2) << result.output;
    EXPECT_THAT(result.output, HasSubstr("the file made/judge is there already"));
    EXPECT_THAT(names_in("made"), ElementsAre("judge"));
    EXPECT_THAT(program_.lines_of("made/judge"), ElementsAre("mine"));
}

TEST_F(InitTest, folder_that_cannot_be_made) {
    program_.write("made", "a file\n");
    const auto result = program_.run("--init made/here");
    EXPECT_EQ(result.exit_code, 2) << result.output;
    EXPECT_THAT(result.output, HasSubstr("the folder made/here cannot be made: Not a directory"));
}

TEST_F(InitTest, misuse) {
    EXPECT_EQ(program_.run("--init made --language pascal").exit_code, 2);
    EXPECT_EQ(program_.run("--init made --driver true").exit_code, 2);
    EXPECT_EQ(program_.run("--language cpp").exit_code, 2);
    EXPECT_EQ(program_.run("--init ''").exit_code, 2);
    EXPECT_FALSE(std::filesystem::exists(program_.folder() / "made"));
}

}  // namespace
}  // namespace conformance::runner
