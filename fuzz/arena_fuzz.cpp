/// \file
/// The arena: sequences of allocation and release, also with a process killed at any instruction of them.
///
/// Each byte of the input is a step of this process: a block allocated, freed, handed over and taken over again, or any
/// of these in a transaction that is not committed. What is in the blocks tells whether two of them overlap. One step
/// forks a process that allocates, frees and takes over a block of ours, and is killed after as many instructions as
/// the next bytes say; then this process does what the fork server does for the dead. After all steps, and after each
/// death, the arena is sound, every block that was ours is still ours, and nothing is left of the dead.

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "freethreading/backend.hpp"
#include "freethreading/error.hpp"
#include "freethreading/platform/arena.hpp"
#include "freethreading/platform/process.hpp"
#include "fuzz/byte_source.hpp"
#include "fuzz/require.hpp"
#include "reference/tests/kill/arena_fault.hpp"

namespace {

using namespace freethreading::platform;
using fuzz::ByteSource;
using fuzz::require;

struct Block {
    std::uint8_t* payload;
    std::size_t size;
    std::uint8_t content;
};

/// What is written at both ends of a block: where it would meet its neighbours.
constexpr std::size_t filled = 64;

void fill(const Block& block) {
    const std::size_t length = std::min(block.size, filled);
    std::memset(block.payload, block.content, length);
    std::memset(block.payload + block.size - length, block.content, length);
}
bool is_intact(const Block& block) {
    const std::size_t length = std::min(block.size, filled);
    const auto is_content = [&](std::uint8_t byte) { return byte == block.content; };
    return std::all_of(block.payload, block.payload + length, is_content) &&
           std::all_of(block.payload + block.size - length, block.payload + block.size, is_content);
}

void require_sound() {
    if (const std::string fault = kill_tests::find_fault_in_arena(); !fault.empty())
        fuzz::fail("the arena: " + fault);
}

/// From a few bytes to more than there is.
std::size_t chosen_size(ByteSource& source) {
    const int magnitude = source.below(23);
    return (std::size_t{1} << magnitude) + source.byte() * (std::size_t{1} << magnitude) / 256;
}

std::set<void*> blocks_of(ProcessSerial owner) {
    std::set<void*> payloads;
    for_each_block_of(owner, [&](void* payload, Release) { payloads.insert(payload); });
    return payloads;
}

class Run {
  public:
    explicit Run(ByteSource& source) : source_(source) {}

    void go() {
        const ArenaUse before = arena_use();
        for (int steps = 0; !source_.is_empty() && steps < 200; ++steps)
            step();
        require_sound();
        require(arena_use().blocks == before.blocks + live_.size(),
                "another number of blocks is in use");
        for (const Block& block : live_) {
            require(is_intact(block), "two blocks overlap");
            release_plain(block.payload);
        }
        require_sound();
        const ArenaUse after = arena_use();
        require(after.blocks == before.blocks && after.bytes == before.bytes, "memory leaks");
    }

  private:
    void step() {
        switch (source_.below(8)) {
            case 0:
            case 1:
            case 2:
                return allocate_one(true);
            case 3:
                return allocate_one(false);
            case 4:
                return free_one(true);
            case 5:
                return free_one(false);
            case 6:
                return change_hands();
            default:
                if (++deaths_ <= most_deaths) let_one_die();
        }
    }

    void allocate_one(bool commits) {
        const std::size_t size = chosen_size(source_);
        try {
            Transaction transaction;
            auto* const payload =
                static_cast<std::uint8_t*>(allocate(transaction, size, release_plain));
            require(reinterpret_cast<std::uintptr_t>(payload) % 16 == 0,
                    "a payload that is not aligned");
            if (!commits) return;
            const Block block{payload, size, static_cast<std::uint8_t>(++contents_)};
            fill(block);
            transaction.commit();
            live_.push_back(block);
        } catch (const freethreading::ResourceError&) {
            require(size + arena_use().bytes > arena_capacity() / 2,
                    "an arena with much room is full");
        }
    }

    [[nodiscard]] std::optional<std::size_t> chosen_block() {
        if (live_.empty()) return std::nullopt;
        return source_.byte() % live_.size();
    }

