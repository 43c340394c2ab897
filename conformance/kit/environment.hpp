#pragma once
/// \file
/// What one worker has at hand while it makes its calls. Used by that worker only, so nothing here
/// is locked.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "conformance/kit/board.hpp"
#include "conformance/kit/driver_fault.hpp"
#include "conformance/kit/object_types.hpp"
#include "conformance/wire/driver_request.hpp"

namespace conformance::kit {

/// A worker's own handle to a worker that it makes; monostate where there are no workers.
template <class Traits>
struct WorkerType : std::type_identity<std::monostate> {};
template <class Traits>
    requires requires { typename Traits::Worker; }
struct WorkerType<Traits> : std::type_identity<typename Traits::Worker> {};

template <class Traits>
class Environment {
  public:
    using Worker = typename WorkerType<Traits>::type;

    Environment(const RunRequest& request, const std::string& line, std::size_t position,
                Board& board, std::vector<Handle<Traits>> handles)
        : request_(request),
          line_(line),
          position_(position),
          board_(board),
          handles_(std::move(handles)),
          previous_(std::exchange(present_, this)) {
        handles_.resize(scenario().objects.size());
    }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
    ~Environment() { present_ = previous_; }

    /// That of the calling thread; null if no worker of a scenario runs there.
    [[nodiscard]] static Environment* present() { return present_; }

    [[nodiscard]] const RunRequest& request() const { return request_; }
    [[nodiscard]] const Scenario& scenario() const { return request_.scenario; }
    /// What a worker in another process has to read to know the scenario.
    [[nodiscard]] const std::string& line() const { return line_; }
    [[nodiscard]] Board& board() { return board_; }
    [[nodiscard]] std::size_t position() const { return position_; }
    [[nodiscard]] const WorkerPlan& plan() const { return scenario().workers[position_]; }

    [[nodiscard]] const std::vector<Handle<Traits>>& handles() const { return handles_; }
    [[nodiscard]] Handle<Traits>& handle(Id object) { return handles_[index_of(object)]; }
    [[nodiscard]] LocalObject<Traits>& local(Id object) {
        if (locals_.empty()) locals_.resize(scenario().objects.size());
        return locals_[index_of(object)];
    }
    /// The object of which a call of this worker results in `result`: its pool.
    [[nodiscard]] Id origin_of(Id result) const {
        const auto found = std::ranges::find(plan().calls, result, &Call::into);
        if (found == plan().calls.end()) throw DriverFault("no call results in this object");
        return found->object;
    }
    /// A thread that acts for this worker, on its local objects. It has to end by itself once this
    /// worker's calls have ended.
    void keep(std::thread helper) { helpers_.push_back(std::move(helper)); }

    /// From the last one on, as they would go out of scope, after the helpers. Pools are ended:
    /// workers that they leave behind would show in the next scenario.
    void release_locals() {
        for (std::thread& helper : helpers_)
            helper.join();
        helpers_.clear();
        for (; !locals_.empty(); locals_.pop_back()) {
            if constexpr (requires(object_type<Traits, Type::WorkerPool>& pool) {
                              pool.terminate();
                              pool.join();
                          })
                end_pool(std::get_if<object_type<Traits, Type::WorkerPool>>(&locals_.back()));
        }
    }

    /// The place of a worker in the scenario's list.
    [[nodiscard]] std::size_t position_of(Id worker) const {
        const auto found = std::ranges::find(scenario().workers, worker, &WorkerPlan::id);
        if (found == scenario().workers.end()) throw DriverFault("there is no such worker");
        return static_cast<std::size_t>(found - scenario().workers.begin());
    }
    /// A worker that this one makes, once it is made.
    [[nodiscard]] std::optional<Worker>& child(std::size_t position) {
        if (children_.empty()) children_.resize(scenario().workers.size());
        return children_[position];
    }
    [[nodiscard]] const std::vector<std::optional<Worker>>& children() const { return children_; }

    [[nodiscard]] Cell& cell(Id object) {
        std::size_t index = 0;
        for (const Object& one : scenario().objects) {
            if (one.id == object) return board_.cell(index);
            if (one.type == Type::Cell) ++index;
        }
        throw DriverFault("there is no such Cell");
    }
    [[nodiscard]] Cell& first_cell() { return board_.cell(0); }

    /// What was put last. It lives on and was changed since, so that a queue that refers to it
    /// shows that (rule 5.20).
    text_type<Traits> original_item{};

    /// What the action of a barrier finds: the barrier on which this worker called `wait` last.
    void* present_barrier = nullptr;

  private:
    template <class Pool>
    static void end_pool(Pool* pool) {
        if (pool == nullptr) return;
        try {
            pool->terminate();
            pool->join();
        } catch (...) {  // its calls have shown what is wrong with it
        }
    }

    [[nodiscard]] std::size_t index_of(Id object) const {
        const Object* const found = scenario().find_object(object);
        if (found == nullptr) throw DriverFault("there is no such object");
        return static_cast<std::size_t>(found - scenario().objects.data());
    }

    const RunRequest& request_;
    const std::string& line_;
    std::size_t position_;
    Board& board_;
    std::vector<Handle<Traits>> handles_;
    std::vector<LocalObject<Traits>> locals_;
    std::vector<std::thread> helpers_;
    std::vector<std::optional<Worker>> children_;
    Environment* previous_;
    static inline thread_local Environment* present_ = nullptr;
};

}  // namespace conformance::kit
