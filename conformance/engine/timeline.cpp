#include "conformance/engine/timeline.hpp"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <map>
#include <tuple>
#include <vector>

#include "conformance/engine/call_text.hpp"

namespace conformance {
namespace {

constexpr std::size_t widest_column = 44;
constexpr std::size_t most_rows = 160;

struct Event {
    std::int64_t time = 0;
    std::size_t entry = 0;
    bool is_response = false;
};

struct Row {
    std::string time;
    Id worker = 0;
    std::string text;
    bool is_marked = false;
};

std::vector<Event> events_of(const History& history) {
    std::vector<Event> events;
    for (std::size_t i = 0; i < history.entries.size(); ++i) {
        const Entry& entry = history.entries[i];
        if (entry.call.operation == Operation::run) continue;  // a column says as much
        events.push_back({entry.invoked, i, false});
        if (entry.responded) events.push_back({*entry.responded, i, true});
    }
    std::ranges::sort(events, {}, [](const Event& event) {
        return std::tuple(event.time, event.entry, event.is_response);
    });
    return events;
}

std::string milliseconds(std::int64_t nanoseconds) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%9.3f", static_cast<double>(nanoseconds) / 1e6);
    return text.data();
}

std::vector<Row> rows_of(const Scenario& scenario, const History& history,
                         std::optional<std::size_t> marked) {
    const std::vector<Event> events = events_of(history);
    std::vector<Row> rows;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const Event& event = events[i];
        const Entry& entry = history.entries[event.entry];
        std::string text = to_text(scenario, entry.call);
        const bool ends_at_once =
            !event.is_response && i + 1 < events.size() && events[i + 1].entry == event.entry;
        if (event.is_response) text = "... " + text;
        if (event.is_response || ends_at_once) {
            text += " -> " + to_text(entry.outcome);
        } else {
            text += " ...";
        }
        rows.push_back({milliseconds(event.time - events.front().time), entry.worker, text,
                        marked == event.entry && (event.is_response || ends_at_once)});
        if (ends_at_once) ++i;
    }
    for (std::size_t i = 0; i < history.entries.size(); ++i) {
        const Entry& entry = history.entries[i];
        if (entry.responded || entry.call.operation == Operation::run) continue;
        rows.push_back({std::string(9, ' '), entry.worker,
                        to_text(scenario, entry.call) + (entry.killed ? " killed" : " pending"),
                        marked == i});
    }
    return rows;
}

std::string padded(std::string text, std::size_t width) {
    if (text.size() > width) {
        std::size_t end = width - 2;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80)
            --end;  // not within a character
        text = text.substr(0, end) + "..";
    }
    text.resize(width, ' ');
    return text + "  ";
}

}  // namespace

std::string timeline(const Scenario& scenario, const History& history,
                     std::optional<std::size_t> marked) {
    const std::vector<Row> rows = rows_of(scenario, history, marked);
    std::map<Id, std::size_t> widths;
    for (const Row& row : rows) {
        std::size_t& width = widths[row.worker];
        width = std::clamp(row.text.size(), std::max<std::size_t>(width, 10), widest_column);
    }
    std::string text = "       ms  ";
    for (const auto& [worker, width] : widths)
        text += padded("worker " + std::to_string(worker), width);
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows.size() > most_rows && i == most_rows / 2) {
            text += "           [" + std::to_string(rows.size() - most_rows) + " rows left out]\n";
            i += rows.size() - most_rows;
        }
        text += rows[i].time + "  ";
        for (const auto& [worker, width] : widths)
            text += padded(worker == rows[i].worker ? rows[i].text : "", width);
        text.erase(text.find_last_not_of(' ') + 1);
        text += rows[i].is_marked ? "   <====\n" : "\n";
    }
    return text;
}

}  // namespace conformance
