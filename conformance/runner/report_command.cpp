#include "conformance/runner/report_command.hpp"

#include <iostream>
#include <utility>

#include "conformance/runner/merge.hpp"
#include "conformance/runner/merged_summary.hpp"
#include "conformance/runner/presentation/badge.hpp"
#include "conformance/runner/presentation/junit.hpp"
#include "conformance/runner/presentation/markdown.hpp"
#include "conformance/runner/presentation/page.hpp"
#include "conformance/runner/summary.hpp"
#include "conformance/runner/whole_file.hpp"

namespace conformance::runner {
namespace {

using Files = std::vector<std::filesystem::path>;

std::vector<RunReport> read_reports(const Files& files) {
    std::vector<RunReport> reports;
    for (const std::filesystem::path& file : files)
        reports.push_back(read_report(file));
    return reports;
}

template <class Write>
void write(const std::filesystem::path& file, const Write& text) {
    if (!file.empty()) write_whole_file(file, text(), "the file");
}

void write_all(const Options& options, const Presentation& presentation) {
    write(options.page, [&] { return html_page(presentation); });
    write(options.junit, [&] { return junit_xml(presentation); });
    write(options.markdown, [&] { return markdown_summary(presentation); });
    write(options.badge, [&] { return badge_svg(presentation); });
}

}  // namespace

ExitCode judge_reports(const Options& options, const Requirements& requirements,
                       const TestIndex& index) {
    std::vector<Merged> merged;
    if (options.compare.empty()) {
        merged.push_back(merge(read_reports(options.merge), requirements, index));
    } else {
        merged = merge_each(read_reports(options.compare), requirements, index);
    }
    const std::vector<Merged> earlier =
        merge_each(read_reports(options.earlier), requirements, index);
    std::optional<KillMatrix> mutants;
    if (!options.mutants.empty()) mutants = read_kill_matrix(options.mutants, requirements);

    for (const Merged& it : merged)
        print_merged(std::cout, it);
    if (!options.report.empty()) write_merged_report(options.report, merged.front());
    Presentation presentation = present(std::move(merged), earlier, requirements, index);
    presentation.mutants = std::move(mutants);
    print_changes(std::cout, presentation);
    if (presentation.implementations.size() > 1)
        std::cout << presentation.implementations.size()
                  << " implementations: " << conclusion(presentation.code) << '\n';
    write_all(options, presentation);
    return presentation.code;
}

}  // namespace conformance::runner
