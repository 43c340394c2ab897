// The driver of the reference implementation. With FREETHREADING_WORKERS=threads the
// multiprocessing backend has threads as workers.

#include "conformance/drivers/reference/reference_traits.hpp"

int main(int argc, char** argv) {
    return conformance::kit::run_driver<conformance::ReferenceTraits>(argc, argv);
}
