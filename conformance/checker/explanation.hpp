#pragma once
/// \file
/// A verdict in words: what happened, what explains it up to where, and what does not.
///
///     std::cout << explanation(model, history, verdict, printing);
///
///     violation
///            time   worker 1      worker 2
///       +0.000 us   > put(7)
///       +1.000 us   < put(7): 0
///       +1.500 us                 > get()
///       +3.000 us                 !< get(): 8
///     Explained so far:
///       worker 1: put(7): 0    -> [7]
///     Worker 2's get() returned 8, but the model allows 7 in state [7].

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/checker/event_sequence.hpp"
#include "conformance/checker/interval.hpp"
#include "conformance/checker/replay.hpp"
#include "conformance/checker/timeline.hpp"
#include "conformance/checker/verdict.hpp"

namespace conformance::checker {

/// How to print what the model is made of.
template <Model M>
struct Printing {
    std::function<std::string(const typename M::Operation&)> operation;
    std::function<std::string(const typename M::Outcome&)> outcome;
    std::function<std::string(const typename M::State&)> state;
    std::size_t events = 24;  ///< of the timeline, at most
    std::size_t steps = 12;   ///< of the linearization, at most
};

template <Model M>
class Explanation {
  public:
    Explanation(const M& model, Calls<M> history, const Verdict<M>& verdict,
                const Printing<M>& printing)
        : model_(model), history_(history), verdict_(verdict), printing_(printing) {}

    [[nodiscard]] std::string text() const {
        std::string text = std::string(to_string(verdict_.judgement)) + "\n" + timeline();
        if (verdict_.judgement == Judgement::unknown)
            return text + "The budget ran out after " + std::to_string(verdict_.steps) +
                   " steps.\n";
        const bool is_violation = verdict_.violation.has_value();
        text += is_violation ? "Explained so far:\n" : "Explained by:\n";
        text += linearization(is_violation ? verdict_.violation->prefix : verdict_.certificate);
        return is_violation ? text + sentence(*verdict_.violation) + "\n" : text;
    }

  private:
    [[nodiscard]] bool is_failure(std::size_t call, bool is_response) const {
        return verdict_.violation && verdict_.violation->call == call &&
               verdict_.violation->hangs != is_response;
    }

    /// The events up to the failure, or the last ones; and after a failure a few more.
    [[nodiscard]] std::string timeline() const {
        const std::vector<Event> events = events_in_order<M>(history_);
        const std::size_t failure = verdict_.violation ? verdict_.violation->event : events.size();
        const std::size_t end = std::min(events.size(), failure + 1 + printing_.events / 8);
        const std::size_t begin = end > printing_.events ? end - printing_.events : 0;

        std::vector<bool> is_pending(history_.size(), false);
        for (std::size_t i = 0; i < begin; ++i)
            is_pending[events[i].call] = !events[i].is_response;
        std::vector<std::int32_t> workers;
        for (std::size_t i = begin; i < end; ++i)
            workers.push_back(history_[events[i].call].worker);
        for (std::size_t call = 0; call < history_.size(); ++call) {
            if (is_pending[call]) workers.push_back(history_[call].worker);
        }
        std::ranges::sort(workers);

        Timeline timeline(workers);
        for (std::size_t call = 0; call < history_.size(); ++call) {
            if (is_pending[call]) timeline.begin_pending(history_[call].worker);
        }
        for (std::size_t i = begin; i < end; ++i) {
            const auto& [time, call, is_response] = events[i];
            const std::int32_t worker = history_[call].worker;
            is_pending[call] = !is_response;
            const bool fails = is_failure(call, is_response);
            if (is_response) {
                timeline.respond(time, worker, with_outcome(call, history_[call].outcome), fails);
            } else {
                timeline.invoke(time, worker, operation(call), fails);
            }
        }
        for (std::size_t call = 0; call < history_.size() && end == events.size(); ++call) {
            if (is_pending[call] && !history_[call].responded)
                timeline.end(history_[call].worker, fate(call));
        }
        const std::string left_out =
            begin == 0 ? "" : "  (" + std::to_string(begin) + " events before)\n";
        return left_out + timeline.text();
    }
    [[nodiscard]] std::string fate(std::size_t call) const {
        const std::string mark = is_failure(call, false) ? "! " : "";
        return mark + operation(call) + (history_[call].killed ? " was killed" : " is pending");
    }

    [[nodiscard]] std::string linearization(const Certificate& steps) const {
        const std::size_t begin =
            steps.size() > printing_.steps ? steps.size() - printing_.steps : 0;
        std::string text;
        if (begin > 0) text = "  (" + std::to_string(begin) + " steps before)\n";
        if (steps.empty()) text = "  (no step)\n";
        std::size_t number = 0;
        replay(model_, history_, steps,
               [&](const CertificateStep& step, const auto& outcome, const auto& state) {
                   if (number++ < begin) return;
                   text += "  worker " + std::to_string(history_[step.call].worker) + ": ";
                   text += step.stage == completed ? with_outcome(step.call, outcome)
                                                   : operation(step.call) + " reaches stage " +
                                                         std::to_string(step.stage);
                   text += "    -> " + printing_.state(state) + "\n";
               });
        return text;
    }

    [[nodiscard]] std::string sentence(const Violation<M>& violation) const {
        const auto& call = history_[violation.call];
        std::string text =
            "Worker " + std::to_string(call.worker) + "'s " + operation(violation.call);
        text += violation.hangs ? " hangs" : " returned " + printing_.outcome(call.outcome);
        std::string separator = ", but the model ";
        for (const Reached<M>& reached : violation.reached) {
            text += separator + what_is_possible(reached) + " in state " +
                    printing_.state(reached.state);
            separator = "; it ";
        }
        return text + ".";
    }
    [[nodiscard]] std::string what_is_possible(const Reached<M>& reached) const {
        if (reached.blocked) return "lets it wait";
        if (reached.allowed.empty()) return "lets it go on, not return,";
        std::string text = "allows ";
        for (std::size_t i = 0; i < reached.allowed.size(); ++i)
            text += (i == 0 ? "" : " or ") + printing_.outcome(reached.allowed[i]);
        return text;
    }

    [[nodiscard]] std::string operation(std::size_t call) const {
        return printing_.operation(history_[call].operation);
    }
    [[nodiscard]] std::string with_outcome(std::size_t call,
                                           const typename M::Outcome& outcome) const {
        return operation(call) + ": " + printing_.outcome(outcome);
    }

    const M& model_;
    Calls<M> history_;
    const Verdict<M>& verdict_;
    const Printing<M>& printing_;
};

/// Ends with a line break. `verdict` is that of `check` for this model and history.
template <Model M>
[[nodiscard]] std::string explanation(const M& model, Calls<M> history, const Verdict<M>& verdict,
                                      const Printing<M>& printing) {
    return Explanation<M>(model, history, verdict, printing).text();
}

}  // namespace conformance::checker
