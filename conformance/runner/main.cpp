#include "conformance/runner/runner.hpp"

int main(int argc, char** argv) {
    return conformance::runner::run(argc, argv);
}
