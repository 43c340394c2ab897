#include "shared_memory.hpp"

#include <sys/mman.h>

#include <cstdio>
#include <cstdlib>

namespace bench {
namespace {
constexpr std::size_t capacity = std::size_t{1} << 30;
constexpr std::size_t page = 4096;  // objects may ask for as much
std::byte* begin_of_memory = nullptr;
std::size_t used = 0;
}  // namespace

void map_shared_memory() {
    void* const memory = mmap(nullptr, capacity, PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        std::perror("no shared memory for the peers");
        std::exit(4);
    }
    begin_of_memory = static_cast<std::byte*>(memory);
}

void* take_shared_memory(std::size_t size) {
    if (size > capacity - used) throw std::bad_alloc();
    std::byte* const taken = begin_of_memory + used;
    used += (size + page - 1) / page * page;
    return taken;
}

void give_back_shared_memory(void* begin) {
    used = static_cast<std::size_t>(static_cast<std::byte*>(begin) - begin_of_memory);
}

}  // namespace bench
