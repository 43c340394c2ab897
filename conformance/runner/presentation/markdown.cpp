#include "conformance/runner/presentation/markdown.hpp"

#include <utility>

#include "conformance/engine/safe_text.hpp"
#include "conformance/runner/summary.hpp"

namespace conformance::runner {
namespace {

constexpr std::size_t longest_name = 100;
constexpr std::size_t longest_reason = 300;
constexpr std::size_t longest_list = 200;

std::string name_of(const Merged& merged) {
    return escaped_for_markdown(title_of(merged.implementation), longest_name);
}
std::string title_of(const Column& column) {
    return escaped_for_markdown(column.title(), longest_name);
}

/// A list with a heading, or nothing.
class Section {
  public:
    explicit Section(std::string heading) : heading_(std::move(heading)) {}
    void add(const std::string& item) {
        if (++count_ <= longest_list) items_ += "- " + item + '\n';
    }
    [[nodiscard]] std::string text() const {
        if (count_ == 0) return {};
        std::string text = "\n## " + heading_ + "\n\n" + items_;
        if (count_ > longest_list)
            text += "- and " + std::to_string(count_ - longest_list) + " more\n";
        return text;
    }

  private:
    std::string heading_;
    std::string items_;
    std::size_t count_ = 0;
};

std::string table(const Presentation& presentation) {
    Counts all{};
    for (const Column& column : presentation.columns) {
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] += column.counts[i];
    }
    std::string head = "| implementation | on |";
    std::string rule = "| --- | --- |";
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i] == 0) continue;
        head += ' ' + std::string(to_string(static_cast<TestVerdict>(i))) + " |";
        rule += " ---: |";
    }
    std::string text = head + "\n" + rule + '\n';
    for (const Column& column : presentation.columns) {
        text += "| " + name_of(presentation.implementations[column.implementation]) + " | " +
                title_of(column) + " |";
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (all[i] != 0) text += ' ' + std::to_string(column.counts[i]) + " |";
        }
        text += '\n';
    }
    return text;
}

std::string sentence_of(const TestRecord& record) {
    if (record.reason.empty()) return {};
    return ": " + escaped_for_markdown(record.reason, longest_reason);
}

std::string not_passing(const Presentation& presentation) {
    Section section("Not passing");
    for (const Requirement& requirement : presentation.requirements) {
        for (const Column& column : presentation.columns) {
            const auto found = column.verdicts.find(requirement.id);
            if (found == column.verdicts.end()) continue;
            const TestRecord& worst = found->second->worst;
            if (worst.verdict == TestVerdict::pass) continue;
            section.add("**" + requirement.id + "** " + std::string(to_string(worst.verdict)) +
                        " (" + std::string(to_string(requirement.level)) + "), " +
                        name_of(presentation.implementations[column.implementation]) + " on " +
                        title_of(column) + sentence_of(worst));
        }
    }
    return section.text();
}

std::string differences(const Presentation& presentation) {
    Section section("Where the backends differ");
    for (const Merged& merged : presentation.implementations) {
        for (const Comparison& comparison : merged.comparisons) {
            for (const Difference& it : comparison.differences)
                section.add("**" + it.requirement + "** " + name_of(merged) +
                            (comparison.variant.empty()
                                 ? ""
                                 : ' ' + escaped_for_markdown(comparison.variant, longest_name)) +
                            ": " + std::string(to_string(it.threading.verdict)) +
                            " on threading, " + std::string(to_string(it.multiprocessing.verdict)) +
                            " on multiprocessing");
        }
    }
    return section.text();
}

std::string changes(const Presentation& presentation) {
    if (presentation.has_earlier_run && presentation.changes.empty())
        return "\nNothing changed since the earlier run.\n";
    Section section("Changed since the earlier run");
    for (const Change& change : presentation.changes) {
        const Column& column = presentation.columns[change.column];
        section.add("**" + change.requirement + "** " +
                    name_of(presentation.implementations[column.implementation]) + " on " +
                    title_of(column) + ": " + std::string(to_string(change.earlier)) + ", now " +
                    std::string(to_string(change.now)));
    }
    return section.text();
}

std::string problems(const Presentation& presentation) {
    Section section("Beside the tests");
    for (const Merged& merged : presentation.implementations) {
        for (const Problem& problem : merged.problems)
            section.add("**" + std::string(conclusion(problem.code)) + "** " + name_of(merged) +
                        ": " + escaped_for_markdown(problem.sentence, longest_reason));
    }
    return section.text();
}

}  // namespace

std::string escaped_for_markdown(std::string_view text, std::size_t most) {
    std::string result;
    const std::string line = one_line(text, most);
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '<') {
            result += "&lt;";
        } else if (c == '>') {
            result += "&gt;";
        } else if (c == '&') {
            result += "&amp;";
        } else if (c == '@' || (c == ':' && line.compare(i, 3, "://") == 0) ||
                   (c == '.' && i >= 3 && line.compare(i - 3, 3, "www") == 0)) {
            // Mentions and bare links ignore backslashes; an empty comment parts them.
            result += std::string("<!-- -->") + c;
            if (c == '@') result += "<!-- -->";
        } else {
            if (std::string_view("\\`*_{}[]()#+!|~$").find(c) != std::string_view::npos)
                result += '\\';
            result += c;
        }
    }
    return result;
}

std::string markdown_summary(const Presentation& presentation) {
    std::string text =
        "# freethreading conformance: " + std::string(conclusion(presentation.code)) + "\n\n";
    if (!presentation.columns.empty()) text += table(presentation);
    return text + problems(presentation) + not_passing(presentation) + differences(presentation) +
           changes(presentation);
}

}  // namespace conformance::runner
