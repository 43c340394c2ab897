#pragma once
// Kills a worker process at every instruction of an operation, one run each, and lets the living go
// on every time.
//
//     struct PutRound {                        // constructed anew for every run
//         Queue<int> queue;
//         Worker victim{put_one, queue};       // its target encloses the operation in a Region
//         void wake() { ... }                  // the victim fell asleep: wake it
//         void go_on() { ... }                 // the living, at once after the kill
//         void check(bool completed) { ... }   // when the fork server has buried the dead
//     };
//     TEST(KillEverywhere, put) { kill_everywhere<PutRound>("put"); }
//
// The first run single-steps the victim through the whole region and notes every state it goes
// through: the beginning, after each instruction, and asleep within one. Then there is one run per
// state, which kills the victim there. It gets there by a breakpoint at a place not far before and
// single steps for the rest, since steps through all of it would cost the square of its length.
// What a state is depends on the whole way to it. A victim that does not come by again on the known
// way (because the arena has other gaps by now, say) is watched anew, and the rest of its way is
// due too.
//
// A round may also have `bool may_interfere()`, asked after every instruction of the first run, and
// `interfere()`, called in each run where that was true for the first time.
//
// A round with `meanwhile()` kills nobody: the victim stands still in that state while others act, and goes
// on then, so that every order of the two is tried in which the victim is interrupted once. Source: Musuvathi
// and Qadeer, "Iterative Context Bounding for Systematic Testing of Multithreaded Programs" (PLDI 2007).
//
// A victim that takes another way is killed, and its round ends with that.
//
//     void meanwhile() { ... }             // returns when the others are done, or wait for the victim
//     TEST(PreemptEverywhere, get) { preempt_everywhere<GetRound>("get"); }
//
// FREETHREADING_KILL_STRIDE=100 tries every hundredth state only. Under sanitizers, whose instructions
// are many and not the library's, it is multiplied by 101.

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include "board.hpp"
#include "freethreading/platform/arena.hpp"
#include "victim.hpp"

namespace kill_tests {

/// What a round does while its victim runs.
struct Interplay {
    std::function<void()> wake;
    std::function<bool()> may_interfere;
    std::function<void()> interfere;
    std::function<void()> meanwhile;
};

/// The runs of one operation. Looks for what each leaves behind, says where the program hangs if it
/// does, prints the number of states tried.
class Survey {
  public:
    explicit Survey(std::string operation);
    ~Survey();
    Survey(const Survey&) = delete;
    Survey& operator=(const Survey&) = delete;

    [[nodiscard]] static bool possible();
    [[nodiscard]] bool goes_on() const {
        return (trace_.empty() || next_ < trace_.size()) && failed_runs_ < 5;
    }
    /// States that the victim went through once but never again, if all are tried.
    [[nodiscard]] std::size_t missed() const { return stride_ > 1 ? 0 : known_.size() - reached_; }
    void begin_run();
    /// Whether the victim of this run goes through all of it in single steps, which takes its time.
    [[nodiscard]] static bool is_recording() { return is_recording_; }
    /// Runs the victim until it has left the region, then lets it go; or to the state in which it
    /// dies, or is interrupted. Whether it lives.
    bool drive(Victim& victim, const Interplay& interplay);
    /// After everything of the run was destroyed.
    void end_run();

  private:
    struct State {
        std::uint64_t address;
        bool asleep;
        bool interferes;
        std::uint64_t way;  // tells this state from those at the same address
    };
    bool kill_or_interrupt(Victim& victim, const Interplay& interplay) const;
    void record(Victim& victim, const Interplay& interplay);
    bool replay(Victim& victim, const Interplay& interplay);
    bool advance(Victim& victim, std::size_t from, std::size_t to) const;
    void learn_way();
    void find_next();
    void prepare_last_words() const;

    inline static bool is_recording_ = false;
    std::string operation_;
    std::string place_;
    std::vector<State> trace_;
    bool tried_ = false;  // a state, in the present run
    bool astray_ = false;
    int attempts_ = 0;
    std::size_t stride_;
    std::size_t next_ = 0;
    std::unordered_set<std::uint64_t> known_;
    std::unordered_set<std::uint64_t> done_;
    int rehearsals_ = 0;
    int ways_ = 0;
    std::size_t reached_ = 0;
    std::uint64_t tries_ = 0;
    std::uint64_t tries_asleep_ = 0;
    int failed_runs_ = 0;
    int failures_ = 0;
    freethreading::platform::ArenaUse before_{};
};

template <class Round>
concept Preempting = requires(Round round) { round.meanwhile(); };

template <class Round>
void run_once(Survey& survey) {
    survey.begin_run();
    Round round;
    Victim victim(round.victim);
    Interplay interplay;
    interplay.wake = [&] { round.wake(); };
    if constexpr (requires { round.interfere(); }) {
        interplay.may_interfere = [&] { return round.may_interfere(); };
        interplay.interfere = [&] { round.interfere(); };
    }
    if constexpr (Preempting<Round>) interplay.meanwhile = [&] { round.meanwhile(); };
    const bool completed = survey.drive(victim, interplay);
    if (Preempting<Round> && !completed) return;
    round.go_on();
    if (completed) victim.let_go();
    round.victim.join(hang);
    if (round.victim.is_alive()) {
        ADD_FAILURE() << (completed ? "the victim hangs" : "the dead is not buried");
        victim.kill();
        round.victim.join();
    }
    round.check(completed);
}

template <class Round>
void survey_everywhere(const std::string& operation) {
    if (!Survey::possible()) GTEST_SKIP() << "workers are threads here, which cannot be killed";
    Survey survey(operation);
    while (survey.goes_on()) {
        try {
            run_once<Round>(survey);
        } catch (const std::exception& failure) {
            ADD_FAILURE() << failure.what();
        }
        survey.end_run();
    }
}

template <class Round>
void kill_everywhere(const std::string& operation) {
    survey_everywhere<Round>(operation);
}

template <Preempting Round>
void preempt_everywhere(const std::string& operation) {
    survey_everywhere<Round>(operation);
}

}  // namespace kill_tests
