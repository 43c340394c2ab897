#include "conformance/engine/timeline_page.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <map>

#include "conformance/engine/call_text.hpp"
#include "conformance/engine/safe_text.hpp"

namespace conformance {
namespace {

constexpr int width = 1000;  // of the time axis
constexpr int left = 110;    // of it, for the names of the workers
constexpr int row = 26;      // height of a row of bars
constexpr int bar = 18;      // and of a bar
constexpr int gap = 10;      // between lanes
constexpr int axis = 30;     // height of the axis
constexpr int letter = 7;    // width of one, as near as one can tell
constexpr std::size_t most_calls = 400;
/// A time-out may come so much too early, as in `judge`.
constexpr std::int64_t tolerance = 1'000'000;

constexpr const char* style = R"(
:root { color-scheme: light dark; --paper: #fcfcfb; --ink: #1d1d1b; --faint: #76746f; --rule: #dddbd5;
  --call: #cfdff2; --edge: #3d6ea5; --open: #f5e3bf; --open-edge: #a8741a; --bad: #f6cdc9; --bad-edge: #b3261e;
  --point: #1d1d1b; }
@media (prefers-color-scheme: dark) { :root { --paper: #191918; --ink: #e9e7e2; --faint: #9b9891;
  --rule: #3a3936; --call: #24405f; --edge: #86b3e3; --open: #4d3a17; --open-edge: #dda954; --bad: #5d2320;
  --bad-edge: #f2938b; --point: #ffffff; } }
body { background: var(--paper); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto;
  max-width: 1280px; padding: 0 1rem; }
h1 { font-size: 1.2rem; margin: 0 0 .3rem; } h2 { font-size: 1rem; margin: 1.6rem 0 .4rem; }
p { margin: .3rem 0; } .reason { font-weight: 600; } .picture { overflow-x: auto; margin: 1rem 0; }
pre { background: color-mix(in srgb, var(--ink) 5%, transparent); padding: .7rem .9rem; overflow-x: auto;
  font: 13px/1.4 ui-monospace, monospace; }
svg text { fill: var(--ink); font: 12px ui-monospace, monospace; } svg .faint { fill: var(--faint); }
svg .rule { stroke: var(--rule); } svg .point { stroke: var(--point); stroke-width: 2; }
svg .link { stroke: var(--faint); stroke-width: 1; stroke-dasharray: 2 3; fill: none; }
svg rect { fill: var(--call); stroke: var(--edge); } svg .open rect { fill: var(--open);
  stroke: var(--open-edge); stroke-dasharray: 4 3; } svg .bad rect { fill: var(--bad); stroke: var(--bad-edge);
  stroke-width: 2; }
.legend span { margin-right: 1.2rem; } .legend { color: var(--faint); font-size: 13px; }
)";

std::string number(double value) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.1f", value);
    return text.data();
}

/// Microseconds, or milliseconds where those would be long numbers.
std::string time_text(std::int64_t nanoseconds, bool in_milliseconds) {
    std::array<char, 40> text{};
    const double value = static_cast<double>(nanoseconds);
    std::snprintf(text.data(), text.size(), in_milliseconds ? "%.3f ms" : "%.1f us",
                  value / (in_milliseconds ? 1e6 : 1e3));
    return text.data();
}

/// Times of calls are far apart or close together, so that a true axis would show only some of them.
/// Each instant at which something happened takes a step to the right; longer times take longer ones.
class Axis {
  public:
    explicit Axis(std::vector<std::int64_t> times) : times_(std::move(times)) {
        std::ranges::sort(times_);
        times_.erase(std::ranges::unique(times_).begin(), times_.end());
        double place = 0;
        for (std::size_t i = 0; i < times_.size(); ++i) {
            if (i > 0) {
                double step = 1;
                for (std::int64_t time = times_[i] - times_[i - 1]; time > 1000; time /= 4)
                    step += 0.35;
                place += step;
            }
            places_.push_back(place);
        }
        // A few events are given room to say what they are, many must scroll.
        unit_ = std::max(34.0, width / (place + 2));
        unit_ = std::min(unit_, 160.0);
    }
    [[nodiscard]] double x(std::int64_t time) const {
        const auto at = std::ranges::lower_bound(times_, time);
        if (at == times_.end()) return end();
        return left + unit_ * places_[static_cast<std::size_t>(at - times_.begin())];
    }
    [[nodiscard]] double end() const {
        return left + unit_ * (places_.empty() ? 1 : places_.back() + 2);
    }
    [[nodiscard]] const std::vector<std::int64_t>& times() const { return times_; }

  private:
    std::vector<std::int64_t> times_;
    std::vector<double> places_;
    double unit_ = 1;
};

/// One call, as it is drawn.
struct Bar {
    std::size_t entry = 0;
    double begin = 0;
    double end = 0;
    std::string label{};
    int row = 0;  // within the lane: a label must not cover the next bar's
};

class Picture {
  public:
    Picture(const Scenario& scenario, const Judgement& judgement)
        : scenario_(scenario),
          judgement_(judgement),
          instants_(instants_of(judgement)),
          axis_(times()) {
        const std::vector<Entry>& entries = judgement.shown.entries;
        for (std::size_t i = 0; i < entries.size(); ++i) {
            if (!is_drawn(i)) continue;
            const Entry& entry = entries[i];
            Bar one{.entry = i, .begin = axis_.x(entry.invoked)};
            one.end = entry.responded ? axis_.x(*entry.responded) : axis_.end();
            one.label = label_of(entry);
            lanes_[entry.worker].push_back(std::move(one));
        }
        for (auto& [worker, bars] : lanes_)
            place(bars);
    }

    [[nodiscard]] std::string svg() {
        std::string body;
        int y = axis;
        std::map<std::size_t, double> middles;  // of bars, by entry
        for (const auto& [worker, bars] : lanes_) {
            int rows = 1;
            for (const Bar& one : bars)
                rows = std::max(rows, one.row + 1);
            body += text(8, y + 14, "worker " + std::to_string(worker), "");
            for (const Bar& one : bars) {
                body += drawn(one, y + row * one.row);
                middles[one.entry] = y + row * one.row + bar / 2.0;
            }
            y += row * rows + gap;
            body += "<line class=\"rule\" x1=\"0\" x2=\"" + number(right()) + "\" y1=\"" +
                    std::to_string(y - gap / 2) + "\" y2=\"" + std::to_string(y - gap / 2) + "\"/>";
        }
        return "<svg role=\"img\" width=\"" + number(right()) + "\" height=\"" + std::to_string(y) +
               "\" viewBox=\"0 0 " + number(right()) + ' ' + std::to_string(y) + "\">" + scale(y) +
               body + points(middles) + "</svg>";
    }
    [[nodiscard]] std::size_t left_out() const {
        return judgement_.shown.entries.size() > most_calls
                   ? judgement_.shown.entries.size() - most_calls
                   : 0;
    }

  private:
    /// The last ones, and whatever happened, the marked one.
    [[nodiscard]] bool is_drawn(std::size_t i) const {
        if (judgement_.shown.entries[i].call.operation == Operation::run) return false;
        return i >= left_out() || judgement_.marked == i;
    }
    [[nodiscard]] std::vector<std::int64_t> times() const {
        std::vector<std::int64_t> all = instants_;
        for (std::size_t i = 0; i < judgement_.shown.entries.size(); ++i) {
            if (!is_drawn(i)) continue;
            const Entry& entry = judgement_.shown.entries[i];
            all.push_back(entry.invoked);
            if (entry.responded) all.push_back(*entry.responded);
        }
        return all;
    }
    [[nodiscard]] double right() const { return right_ + 20; }

    [[nodiscard]] std::string label_of(const Entry& entry) const {
        std::string label = to_text(scenario_, entry.call);
        if (entry.responded) {
            label += " \xe2\x86\x92 " + to_text(entry.outcome);
        } else {
            label += entry.killed ? " killed" : " pending";
        }
        constexpr std::size_t longest = 60;
        return shortened(label, longest);
    }
    /// In the first row where there is room for its label.
    void place(std::vector<Bar>& bars) {
        std::ranges::sort(bars, {}, &Bar::begin);
        std::vector<double> ends;
        for (Bar& one : bars) {
            const double end =
                std::max(one.end, one.begin + 10 + letter * static_cast<double>(one.label.size()));
            right_ = std::max(right_, end);
            std::size_t at = 0;
            while (at < ends.size() && ends[at] > one.begin)
                ++at;
            if (at == ends.size()) ends.push_back(0);
            ends[at] = end + 6;
            one.row = static_cast<int>(at);
        }
    }
    static std::string text(double x, double y, const std::string& content, const char* kind) {
        return "<text class=\"" + std::string(kind) + "\" x=\"" + number(x) + "\" y=\"" +
               number(y) + "\">" + escaped_for_xml(content) + "</text>";
    }
    [[nodiscard]] std::string drawn(const Bar& one, int y) const {
        const Entry& entry = judgement_.shown.entries[one.entry];
        const bool is_bad = judgement_.marked == one.entry;
        const std::int64_t begin = axis_.times().front();
        const bool is_long = axis_.times().back() - begin > 10'000'000;
        std::string title = "worker " + std::to_string(entry.worker) + ": " +
                            to_text(scenario_, entry.call) + "\nfrom " +
                            time_text(entry.invoked - begin, is_long);
        title += entry.responded ? " to " + time_text(*entry.responded - begin, is_long) + "\n" +
                                       to_text(entry.outcome)
                                 : "\nnever returned";
        if (is_bad) title += "\nnothing explains this";
        std::string kind = is_bad ? "bad" : "";
        if (!entry.responded) kind += kind.empty() ? "open" : " open";
        return "<g class=\"" + kind + "\"><title>" + escaped_for_xml(title) + "</title><rect x=\"" +
               number(one.begin) + "\" y=\"" + std::to_string(y) + "\" width=\"" +
               number(std::max(one.end - one.begin, 2.0)) + "\" height=\"" + std::to_string(bar) +
               "\" rx=\"3\"/>" + text(one.begin + 5, y + 13, (is_bad ? "! " : "") + one.label, "") +
               "</g>";
    }
    /// Times along the top, as many as there is room for.
    [[nodiscard]] std::string scale(int height) const {
        std::string all;
        double free_from = 0;
        if (axis_.times().empty()) return all;
        const std::int64_t begin = axis_.times().front();
        const bool is_long = axis_.times().back() - begin > 10'000'000;
        for (const std::int64_t time : axis_.times()) {
            const double x = axis_.x(time);
            if (x < free_from) continue;
            all += "<line class=\"rule\" x1=\"" + number(x) + "\" x2=\"" + number(x) +
                   "\" y1=\"20\" y2=\"" + std::to_string(height) + "\"/>" +
                   text(x + 2, 14, time_text(time - begin, is_long), "faint");
            free_from = x + 95;
        }
        return all;
    }
    /// Where the steps took effect, joined in their order.
    [[nodiscard]] std::string points(const std::map<std::size_t, double>& middles) const {
        std::string marks;
        std::string path;
        for (std::size_t i = 0; i < instants_.size(); ++i) {
            const Judgement::Step& step = judgement_.order[i];
            const auto middle = middles.find(step.entry);
            if (middle == middles.end()) continue;
            const double x = axis_.x(instants_[i]);
            path += (path.empty() ? "M" : "L") + number(x) + ' ' + number(middle->second);
            marks += "<line class=\"point\" x1=\"" + number(x) + "\" x2=\"" + number(x) +
                     "\" y1=\"" + number(middle->second - 11) + "\" y2=\"" +
                     number(middle->second + 11) + "\"><title>step " + std::to_string(i + 1) +
                     (step.completes ? "" : ", a part of the call") +
                     (step.time_is_up ? ", as its time was up" : "") + "</title></line>";
        }
        return path.empty() ? marks : "<path class=\"link\" d=\"" + path + "\"/>" + marks;
    }

    const Scenario& scenario_;
    const Judgement& judgement_;
    std::vector<std::int64_t> instants_;
    Axis axis_;
    std::map<Id, std::vector<Bar>> lanes_;
    double right_ = left + width;
};

}  // namespace

std::vector<std::int64_t> instants_of(const Judgement& judgement) {
    std::vector<std::int64_t> instants;
    std::int64_t time = std::numeric_limits<std::int64_t>::min();
    for (const Judgement::Step& step : judgement.order) {
        const Entry& entry = judgement.shown.entries.at(step.entry);
        time = std::max(time, entry.invoked);
        const TimeLimit limit = entry.call.time_limit;
        if (step.time_is_up && limit.is_finite() && limit.count() > tolerance) {
            const std::int64_t deadline = entry.invoked + limit.count() - tolerance;
            time = std::max(time, std::min(deadline, entry.responded.value_or(deadline)));
        }
        instants.push_back(time);
    }
    return instants;
}

std::string timeline_page(const TimelinePage& page, const Scenario& scenario,
                          const Judgement& judgement) {
    Picture picture(scenario, judgement);
    std::string html =
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width\"><title>" +
        escaped_for_xml(page.title) + "</title><style>" + style + "</style></head>\n<body><h1>" +
        escaped_for_xml(page.title) + "</h1>\n<p class=\"reason\">" + escaped_for_xml(page.reason) +
        "</p>\n";
    if (!judgement.shown.entries.empty()) {
        html += "<div class=\"picture\">" + picture.svg() + "</div>\n";
        html +=
            "<p class=\"legend\"><span>a bar: a call, from its invocation to its response</span> "
            "<span>dashed: never returned</span><span>red, !: what nothing explains</span> ";
        if (!judgement.order.empty())
            html +=
                "<span>black strokes: where calls took effect in one order that explains what came "
                "before</span> ";
        html += "<span>the axis is not true to scale</span></p>\n";
        if (picture.left_out() > 0)
            html += "<p class=\"legend\">The first " + std::to_string(picture.left_out()) +
                    " calls are left out.</p>\n";
    }
    if (!page.command.empty())
        html += "<h2>To run it again</h2><pre>" + escaped_for_xml(page.command) + "</pre>\n";
    for (const auto& [heading, text] : page.sections) {
        if (!text.empty())
            html += "<h2>" + escaped_for_xml(heading) + "</h2><pre>" + escaped_for_xml(text) +
                    "</pre>\n";
    }
    return html + "</body></html>\n";
}

}  // namespace conformance
