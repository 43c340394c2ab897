// How long the properties take to find each fault of conformance/drivers/faulty, and how small they make
// it, as a table in Markdown:
//
//     detection_table [SEEDS [SECONDS [FAULT [FIRST_SEED]]]]    # 10 seeds, 60 s for each, all faults, from 1 on
//
// Exit status: 0 all are found, small and confirmed; 1 not all; 2 usage.

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "conformance/engine/scenario_text.hpp"
#include "conformance/properties/tests/detection.hpp"

namespace {

using namespace conformance::properties;

struct Row {
    KnownFault fault{};
    std::vector<double> found{};   // seconds to detection, of those that were found
    std::vector<double> shrunk{};  // seconds to the shrunk scenario, from the beginning
    std::vector<std::size_t> workers{};
    std::vector<std::size_t> calls{};
    int runs = 0;
    int small = 0;
};

Row measure(const KnownFault& fault, std::uint64_t first, std::uint64_t seeds,
            std::chrono::seconds time) {
    Row row{.fault = fault};
    for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
        const Detection found =
            detect(FREETHREADING_FAULTY_DRIVER, {.fault = fault, .seed = seed, .time = time});
        std::cout << fault.name << ", seed " << seed << ": " << found.text() << std::endl;
        if (found.is_found() && !found.is_small())
            std::cout << to_code(found.exploration.failure->smallest.scenario) << std::endl;
        ++row.runs;
        if (!found.is_found()) continue;
        const Failure& failure = *found.exploration.failure;
        row.found.push_back(failure.seconds_to_find);
        row.shrunk.push_back(failure.seconds_to_find + failure.seconds_to_shrink);
        row.workers.push_back(found.workers);
        row.calls.push_back(found.calls);
        row.small += found.is_small() ? 1 : 0;
    }
    return row;
}

/// The median, and the largest.
template <class T>
std::string median_and_worst(std::vector<T> values, int digits) {
    if (values.empty()) return "- | -";
    std::ranges::sort(values);
    std::ostringstream text;
    text << std::fixed << std::setprecision(digits) << values[values.size() / 2] << " | "
         << values.back();
    return text.str();
}

void print(const Row& row) {
    std::cout << "| " << row.fault.name << " | " << to_string(row.fault.family) << " | "
              << row.found.size() << " of " << row.runs << " | " << median_and_worst(row.found, 1)
              << " | " << median_and_worst(row.shrunk, 1) << " | "
              << median_and_worst(row.workers, 0) << " | " << median_and_worst(row.calls, 0)
              << " | " << row.small << " of " << row.runs << " |\n";
}

/// The argument at this place, or what it is by default; nothing if it is no positive number.
std::optional<std::uint32_t> number(const std::vector<std::string>& arguments, std::size_t place,
                                    std::uint32_t by_default) {
    if (arguments.size() <= place) return by_default;
    const std::string& text = arguments[place];
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value == 0) return std::nullopt;
    return value;
}

std::string load() {
    std::ifstream file("/proc/loadavg");
    std::string minute;
    std::string five;
    file >> minute >> five;
    return minute + " (" + five + " over five minutes)";
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    const auto seeds = number(arguments, 0, 10);
    const auto seconds = number(arguments, 1, 60);
    const auto first = number(arguments, 3, 1);
    const std::string chosen = arguments.size() < 3 ? "all" : arguments[2];
    const bool is_known =
        chosen == "all" || std::ranges::find(known_faults, chosen, &KnownFault::name) !=
                               std::ranges::end(known_faults);
    if (!seeds || !seconds || !first || !is_known || arguments.size() > 4) {
        std::cerr << "usage: detection_table [SEEDS [SECONDS [FAULT [FIRST_SEED]]]], with positive "
                     "numbers, and a fault of faulty-driver or \"all\"\n";
        return 2;
    }
    std::cout << "load: " << load() << std::endl;
    std::vector<Row> rows;
    for (const KnownFault& fault : known_faults) {
        if (chosen == "all" || chosen == fault.name)
            rows.push_back(measure(fault, *first, *seeds, std::chrono::seconds(*seconds)));
    }
    std::cout << "load: " << load() << "\n\n"
              << "| fault | property | found | median s | worst s | shrunk: median s | worst s "
                 "| workers | worst | calls | worst | small and confirmed |\n"
                 "| --- | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |\n";
    for (const Row& row : rows)
        print(row);
    return std::ranges::all_of(rows, [](const Row& row) { return row.small == row.runs; }) ? 0 : 1;
}
