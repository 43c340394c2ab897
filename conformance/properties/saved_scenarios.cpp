#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "conformance/engine/conform.hpp"
#include "conformance/engine/failure_text.hpp"
#include "conformance/engine/seeds.hpp"
#include "conformance/engine/test_context.hpp"
#include "conformance/properties/property.hpp"
#include "conformance/properties/recommendation.hpp"
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

/// Notes it, and returns whether the other scenarios are worth a look.
bool tell(TestContext& context, const JudgedRun& run, const std::filesystem::path& file) {
    using Verdict = Judgement::Verdict;
    const Judgement& judgement = run.judgement;
    if (judgement.verdict == Verdict::inconclusive) {
        context.note(TestVerdict::inconclusive, judgement.reason);
        return true;
    }
    const std::string text = failure_text(context, run.scenario, run.result, judgement, file);
    const bool blames_driver = judgement.verdict == Verdict::driver_error;
    context.note(blames_driver ? TestVerdict::driver_error : TestVerdict::fail, judgement.reason,
                 text, file.string());
    if (blames_driver || context.violations_fail()) ADD_FAILURE() << text;
    return false;
}

}  // namespace

void hold_for_saved_scenarios() {
    if (!can_run_test()) return;
    TestContext& context = TestContext::current();
    const double runs = std::ceil(usual_runs * context.options().effort);
    const auto files = saved_files();
    ASSERT_FALSE(files.empty()) << "there are no files in " << FREETHREADING_REGRESSIONS_FOLDER;
    std::optional<JudgedRun> set_aside;  // which counts if nothing that is required is broken
    std::filesystem::path file_set_aside;
    for (const auto& file : files) {
        Scenario scenario = read_scenario(file);
        for (int i = 0; i < runs; ++i) {
            scenario.seed = child_seed(context.options().seed, file.stem().string(),
                                       static_cast<std::uint64_t>(i));
            const JudgedRun run = run_and_judge(context.session(), scenario);
            context.count_run();
            if (run.judgement.verdict == Judgement::Verdict::unsupported) break;
            if (run.judgement.verdict == Judgement::Verdict::conforms) {
                context.note(TestVerdict::pass, {});
                // As it should, and for seconds.
                if (run.result.status == RunResult::Status::stuck) break;
                continue;
            }
            if (only_recommended(context.options().requirements, run) != nullptr) {
                if (!set_aside) {
                    set_aside = run;
                    file_set_aside = file;
                }
                break;
            }
            if (!tell(context, run, file)) return;
            break;
        }
    }
    if (set_aside) {
        context.attribute_to(*only_recommended(context.options().requirements, *set_aside));
        tell(context, *set_aside, file_set_aside);
        return;
    }
    if (context.record().runs > 0 && context.record().verdict == TestVerdict::not_run)
        context.note(TestVerdict::unsupported,
                     "the driver lacks something in each of the saved scenarios");
}

}  // namespace conformance::properties
