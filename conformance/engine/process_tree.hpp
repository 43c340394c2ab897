#pragma once
/// \file
/// All processes that came from one command, found through /proc.
///
/// A process belongs to the tree if it is in the session of the leader, or descends from one that is.
/// One that left the session and lost its parent comes to this process, the subreaper: it is known by
/// a mark in the environment that it inherited.

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace conformance {

/// What a thread was doing when it was looked at.
struct ThreadActivity {
    pid_t thread = 0;
    bool asleep = false;        ///< or stopped, or ended: not on a processor, nor waiting for one
    std::int64_t run_time = 0;  ///< nanoseconds on a processor so far
    friend bool operator==(const ThreadActivity&, const ThreadActivity&) = default;
};

class ProcessTree {
  public:
    /// Makes orphans of the tree children of this process. `mark` is the text "NAME=value" that the
    /// leader has in its environment.
    ProcessTree(pid_t leader, std::string mark);
    /// Reaps the leader, if it has ended. Not before: as long as it is a zombie no stranger can get its
    /// number, by which the tree is known.
    ~ProcessTree();
    ProcessTree(const ProcessTree&) = delete;
    ProcessTree& operator=(const ProcessTree&) = delete;

    [[nodiscard]] pid_t leader() const { return leader_; }
    /// Those that live, zombies left out.
    [[nodiscard]] std::vector<pid_t> members() const;
    /// Every thread of every member.
    [[nodiscard]] std::vector<ThreadActivity> threads() const;

    /// The status of the leader as of waitpid(2), once it has ended.
    [[nodiscard]] std::optional<int> leader_status() const;

    /// Waits until nobody is left, for `time` at most. Returns how many are.
    [[nodiscard]] std::size_t await_end(std::chrono::nanoseconds time);

    /// Kills all members, and reaps all but the leader. Blocks until none is left, 10 s at most: a
    /// process in the midst of a system call that cannot be interrupted is left to init.
    void kill_all();

  private:
    pid_t leader_;
    std::string mark_;
};

/// "exited with status 3", "was killed by signal 11 (Segmentation fault)".
[[nodiscard]] std::string describe_status(int status);

}  // namespace conformance
