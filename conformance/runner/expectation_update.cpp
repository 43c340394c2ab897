#include "conformance/runner/expectation_update.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "conformance/runner/whole_file.hpp"

namespace conformance::runner {
namespace {

using Json = nlohmann::ordered_json;

std::string line_of(const ExpectationEntry& entry) {
    Json json = {{"id", entry.id}};
    if (entry.at_most != 0) json["at_most"] = entry.at_most;
    json["reason"] = entry.reason;
    json["link"] = entry.link;
    std::string line;
    for (const auto& item : json.items()) {
        line += line.empty() ? "{" : ", ";
        line += Json(item.key()).dump() + ": " +
                item.value().dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    return line + '}';
}

void append_list(std::string& text, const char* name, const Expectations& expectations,
                 Expected outcome) {
    std::string entries;
    for (const ExpectationEntry& entry : expectations.entries) {
        if (entry.outcome != outcome) continue;
        entries += entries.empty() ? "\n" : ",\n";
        entries += "    " + line_of(entry);
    }
    text += ",\n  \"" + std::string(name) + "\": [" + entries + (entries.empty() ? "]" : "\n  ]");
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

using Verdicts = std::map<std::string, const TestRecord*>;

/// What is left of an entry of which some tests did not fail: an entry for each that did, or was not
/// run.
std::vector<ExpectationEntry> what_holds(const ExpectationEntry& entry, const Verdicts& verdicts) {
    const auto is_stale = [&](const std::string& test) {
        const auto found = verdicts.find(test);
        return found != verdicts.end() && found->second->verdict == TestVerdict::unexpected_pass;
    };
    if (entry.outcome != Expected::failure || std::ranges::none_of(entry.tests, is_stale))
        return {entry};
    std::vector<ExpectationEntry> rest;
    for (const std::string& test : entry.tests) {
        if (is_stale(test)) continue;
        rest.push_back({.outcome = entry.outcome,
                        .id = test,
                        .reason = entry.reason,
                        .link = entry.link,
                        .tests = {test}});
    }
    return rest;
}

}  // namespace

std::string text_of(const Expectations& expectations) {
    std::string text =
        "{\n  \"version\": 1,\n  \"implementation\": " + Json(expectations.implementation).dump() +
        ",\n  \"backend\": " + Json(expectations.backend).dump();
    append_list(text, "failures", expectations, Expected::failure);
    append_list(text, "flaky", expectations, Expected::either);
    append_list(text, "wedging", expectations, Expected::wedging);
    return text + "\n}\n";
}

Expectations updated(const Expectations& expectations, const std::vector<TestRecord>& records,
                     const TestIndex& index) {
    Verdicts verdicts;
    std::map<std::string, std::vector<const TestRecord*>> failures;  // by requirement
    for (const TestRecord& record : records) {
        verdicts[record.test] = &record;
        if (record.verdict == TestVerdict::fail) failures[record.requirement].push_back(&record);
    }
    Expectations result = expectations;
    result.entries.clear();
    for (const ExpectationEntry& entry : expectations.entries)
        std::ranges::move(what_holds(entry, verdicts), std::back_inserter(result.entries));
    for (const auto& [requirement, tests] : failures) {
        const auto all = index.tests_by_requirement.find(requirement);
        const bool all_fail = all != index.tests_by_requirement.end() &&
                              all->second.size() == tests.size() && tests.size() > 1;
        for (const TestRecord* const test : tests) {
            result.entries.push_back({.id = all_fail ? requirement : test->test,
                                      .reason = test->reason,
                                      .link = requirement,
                                      .tests = {test->test}});
            if (all_fail) break;
        }
    }
    return result;
}

std::string difference_of(const std::string& before, const std::string& after,
                          const std::string& name) {
    if (before == after) return {};
    const std::vector<std::string> old_lines = lines_of(before);
    const std::vector<std::string> new_lines = lines_of(after);
    if (old_lines == new_lines) return {};  // but for the last line feed
    // common[i][j]: the longest common subsequence of what follows line i and line j.
    std::vector<std::vector<int>> common(old_lines.size() + 1,
                                         std::vector<int>(new_lines.size() + 1));
    for (std::size_t i = old_lines.size(); i-- > 0;) {
        for (std::size_t j = new_lines.size(); j-- > 0;)
            common[i][j] = old_lines[i] == new_lines[j]
                               ? common[i + 1][j + 1] + 1
                               : std::max(common[i + 1][j], common[i][j + 1]);
    }
    // A name with spaces ends at a tab (GNU diff's rule, which patch follows).
    const std::string marked = name.find(' ') == std::string::npos ? name : name + '\t';
    std::string text = "--- " + (before.empty() ? "/dev/null" : marked) + "\n+++ " + marked + '\n';
    for (std::size_t i = 0, j = 0; i < old_lines.size() || j < new_lines.size();) {
        if (i < old_lines.size() && j < new_lines.size() && old_lines[i] == new_lines[j]) {
            ++i;
            ++j;
            continue;
        }
        const std::size_t first_old = i;
        const std::size_t first_new = j;
        while (i < old_lines.size() || j < new_lines.size()) {
            const bool has_both = i < old_lines.size() && j < new_lines.size();
            if (has_both && old_lines[i] == new_lines[j]) break;
            if (j == new_lines.size() || (has_both && common[i + 1][j] >= common[i][j + 1])) {
                ++i;
            } else {
                ++j;
            }
        }
        // Of an empty range the line before it is named.
        const auto range = [](std::size_t first, std::size_t end) {
            return std::to_string(first == end ? first : first + 1) + ',' +
                   std::to_string(end - first);
        };
        text += "@@ -" + range(first_old, i) + " +" + range(first_new, j) + " @@\n";
        for (std::size_t k = first_old; k < i; ++k)
            text += '-' + old_lines[k] + '\n';
        if (i == old_lines.size() && first_old < i && before.back() != '\n')
            text += "\\ No newline at end of file\n";
        for (std::size_t k = first_new; k < j; ++k)
            text += '+' + new_lines[k] + '\n';
    }
    return text;
}

std::string update_of(const Expectations& expectations, const std::vector<TestRecord>& records,
                      const TestIndex& index) {
    const std::string before = expectations.file.empty()
                                   ? std::string()
                                   : read_whole_file(expectations.file, "the expectations");
    const std::string name =
        expectations.file.empty() ? "expectations.json" : expectations.file.generic_string();
    return difference_of(before, text_of(updated(expectations, records, index)), name);
}

}  // namespace conformance::runner
