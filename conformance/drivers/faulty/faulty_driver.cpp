// Drivers of implementations that are wrong on purpose: the reference with one fault. They show that
// the suite finds such faults.
//
//     faulty-driver --fault barrier

#include <algorithm>
#include <iostream>
#include <string_view>
#include <vector>

#include "conformance/drivers/faulty/faulty_barrier_and_queue.hpp"
#include "conformance/drivers/faulty/faulty_executor.hpp"
#include "conformance/drivers/faulty/faulty_locks.hpp"
#include "conformance/drivers/reference/reference_traits.hpp"

namespace {

using namespace conformance::faulty;

struct FaultyTraits : conformance::ReferenceTraits {
    static constexpr std::string_view name = "faulty reference";
    static constexpr std::array<std::string_view, 1> backends{"threading"};

    using Lock = FaultyLock;
    using Semaphore = FaultySemaphore;
    using Condition = FaultyCondition;
    using Barrier = FaultyBarrier;
    template <class T>
    using Queue = FaultyQueue<T>;
    using WorkerPoolExecutor = FaultyExecutor;
    template <class T>
    using Future = FaultyFuture<T>;
};

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string_view> arguments(argv + 1, argv + argc);
    const auto fault = arguments.size() == 2 && arguments[0] == "--fault"
                           ? std::ranges::find(fault_names, arguments[1])
                           : fault_names.end();
    if (fault == fault_names.end()) {
        std::cerr << "usage: faulty-driver --fault NAME, one of";
        for (const std::string_view known : fault_names)
            std::cerr << ' ' << known;
        std::cerr << '\n';
        return 2;
    }
    present_fault = static_cast<Fault>(fault - fault_names.begin());
    return conformance::kit::run_driver<FaultyTraits>(1, argv);
}
