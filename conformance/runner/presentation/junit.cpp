#include "conformance/runner/presentation/junit.hpp"

#include <array>
#include <cstdio>
#include <utility>

#include "conformance/engine/safe_text.hpp"
#include "conformance/runner/summary.hpp"

namespace conformance::runner {
namespace {

constexpr std::size_t longest_name = 200;
constexpr std::size_t longest_message = 500;
constexpr std::size_t longest_text = 65536;

/// How JUnit calls it; null: passed.
const char* element_of(TestVerdict verdict) {
    switch (verdict) {
        case TestVerdict::pass:
        case TestVerdict::other_than_permitted:
        case TestVerdict::not_as_recommended:
            return nullptr;
        case TestVerdict::expected_failure:
        case TestVerdict::unsupported:
            return "skipped";
        case TestVerdict::fail:
            return "failure";
        case TestVerdict::not_run:
        case TestVerdict::inconclusive:
        case TestVerdict::unexpected_pass:
        case TestVerdict::driver_error:
        case TestVerdict::suite_error:
            break;
    }
    return "error";
}

std::string attribute(const char* name, std::string_view value, std::size_t most) {
    return ' ' + std::string(name) + "=\"" + escaped_for_xml(one_line(value, most)) + '"';
}

std::string seconds_text(double seconds) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.3f", seconds);
    return text.data();
}

class Suite {
  public:
    explicit Suite(std::string name) : name_(std::move(name)) {}

    void add(const std::string& requirement, const TestRecord& record) {
        const std::size_t dot = record.test.find('.');
        const bool has_suite = dot != std::string::npos;
        const std::string verdict(to_string(record.verdict));
        open(has_suite ? record.test.substr(0, dot) : requirement,
             has_suite ? record.test.substr(dot + 1) : requirement, record.seconds);
        if (const char* const element = element_of(record.verdict)) {
            add(element, verdict + (record.reason.empty() ? "" : ": " + record.reason), verdict,
                std::string_view(element) == "skipped" ? "" : record.details);
        } else if (record.verdict != TestVerdict::pass) {
            cases_ += "\n      <system-out>" +
                      escaped_for_xml(shortened(verdict + ": " + record.reason, longest_text)) +
                      "</system-out>";
        }
        cases_ += "</testcase>\n";
    }
    void add(const Problem& problem, int number) {
        open("reports", "problem " + std::to_string(number), 0);
        add("error", problem.sentence, std::string(conclusion(problem.code)), "");
        cases_ += "</testcase>\n";
    }
    [[nodiscard]] int tests() const { return tests_; }
    [[nodiscard]] const std::map<std::string_view, int>& elements() const { return elements_; }
    [[nodiscard]] std::string xml() const {
        const auto count = [&](const char* attribute_name, const char* element) {
            const auto found = elements_.find(element);
            return ' ' + std::string(attribute_name) + "=\"" +
                   std::to_string(found == elements_.end() ? 0 : found->second) + '"';
        };
        return "  <testsuite" + attribute("name", name_, longest_name) + " tests=\"" +
               std::to_string(tests_) + '"' + count("failures", "failure") +
               count("errors", "error") + count("skipped", "skipped") + " time=\"" +
               seconds_text(seconds_) + "\">\n" + cases_ + "  </testsuite>\n";
    }

  private:
    void open(const std::string& of, const std::string& name, double seconds) {
        ++tests_;
        seconds_ += seconds;
        cases_ += "    <testcase" + attribute("classname", of, longest_name) +
                  attribute("name", name, longest_name) + " time=\"" + seconds_text(seconds) +
                  "\">";
    }
    void add(const char* element, const std::string& message, const std::string& type,
             const std::string& text) {
        ++elements_[element];
        cases_ +=
            "\n      <" + std::string(element) + attribute("message", message, longest_message);
        if (std::string_view(element) != "skipped") cases_ += attribute("type", type, longest_name);
        cases_ += '>' + escaped_for_xml(shortened(text, longest_text)) + "</" + element + '>';
    }

    std::string name_;
    std::string cases_;
    int tests_ = 0;
    double seconds_ = 0;
    std::map<std::string_view, int> elements_;
};

}  // namespace

std::string junit_xml(const Presentation& presentation) {
    std::vector<Suite> suites;
    for (const Column& column : presentation.columns) {
        const Merged& merged = presentation.implementations[column.implementation];
        suites.emplace_back(title_of(merged.implementation) + ", " + column.title());
        for (const Requirement& requirement : presentation.requirements) {
            const auto found = column.verdicts.find(requirement.id);
            if (found == column.verdicts.end()) continue;
            const RequirementVerdict& verdict = *found->second;
            for (const auto& [name, record] : verdict.tests)
                suites.back().add(requirement.id, record);
            if (verdict.tests.empty()) suites.back().add(requirement.id, verdict.worst);
        }
    }
    for (const Merged& merged : presentation.implementations) {
        if (merged.problems.empty()) continue;
        suites.emplace_back(title_of(merged.implementation) + ", beside the tests");
        for (std::size_t i = 0; i < merged.problems.size(); ++i)
            suites.back().add(merged.problems[i], static_cast<int>(i) + 1);
    }
    int tests = 0;
    std::map<std::string_view, int> elements;
    std::string body;
    for (const Suite& suite : suites) {
        tests += suite.tests();
        for (const auto& [element, count] : suite.elements())
            elements[element] += count;
        body += suite.xml();
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"freethreading\" "
           "tests=\"" +
           std::to_string(tests) + "\" failures=\"" + std::to_string(elements["failure"]) +
           "\" errors=\"" + std::to_string(elements["error"]) + "\" skipped=\"" +
           std::to_string(elements["skipped"]) + "\">\n" + body + "</testsuites>\n";
}

}  // namespace conformance::runner
