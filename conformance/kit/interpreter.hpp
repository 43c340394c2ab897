#pragma once
/// \file
/// Makes the calls of one worker.

#include <algorithm>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/kit/capabilities.hpp"
#include "conformance/kit/members.hpp"
#include "conformance/kit/misused_workers.hpp"
#include "conformance/kit/objects.hpp"
#include "conformance/kit/operations/misuse.hpp"
#include "conformance/kit/operations/put_to.hpp"
#include "conformance/kit/perturbation.hpp"
#include "conformance/kit/worker_control.hpp"
#include "spec/scenario/round.hpp"

namespace conformance::kit {

/// Whether workers are processes. Decided once the implementation has begun.
template <class Traits>
[[nodiscard]] bool workers_are_processes() {
    if constexpr (requires { Traits::workers_are_processes(); }) {
        return Traits::workers_are_processes();
    } else {
        return false;
    }
}

/// What is to leave a worker's target.
struct TargetFailure {
    ErrorKind kind = ErrorKind::Other;
    std::string message{};
};

template <class Traits>
class Interpreter {
  public:
    Interpreter(Environment<Traits>& environment, LaneWriter& lane, WorkerTarget<Traits> target)
        : environment_(environment),
          lane_(lane),
          recorder_(lane),
          target_(target),
          perturb_(environment.scenario().perturbation, environment.scenario().seed,
                   environment.plan().id) {}

    /// Makes all calls. Returns what the last one, if it is `raise`, wants to leave the target.
    /// Throws DriverFault.
    std::optional<TargetFailure> run() {
        const WorkerPlan& plan = environment_.plan();
        if (plan.repeat == 1) {
            for (const Call& call : plan.calls)
                make_perturbed(call);
        } else {
            repeat(plan);
        }
        return std::move(failure_);
    }

  private:
    void make_perturbed(const Call& call) {
        perturb_();
        make(call);
        if (lane_.overflowed()) environment_.board().note_overflow();
    }
    /// Rule 5.15.
    void repeat(const WorkerPlan& plan) {
        std::vector<bool> names;
        for (const Call& call : plan.calls)
            names.push_back(names_round(call));
        for (std::int64_t round = 0; round < plan.repeat; ++round) {
            for (std::size_t i = 0; i < names.size(); ++i) {
                if (names[i]) {
                    make_perturbed(in_round(plan.calls[i], round));
                } else {
                    make_perturbed(plan.calls[i]);
                }
            }
        }
    }

    void make(const Call& call) {
        if (call.operation == Operation::raise) {
            raise(call);
        } else if (call.operation == Operation::drop) {
            drop(call);
        } else if (call.object == no_object) {
            Traits traits;
            call_function(call, traits);
        } else if (const Object* const object = environment_.scenario().find_object(call.object)) {
            if (call.operation == Operation::create) {
                create(call, *object);
            } else {
                call_object(call, *object);
            }
        } else {
            call_worker(call, environment_.position_of(call.object));
        }
    }

    template <class Object>
    Execution<Traits, Object> execution(const Call& call, Object& object) {
        return {recorder_, call, object};
    }
    template <class Execution>
    static void require_made(const Execution& execution) {
        if (!execution.is_made()) throw DriverFault("the implementation has no such operation");
    }

    void raise(const Call& call) {
        const Arguments<Traits> arguments(environment_, call.arguments);
        const auto kind = error_kind_from(arguments.text(0));
        if (!kind) throw DriverFault("an argument is not the kind of an error");
        recorder_.record(call.id, [] {});
        failure_ = {*kind, arguments.text(1)};
    }

    void drop(const Call& call) {
        const Object* const object = environment_.scenario().find_object(call.object);
        if (object == nullptr) {
            auto& child = environment_.child(environment_.position_of(call.object));
            recorder_.record(call.id, [&] { child.reset(); });
        } else if (is_shared(object->type)) {
            drop_from(environment_.handle(object->id), call, object->type);
        } else {
            drop_from(environment_.local(object->id), call, object->type);
        }
    }
    template <class Place>
    void drop_from(Place& place, const Call& call, Type type) {
        if (std::holds_alternative<std::monostate>(place)) return require_tried(call.object, type);
        recorder_.record(call.id, [&] { place.template emplace<std::monostate>(); });
    }

    void call_function(const Call& call, Traits& traits) {
        auto visit = execution(call, traits);
        function_operations<Traits>(visit, Arguments<Traits>(environment_, call.arguments));
        require_made(visit);
    }

    void create(const Call& call, const Object& object) {
        recorder_.record(call.id, [&] {
            try {
                make_object(environment_, object);
            } catch (const Unsupported& unsupported) {
                throw DriverFault(unsupported.what());
            }
        });
    }

