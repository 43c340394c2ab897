// How long the properties take to find each fault of conformance/drivers/faulty, and how small they make
// it, as a table in Markdown:
//
//     detection_table [SEEDS [SECONDS [FAULT [FIRST_SEED]]]]    # 10 seeds, 60 s for each, from 1 on

#include <algorithm>
#include <fstream>
#include <iomanip>
#include <iostream>
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

Row measure(const KnownFault& fault, std::uint64_t first, int seeds, std::chrono::seconds time) {
    Row row{.fault = fault};
    for (std::uint64_t seed = first; seed < first + static_cast<std::uint64_t>(seeds); ++seed) {
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
    const int seeds = arguments.empty() ? 10 : std::stoi(arguments[0]);
    const std::chrono::seconds time(arguments.size() < 2 ? 60 : std::stoi(arguments[1]));
    const std::uint64_t first = arguments.size() < 4 ? 1 : std::stoull(arguments[3]);
    std::cout << "load: " << load() << std::endl;
    std::vector<Row> rows;
    for (const KnownFault& fault : known_faults) {
        if (arguments.size() < 3 || arguments[2] == "all" || arguments[2] == fault.name)
            rows.push_back(measure(fault, first, seeds, time));
    }
    std::cout << "load: " << load() << "\n\n"
              << "| fault | property | found | median s | worst s | shrunk: median s | worst s "
                 "| workers | worst | calls | worst | small and confirmed |\n"
                 "| --- | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |\n";
    for (const Row& row : rows)
        print(row);
    return std::ranges::all_of(rows, [](const Row& row) { return row.small == row.runs; }) ? 0 : 1;
}
