#pragma once
/// \file
/// The requirements, as spec/requirements/*.json states them.

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace conformance {

/// The suite contradicts itself: no implementation is to blame.
class SuiteError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

enum class Level : std::uint8_t { required, recommended, permitted };
[[nodiscard]] std::string_view to_string(Level level);

struct Requirement {
    std::string id{};    ///< "BSEM-3"
    std::string name{};  ///< of the API, or the topic
    Level level = Level::required;
    std::string kind{};  ///< "deterministic", "stochastic", "liveness", "fault" or "compile_time"
    std::string text{};
    std::vector<std::string> backends{};
    std::vector<std::string> source{};
    std::string look_at{};
    /// What each backend of the original may show, where that is not what the requirement says.
    std::map<std::string, std::vector<std::string>> original{};

    [[nodiscard]] bool applies_to(const std::string& backend) const;
};

class Requirements {
  public:
    Requirements() = default;
    /// Reads all files of the folder. Throws SuiteError: for what cannot be read, members that the
    /// schema does not know or that are missing, and ids that occur twice.
    explicit Requirements(const std::filesystem::path& folder);

    [[nodiscard]] const Requirement* find(const std::string& id) const;
    /// Whether the id is one that means no requirement, and never will again.
    [[nodiscard]] bool is_absent(const std::string& id) const { return absent_.contains(id); }
    /// In the order of their ids: BSEM-2 before BSEM-10.
    [[nodiscard]] const std::vector<Requirement>& all() const { return all_; }

    /// Where the files of this source tree are.
    [[nodiscard]] static std::filesystem::path default_folder();

  private:
    std::vector<Requirement> all_;
    std::set<std::string> absent_;
};

/// "BSEM-3" for "BSEM_3_over_release_raises"; empty if the name does not begin with an id.
[[nodiscard]] std::string requirement_of_test(std::string_view test);

}  // namespace conformance
