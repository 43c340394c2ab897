#pragma once
/// \file
/// Makes a driver of an implementation that a traits struct describes:
///
///     struct MyTraits {
///         static constexpr std::string_view name = "my library", version = "1.2";
///         static constexpr std::array<std::string_view, 1> backends{"threading"};
///         static void begin(std::string_view backend);
///         using Lock = my::Lock;   // and whatever else there is
///         ...
///     };
///     int main() { return conformance::kit::run_driver<MyTraits>(); }
///
/// README.md beside this file lists the members.

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "conformance/kit/answers.hpp"
#include "conformance/kit/channel.hpp"
#include "conformance/kit/interpreter.hpp"
#include "conformance/kit/support.hpp"
#include "conformance/wire/lane_files.hpp"

namespace conformance::kit {

template <class Traits>
class Driver {
  public:
    /// Makes what workers inherit, then has the implementation begin. Throws what goes wrong.
    explicit Driver(const HelloRequest& hello)
        : lanes_(hello.logs, hello.lanes, hello.slots), board_(hello.lanes) {
        this_driver_ = this;
        if (std::ranges::find(Traits::backends, hello.backend) == Traits::backends.end())
            throw DriverFault("there is no backend " + hello.backend);
        if constexpr (MakesWorkers<Traits>) MisusedWorkers<Traits>::target = work;
        Traits::begin(hello.backend);
        const RunRequest no_request{.run = 0, .scenario = {.workers = {WorkerPlan()}}};
        const std::string no_line;
        Environment<Traits> nobody(no_request, no_line, 0, board_, {});
        capabilities_ = Capabilities::of(nobody, workers_are_processes<Traits>());
    }
    Driver(const Driver&) = delete;
    Driver& operator=(const Driver&) = delete;

    [[nodiscard]] std::string greeting() const {
        return hello_answer<Traits>(capabilities_.names());
    }

    /// Blocks until every worker has ended. Returns the answer; nothing if main has to return now
    /// (rule 3.9). Workers may go on then, so that this driver has to live on.
    [[nodiscard]] std::optional<std::string> run(RunRequest new_request, std::string line) {
        request_ = std::move(new_request);
        line_ = std::move(line);
        const RunRequest& request = request_;
        if (request.run <= last_run_)
            return failed_answer(request.run, "rule 3.1: its number is not larger than all before");
        last_run_ = request.run;
        try {
            if (const auto missing = missing_for(request.scenario, capabilities_, lanes_.size()))
                return unsupported_answer(request.run, *missing);
            if (const auto lacking = lacked_for(request.scenario))
                return unsupported_answer(request.run, *lacking);
            board_.begin_run(request.scenario.workers.size());
            if (request.scenario.aligned)
                board_.alignment().prepare(aligned_workers(request.scenario));
            run_main_worker();
        } catch (const Unsupported& unsupported) {
            return unsupported_answer(request.run, unsupported.what());
        } catch (const DriverFault& fault) {
            return failed_answer(request.run, fault.what());
        }
        if (board_.is_faulty()) return failed_answer(request.run, board_.fault());
        if (board_.overflowed()) return overflow_answer(request.run);
        if (request.scenario.ends != ProgramEnd::none) return std::nullopt;
        return done_answer(request.run);
    }

  private:
    /// What the types of the traits do not tell.
    [[nodiscard]] static std::optional<std::string> lacked_for(const Scenario& scenario) {
        if constexpr (requires { Traits::lacks(scenario); }) {
            return Traits::lacks(scenario);
        } else {
            return std::nullopt;
        }
    }

    [[nodiscard]] static std::uint32_t aligned_workers(const Scenario& scenario) {
        const auto is_started = [&](const WorkerPlan& worker) {
            return worker.parent == 0 &&
                   std::ranges::any_of(scenario.workers.front().calls, [&](const Call& call) {
                       return call.object == worker.id && call.operation == Operation::start;
                   });
        };
        return static_cast<std::uint32_t>(std::ranges::count_if(scenario.workers, is_started));
    }

    [[nodiscard]] static bool is_created_by_call(const Scenario& scenario, const Object& object) {
        return std::ranges::any_of(scenario.workers.front().calls, [&](const Call& call) {
            return call.object == object.id && call.operation == Operation::create;
        });
    }

    void make_objects(Environment<Traits>& environment) {
        for (const Object& object : environment.scenario().objects) {
            if (is_result(object.type) || is_created_by_call(environment.scenario(), object))
                continue;
            try {
                make_object(environment, object);
            } catch (const DriverFault&) {
                throw;
            } catch (const Unsupported&) {
                throw;
            } catch (...) {
                throw DriverFault("object " + std::to_string(object.id) +
                                  " cannot be made: " + message_of(std::current_exception()));
            }
        }
    }

    void run_main_worker() {
        auto environment =
            std::make_unique<Environment<Traits>>(request_, line_, 0, board_, no_handles());
        make_objects(*environment);
        board_.note_begun(0);
        LaneWriter lane(lanes_.lane(0), request_.run, 0);
        make_calls(*environment, lane);
        lane.end_life();
        board_.note_ended(0);
        if (request_.scenario.ends != ProgramEnd::none) {
            main_worker_ = std::move(environment);
            return;
        }
        await_workers(*environment);
        environment->release_locals();
    }
    [[nodiscard]] static std::vector<Handle<Traits>> no_handles() { return {}; }

