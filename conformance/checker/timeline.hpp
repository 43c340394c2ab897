#pragma once
/// \file
/// A history as a table of text: a column for each worker, time running down. Internal.
///
///          time   worker 1      worker 2
///     +0.000 us   > put(7)
///     +0.500 us   |             > get()
///     +1.250 us   < put(7): 1   |
///
/// `>` is an invocation, `<` a response, `|` a call that goes on, `!` the failure.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

namespace conformance::checker {

class Timeline {
  public:
    /// A worker's column appears when it is first named.
    explicit Timeline(const std::vector<std::int32_t>& workers) {
        for (const std::int32_t worker : workers) {
            const auto [place, is_new] = columns_.try_emplace(worker, columns_.size());
            if (is_new) heads_.push_back("worker " + std::to_string(worker));
        }
        pending_.resize(heads_.size());
    }

    void invoke(std::int64_t time, std::int32_t worker, const std::string& text, bool is_failure) {
        add(time, worker, (is_failure ? "!> " : "> ") + text);
        ++pending_[columns_.at(worker)];
    }
    /// Time 0 is that of the first row.
    void respond(std::int64_t time, std::int32_t worker, const std::string& text, bool is_failure) {
        --pending_[columns_.at(worker)];
        add(time, worker, (is_failure ? "!< " : "< ") + text);
    }
    /// A call that began before the first row.
    void begin_pending(std::int32_t worker) { ++pending_[columns_.at(worker)]; }
    /// What has become of a call by the end.
    void end(std::int32_t worker, const std::string& text) {
        rows_.push_back(empty_row("end"));
        rows_.back()[1 + columns_.at(worker)] = text;
    }

    [[nodiscard]] std::string text() const {
        std::vector<std::vector<std::string>> rows = rows_;
        rows.insert(rows.begin(), {"time"});
        rows.front().insert(rows.front().end(), heads_.begin(), heads_.end());
        std::string text;
        for (const auto& row : rows) {
            std::string line;
            for (std::size_t column = 0; column < row.size(); ++column) {
                std::size_t width = 0;
                for (const auto& other : rows)
                    width = std::max(width, other[column].size());
                const std::string padding(width - row[column].size(), ' ');
                // Times are numbers, and numbers are aligned to the right.
                line += column == 0 ? padding + row[column] : row[column] + padding;
                line += "   ";
            }
            text += "  " + line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
        }
        return text;
    }

  private:
    using Row = std::vector<std::string>;

    [[nodiscard]] Row empty_row(const std::string& time) const {
        Row row{time};
        for (const int count : pending_)
            row.emplace_back(count > 0 ? "|" : "");
        return row;
    }
    void add(std::int64_t time, std::int32_t worker, const std::string& text) {
        if (rows_.empty()) first_ = time;
        rows_.push_back(empty_row(since_first(time)));
        rows_.back()[1 + columns_.at(worker)] = text;
    }
    [[nodiscard]] std::string since_first(std::int64_t time) const {
        std::string text(40, '\0');
        // Without a sign there is no overflow, whatever somebody wrote down as times.
        const auto since = static_cast<std::uint64_t>(time) - static_cast<std::uint64_t>(first_);
        const double microseconds = static_cast<double>(since) / 1000.0;
        const int size = std::snprintf(text.data(), text.size(), "+%.3f us", microseconds);
        text.resize(static_cast<std::size_t>(size));
        return text;
    }

    std::map<std::int32_t, std::size_t> columns_;
    std::vector<std::string> heads_;
    std::vector<int> pending_;  // of each column
    std::vector<Row> rows_;
    std::int64_t first_ = 0;
};

}  // namespace conformance::checker
