#pragma once
/// \file
/// Which mutants fail which requirements, as conformance/mutants/kill_matrix.py found out. Beside the
/// verdicts it says what they are worth: that a requirement holds means little if a mutant that breaks it
/// is not found out.

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "conformance/engine/requirements.hpp"

namespace conformance::runner {

/// What the runs of a mutant on a backend say of one requirement.
struct Kill {
    std::string mutant{};
    std::string backend{};
    bool must = false;   ///< the mutant says that it breaks the requirement
    int runs = 0;        ///< with tests of the requirement, each from another seed
    int found = 0;       ///< in how many of them it was found broken
    double soonest = 0;  ///< seconds that the quickest of these took
};

struct KillMatrix {
    /// By requirement, in the order of the mutants' names; those alone that must break it, or did.
    std::map<std::string, std::vector<Kill>> kills{};
    int mutants = 0;                    ///< one on both backends counts twice
    int killed = 0;                     ///< whose requirements were all found broken in all runs
    std::set<std::string> surviving{};  ///< requirements of which not every mutant was found out
};

/// Throws UsageError if the file cannot be read, and ReportError, with the line, if it is no result of
/// kill_matrix.py or tells of a requirement that there is not.
[[nodiscard]] KillMatrix read_kill_matrix(const std::filesystem::path& file,
                                          const Requirements& requirements);

}  // namespace conformance::runner
