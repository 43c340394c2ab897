#pragma once
/// \file
/// How configurations were reached: step sequences that share their beginnings. Internal.
///
///     const auto first = trail.append({.call = 3});
///     const auto second = trail.append({.before = first, .call = 1});
///     trail.path(second);  // steps of calls 3 and 1

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "conformance/checker/verdict.hpp"

namespace conformance::checker {

class Trail {
  public:
    static constexpr std::uint32_t beginning = 0xffffffffU;

    struct Link {
        std::uint32_t before = beginning;
        std::uint32_t call = 0;
        Stage stage = completed;
        std::uint32_t choice : 31 = 0;
        std::uint32_t time_is_up : 1 = 0;
    };

    /// The trail that continues `link.before` by a step.
    [[nodiscard]] std::uint32_t append(const Link& link) {
        links_.push_back(link);
        return static_cast<std::uint32_t>(links_.size() - 1);
    }

    [[nodiscard]] Certificate path(std::uint32_t end) const {
        Certificate steps;
        for (; end != beginning; end = links_[end].before)
            steps.push_back({links_[end].call, links_[end].stage, links_[end].choice,
                             links_[end].time_is_up != 0});
        std::reverse(steps.begin(), steps.end());
        return steps;
    }

    [[nodiscard]] bool is_crowded() const { return links_.size() > limit_; }

    /// Forgets what leads to none of `ends`, and renumbers these. A link is younger than the one
    /// before it, so that one pass down marks and one pass up compacts. Called when the links have
    /// doubled, it costs constant time a link.
    void keep(std::span<std::uint32_t> ends) {
        std::vector<std::uint32_t> renumbered(links_.size(), beginning);
        constexpr std::uint32_t marked = 0;
        for (const std::uint32_t end : ends) {
            if (end != beginning) renumbered[end] = marked;
        }
        for (std::size_t i = links_.size(); i-- > 0;) {
            if (renumbered[i] == marked && links_[i].before != beginning)
                renumbered[links_[i].before] = marked;
        }
        std::uint32_t kept = 0;
        for (std::size_t i = 0; i < links_.size(); ++i) {
            if (renumbered[i] != marked) continue;
            Link link = links_[i];
            if (link.before != beginning) link.before = renumbered[link.before];
            links_[kept] = link;
            renumbered[i] = kept++;
        }
        links_.resize(kept);
        for (std::uint32_t& end : ends) {
            if (end != beginning) end = renumbered[end];
        }
        limit_ = smallest_limit + 2 * links_.size();
    }

  private:
    static constexpr std::size_t smallest_limit = 65'536;
    std::vector<Link> links_;
    std::size_t limit_ = smallest_limit;
};

}  // namespace conformance::checker
