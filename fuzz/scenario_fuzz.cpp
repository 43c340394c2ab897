/// \file
/// Scenarios on the reference, in this process, with threads for workers.
///
/// The bytes are the decisions of the suite's own generator (conformance/properties), which the models keep from
/// scenarios that may block for ever. The first byte chooses the door: large scenarios of a family, small ones, small
/// ones with rounds, or one call after the other, where the model foretells every outcome and two runs have to agree.
/// The kit runs them as it does in a driver; what happened is read from the lanes and judged by the models.
///
/// The last door spoils what happened before it is judged, as a driver that lies would: then any verdict is right, but
/// there has to be one.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "conformance/drivers/reference/reference_traits.hpp"
#include "conformance/engine/judge.hpp"
#include "conformance/engine/run_check.hpp"
#include "conformance/engine/unroll.hpp"
#include "conformance/properties/draft.hpp"
#include "conformance/properties/failure.hpp"
#include "conformance/properties/model_orders.hpp"
#include "conformance/properties/model_walk.hpp"
#include "conformance/properties/small_draft.hpp"
#include "conformance/wire/lane_reader.hpp"
#include "conformance/wire/lane_writer.hpp"
#include "fuzz/byte_source.hpp"
#include "fuzz/require.hpp"
#include "fuzz/scratch_folder.hpp"

namespace {

using namespace conformance;
using namespace conformance::properties;
using fuzz::ByteSource;
using fuzz::require;

/// The driver, and the runner's view of its lanes. Never destroyed: workers may still be on their way out.
class Hosted {
  public:
    static Hosted& instance() {
        static auto* const hosted = new Hosted;
        return *hosted;
    }

    /// What came of it; nothing if the driver does not support it.
    std::optional<RunResult> run(const Scenario& scenario) {
        RunResult result{.status = RunResult::Status::completed};
        const std::int64_t sent = LaneWriter::now();
        const auto answer = driver_.run({.run = ++run_, .scenario = scenario}, {});
        require(answer.has_value(), "a scenario ended the program");
        if (answer->starts_with("{\"unsupported\"")) return std::nullopt;
        if (!answer->starts_with("{\"done\""))
            fuzz::fail("the driver could not run a scenario: " + *answer);
        result.ended = LaneWriter::now();
        result.history = LaneReader(folder_.path()).read(run_, scenario);
        const std::string untruth = untruth_in(scenario, result.history, sent, result.ended);
        if (!untruth.empty()) fuzz::fail(untruth);
        return result;
    }