    /// A fault leaves a worker with calls that it did not make, so that others may wait for it for
    /// ever; the runner sees that nothing moves.
    static std::optional<TargetFailure> make_calls(Environment<Traits>& environment,
                                                   LaneWriter& lane) {
        try {
            return Interpreter<Traits>(environment, lane, work).run();
        } catch (const DriverFault& fault) {
            environment.board().note_fault(fault.what());
        } catch (...) {
            environment.board().note_fault(message_of(std::current_exception()));
        }
        return std::nullopt;
    }

    void await_workers(Environment<Traits>& environment) {
        // A worker may start others as long as it runs, so look again until there is nobody new.
        std::vector<bool> has_ended(environment.scenario().workers.size());
        for (bool is_news = true; is_news;) {
            is_news = false;
            for (std::size_t i = 1; i < has_ended.size(); ++i) {
                const WorkerRecord& worker = board_.worker(i);
                const bool runs = worker.is_started.load() != 0 || worker.life.load() != 0;
                if (has_ended[i] || !runs) continue;
                board_.await_ended(i);
                has_ended[i] = is_news = true;
            }
        }
        // What they leave behind must not show in the next scenario, in `enumerate` say.
        if constexpr (MakesWorkers<Traits>) {
            for (std::size_t i = 1; i < has_ended.size(); ++i) {
                if (has_ended[i]) join(environment.child(i));
            }
        }
    }
    template <class Worker>
    static void join(std::optional<Worker>& worker) {
        if (!worker) return;
        try {
            worker->join(Traits::timeout(TimeLimit()));
        } catch (...) {  // its calls have shown what is wrong with it
        }
    }

    /// The target of every worker.
    static void work(std::uint64_t run, Id id, std::uint32_t position, std::string line,
                     std::vector<Handle<Traits>> handles) {
        Driver& driver = *this_driver_;
        LaneWriter lane(driver.lanes_.lane(position), run, id);
        std::optional<TargetFailure> failure;
        if (line.empty()) {
            failure = driver.work_as(driver.request_, line, position, lane, std::move(handles));
        } else {
            prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
            const auto request = driver_request_from_json(line);
            failure = driver.work_as(std::get<RunRequest>(request), line, position, lane,
                                     std::move(handles));
        }
        lane.end_life();
        driver.board_.note_ended(position);
        if (failure) Traits::raise(failure->kind, failure->message);
    }

    std::optional<TargetFailure> work_as(const RunRequest& request, const std::string& line,
                                         std::size_t position, LaneWriter& lane,
                                         std::vector<Handle<Traits>> handles) {
        Environment<Traits> environment(request, line, position, board_, std::move(handles));
        const bool is_aligned = request.scenario.aligned && environment.plan().parent == 0;
        if (is_aligned) board_.alignment().arrive();
        board_.note_begun(position);
        if (is_aligned) board_.alignment().await_start();
        return make_calls(environment, lane);
    }

    LaneFiles lanes_;
    Board board_;
    Capabilities capabilities_;
    std::uint64_t last_run_ = 0;
    RunRequest request_{};  // the last one, for workers in this process
    std::string line_{};    // from which it came
    std::unique_ptr<Environment<Traits>> main_worker_{};  // of a program that has to end
    static inline Driver* this_driver_ = nullptr;
};

/// Serves a runner until it is gone, or a scenario ends the program. Returns the exit status.
template <class Traits>
[[nodiscard]] int run_driver() {
    Channel channel;
    prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
    // Never destroyed: in a program that has to end workers go on after main.
    static Driver<Traits>* driver = nullptr;
    while (auto line = channel.read_line()) {
        try {
            DriverRequest request = driver_request_from_json(*line);
            if (const auto* const hello = std::get_if<HelloRequest>(&request)) {
                if (driver != nullptr) throw MalformedMessage("rule 2.1: the second greeting");
                driver = new Driver<Traits>(*hello);
                channel.write_line(driver->greeting());
            } else if (driver != nullptr) {
                auto& run = std::get<RunRequest>(request);
                const ProgramEnd end = run.scenario.ends;
                const auto answer = driver->run(std::move(run), *std::move(line));
                if (!answer && end == ProgramEnd::by_death) ::kill(::getpid(), SIGKILL);
                if (!answer) return end == ProgramEnd::by_return ? EXIT_SUCCESS : EXIT_FAILURE;
                channel.write_line(*answer);
            } else {
                throw MalformedMessage("rule 2.1: the greeting comes first");
            }
        } catch (const MalformedScenario& malformed) {
            channel.write_line(failed_answer(malformed.run(), malformed.what()));
        } catch (...) {
            channel.write_line(error_answer(message_of(std::current_exception())));
            if (driver == nullptr) return EXIT_FAILURE;
        }
    }
    return 0;
}

/// The same, for a `main` that passes on its arguments. There are none.
template <class Traits>
[[nodiscard]] int run_driver(int, char**) {
    return run_driver<Traits>();
}

}  // namespace conformance::kit
