#pragma once
/// \file
/// The choice between the two backends, made once per program run.
///
///     int main() {
///         // Only if the program starts threads of its own before its first Worker:
///         freethreading::start_fork_server();
///         std::cout << freethreading::get_backend() << '\n';   // threading
///     }
///
/// The environment variable `FREETHREADING_BACKEND` (`threading`, the default, or
/// `multiprocessing`) decides at the first use of the library, unless `set_backend` was called
/// before it. The choice then stays for the whole run. Fulfils GEN-2, UTIL-1.

#include <string_view>

namespace freethreading {

enum class Backend { threading, multiprocessing };

/// The name of the backend in use: `threading` or `multiprocessing`.
/// Decides the backend if nothing did yet. Never blocks.
/// Throws ValueError if `FREETHREADING_BACKEND` holds anything else. Fulfils UTIL-1, DOC-11.
[[nodiscard]] std::string_view get_backend();

/// Chooses the backend, whatever the environment says.
/// Throws RuntimeError if the library is already in use: objects of two backends cannot meet.
void set_backend(Backend backend);

/// Starts the server from which worker processes are forked, instead of leaving that to the first
/// `Worker::start`.
///
/// A worker process sees the program's globals as they were at this moment. A program that starts
/// threads of its own calls this first, because forking a program with threads copies whatever
/// locks they hold. Objects made before are kept until the program ends, since every worker process
/// inherits a copy of their handles. Does nothing on the threading backend, or the second time.
/// Throws ResourceError if no process or no memory for the arena is to be had. May take a few
/// milliseconds.
void start_fork_server();

}  // namespace freethreading
