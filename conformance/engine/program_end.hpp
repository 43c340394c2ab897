#pragma once
/// \file
/// What is said of a program that a scenario lets end (rule 3.9): who it had to wait for, and what
/// went wrong. Pure.

#include <string>

#include "conformance/engine/run_result.hpp"
#include "spec/scenario/scenario.hpp"

namespace conformance {

/// From a status as of waitpid(2): that of an exit, or -1 if it was killed.
[[nodiscard]] int exit_status_of(int status);

/// Whether there is a record that the worker came to its end.
[[nodiscard]] bool has_ended(const History& history, Id worker);

/// Marks the pending calls that the end of the program cuts off as killed: those of daemons, and of all
/// workers if it was killed itself.
void cut_off(const Scenario& scenario, History& history);

/// A sentence, with the requirement, if the program ended as it must not, or did not end although
/// there was nobody left to wait for; else nothing. Nothing as well if it was not to end.
[[nodiscard]] std::string fault_of_end(const Scenario& scenario, const RunResult& result);

}  // namespace conformance
