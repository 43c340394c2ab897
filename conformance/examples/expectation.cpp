#include "expectation.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace freethreading::conformance {
namespace {

Expectation read_one(const std::filesystem::path& file, std::string_view backend) {
    Expectation expectation;
    std::vector<Expectation::Line>& output = expectation.output;
    std::vector<Expectation::Order>& orders = expectation.orders;
    bool relevant = true;  // what stands in another backend's section is read when its turn comes
    bool is_empty = true;  // nothing said yet about this backend
    std::string step;      // its keyword
    std::size_t previous_step = 0, this_step = 0, part = 0;  // indices of their first lines

    std::size_t line_number = 0;
    const auto where = [&] { return file.filename().string() + ":" + std::to_string(line_number); };
    const auto fail = [&](const std::string& what) {
        throw std::invalid_argument(where() + ": " + what);
    };
    const auto end_part = [&] {
        if (!step.empty() && part == output.size()) fail("\"" + step + "\" without lines");
    };
    const auto find = [&](const std::string& text) {
        const auto found = std::ranges::find(output, text, &Expectation::Line::text);
        if (found == output.end()) fail("no line above is: " + text);
        return static_cast<std::size_t>(found - output.begin());
    };

    std::ifstream input(file);
    if (!input) throw std::system_error(errno, std::generic_category(), file.string());
    for (std::string line; std::getline(input, line);) {
        ++line_number;
        std::smatch match;
        const auto is = [&](const char* form) {
            return std::regex_match(line, match, std::regex(form));
        };
        if (is("(#.*)?")) continue;
        if (is("on (threading|multiprocessing|both)")) {
            end_part();
            step.clear();
            relevant = match.str(1) == "both" || match.str(1) == backend;
            continue;
        }
        if (!relevant) continue;
        is_empty = false;
        if (is("in order|any order|interleaved|blocks")) {
            end_part();
            step = line;
            previous_step = this_step;
            this_step = part = output.size();
        } else if (is("--") && (step == "interleaved" || step == "blocks")) {
            end_part();
            part = output.size();
        } else if (is(R"(\|( (.*))?)") && !step.empty()) {
            const std::string text = match[2];
            if (std::regex_search(text, std::regex(R"(\{(?!number\}|pid\}))"))) {
                fail("a \"{\" that begins neither {number} nor {pid}");
            }
            const std::size_t added = output.size();
            for (std::size_t i = previous_step; i < this_step; ++i) {
                orders.push_back({i, added, false});
            }
            if (added != part && step != "any order") {
                orders.push_back({added - 1, added, step == "blocks"});
            }
            output.push_back({text, where()});
        } else if (is(R"(before \| (.*) \| (.*))")) {
            orders.push_back({find(match[1]), find(match[2]), false});
        } else if (is("exit ([0-9]{1,3})")) {
            expectation.exit_status = std::stoi(match[1]);
            if (expectation.exit_status > 255) fail("no exit status is above 255");
        } else if (is(R"(stderr \| (.*))") && !expectation.error_excerpt) {
            expectation.error_output += match.str(1) + "\n";
        } else if (is(R"(stderr contains \| (.+))") && !expectation.error_excerpt &&
                   expectation.error_output.empty()) {
            expectation.error_excerpt = match[1];
        } else {
            fail("unknown directive, or one that cannot stand here: " + line);
        }
    }
    end_part();
    if (is_empty) fail("says nothing about " + std::string(backend));
    return expectation;
}

std::regex to_regex(const std::string& text, pid_t pid) {
    std::string form = std::regex_replace(text, std::regex(R"([\^$.*+?()\[\]{}|\\])"), R"(\$&)");
    form = std::regex_replace(form, std::regex(R"(\\\{number\\\})"), "[0-9]+");
    return std::regex(std::regex_replace(form, std::regex(R"(\\\{pid\\\})"), std::to_string(pid)));
}

}  // namespace

Expectation read_expectation(const std::filesystem::path& file, std::string_view backend) {
    const Expectation threading = read_one(file, "threading");
    const Expectation multiprocessing = read_one(file, "multiprocessing");
    return backend == "threading" ? threading : multiprocessing;
}

std::string describe_mismatches(const Expectation& expectation, const ProgramRun& run) {
    const auto& [expected, orders, error_output, error_excerpt, exit_status] = expectation;
    const std::string& errors = run.error_output.text;
    std::ostringstream found;
    if (WIFSIGNALED(run.status)) {
        found << "killed by a signal: " << ::strsignal(WTERMSIG(run.status)) << '\n';
    } else if (WEXITSTATUS(run.status) != exit_status) {
        found << "exit status " << WEXITSTATUS(run.status) << ", not " << exit_status << '\n';
    }
    if (std::regex_search(errors, std::regex("Sanitizer: |: runtime error: "))) {
        found << "a sanitizer's report on standard error\n";
    }
    if (error_excerpt && errors.find(*error_excerpt) == std::string::npos) {
        found << "standard error does not contain: " << *error_excerpt << '\n';
    } else if (!error_excerpt && errors != error_output) {
        found << "standard error is not " << (error_output.empty() ? "empty" : "exactly this: ")
              << error_output << '\n';
    }
    if (run.output.torn) found << "a write to standard output that ends within a line\n";

    std::vector<int> at(expected.size(), 0);  // line numbers in the output; 0: not seen
    std::istringstream output(run.output.text);
    int number = 0;
    for (std::string line; std::getline(output, line);) {
        ++number;
        std::size_t i = 0;
        while (i < at.size() &&
               (at[i] != 0 || !std::regex_match(line, to_regex(expected[i].text, run.pid)))) {
            ++i;
        }
        if (i < at.size()) {
            at[i] = number;
        } else {
            found << "line " << number << " is not expected: " << line << '\n';
        }
    }
    for (std::size_t i = 0; i < at.size(); ++i) {
        if (at[i] != 0) continue;
        found << "missing: " << expected[i].text << " (" << expected[i].where << ")\n";
    }
    for (const auto& [earlier, later, directly] : orders) {
        const bool kept = directly ? at[earlier] + 1 == at[later] : at[earlier] < at[later];
        if (kept || at[earlier] == 0 || at[later] == 0) continue;
        found << expected[earlier].text << " must come " << (directly ? "directly " : "")
              << "before " << expected[later].text << " (" << expected[later].where
              << "), but they are lines " << at[earlier] << " and " << at[later] << '\n';
    }
    return found.str();
}

}  // namespace freethreading::conformance
