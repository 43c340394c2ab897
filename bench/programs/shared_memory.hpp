#pragma once
/// \file
/// Memory that all workers share, be they threads or processes: where the peers' state lives.
///
///     map_shared_memory();                        // before the first worker process is forked
///     const SharedObject<std::atomic<int>> count(0);
///     Worker(count_up, count.handle());           // the handle is a portable value

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

namespace bench {

/// Refers to an object in shared memory; copies, also in other workers, refer to the same one.
template <class T>
struct Shared {
    std::uint64_t address = 0;

    T* get() const { return reinterpret_cast<T*>(address); }
    T* operator->() const { return get(); }
    T& operator*() const { return *get(); }
};

/// Reserves the memory. To be called once, before `start_fork_server`. Ends the program with a
/// message if there is none.
void map_shared_memory();

/// Takes the next `size` bytes. Throws std::bad_alloc if they are not left.
[[nodiscard]] void* take_shared_memory(std::size_t size);
/// Gives back `begin` and whatever was taken after it.
void give_back_shared_memory(void* begin);

/// Owns an object in shared memory. Of two of them the later one has to go first.
template <class T>
class SharedObject {
  public:
    template <class... Arguments>
    explicit SharedObject(Arguments&&... arguments)
        : object_(new(take_shared_memory(sizeof(T))) T(std::forward<Arguments>(arguments)...)) {}
    SharedObject(const SharedObject&) = delete;
    SharedObject& operator=(const SharedObject&) = delete;
    ~SharedObject() {
        std::destroy_at(object_);
        give_back_shared_memory(object_);
    }

    [[nodiscard]] Shared<T> handle() const { return {reinterpret_cast<std::uint64_t>(object_)}; }
    T* operator->() const { return object_; }
    T& operator*() const { return *object_; }

  private:
    T* object_;
};

}  // namespace bench
