#include "freethreading/platform/patience.hpp"

#include <sched.h>

namespace freethreading::platform {
namespace {

int looks_on_these_cores() noexcept {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    const bool known = sched_getaffinity(0, sizeof cores, &cores) == 0;
    return known && CPU_COUNT(&cores) == 1 ? 0 : 20;
}

// As the program is loaded: a worker that was bound to a core of its own later waits for others all the
// same.
const int looks_of_this_program = looks_on_these_cores();

}  // namespace

namespace detail {
constinit thread_local Patience patience;
}

int Patience::looks() {
    return looks_of_this_program;
}

void Patience::give_way() {
    sched_yield();
}

}  // namespace freethreading::platform
