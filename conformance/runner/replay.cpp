#include "conformance/runner/replay.hpp"

#include <array>

#include "conformance/engine/failure_text.hpp"
#include "conformance/runner/command_words.hpp"
#include "conformance/runner/whole_file.hpp"
#include "conformance/wire/scenario_json.hpp"

namespace conformance::runner {
namespace {

Scenario read_scenario(const std::filesystem::path& path) {
    const std::string text = read_whole_file(path, "the file");
    try {
        return scenario_from_json(text);
    } catch (const MalformedMessage& error) {
        throw UsageError("the file " + path.string() + " holds no scenario: " + error.what());
    }
}

/// Saved files are named after their tests, and tests after their requirements.
void begin_test_of(TestContext& context, const std::filesystem::path& file) {
    const std::string stem = file.stem().string();
    const std::size_t dot = stem.find('.');
    if (dot == std::string::npos) {
        context.begin_test("replay", stem);
    } else {
        context.begin_test(stem.substr(0, dot), stem.substr(dot + 1));
    }
}

TestVerdict verdict_of(Judgement::Verdict verdict) {
    switch (verdict) {
        case Judgement::Verdict::conforms:
            return TestVerdict::pass;
        case Judgement::Verdict::violates:
            return TestVerdict::fail;
        case Judgement::Verdict::unsupported:
            return TestVerdict::unsupported;
        case Judgement::Verdict::inconclusive:
            return TestVerdict::inconclusive;
        case Judgement::Verdict::driver_error:
            break;
    }
    return TestVerdict::driver_error;
}

}  // namespace

ExitCode replay(TestContext& context, const std::filesystem::path& file, int times,
                std::ostream& out) {
    const Scenario scenario = read_scenario(file);
    begin_test_of(context, file);
    std::array<int, number_of_verdicts> counts{};
    ExitCode code = ExitCode::conforms;
    for (int i = 0; i < times; ++i) {
        const RunResult result = context.session(slots_of(scenario)).run(scenario);
        const Judgement judgement = judge(scenario, result);
        const TestVerdict verdict = verdict_of(judgement.verdict);
        if (counts[static_cast<std::size_t>(verdict)]++ == 0 && verdict != TestVerdict::pass) {
            save_page(context, scenario, result, judgement, std::filesystem::absolute(file));
            out << "Run " << i + 1 << ": " << to_string(verdict) << ": "
                << failure_text(context, scenario, result, judgement,
                                std::filesystem::absolute(file))
                << '\n';
        }
        code = graver(code, exit_code_of(verdict));
    }
    out << times << (times == 1 ? " run: " : " runs: ");
    const char* separator = "";
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] == 0) continue;
        out << separator << counts[i] << ' ' << to_string(static_cast<TestVerdict>(i));
        separator = ", ";
    }
    out << '\n';
    return code;
}

}  // namespace conformance::runner
