#include "conformance/kit/support.hpp"

#include <algorithm>

#include "conformance/kit/members.hpp"
#include "conformance/kit/misused_objects.hpp"
#include "conformance/kit/operations/misuse.hpp"
#include "conformance/kit/operations/put_to.hpp"
#include "spec/scenario/callback.hpp"
#include "spec/scenario/round.hpp"

namespace conformance::kit {
namespace {

std::string dotted(std::string_view type, Operation operation) {
    return std::string(type) + '.' + std::string(to_string(operation));
}

bool is_control(Operation operation) {
    return operation == Operation::await_blocked || operation == Operation::kill ||
           operation == Operation::stop || operation == Operation::resume;
}

/// Calls that name a function of tasks.
bool has_task(Type type, Operation operation) {
    switch (operation) {
        case Operation::apply:
        case Operation::apply_async:
        case Operation::submit:
        case Operation::map:
        case Operation::map_async:
        case Operation::starmap:
        case Operation::starmap_async:
        case Operation::imap:
        case Operation::imap_unordered:
            return is_pool(type);
        default:
            return false;
    }
}

class Search {
  public:
    Search(const Scenario& scenario, const Capabilities& capabilities)
        : scenario_(scenario), capabilities_(capabilities) {}

    void run() {
        for (const Object& object : scenario_.objects) {
            if (!capabilities_.has(object.type))
                require(false, std::string(to_string(object.type)));
            check_values(object.arguments);
            if (is_misused(scenario_, object)) {
                require(detail::can_make_misused(scenario_, object),
                        "misuse of a " + std::string(to_string(object.type)));
            } else if (is_pool(object.type)) {
                check_initializer(object);
            }
        }
        for (const WorkerPlan& worker : scenario_.workers) {
            require(capabilities_.misuses(worker.misuse),
                    "misuse of a Worker: " + std::string(to_string(worker.misuse)));
            // What stands for the number of the round is a number when the call is made.
            for (const Call& call : worker.calls)
                check_call(worker, in_round(worker, call, 0));
        }
    }
    [[nodiscard]] std::optional<std::string> missing() const { return missing_; }

  private:
    void require(bool condition, const std::string& what) {
        if (!condition && !missing_) missing_ = what;
    }

    void check_values(const List& values) {
        if (contain(values, Opaque::transfer) || contain(values, Opaque::rebuild))
            require(capabilities_.has_opaque_values(), "opaque");
    }

    void check_function(const Value& name, std::string_view type) {
        if (name == Value(opaque_function)) return;
        if (name == Value("keep") || name == Value("put_to"))
            return require(capabilities_.has_tasks_with_handles(), name.as_string());
        const auto function =
            name.is_string() ? task_function_from(name.as_string()) : std::nullopt;
        require(function.has_value(), "an unknown function of tasks for a " + std::string(type));
        if (function == TaskFunction::die || function == TaskFunction::die_after)
            require(capabilities_.worker_has(Operation::kill), "kill");
        if (function == TaskFunction::start_worker)
            require(capabilities_.worker_has(Operation::start), "Worker");
        if (function == TaskFunction::opaque) require(capabilities_.has_opaque_values(), "opaque");
    }

    void check_initializer(const Object& object) {
        if (object.arguments.size() < 2 || object.arguments[1].is_null()) return;
        check_function(object.arguments[1], to_string(object.type));
        if (object.arguments.size() > 2 && object.arguments[2].is_list())
            require(object.arguments[2].as_list().size() <= most_task_arguments,
                    "an initializer with so many arguments");
    }

    void check_call(const WorkerPlan& worker, const Call& call) {
        if (call.object == no_object) {
            require(capabilities_.has_function(call.operation),
                    std::string(to_string(call.operation)));
        } else if (scenario_.find_worker(call.object) != nullptr) {
            check_call_of_worker(worker, call);
        } else if (const Object* const object = scenario_.find_object(call.object)) {
            check_call_of_object(worker, call, *object);
        }
    }

