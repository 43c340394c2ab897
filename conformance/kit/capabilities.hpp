#pragma once
/// \file
/// What a driver can do (rule 2.4), found out from what its traits have. Immutable once made.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/kit/misused_workers.hpp"
#include "conformance/kit/operations/operations.hpp"
#include "conformance/kit/operations/workers.hpp"

namespace conformance::kit {

/// Stands for a worker where it is only asked what workers can do.
template <class Worker>
struct NoWorker {
    Worker& operator()() const;
};

class Capabilities {
  public:
    static constexpr std::size_t type_count = conformance::detail::type_names.size();

    /// Of these traits. `environment` may be any.
    template <class Traits>
    [[nodiscard]] static Capabilities of(Environment<Traits>& environment,
                                         bool workers_are_processes) {
        Capabilities result;
        result.workers_are_processes_ = workers_are_processes;
        result.pools_call_back_ = PoolsCallBack<Traits>;
        for (std::size_t i = 0; i < type_count; ++i) {
            with_type(static_cast<Type>(i),
                      [&]<Type type>() { result.types_[i] = survey_type<type>(environment); });
        }
        const List no_arguments;
        const Arguments<Traits> arguments(environment, no_arguments);
        if constexpr (MakesWorkers<Traits>) {
            Survey<NoWorker<typename Traits::Worker>> worker;
            worker_operations<Traits>(worker, arguments);
            result.worker_ = {worker.known, worker.present};
        }
        Survey<Traits> functions;
        function_operations<Traits>(functions, arguments);
        result.functions_ = {functions.known, functions.present};
        result.has_parcels_ = has_parcels<Traits>;
        result.tells_what_is_transferable_ = TellsWhatIsTransferable<Traits>;
        result.tasks_take_handles_ = tasks_take_handles<Traits>();
        return result;
    }

    /// Values that cannot be transferred, or not be rebuilt.
    [[nodiscard]] bool has_opaque_values() const { return has_parcels_; }
    /// Misuse of workers.
    [[nodiscard]] bool misuses(WorkerMisuse misuse) const {
        const bool needs_parcels =
            misuse == WorkerMisuse::argument || misuse == WorkerMisuse::spoilt;
        return misuse == WorkerMisuse::none ||
               (tells_what_is_transferable_ && (has_parcels_ || !needs_parcels));
    }
    /// `keep`, `put_to`.
    [[nodiscard]] bool has_tasks_with_handles() const { return tasks_take_handles_; }

    [[nodiscard]] bool has(Type type) const { return !entry(type).present.is_empty(); }
    [[nodiscard]] bool has(Type type, Operation operation) const {
        return entry(type).present.has(operation) ||
               (operation == Operation::create && has(type) && !is_result(type)) ||
               (operation == Operation::drop && has(type) && can_be_dropped(type)) ||
               (operation == Operation::offers && has(type) && type != Type::Cell);
    }
    [[nodiscard]] bool has_function(Operation operation) const {
        return functions_.present.has(operation) ||
               (operation == Operation::raise && worker_.present.has(Operation::start));
    }
    /// On a worker's id.
    [[nodiscard]] bool worker_has(Operation operation) const {
        switch (operation) {
            case Operation::await_blocked:
            case Operation::drop:
                return true;
            case Operation::kill:
            case Operation::stop:
            case Operation::resume:
                return workers_are_processes_;
            case Operation::offers:
                return !worker_.present.is_empty();
            default:
                return worker_.present.has(operation);
        }
    }

    /// Whether pools take callbacks.
    [[nodiscard]] bool pools_call_back() const { return pools_call_back_; }

    /// As the greeting lists them.
    [[nodiscard]] std::vector<std::string> names() const;

  private:
    struct Entry {
        OperationSet known{};
        OperationSet present{};
    };

    template <Type type, class Traits>
    [[nodiscard]] static Entry survey_type(Environment<Traits>& environment) {
        if constexpr (type == Type::Cell) {
            return survey_class<type, Cell>(environment);
        } else if constexpr (has_type<Traits, type>) {
            return survey_class<type, object_type<Traits, type>>(environment);
        } else {
            return {};
        }
    }

    template <Type type, class Class, class Traits>
    [[nodiscard]] static Entry survey_class(Environment<Traits>& environment) {
        Survey<Class> survey;
        for (std::size_t i = 0; i < operation_count; ++i)
            show_operations<type>(
                survey, environment,
                Call{.operation = static_cast<Operation>(i), .arguments = {"nothing", List()}});
        return {survey.known, survey.present};
    }

    /// In C++ the end of a pool's scope is the end of the pool itself, not of a reference to it.
    [[nodiscard]] static constexpr bool can_be_dropped(Type type) {
        return type != Type::WorkerPool && type != Type::Cell;
    }

    [[nodiscard]] const Entry& entry(Type type) const {
        return types_[static_cast<std::size_t>(type)];
    }
    static void append(std::vector<std::string>& names, std::string_view type, const Entry& entry);

    std::array<Entry, type_count> types_{};
    Entry worker_{};
    Entry functions_{};
    bool workers_are_processes_ = false;
    bool pools_call_back_ = false;
    bool has_parcels_ = false;
    bool tells_what_is_transferable_ = false;
    bool tasks_take_handles_ = false;
};

}  // namespace conformance::kit
