/// Runs a documented example many times and compares every run with what is expected of it.
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include "expectation.hpp"
#include "program_run.hpp"

namespace {

using namespace freethreading::conformance;

constexpr const char* usage =
    "usage: example-check [--runs COUNT] [--timeout-ms TIME] BACKEND EXPECTED PROGRAM "
    "[ARGUMENT...]\n"
    "Runs PROGRAM (a path) COUNT times (1) with FREETHREADING_BACKEND=BACKEND (threading or\n"
    "multiprocessing), at most TIME (60000) each, and compares every run with the file EXPECTED.\n"
    "Exit status: 0 as expected, 1 not, 2 bad usage or expectation, 3 hang, 4 cannot be run.\n";

enum Exit { as_expected, mismatch, bad_usage, hang, cannot_run };

int positive(const std::string& option, const std::string& text) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || *end != '\0' || number <= 0) {
        throw std::invalid_argument(option + " needs a positive number, not \"" + text + "\"");
    }
    return number;
}

void print_below(const char* title, const std::string& text) {
    std::cerr << "  " << title << (text.empty() ? ": nothing\n" : ":\n");
    std::istringstream lines(text);
    int number = 0;
    for (std::string line; std::getline(lines, line);) {
        std::cerr << "    " << ++number << " | " << line << '\n';
    }
}

Exit check(std::vector<std::string> arguments) {
    int runs = 1;
    int timeout = 60'000;
    while (arguments.size() > 2 && arguments[0].starts_with("--")) {
        const std::string& option = arguments[0];
        if (option != "--runs" && option != "--timeout-ms") {
            throw std::invalid_argument("unknown option " + option);
        }
        (option == "--runs" ? runs : timeout) = positive(option, arguments[1]);
        arguments.erase(arguments.begin(), arguments.begin() + 2);
    }
    if (arguments.size() < 3) throw std::invalid_argument("too few arguments");
    const std::string backend = arguments[0];
    const std::filesystem::path file = arguments[1];
    const std::vector<std::string> command(arguments.begin() + 2, arguments.end());
    if (backend != "threading" && backend != "multiprocessing") {
        throw std::invalid_argument("unknown backend " + backend);
    }
    const Expectation expectation = read_expectation(file, backend);
    ::setenv("FREETHREADING_BACKEND", backend.c_str(), 1);

    std::set<std::string> outputs;
    for (int i = 1; i <= runs; ++i) {
        const ProgramRun run = run_program(command, std::chrono::milliseconds(timeout));
        std::string problems = run.hung
                                   ? "hang: not ended after " + std::to_string(timeout) + " ms\n"
                                   : describe_mismatches(expectation, run);
        for (const std::string& process : run.left) {
            problems += "left running by the program, now killed: process " + process + "\n";
        }
        outputs.insert(run.output.text);
        if (problems.empty()) continue;

        std::cerr << file.stem().string() << " on " << backend << ", run " << i << " of " << runs
                  << ":\n"
                  << problems;
        print_below("standard output", run.output.text);
        print_below("standard error", run.error_output.text);
        std::cerr << "to reproduce: FREETHREADING_BACKEND=" << backend;
        for (const std::string& argument : command) {
            std::cerr << ' ' << std::quoted(argument);
        }
        std::cerr << '\n';
        return run.hung ? hang : mismatch;
    }
    std::cout << file.stem().string() << " on " << backend << ": " << runs
              << " runs as expected, with " << outputs.size() << " different outputs\n";
    return as_expected;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return check({argv + 1, argv + argc});
    } catch (const std::invalid_argument& error) {
        std::cerr << "example-check: " << error.what() << '\n' << usage;
        return bad_usage;
    } catch (const std::system_error& error) {
        std::cerr << "example-check: " << error.what() << '\n';
        return cannot_run;
    }
}