    void check_call_of_worker(const WorkerPlan& caller, const Call& call) {
        const WorkerPlan& worker = *scenario_.find_worker(call.object);
        check_misuse(std::nullopt, call, "Worker");
        require(capabilities_.worker_has(call.operation),
                is_control(call.operation) ? std::string(to_string(call.operation))
                                           : dotted("Worker", call.operation));
        if (is_control(call.operation)) {
            const bool reaches = call.operation == Operation::await_blocked || worker.id != 0;
            require(reaches, std::string(to_string(call.operation)) + " of the main worker");
        } else if (call.operation == Operation::offers) {
            check_member(call);
        } else if (worker.id == caller.id) {
            require(capabilities_.has_function(Operation::current_worker), "current_worker");
        } else {
            require(worker.parent == caller.id,
                    "calls on a worker that another one made: " + dotted("Worker", call.operation));
        }
    }

    void check_misuse(std::optional<Type> type, const Call& call, const std::string& name) {
        require(!is_misused(type, call) || can_be_misused(type, call), "misuse of " + name);
    }
    void check_member(const Call& call) {
        const bool is_named = call.arguments.size() == 1 && call.arguments[0].is_string();
        const std::string name = is_named ? call.arguments[0].as_string() : std::string();
        require(is_listed_member(name), "offers of the member \"" + name + '"');
    }

    void check_call_of_object(const WorkerPlan& worker, const Call& call, const Object& object) {
        const std::string name = dotted(to_string(object.type), call.operation);
        require(capabilities_.has(object.type, call.operation), name);
        check_values(call.arguments);
        check_misuse(object.type, call, name);
        if (call.operation == Operation::offers) check_member(call);
        if (call.operation == Operation::create)
            require(worker.id == 0, "calls by another worker than the main one: " + name);
        if (is_pool(object.type))
            require(worker.id == 0, "calls by another worker than the main one: " + name);
        if (is_pool(object.type) && call.operation == Operation::with)
            check_guarded_block(worker, call, name);
        if (object.type == Type::WorkerPool && !callback_places(call).empty())
            require(capabilities_.pools_call_back(), "callbacks of a WorkerPool");
        if (is_result(object.type))
            require(std::ranges::find(worker.calls, object.id, &Call::into) != worker.calls.end(),
                    "calls by another worker than the one that made it: " + name);
        if (is_put_to(object.type, call)) {
            require(can_put_to(call), "put_to by " + name);
            return check_function(call.arguments[0], to_string(object.type));
        }
        if (!has_task(object.type, call.operation) || has_opaque_function(object.type, call) ||
            is_misused(object.type, call))
            return;
        check_function(call.arguments.empty() ? Value() : call.arguments[0],
                       to_string(object.type));
        require(task_arity(object.type, call.operation, call.arguments) <= most_task_arguments,
                "tasks with so many arguments, or with different numbers of them: " + name);
    }

    /// The end of the block is that of the pool: nobody may use it any more (rule 5.8).
    void check_guarded_block(const WorkerPlan& worker, const Call& block, const std::string& name) {
        require(worker.repeat == 1, "calls after the end of the block: " + name);
        bool is_over = false;
        for (const Call& call : worker.calls) {
            const bool is_of_pool = call.object == block.object;
            require(!is_over || !is_of_pool, "calls after the end of the block: " + name);
            require(!is_of_pool || call.operation != Operation::terminate_later,
                    "terminate_later and a guarded block: " + name);
            for (const std::size_t place : callback_places(call))
                require(!submits(call.arguments[place]), "callbacks that submit, and " + name);
            is_over = is_over || call.id == block.id;
        }
    }
    static bool submits(const Value& callback) {
        return callback.is_list() && !callback.as_list().empty() &&
               callback.as_list()[0] == Value("submit");
    }

    const Scenario& scenario_;
    const Capabilities& capabilities_;
    std::optional<std::string> missing_;
};

}  // namespace

std::optional<std::string> missing_for(const Scenario& scenario, const Capabilities& capabilities,
                                       std::size_t lanes) {
    if (scenario.workers.size() > lanes) throw DriverFault("more workers than lanes");
    const auto cells = std::ranges::count(scenario.objects, Type::Cell, &Object::type);
    if (static_cast<std::size_t>(cells) > Board::cell_count) throw DriverFault("too many Cells");
    Search search(scenario, capabilities);
    search.run();
    return search.missing();
}

}  // namespace conformance::kit
