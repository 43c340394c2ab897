#include "conformance/runner/test_index.hpp"

#include <gtest/gtest.h>

namespace conformance::runner {

TestIndex index_tests() {
    TestIndex index;
    const testing::UnitTest& all = *testing::UnitTest::GetInstance();
    for (int i = 0; i < all.total_test_suite_count(); ++i) {
        const testing::TestSuite& suite = *all.GetTestSuite(i);
        for (int j = 0; j < suite.total_test_count(); ++j) {
            const std::string name = suite.GetTestInfo(j)->name();
            const std::string whole_name = std::string(suite.name()) + '.' + name;
            index.tests.insert(whole_name);
            index.tests_by_requirement[requirement_of_test(name)].push_back(whole_name);
        }
    }
    return index;
}

std::vector<std::string> gaps(const TestIndex& index, const Requirements& requirements) {
    std::vector<std::string> sentences;
    for (const Requirement& requirement : requirements.all()) {
        if (!index.tests_by_requirement.contains(requirement.id))
            sentences.push_back("requirement " + requirement.id + " has no test");
    }
    for (const auto& [id, tests] : index.tests_by_requirement) {
        if (requirements.find(id) != nullptr) continue;
        for (const std::string& test : tests)
            sentences.push_back("test " + test + " names " +
                                (id.empty() ? "no requirement" : "the unknown requirement " + id));
    }
    return sentences;
}

void list_requirements(std::ostream& out, const TestIndex& index,
                       const Requirements& requirements) {
    for (const Requirement& requirement : requirements.all()) {
        out << requirement.id << "  " << requirement.name << ", " << to_string(requirement.level)
            << ", " << requirement.kind;
        for (const std::string& backend : requirement.backends)
            out << ", " << backend;
        out << "\n    " << requirement.text << '\n';
        const auto tests = index.tests_by_requirement.find(requirement.id);
        if (tests == index.tests_by_requirement.end()) continue;
        for (const std::string& test : tests->second)
            out << "    " << test << '\n';
    }
}

}  // namespace conformance::runner
