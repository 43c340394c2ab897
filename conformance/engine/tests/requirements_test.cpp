#include "conformance/engine/requirements.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

namespace conformance {
namespace {

using testing::HasSubstr;

const std::string good =
    R"({"id": "LOCK-10", "level": "required", "kind": "deterministic", "text": "It holds.",
        "backends": ["threading"], "source": ["design"], "look_at": "There."})";

class RequirementsTest : public testing::Test {
  protected:
    RequirementsTest() {
        std::string name = testing::TempDir() + "requirements-XXXXXX";
        folder_ = ::mkdtemp(name.data());
    }
    ~RequirementsTest() override { std::filesystem::remove_all(folder_); }

    void write(const std::string& file, const std::string& text) const {
        std::ofstream(folder_ / file) << text;
    }
    /// A file with these requirements and absences.
    void write_list(const std::string& requirements, const std::string& absent = "",
                    const std::string& file = "lock.json") const {
        write(file, R"({"version": 1, "name": "Lock", "requirements": [)" + requirements +
                        R"(], "absent": [)" + absent + "]}");
    }
    [[nodiscard]] std::string error() const {
        try {
            const Requirements requirements(folder_);
        } catch (const SuiteError& error) {
            return error.what();
        }
        return "none";
    }
    std::filesystem::path folder_;
};

TEST_F(RequirementsTest, those_of_this_specification_are_read) {
    const Requirements requirements(Requirements::default_folder());
    EXPECT_GT(requirements.all().size(), 250U);
    const Requirement* const found = requirements.find("BSEM-1");
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->name, "BoundedSemaphore");
    EXPECT_EQ(found->level, Level::required);
    EXPECT_TRUE(found->applies_to("threading"));
    EXPECT_EQ(requirements.find("BSEM-2"), nullptr);  // absent
}

TEST_F(RequirementsTest, are_sorted_by_number) {
    std::string second = good;
    second.replace(second.find("LOCK-10"), 7, "LOCK-9");
    write_list(good + ',' + second);
    const Requirements requirements(folder_);
    ASSERT_EQ(requirements.all().size(), 2U);
    EXPECT_EQ(requirements.all()[0].id, "LOCK-9");
    EXPECT_EQ(requirements.all()[1].look_at, "There.");
    EXPECT_FALSE(requirements.all()[1].applies_to("multiprocessing"));
}

TEST_F(RequirementsTest, what_the_original_shows_is_read) {
    std::string divergent = good;
    divergent.pop_back();
    write_list(divergent + R"(, "original": {"threading": [{"outcome": "conforms"}],
        "multiprocessing": [{"outcome": "hang", "when": "always"}, {"outcome": "Empty"}]}})");
    const Requirements requirements(folder_);
    EXPECT_THAT(requirements.all().at(0).original.at("multiprocessing"),
                testing::ElementsAre("hang", "Empty"));
}

TEST_F(RequirementsTest, errors_name_file_and_place) {
    EXPECT_THAT(error(), HasSubstr("has no requirements"));
    write("lock.json", "{");
    EXPECT_THAT(error(), HasSubstr("no well-formed JSON"));
    write("lock.json", "[]");
    EXPECT_THAT(error(), HasSubstr("lock.json is no object"));
    write("lock.json", R"({"version": 2, "name": "Lock", "requirements": [], "absent": []})");
    EXPECT_THAT(error(), HasSubstr("another version"));
    write("lock.json", R"({"version": 1e300, "name": "Lock", "requirements": [], "absent": []})");
    EXPECT_THAT(error(), HasSubstr("no member \"version\" of the right type"));
    write("lock.json", R"({"version": 1, "name": "Lock", "requirements": [], "extra": []})");
    EXPECT_THAT(error(), HasSubstr("unknown member \"extra\""));
    write("lock.json", R"({"version": 1, "name": "Lock", "requirements": []})");
    EXPECT_THAT(error(), HasSubstr("no list \"absent\""));
}

TEST_F(RequirementsTest, each_requirement_is_checked) {
    const auto with = [&](const std::string& old_text, const std::string& new_text) {
        std::string changed = good;
        changed.replace(changed.find(old_text), old_text.size(), new_text);
        write_list(changed);
        return error();
    };
    EXPECT_EQ(with("It holds", "It stands"), "none");
    EXPECT_THAT(with("required", "desired"), HasSubstr("requirements[0] has the unknown level"));
    EXPECT_THAT(with("deterministic", "random"), HasSubstr("unknown kind"));
    EXPECT_THAT(with("\"threading\"", "\"fibers\""), HasSubstr("unknown backend fibers"));
    EXPECT_THAT(with("[\"threading\"]", "[]"), HasSubstr("no backend"));
    EXPECT_THAT(with("look_at", "look"), HasSubstr("unknown member \"look\""));
    EXPECT_THAT(with("LOCK-10", "LOCK-010"), HasSubstr("which is none"));
    EXPECT_THAT(with("\"It holds.\"", "7"), HasSubstr("\"text\" of the right type"));
}

TEST_F(RequirementsTest, a_number_may_be_longer_than_any_integer) {
    std::string longer = good;
    longer.replace(longer.find("LOCK-10"), 7, "LOCK-99999999999999999999");
    write_list(longer);
    write_list(good, "", "other.json");
    const Requirements requirements(folder_);
    ASSERT_EQ(requirements.all().size(), 2U);
    EXPECT_EQ(requirements.all()[0].id, "LOCK-10");
}

TEST_F(RequirementsTest, an_id_occurs_once) {
    write_list(good, R"({"id": "LOCK-10", "reason": "No."})");
    EXPECT_THAT(error(), HasSubstr("LOCK-10, which is taken"));
    write_list(good);
    write_list(good, "", "other.json");
    EXPECT_THAT(error(), HasSubstr("other.json"));
}

TEST(RequirementOfTest, is_the_beginning_of_the_name) {
    EXPECT_EQ(requirement_of_test("BSEM_3_over_release_raises"), "BSEM-3");
    EXPECT_EQ(requirement_of_test("DOC_16_x/2"), "DOC-16");
    for (const char* const name :
         {"BSEM_over", "bsem_3_x", "BSEM_3", "BSEM_03_x", "_3_x", "", "BSEM"})
        EXPECT_EQ(requirement_of_test(name), "") << name;
}

}  // namespace
}  // namespace conformance
