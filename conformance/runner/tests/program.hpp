#pragma once
/// \file
/// Runs tiny-conformance, as a user would, in a folder of its own.

#include <filesystem>
#include <string>
#include <vector>

namespace conformance::runner {

class Program {
  public:
    /// Makes the folder, with the requirements of the tiny suite.
    Program();
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    struct Result {
        int exit_code = -1;
        std::string output{};  ///< standard output and standard error
    };
    /// Runs it with these requirements and a driver that has this fault.
    [[nodiscard]] Result judge(const std::string& fault, const std::string& arguments = {},
                               const std::string& variables = {}) const;
    /// Runs it with these arguments and no others, and with these `variables` ("ONE=1 TWO=2").
    [[nodiscard]] Result run(const std::string& arguments, const std::string& variables = {}) const;

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    void write(const std::string& file, const std::string& text) const;
    [[nodiscard]] std::vector<std::string> lines_of(const std::string& file) const;
    /// The requirements LOCK-1 to LOCK-8 without those in `missing`, and with LOCK-9 if `additional`.
    void write_requirements(const std::string& missing = {}, bool additional = false) const;

  private:
    std::filesystem::path folder_;
};

}  // namespace conformance::runner
