#include "conformance/runner/presentation/badge.hpp"

#include <algorithm>
#include <set>

#include "conformance/engine/safe_text.hpp"
#include "conformance/runner/summary.hpp"

namespace conformance::runner {
namespace {

/// White text has a contrast of at least 4.5 on each of them.
const char* colour_of(ExitCode code) {
    switch (code) {
        case ExitCode::conforms:
            return "#2b7a3d";
        case ExitCode::does_not_conform:
            return "#b3261e";
        default:
            return "#8a5a00";
    }
}

/// Of a requirement counts the worst of all columns: one that fails somewhere does not hold.
std::string requirements_text(const Presentation& presentation) {
    std::set<std::string> judged;
    std::set<std::string> failing;
    for (const Column& column : presentation.columns) {
        for (const auto& [id, verdict] : column.verdicts) {
            judged.insert(id);
            const TestVerdict worst = verdict->worst.verdict;
            if (worst != TestVerdict::pass && worst != TestVerdict::other_than_permitted)
                failing.insert(id);
        }
    }
    return std::to_string(judged.size() - failing.size()) + '/' + std::to_string(judged.size());
}

std::string message(const Presentation& presentation) {
    const auto& all = presentation.implementations;
    if (all.size() == 1)
        return std::string(conclusion(presentation.code)) + ' ' + requirements_text(presentation);
    const auto conforming = std::ranges::count(all, ExitCode::conforms, &Merged::code);
    return std::to_string(conforming) + " of " + std::to_string(all.size()) + " conform";
}

/// As wide as Verdana, or what stands in for it, is at this size; the SVG stretches the text to fit.
int width_of(std::string_view text) {
    double width = 0;
    for (const char c : text)
        width += std::string_view("fijlrt /I.").find(c) != std::string_view::npos ? 4 : 6.8;
    return static_cast<int>(width + 0.5);
}

std::string text_at(int x, int width, const std::string& text) {
    return "<text x=\"" + std::to_string(x) + "\" y=\"14\" textLength=\"" + std::to_string(width) +
           "\">" + escaped_for_xml(text) + "</text>";
}

}  // namespace

std::string badge_svg(const Presentation& presentation) {
    const std::string label = "freethreading";
    const std::string text = message(presentation);
    constexpr int margin = 7;
    const int left = width_of(label) + 2 * margin;
    const int right = width_of(text) + 2 * margin;
    const std::string width = std::to_string(left + right);
    const std::string title = escaped_for_xml(label + ": " + text);
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width +
           "\" height=\"20\" viewBox=\"0 0 " + width + " 20\" role=\"img\" aria-label=\"" + title +
           "\"><title>" + title + "</title><clipPath id=\"round\"><rect width=\"" + width +
           "\" height=\"20\" rx=\"3\"/></clipPath><g clip-path=\"url(#round)\"><rect width=\"" +
           std::to_string(left) + "\" height=\"20\" fill=\"#454545\"/><rect x=\"" +
           std::to_string(left) + "\" width=\"" + std::to_string(right) +
           "\" height=\"20\" fill=\"" + colour_of(presentation.code) +
           "\"/></g><g fill=\"#fff\" font-family=\"Verdana,DejaVu Sans,sans-serif\" "
           "font-size=\"11\">" +
           text_at(margin, left - 2 * margin, label) +
           text_at(left + margin, right - 2 * margin, text) + "</g></svg>\n";
}

}  // namespace conformance::runner
