// How long the properties take to find each fault of conformance/drivers/faulty, and how small they make
// it:
//
//     detection_table [SEEDS [SECONDS [FAULT]]]    # 10 seeds, 60 s for each

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/engine/scenario_text.hpp"
#include "conformance/properties/tests/detection.hpp"

namespace {

using namespace conformance::properties;

struct Row {
    KnownFault fault{};
    std::vector<double> seconds{};  // to detection, those that were found
    int runs = 0;
    int small = 0;
    std::size_t workers = 0;  // the most of any shrunk scenario
    std::size_t calls = 0;
};

Row measure(const KnownFault& fault, int seeds, std::chrono::seconds time) {
    Row row{.fault = fault};
    for (int seed = 1; seed <= seeds; ++seed) {
        const Detection found =
            detect(FREETHREADING_FAULTY_DRIVER,
                   {.fault = fault, .seed = static_cast<std::uint64_t>(seed), .time = time});
        std::cout << fault.name << ", seed " << seed << ": " << found.text() << std::endl;
        if (found.is_found() && !found.is_small())
            std::cout << to_code(found.exploration.failure->smallest.scenario) << std::endl;
        ++row.runs;
        if (!found.is_found()) continue;
        row.seconds.push_back(found.exploration.failure->seconds_to_find);
        row.small += found.is_small() ? 1 : 0;
        row.workers = std::max(row.workers, found.workers);
        row.calls = std::max(row.calls, found.calls);
    }
    std::ranges::sort(row.seconds);
    return row;
}

void print(const Row& row) {
    std::cout << std::left << std::setw(11) << row.fault.name << std::setw(22)
              << to_string(row.fault.family) << std::right << row.seconds.size() << " of "
              << row.runs;
    if (!row.seconds.empty())
        std::cout << std::fixed << std::setprecision(1) << std::setw(9)
                  << row.seconds[row.seconds.size() / 2] << std::setw(9) << row.seconds.back()
                  << std::setw(6) << row.workers << " x " << row.calls;
    std::cout << ", " << row.small << " small and confirmed\n";
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    const int seeds = arguments.empty() ? 10 : std::stoi(arguments[0]);
    const std::chrono::seconds time(arguments.size() < 2 ? 60 : std::stoi(arguments[1]));
    std::vector<Row> rows;
    for (const KnownFault& fault : known_faults) {
        if (arguments.size() < 3 || arguments[2] == fault.name)
            rows.push_back(measure(fault, seeds, time));
    }
    std::cout << "fault      property              found   median    worst  most workers x calls\n";
    for (const Row& row : rows)
        print(row);
    return std::ranges::all_of(rows, [](const Row& row) { return row.small == row.runs; }) ? 0 : 1;
}
