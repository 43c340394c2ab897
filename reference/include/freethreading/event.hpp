#pragma once
/// \file
/// A flag that workers wait for.
///
///     void runner(freethreading::Event start_signal) {
///         start_signal.wait();
///         run();
///     }
///
/// Memory ordering: what a worker did before a `set` that raised the flag happens before what a
/// worker does after a `wait` that returned true, or an `is_set` that did, because of it.

#include <memory>

#include "freethreading/platform/object.hpp"
#include "freethreading/platform/word.hpp"
#include "freethreading/portable_buffer.hpp"
#include "freethreading/timeout.hpp"

namespace freethreading {

/// A handle: copies refer to the same event, also in other workers. Fulfils GEN-12.
class Event {
  public:
    /// The flag is down. Throws ResourceError if there is no memory. Fulfils EVENT-1.
    Event();

    /// Raises the flag and releases every worker that waits now, even if `clear` follows at once.
    /// Never blocks. Fulfils EVENT-2, EVENT-5, EVENT-6, EVENT-7, FAULT-6.
    void set() const;
    /// Lowers the flag. Never blocks. Fulfils EVENT-2.
    void clear() const;
    /// Whether the flag is up at this moment. Fulfils EVENT-1.
    [[nodiscard]] bool is_set() const;

    /// Waits until the flag is up, or was up at some moment of the wait, or `timeout` has passed
    /// (none: for ever; zero or negative: not at all). Returns whether it was up. Fulfils EVENT-3
    /// to EVENT-7, GEN-4, GEN-5.
    bool wait(Timeout timeout = {}) const;

    /// For transport to another worker.
    explicit Event(PortableInput& input);
    void save(PortableOutput& output) const { output.reference(state_); }

  private:
    struct State : platform::Object {
        platform::Word word;
    };
    std::shared_ptr<State> state_;
};

}  // namespace freethreading
