#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "conformance/engine/conform.hpp"
#include "conformance/engine/failure_text.hpp"
#include "conformance/engine/seeds.hpp"
#include "conformance/engine/test_context.hpp"
#include "conformance/properties/property.hpp"
#include "conformance/wire/scenario_json.hpp"

namespace conformance::properties {
namespace {

constexpr double usual_runs = 20;

Scenario read_scenario(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return scenario_from_json(text);
}

std::vector<std::filesystem::path> saved_files() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry :
         std::filesystem::directory_iterator(FREETHREADING_REGRESSIONS_FOLDER)) {
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

}  // namespace

void hold_for_saved_scenarios() {
    if (!can_run_test()) return;
    TestContext& context = TestContext::current();
    const double runs = std::ceil(usual_runs * context.options().effort);
    const auto files = saved_files();
    ASSERT_FALSE(files.empty()) << "there are no files in " << FREETHREADING_REGRESSIONS_FOLDER;
    for (const auto& file : files) {
        Scenario scenario = read_scenario(file);
        for (int i = 0; i < runs; ++i) {
            scenario.seed = child_seed(context.options().seed, file.stem().string(),
                                       static_cast<std::uint64_t>(i));
            const RunResult result = context.session().run(scenario);
            context.count_run();
            const Judgement judgement = judge(scenario, result);
            if (judgement.verdict == Judgement::Verdict::unsupported) break;
            if (judgement.verdict == Judgement::Verdict::conforms) {
                context.note(TestVerdict::pass, {});
                if (result.status == RunResult::Status::stuck) break;  // as it should, for seconds
                continue;
            }
            const std::string text = failure_text(context, scenario, result, judgement, file);
            context.note(TestVerdict::fail, judgement.reason, text, file.string());
            if (context.violations_fail()) ADD_FAILURE() << text;
            return;
        }
    }
    if (context.record().runs > 0 && context.record().verdict == TestVerdict::not_run)
        context.note(TestVerdict::unsupported,
                     "the driver lacks something in each of the saved scenarios");
}

}  // namespace conformance::properties