  private:
    fuzz::ScratchFolder folder_;
    kit::Driver<ReferenceTraits> driver_{HelloRequest{
        .backend = "threading", .logs = folder_.path().string(), .lanes = 8, .slots = 2048}};
    std::uint64_t run_ = 0;
};

Choices choices_of(ByteSource& source) {
    return Choices([&source](int bound) {
        return static_cast<int>(bound <= 256 ? source.byte() : source.number<std::uint32_t>()) %
               bound;
    });
}

/// What takes longer to be known to end is left to the suite, which can end what hangs.
constexpr std::size_t most_positions = 4'000;

/// Of a process that is on its own with the scenario: no end of the program, and nothing that blocks for ever
/// in any order that the models allow. Whatever hangs then is a finding.
bool can_run(const Scenario& scenario, std::uint64_t seed) {
    return scenario.ends == ProgramEnd::none && scenario.workers.size() <= 8 &&
           stuck_calls(scenario, 12, seed).empty() &&
           may_block(unrolled(scenario, number_of_rounds(scenario)), most_positions) ==
               MayBlock::no;
}

void require_conforms(const Scenario& scenario, const RunResult& result) {
    const Judgement judgement = judge(scenario, result);
    if (judgement.verdict == Judgement::Verdict::conforms ||
        judgement.verdict == Judgement::Verdict::inconclusive)
        return;
    std::fprintf(stderr, "%s\n%s\n%s\n", to_json(scenario).c_str(), judgement.reason.c_str(),
                 judgement.timeline.c_str());
    fuzz::fail("the reference does not conform");
}

void vary(Scenario& scenario, ByteSource& source) {
    scenario.seed = source.byte();
    scenario.aligned = source.flag() && can_be_aligned(scenario);
    scenario.perturbation = source.below(4) == 0 ? source.below(101) : 0;
}

Family family_of(ByteSource& source) {
    return static_cast<Family>(source.below(static_cast<int>(family_names.size())));
}

void large(ByteSource& source) {
    const Family family = family_of(source);
    const int size = source.below(60);
    Choices choices = choices_of(source);
    Scenario scenario = draft(family, choices, size);
    vary(scenario, source);
    if (!can_run(scenario, scenario.seed)) return;
    if (const auto result = Hosted::instance().run(scenario)) require_conforms(scenario, *result);
}

template <bool has_rounds>
void small(ByteSource& source) {
    const Family family = family_of(source);
    if (!has_small_scenarios(family)) return;
    Choices choices = choices_of(source);
    Scenario scenario = draft_small(family, choices, has_rounds);
    if (has_rounds) set_rounds(scenario, 1 + source.below(static_cast<int>(few_rounds)));
    vary(scenario, source);
    if (!can_run(scenario, scenario.seed)) return;
    if (const auto result = Hosted::instance().run(scenario)) require_conforms(scenario, *result);
}

void sequential(ByteSource& source) {
    Choices choices = choices_of(source);
    const Scenario scenario = draft(Family::sequential, choices, 60);
    if (!can_run(scenario, 1)) return;
    const auto one = Hosted::instance().run(scenario);
    const auto other = Hosted::instance().run(scenario);
    if (!one || !other) return;
    require_conforms(scenario, *one);
    const auto& left = one->history.entries;
    const auto& right = other->history.entries;
    require(left.size() == right.size(), "a sequence of calls has another number of calls");
    for (std::size_t i = 0; i < left.size(); ++i) {
        const bool is_same = left[i].call == right[i].call &&
                             left[i].responded.has_value() == right[i].responded.has_value();
        require(is_same, "a sequence of calls goes another way");
    }
}

void spoil(Entry& entry, ByteSource& source) {
    switch (source.below(6)) {
        case 0:
            entry.responded.reset();
            break;
        case 1:
            entry.outcome =
                static_cast<ErrorKind>(source.below(static_cast<int>(ErrorKind::Other) + 1));
            break;
        case 2:
            entry.outcome = Value(source.number<std::int8_t>());
            break;
        case 3:
            entry.outcome = Value(List{source.below(3), source.text(4)});
            break;
        case 4:
            entry.killed = true;
            break;
        default:  // as late as any reader of lanes lets pass
            entry.invoked = source.flag() ? INT64_MAX / 2 : entry.invoked / 2;
            if (entry.responded) entry.responded = std::max(entry.invoked, *entry.responded);
    }
}

void liar(ByteSource& source) {
    const Family family = family_of(source);
    std::vector<std::uint8_t> changes;
    for (int i = 0; i < 16; ++i)
        changes.push_back(source.byte());
    Choices choices = choices_of(source);
    const Scenario scenario = draft(family, choices, 30);
    if (!can_run(scenario, 1)) return;
    auto result = Hosted::instance().run(scenario);
    if (!result || result->history.entries.empty()) return;
    ByteSource lies(changes.data(), changes.size());
    auto& entries = result->history.entries;
    for (int i = lies.below(3); i >= 0; --i)
        spoil(entries[lies.byte() % entries.size()], lies);
    if (lies.below(4) == 0) result->status = RunResult::Status::stuck;
    static_cast<void>(untruth_in(scenario, result->history, 0, result->ended));
    static_cast<void>(last_deadline(scenario, result->history, INT64_MAX));
    const Judgement judgement = judge(scenario, *result);
    require(judgement.verdict == Judgement::Verdict::conforms || !judgement.reason.empty(),
            "a verdict without a reason");
}

using Door = void (*)(ByteSource&);
constexpr Door doors[] = {large, small<false>, small<true>, sequential, liar};

}  // namespace

/// A thread that is ending may have given up its list of destructors (glibc's) just when leaks are looked for.
extern "C" const char* __lsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
    return "leak:__cxa_thread_atexit_impl\n";
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    ByteSource source(data, size);
    doors[source.below(static_cast<int>(std::size(doors)))](source);
    return 0;
}
