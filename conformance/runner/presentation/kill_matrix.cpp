#include "conformance/runner/presentation/kill_matrix.hpp"

#include <algorithm>
#include <cstdint>
#include <sstream>
#include <utility>

#include "conformance/runner/report_reading.hpp"
#include "conformance/runner/whole_file.hpp"
#include "conformance/wire/json_reading.hpp"

namespace conformance::runner {
namespace {

using json_reading::Json;
using Names = std::set<std::string>;

/// A mutant, met once by all tests.
struct Run {
    std::string mutant{};
    std::string backend{};
    std::int64_t seed = 0;
    std::map<std::string, double> found{};
    Names tested{};
    Names must_fail{};
};

template <class T>
T member(const Json& json, const char* name, const std::string& place) {
    if (auto found = json_reading::member_as<T>(json, name)) return *std::move(found);
    throw ReportError(place + " has no member \"" + name + "\" of the right type");
}

Run run_in(const std::string& line, const std::string& place, const Requirements& requirements) {
    const Json json = Json::parse(line, nullptr, false);
    if (!json.is_object()) throw ReportError(place + " is no JSON object");
    Run run{.mutant = member<std::string>(json, "mutant", place),
            .backend = member<std::string>(json, "backend", place),
            .seed = member<std::int64_t>(json, "seed", place),
            .found = member<std::map<std::string, double>>(json, "found", place),
            .tested = member<Names>(json, "tested", place),
            .must_fail = member<Names>(json, "must_fail", place)};
    const auto require = [&](const std::string& id) {
        if (requirements.find(id) == nullptr)
            throw ReportError(place + " tells of \"" + id + "\", which is no requirement");
    };
    for (const auto& [id, seconds] : run.found)
        require(id);
    std::ranges::for_each(run.tested, require);
    std::ranges::for_each(run.must_fail, require);
    return run;
}

/// The runs of a mutant on a backend.
void add(const std::vector<Run>& runs, KillMatrix& matrix) {
    std::map<std::string, Kill> kills;
    for (const Run& run : runs) {
        for (const std::string& id : run.tested) {
            Kill& kill = kills[id];
            kill.mutant = run.mutant;
            kill.backend = run.backend;
            kill.must |= run.must_fail.contains(id);
            ++kill.runs;
            const auto found = run.found.find(id);
            if (found == run.found.end()) continue;
            kill.soonest = kill.found == 0 ? found->second : std::min(kill.soonest, found->second);
            ++kill.found;
        }
    }
    bool is_killed = true;
    for (auto& [id, kill] : kills) {
        if (kill.must && kill.found < kill.runs) {
            is_killed = false;
            matrix.surviving.insert(id);
        }
        if (kill.must || kill.found > 0) matrix.kills[id].push_back(std::move(kill));
    }
    ++matrix.mutants;
    matrix.killed += is_killed ? 1 : 0;
}

}  // namespace

KillMatrix read_kill_matrix(const std::filesystem::path& file, const Requirements& requirements) {
    std::istringstream stream(read_whole_file(file, "the kill matrix"));
    std::map<std::pair<std::string, std::string>, std::vector<Run>> by_mutant;
    int number = 0;
    for (std::string line; std::getline(stream, line);) {
        const std::string place = file.string() + ": line " + std::to_string(++number);
        Run run = run_in(line, place, requirements);
        auto& others = by_mutant[{run.mutant, run.backend}];
        if (std::ranges::find(others, run.seed, &Run::seed) != others.end())
            throw ReportError(place + " tells a second time of " + run.mutant + " on " +
                              run.backend + " with the seed " + std::to_string(run.seed));
        others.push_back(std::move(run));
    }
    if (by_mutant.empty())
        throw ReportError("the kill matrix " + file.string() + " tells of no mutant");
    KillMatrix matrix;
    for (const auto& [name, runs] : by_mutant)
        add(runs, matrix);
    return matrix;
}

}  // namespace conformance::runner
