#include "conformance/wire/scenario_check.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "conformance/wire/scenario_json.hpp"
#include "spec/scenario/callback.hpp"
#include "spec/scenario/misuse.hpp"

namespace conformance {
namespace {

[[noreturn]] void reject(const char* rule, const std::string& what) {
    throw MalformedMessage(std::string("rule ") + rule + ": " + what);
}

bool is_call_of_function(Operation operation) {
    return (operation >= Operation::get_backend && operation <= Operation::enumerate) ||
           operation == Operation::raise;
}

class Check {
  public:
    explicit Check(const Scenario& scenario) : scenario_(scenario) {}

    void run() {
        if (scenario_.workers.empty() || scenario_.workers.front().id != 0)
            reject("5.1", "worker 0 comes first");
        for (const WorkerPlan& worker : scenario_.workers)
            add(worker.id);
        for (const Object& object : scenario_.objects) {
            add(object.id);
            check_lock_of_condition(object);
            types_.emplace(object.id, object.type);
        }
        for (const WorkerPlan& worker : scenario_.workers) {
            check_parent(worker);
            for (const Call& call : worker.calls)
                check_call(call);
            check_raise(worker);
        }
        for (const WorkerPlan& worker : scenario_.workers)
            check_dropped(worker);
    }

  private:
    void add(Id id) {
        if (!ids_.insert(id).second)
            reject("5.1", "the id " + std::to_string(id) + " is used twice");
    }

    void check_parent(const WorkerPlan& worker) const {
        if (worker.id == 0) return;
        if (worker.parent == worker.id || scenario_.find_worker(worker.parent) == nullptr)
            reject("5.1", "the parent of worker " + std::to_string(worker.id) + " is no worker");
    }

    void check_type(const List& arguments, std::initializer_list<Type> allowed) const {
        if (arguments.empty() || !arguments[0].is_int())
            reject("5.1", "the id of an object is expected");
        const std::int64_t id = arguments[0].as_int();
        const auto found = std::in_range<Id>(id) ? types_.find(static_cast<Id>(id)) : types_.end();
        for (const Type type : allowed) {
            if (found != types_.end() && found->second == type) return;
        }
        reject("5.1",
               "the object " + std::to_string(id) + " does not exist yet, or is of another type");
    }

    /// What is no lock at all is a misuse, which scenarios may contain.
    void check_lock_of_condition(const Object& object) const {
        if (object.type == Type::Condition && !is_misused(scenario_, object) &&
            !object.arguments.empty() && !object.arguments[0].is_null())
            check_type(object.arguments, {Type::Lock, Type::RLock});
    }

    void check_call(const Call& call) {
        const std::string which = "call " + std::to_string(call.id);
        if (!calls_.insert(call.id).second) reject("5.1", which + " exists twice");
        if (is_call_of_function(call.operation) != (call.object == no_object))
            reject("5.7", which + " has an object too many, or none");
        if (call.object != no_object && !ids_.contains(call.object))
            reject("5.1", which + " is of object " + std::to_string(call.object) +
                              ", which does not exist");
        if (call.into != no_object) {
            const auto found = types_.find(call.into);
            if (found == types_.end() || !is_result(found->second))
                reject("5.3", which + " results in no object that a call can result in");
        }
        if (call.operation == Operation::wait_for) check_type(call.arguments, {Type::Cell});
        if (call.operation == Operation::add_done_callback && callback_places(call).empty())
            reject("5.16", which + " has no callback");
        for (const std::size_t place : callback_places(call))
            check_callback(which, call.arguments[place]);
        if (call.operation == Operation::drop) check_drop(call);
    }

    void check_callback(const std::string& which, const Value& callback) const {
        const List parts = callback.is_list() ? callback.as_list() : List();
        const auto action = !parts.empty() && parts[0].is_string()
                                ? callback_action_from(parts[0].as_string())
                                : std::nullopt;
        if (!action) reject("5.16", which + " has a callback without an action");
        check_type(List(parts.begin() + 1, parts.end()),
                   {*action == CallbackAction::set ? Type::Event : Type::Cell});
    }

    /// An error leaves the target, so nothing can come after it.
    static void check_raise(const WorkerPlan& worker) {
        const auto raise = std::ranges::find(worker.calls, Operation::raise, &Call::operation);
        if (raise == worker.calls.end()) return;
        const std::string which = "call " + std::to_string(raise->id);
        if (worker.id == 0) reject("5.13", which + " raises in worker 0");
        if (raise + 1 != worker.calls.end() || worker.repeat > 1)
            reject("5.13", which + " raises, and is not the last of its worker");
        const bool fits = raise->arguments.size() == 2 && raise->arguments[0].is_string() &&
                          error_kind_from(raise->arguments[0].as_string()) &&
                          raise->arguments[1].is_string();
        if (!fits) reject("5.13", which + " raises no error of section 6 with a message");
    }

    void check_drop(const Call& call) const {
        const auto type = types_.find(call.object);
        const bool is_worker = type == types_.end();
        const bool has_workers = is_worker || type->second == Type::WorkerPool ||
                                 type->second == Type::WorkerPoolExecutor;
        if (call.object == 0 || (!is_worker && type->second == Type::Cell))
            reject("5.14", "call " + std::to_string(call.id) + " drops what nobody holds");
        if (has_workers && scenario_.ends == ProgramEnd::none)
            reject("5.14", "call " + std::to_string(call.id) +
                               " drops workers in a scenario that does not end the program");
    }

    void check_dropped(const WorkerPlan& worker) const {
        std::set<Id> dropped = dropped_before(worker);
        for (const Call& call : worker.calls) {
            if (call.operation == Operation::drop && call.object == worker.id)
                reject("5.14", "call " + std::to_string(call.id) + " drops its own worker");
            if (dropped.contains(call.object))
                reject("5.14", "call " + std::to_string(call.id) + " is of object " +
                                   std::to_string(call.object) + ", which was dropped");
            if (call.operation == Operation::drop) dropped.insert(call.object);
        }
    }
    /// What a worker does not get, as those who made it and its makers had dropped it before.
    [[nodiscard]] std::set<Id> dropped_before(const WorkerPlan& worker) const {
        std::set<Id> dropped;
        std::set<Id> seen;
        for (const WorkerPlan* child = &worker; child->id != 0 && seen.insert(child->id).second;) {
            const WorkerPlan* const parent = scenario_.find_worker(child->parent);
            for (const Call& call : parent->calls) {
                if (call.object == child->id) break;  // it is made by the first call on it
                if (call.operation == Operation::drop) dropped.insert(call.object);
            }
            child = parent;
        }
        return dropped;
    }

    const Scenario& scenario_;
    std::unordered_set<Id> ids_;
    std::unordered_set<Id> calls_;
    std::unordered_map<Id, Type> types_;
};

}  // namespace

void check_scenario(const Scenario& scenario) {
    Check(scenario).run();
}

}  // namespace conformance
