// The main of every benchmark program. FREETHREADING_BACKEND picks the backend: a program's benchmarks are
// of one.

#include <benchmark/benchmark.h>

#include <cstdio>
#include <exception>
#include <thread>

#include "contest.hpp"
#include "shared_memory.hpp"

int main(int argument_count, char** arguments) {
    // Before anything starts a thread: worker processes are to find the shared memory where it is.
    bench::map_shared_memory();
    try {
        freethreading::start_fork_server();
        bench::register_benchmarks();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 4;
    }
    // A program that never had a thread but one is spared the atomic operations of glibc's mutexes, and whether
    // one was started before a benchmark would depend on the order of the benchmarks.
    std::thread([] {}).join();
    benchmark::Initialize(&argument_count, arguments);
    if (benchmark::ReportUnrecognizedArguments(argument_count, arguments)) return 2;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
