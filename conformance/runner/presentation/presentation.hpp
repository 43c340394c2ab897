#pragma once
/// \file
/// What is shown of reports: implementations, each judged as a merge judges it, the columns that they
/// make, and how it was in an earlier run. Pure; page, JUnit, Markdown and badge are made of it.

#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "conformance/runner/merge.hpp"
#include "conformance/runner/presentation/kill_matrix.hpp"

namespace conformance::runner {

/// A backend of an implementation, in one variant.
struct Column {
    std::size_t implementation = 0;  ///< its place in Presentation::implementations
    std::string variant{};
    std::string backend{};
    /// By requirement; none where it does not apply. They belong to the presentation.
    std::map<std::string, const RequirementVerdict*> verdicts{};
    Counts counts{};
    bool has_earlier = false;
    std::map<std::string, TestVerdict> earlier{};  ///< by requirement
    [[nodiscard]] std::string title() const;       ///< "plain threading"
};

/// A requirement that has another verdict than in the earlier run.
struct Change {
    std::size_t column = 0;
    std::string requirement{};
    TestVerdict earlier = TestVerdict::not_run;
    TestVerdict now = TestVerdict::not_run;
};

/// Moved, never copied: its columns point into it.
struct Presentation {
    Presentation() = default;
    Presentation(Presentation&&) = default;
    Presentation& operator=(Presentation&&) = default;
    Presentation(const Presentation&) = delete;
    Presentation& operator=(const Presentation&) = delete;
    ~Presentation() = default;

    std::vector<Requirement> requirements{};
    TestIndex index{};
    std::vector<Merged> implementations{};
    std::vector<Column> columns{};
    bool has_earlier_run = false;
    std::vector<Change> changes{};        ///< in the order of columns, then of requirements
    std::optional<KillMatrix> mutants{};  ///< of the reference, to be shown beside
    ExitCode code = ExitCode::conforms;
};

/// One for each implementation, version and language that the reports name, in the order of their
/// first reports.
[[nodiscard]] std::vector<Merged> merge_each(std::vector<RunReport> reports,
                                             const Requirements& requirements,
                                             const TestIndex& index);

/// `earlier`: of the earlier run. A column is compared with the one of the same implementation,
/// language, variant and backend; of the same version, if there is one: what a new version changed is
/// what one wants to see.
[[nodiscard]] Presentation present(std::vector<Merged> implementations,
                                   const std::vector<Merged>& earlier,
                                   const Requirements& requirements, const TestIndex& index);

/// "my library 1.2 (C++)", or that its reports do not tell.
[[nodiscard]] std::string title_of(const Greeting& greeting);

/// A line for each change, and one that counts them.
void print_changes(std::ostream& out, const Presentation& presentation);

}  // namespace conformance::runner
