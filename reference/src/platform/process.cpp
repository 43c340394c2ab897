#include "freethreading/platform/process.hpp"

#include <sys/mman.h>
#include <unistd.h>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "freethreading/backend.hpp"
#include "freethreading/error.hpp"
#include "freethreading/platform/arena.hpp"

namespace freethreading {
namespace platform {
namespace {

std::string environment(const char* name) {
    const char* const value = std::getenv(name);
    return value != nullptr ? value : "";
}

struct Choice {
    std::mutex mutex;
    bool decided = false;
    Backend backend = Backend::threading;
    bool chosen = false;
};
Choice& choice() {
    static auto& choice =
        *new Choice;  // never destroyed: daemon threads run on while the program ends
    return choice;
}

Mode decide_mode() {
    const std::scoped_lock guard(choice().mutex);
    if (!choice().chosen) {
        const std::string name = environment("FREETHREADING_BACKEND");
        if (name == "multiprocessing") {
            choice().backend = Backend::multiprocessing;
        } else if (!name.empty() && name != "threading") {
            throw ValueError(
                "FREETHREADING_BACKEND must be 'threading' or 'multiprocessing', not '" + name +
                "'");
        }
    }
    const std::string workers = environment("FREETHREADING_WORKERS");
    if (!workers.empty() && workers != "threads")
        throw ValueError("FREETHREADING_WORKERS can only be 'threads', not '" + workers + "'");
    choice().decided = true;
    const bool shared = choice().backend == Backend::multiprocessing;
    return {.shared_state = shared, .worker_processes = shared && workers.empty()};
}

std::size_t arena_size() {
    const std::string text = environment("FREETHREADING_ARENA_SIZE");
    if (text.empty())
        return static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) *
               static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    const std::string unit(end, text.data() + text.size());
    const std::size_t shift = unit == "K" ? 10 : unit == "M" ? 20 : unit == "G" ? 30 : 0;
    constexpr std::size_t smallest = std::size_t{1} << 16;
    if (error != std::errc{} || (shift == 0 && !unit.empty()) ||
        size > (~std::size_t{0} >> 16 >> shift) || (size << shift) < smallest)
        throw ValueError(
            "FREETHREADING_ARENA_SIZE must be a number of bytes from 65536 up, or one followed by "
            "K, M or G, not '" +
            text + "'");
    return (size << shift) / 4096 * 4096;
}

// All-zero bytes, which is what the kernel hands out, are the initial state of every member of
// Root. Constructing it would touch 150 MB of contexts that may never be needed.
Root& map_root() {
    const std::size_t heap = mode().shared_state ? arena_size() : 0;
    constexpr std::size_t page = 4096;
    constexpr std::size_t root_size = (sizeof(Root) + page - 1) / page * page;
    const int sharing = mode().shared_state ? MAP_SHARED : MAP_PRIVATE;
    void* const memory = mmap(nullptr, root_size + heap, PROT_READ | PROT_WRITE,
                              sharing | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        throw ResourceError("no memory for the arena of " + std::to_string(heap) + " bytes (" +
                            std::strerror(errno) + "): set FREETHREADING_ARENA_SIZE to less");
    auto& shared = *static_cast<Root*>(memory);
    shared.next_process_serial.store(1);  // the main program
    if (heap > 0) {
        const auto begin = reinterpret_cast<std::uint64_t>(memory) + root_size;
        prepare_arena(shared, begin, begin + heap);
    }
    return shared;
}

std::atomic<ProcessSerial> serial = 1;

struct EndCalls {
    std::mutex mutex;
    std::uint64_t last_number = 0;
    std::vector<std::pair<std::uint64_t, std::function<void()>>> calls;
};
EndCalls* end_calls = new EndCalls;  // NOLINT: replaced in a forked process, never destroyed

RepairWhileWaiting repair_function = nullptr;

}  // namespace

const Mode& mode() {
    static const Mode decided = decide_mode();
    return decided;
}

Root& root() {
    static Root& mapped = map_root();
    return mapped;
}

ProcessSerial this_process() {
    return serial.load(std::memory_order_relaxed);
}

void become_process(ProcessSerial mine) {
    serial.store(mine, std::memory_order_relaxed);
    forget_inherited_context();
    forget_inherited_blocks();
    // The parent's may be locked by a thread that does not exist here.
    end_calls = new EndCalls;
}

void require_fork_server() {
    if (root().fork_server_dead.load() != 0)
        throw ResourceError(
            "the fork server of this program is dead, and all its worker processes with it: the "
            "program must be started anew");
}

std::uint64_t call_at_end(std::function<void()> action) {
    const std::scoped_lock guard(end_calls->mutex);
    end_calls->calls.emplace_back(++end_calls->last_number, std::move(action));
    return end_calls->last_number;
}

void cancel_call_at_end(std::uint64_t number) {
    const std::scoped_lock guard(end_calls->mutex);
    std::erase_if(end_calls->calls, [&](const auto& call) { return call.first == number; });
}

void make_end_calls() {
    for (;;) {
        std::function<void()> action;
        {
            const std::scoped_lock guard(end_calls->mutex);
            if (end_calls->calls.empty()) return;
            action = std::move(end_calls->calls.back().second);
            end_calls->calls.pop_back();
        }
        action();
    }
}

void set_repair_while_waiting(RepairWhileWaiting function) {
    repair_function = function;
}
RepairWhileWaiting repair_while_waiting() {
    return repair_function;
}

}  // namespace platform

std::string_view get_backend() {
    return platform::mode().shared_state ? "multiprocessing" : "threading";
}

void set_backend(Backend backend) {
    auto& choice = platform::choice();
    const std::scoped_lock guard(choice.mutex);
    if (choice.decided)
        throw RuntimeError(
            "the backend is decided when the library is first used and cannot be changed "
            "afterwards");
    choice.backend = backend;
    choice.chosen = true;
}

}  // namespace freethreading
