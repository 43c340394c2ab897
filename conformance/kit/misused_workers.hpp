#pragma once
/// \file
/// Makes workers in ways that have to be refused (rule 5.19), if the compiler lets it.
///
/// A library may refuse by a static_assert, which no program can find out about itself. So the traits
/// say it: `is_target<F>`, `is_transferable<T>`, by what the static_assert looks at.

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "conformance/kit/environment.hpp"
#include "conformance/kit/parcel.hpp"
#include "conformance/kit/tasks.hpp"

namespace conformance::kit {

template <class Traits>
concept TellsWhatIsTransferable = MakesWorkers<Traits> && requires {
    { Traits::template is_target<void (*)()> } -> std::convertible_to<bool>;
    { Traits::template is_transferable<std::string> } -> std::convertible_to<bool>;
};

/// What a worker's target gets: enough to go on from, in this process or another.
template <class Traits>
using WorkerTarget = void (*)(std::uint64_t run, Id id, std::uint32_t position, std::string line,
                              std::vector<Handle<Traits>> handles);

template <class Traits>
class MisusedWorkers {
  public:
    using Worker = typename Traits::Worker;

    /// What they run if they are accepted. To be set before any process is forked.
    static inline WorkerTarget<Traits> target = nullptr;

    MisusedWorkers(Environment<Traits>& environment, std::size_t position)
        : environment_(environment), position_(position) {}

    /// Throws what the implementation throws, RejectedByCompiler, DriverFault.
    [[nodiscard]] Worker make() const {
        switch (plan().misuse) {
            case WorkerMisuse::target:
                return with_target();
            case WorkerMisuse::argument:
                return with_parcel(to_json(Value(Opaque::transfer)));
            case WorkerMisuse::spoilt:
                return with_parcel(Parcel::spoilt_json());
            case WorkerMisuse::Worker:
                return with_worker();
            case WorkerMisuse::WorkerPool:
                return with_local<Type::WorkerPool>();
            case WorkerMisuse::WorkerPoolExecutor:
                return with_local<Type::WorkerPoolExecutor>();
            case WorkerMisuse::AsyncResult:
                return with_local<Type::AsyncResult>();
            case WorkerMisuse::ImapIterator:
                return with_local<Type::ImapIterator>();
            case WorkerMisuse::ExecutorMap:
                return with_local<Type::ExecutorMap>();
            case WorkerMisuse::Future:
                return with_local<Type::Future>();
            case WorkerMisuse::none:
                break;
        }
        throw DriverFault("this worker is not misused");
    }

  private:
    /// A closure over a place in this process.
    struct OpaqueTarget {
        const Environment<Traits>* state;
        void operator()(std::uint64_t run, Id id, std::uint32_t position, std::string line,
                        std::vector<Handle<Traits>> handles) const {
            target(run, id, position, std::move(line), std::move(handles));
        }
    };
    template <class Argument>
    static void work(std::uint64_t run, Id id, std::uint32_t position, std::string line,
                     std::vector<Handle<Traits>> handles, const Argument&) {
        target(run, id, position, std::move(line), std::move(handles));
    }

    [[nodiscard]] const WorkerPlan& plan() const {
        return environment_.scenario().workers[position_];
    }
    template <class Target, class... More>
    [[nodiscard]] Worker made(const Target& any_target, const More&... more) const {
        return Traits::make_worker(plan().name, plan().daemon, any_target,
                                   environment_.request().run, plan().id,
                                   static_cast<std::uint32_t>(position_), environment_.line(),
                                   environment_.handles(), more...);
    }

    [[nodiscard]] Worker with_target() const {
        if constexpr (Traits::template is_target<OpaqueTarget>) {
            return made(OpaqueTarget{&environment_});
        } else {
            throw RejectedByCompiler();
        }
    }
    [[nodiscard]] Worker with_parcel(const std::string& json) const {
        if constexpr (has_parcels<Traits>) {
            return made(work<text_type<Traits>>, text_type<Traits>(json));
        } else {
            throw DriverFault("there are no parcels");
        }
    }
    template <class Argument>
    [[nodiscard]] Worker with_argument(const Argument& argument) const {
        return made(work<Argument>, argument);
    }
    [[nodiscard]] Worker with_worker() const {
        if constexpr (Traits::template is_transferable<Worker>) {
            return with_argument(Traits::current_worker());
        } else {
            throw RejectedByCompiler();
        }
    }
    template <Type type>
    [[nodiscard]] Worker with_local() const {
        using Class = object_type<Traits, type>;
        if constexpr (std::is_void_v<Class>) {
            throw DriverFault("there is no such type");
        } else if constexpr (Traits::template is_transferable<Class>) {
            for (const Object& object : environment_.scenario().objects) {
                if (object.type != type) continue;
                if (const auto* const found = std::get_if<Class>(&environment_.local(object.id)))
                    return with_argument(*found);
            }
            throw DriverFault("there is no such object");
        } else {
            throw RejectedByCompiler();
        }
    }

    Environment<Traits>& environment_;
    std::size_t position_;
};

}  // namespace conformance::kit
