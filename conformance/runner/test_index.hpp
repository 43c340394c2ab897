#pragma once
/// \file
/// The tests of this program, by requirement.

#include <map>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "conformance/engine/requirements.hpp"

namespace conformance::runner {

struct TestIndex {
    std::map<std::string, std::vector<std::string>> tests_by_requirement{};
    std::set<std::string> tests{};  ///< all, by their whole names
};

/// Of all tests that GoogleTest knows.
[[nodiscard]] TestIndex index_tests();

/// A sentence for each requirement without a test, and each test without a requirement.
[[nodiscard]] std::vector<std::string> gaps(const TestIndex& index,
                                            const Requirements& requirements);

/// Every requirement with its tests.
void list_requirements(std::ostream& out, const TestIndex& index, const Requirements& requirements);

}  // namespace conformance::runner