    void call_object(const Call& call, const Object& object) {
        with_type(object.type, [&]<Type type>() {
            if constexpr (type == Type::Cell) {
                call_on<type>(call, environment_.cell(object.id));
            } else if constexpr (type == Type::AsyncResult && has_type<Traits, type>) {
                call_async_result(call, object);
            } else if constexpr (has_type<Traits, type> && is_shared(type)) {
                call_in<type, object_type<Traits, type>>(call, environment_.handle(object.id));
            } else if constexpr (has_type<Traits, type>) {
                call_in<type, object_type<Traits, type>>(call, environment_.local(object.id));
            }
        });
    }
    void call_async_result(const Call& call, const Object& object) {
        auto& place = environment_.local(object.id);
        if constexpr (!std::is_void_v<map_result_type<Traits>>) {
            if (auto* const result = std::get_if<map_result_type<Traits>>(&place))
                return call_on<Type::AsyncResult>(call, *result);
        }
        call_in<Type::AsyncResult, object_type<Traits, Type::AsyncResult>>(call, place);
    }
    template <Type type, class Class, class Place>
    void call_in(const Call& call, Place& place) {
        auto* const object = std::get_if<Class>(&place);
        if (object == nullptr) return require_tried(call.object, type);
        if constexpr (type == Type::Barrier) environment_.present_barrier = object;
        call_on<type>(call, *object);
    }
    /// Calls on an object that this worker, or the main one, tried in vain to make are left out (rule 5.4).
    void require_tried(Id object, Type type) const {
        const auto results = [object](const Call& call) { return call.into == object; };
        const auto creates = [object](const Call& call) {
            return call.object == object && call.operation == Operation::create;
        };
        if (std::ranges::none_of(environment_.plan().calls, results) &&
            std::ranges::none_of(environment_.scenario().workers.front().calls, creates))
            throw DriverFault(std::string(to_string(type)) + ' ' + std::to_string(object) +
                              " does not exist in worker " +
                              std::to_string(environment_.plan().id));
    }
    template <Type type, class Class>
    void call_on(const Call& call, Class& object) {
        if (call.operation == Operation::offers) return look_for_member<Class>(call);
        auto visit = execution(call, object);
        if (is_misused(type, call)) {
            misused_operations<type>(visit, arguments(call), call);
        } else if (has_opaque_function(type, call)) {
            if constexpr (is_pool(type)) opaque_function_operations(visit, arguments(call));
        } else if (is_put_to(type, call)) {
            if constexpr (is_pool(type)) put_to_operations(visit, arguments(call), call.into);
            return require_made(visit);
        } else {
            show_operations<type>(visit, environment_, call);
            return require_made(visit);
        }
        if (!visit.is_made()) reject(call);
    }

    [[nodiscard]] Arguments<Traits> arguments(const Call& call) const {
        return {environment_, call.arguments, call.time_limit};
    }
    void reject(const Call& call) {
        recorder_.record(call.id, [] { throw RejectedByCompiler(); });
    }
    template <class Class>
    void look_for_member(const Call& call) {
        const std::string name = arguments(call).text(0);
        recorder_.record(call.id, [&] { return offers_member<Class>(name).value_or(false); });
    }

    void call_worker(const Call& call, std::size_t position) {
        Board& board = environment_.board();
        switch (call.operation) {
            case Operation::await_blocked:
                recorder_.record(call.id, [&] { await_blocked(board, position); });
                break;
            case Operation::kill:
                recorder_.record(call.id, [&] { kill_worker(board, position); });
                break;
            case Operation::stop:
                recorder_.record(call.id, [&] { stop_worker(board, position); });
                break;
            case Operation::resume:
                recorder_.record(call.id, [&] { resume_worker(board, position); });
                break;
            case Operation::offers:
                if constexpr (MakesWorkers<Traits>) look_for_member<typename Traits::Worker>(call);
                break;
            default:
                if (position == environment_.position()) {
                    call_self(call);
                } else {
                    call_child(call, position);
                }
        }
    }

    void call_self(const Call& call) {
        if constexpr (requires { Traits::current_worker(); }) {
            auto self = Traits::current_worker();
            const auto get = [&]() -> auto& { return self; };
            auto visit = execution(call, get);
            call_worker_through(visit, call);
        }
    }

    void call_child(const Call& call, std::size_t position) {
        if constexpr (MakesWorkers<Traits>) {
            auto& child = environment_.child(position);
            const WorkerPlan& plan = environment_.scenario().workers[position];
            const std::string line =
                child || !workers_are_processes<Traits>() ? std::string() : environment_.line();
            const auto get = [&]() -> auto& {
                if (!child) child.emplace(make_child(plan, position, line));
                Parcel::is_spoilt =
                    plan.misuse == WorkerMisuse::spoilt && call.operation == Operation::start;
                return *child;
            };
            auto visit = execution(call, get);
            call_worker_through(visit, call);
            Parcel::is_spoilt = false;
            if (call.operation == Operation::start)
                note_start(plan, position, visit.has_returned());
        }
    }

    template <class Visit>
    void call_worker_through(Visit& visit, const Call& call) {
        if (is_misused(std::nullopt, call)) {
            misused_worker_operations<Traits>(visit);
            if (!visit.is_made()) reject(call);
        } else {
            worker_operations<Traits>(visit, arguments(call));
            require_made(visit);
        }
    }

    [[nodiscard]] auto make_child(const WorkerPlan& plan, std::size_t position,
                                  const std::string& line) {
        if constexpr (TellsWhatIsTransferable<Traits>) {
            if (plan.misuse != WorkerMisuse::none)
                return MisusedWorkers<Traits>(environment_, position).make();
        }
        return Traits::make_worker(plan.name, plan.daemon, target_, environment_.request().run,
                                   plan.id, static_cast<std::uint32_t>(position), line,
                                   environment_.handles());
    }

    void note_start(const WorkerPlan& plan, std::size_t position, bool has_started) {
        SharedWord& is_started = environment_.board().worker(position).is_started;
        if (has_started) {
            is_started.store(1);
        } else if (environment_.scenario().aligned && plan.parent == 0 && is_started.load() == 0) {
            environment_.board().alignment().leave_out_one();
        }
    }

    Environment<Traits>& environment_;
    LaneWriter& lane_;
    Recorder<Traits> recorder_;
    WorkerTarget<Traits> target_;
    Perturbation perturb_;
    std::optional<TargetFailure> failure_;
};

}  // namespace conformance::kit
