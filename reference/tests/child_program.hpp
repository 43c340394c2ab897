#pragma once
/// \file
/// A program that runs as a child of the test, to see from outside how it ends and what it leaves
/// behind. It is the leader of a session of its own, by which all its processes are known.

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

class ChildProgram {
  public:
    /// Starts the program `name`, built beside this one in the same variant, with `arguments`, in
    /// this program's environment but for `environment`, where "" removes a variable.
    explicit ChildProgram(const std::string& name, const std::vector<std::string>& arguments,
                          const std::map<std::string, std::string>& environment = {});
    /// Kills what is left.
    ~ChildProgram();
    ChildProgram(const ChildProgram&) = delete;
    ChildProgram& operator=(const ChildProgram&) = delete;

    [[nodiscard]] pid_t process() const { return process_; }

    /// Waits for its end: the exit status, or minus the signal that ended it. A report of a
    /// sanitizer in any of its processes fails the test.
    int wait();

    /// What it has written so far to standard output and standard error.
    [[nodiscard]] std::string output() const;
    [[nodiscard]] std::string errors() const;

    /// Processes of its session, zombies included. Those that lost their parent become children of
    /// this process, which buries them here, as init does elsewhere.
    [[nodiscard]] std::vector<pid_t> processes() const;

  private:
    pid_t process_ = -1;
    bool ended_ = false;
    int output_ = -1;
    int errors_ = -1;
};