    void free_one(bool commits) {
        const auto index = chosen_block();
        if (!index) return;
        require(is_intact(live_[*index]), "two blocks overlap");
        Transaction transaction;
        free_block(transaction, live_[*index].payload);
        if (!commits) return;
        transaction.commit();
        live_.erase(live_.begin() + static_cast<std::ptrdiff_t>(*index));
    }

    void change_hands() {
        const auto index = chosen_block();
        if (!index) return;
        void* const payload = live_[*index].payload;
        Transaction away;
        hand_over(away, payload);
        away.commit();
        require(!blocks_of(this_process()).contains(payload),
                "a block that was handed over is still ours");
        Transaction back;
        take_over(back, payload, release_plain);
        back.commit();
    }

    void let_one_die() {
        const auto taken = chosen_block();
        const std::size_t first = chosen_size(source_);
        const std::size_t second = chosen_size(source_);
        const int way = source_.below(4);
        const int instructions = source_.number<std::uint16_t>() % 20'000;
        const ProcessSerial serial = root().next_process_serial.fetch_add(1) + 1;
        const pid_t process = ::fork();
        require(process >= 0, "no process can be forked");
        if (process == 0) live(serial, taken ? live_[*taken].payload : nullptr, first, second, way);
        kill_after(process, instructions);

        repair_contexts_of(serial);
        execute_wills_of(serial);
        release_blocks_of(serial);
        free_contexts_of(serial);
        require_sound();
        require(blocks_of(serial).empty(), "something is left of the dead");
        const std::set<void*> ours = blocks_of(this_process());
        if (taken && !ours.contains(live_[*taken].payload))
            live_.erase(live_.begin() + static_cast<std::ptrdiff_t>(*taken));
        for (const Block& block : live_)
            require(ours.contains(block.payload) && is_intact(block),
                    "a death changed a block of the living");
        require(ours.size() == live_.size(), "a death left us a block");
    }

    /// What the process that dies does with its life.
    [[noreturn]] static void live(ProcessSerial serial, void* taken, std::size_t first,
                                  std::size_t second, int way) {
        become_process(serial);
        static_cast<void>(this_context());
        ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
        ::raise(SIGSTOP);
        try {
            void* const one = allocate_block(first);
            void* const other = allocate_block(second);
            if (way % 2 == 0) release_plain(one);
            if (taken != nullptr) {
                Transaction transaction;
                take_over(transaction, taken, release_plain);
                if (way == 3) free_block(transaction, taken);
                transaction.commit();
            }
            release_plain(other);
        } catch (const freethreading::ResourceError&) {
        }
        ::kill(::getpid(), SIGKILL);
        std::abort();
    }
    static void* allocate_block(std::size_t size) {
        Transaction transaction;
        auto* const payload =
            static_cast<std::uint8_t*>(allocate(transaction, size, release_plain));
        fill({payload, size, 0});
        transaction.commit();
        return payload;
    }

    /// The engine's alarms interrupt the wait.
    [[nodiscard]] static int status_of(pid_t process) {
        int status = 0;
        pid_t found = 0;
        do {
            found = ::waitpid(process, &status, 0);
        } while (found < 0 && errno == EINTR);
        require(found == process, "a process is lost");
        return status;
    }

    static void kill_after(pid_t process, int instructions) {
        int status = status_of(process);
        require(WIFSTOPPED(status), "a process cannot be traced");
        for (; instructions > 0 && WIFSTOPPED(status); --instructions) {
            if (::ptrace(PTRACE_SINGLESTEP, process, nullptr, nullptr) != 0) break;
            status = status_of(process);
            require(!WIFSTOPPED(status) || WSTOPSIG(status) == SIGTRAP,
                    "a process of the arena crashes");
        }
        if (WIFSTOPPED(status)) {
            ::kill(process, SIGKILL);
            status = status_of(process);
        }
        require(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
                "a process of the arena ended by itself");
    }

    ByteSource& source_;
    std::vector<Block> live_;
    int contents_ = 0;
    /// Each takes tens of milliseconds, since single steps do.
    static constexpr int most_deaths = 3;
    int deaths_ = 0;
};

bool prepare() {
    ::setenv("FREETHREADING_ARENA_SIZE", "32M", 1);
    freethreading::set_backend(freethreading::Backend::multiprocessing);
    static_cast<void>(this_context());
    return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const bool is_prepared = prepare();
    static_cast<void>(is_prepared);
    ByteSource source(data, size);
    Run(source).go();
    return 0;
}
