#include "conformance/runner/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <iostream>
#include <random>
#include <string>

#include "conformance/engine/requirements.hpp"

namespace conformance::runner {
namespace {

constexpr const char* footer =
    "GoogleTest's own options work as well: --gtest_filter=PATTERN, --gtest_list_tests, "
    "--gtest_output=xml:FILE, ...\n"
    "Exit status: 0 conforms, 1 does not, 2 usage, 3 inconclusive or incomplete, 4 driver at "
    "fault, "
    "5 suite at fault, or what it is told to expect.";

/// CLI11's own names the largest number there is, in 309 digits.
const CLI::Validator positive_number(
    [](const std::string& text) -> std::string {
        double number = 0;
        if (CLI::detail::lexical_cast(text, number) && number > 0 && number <= 1e9) return {};
        return '"' + text + "\" is no positive number, or is beyond 1000000000";
    },
    "POSITIVE");

/// It would take any other text for a number as well: one below 0 or beyond 2^64 for 2^64 - 1.
const CLI::Validator seed_number(
    [](const std::string& text) -> std::string {
        std::uint64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc() && end == text.data() + text.size()) return {};
        return '"' + text + "\" is no number from 0 to 18446744073709551615";
    },
    "NUMBER");

/// As of a variable of a shell that is not set: it is no way to leave an option out.
const CLI::Validator not_empty(
    [](const std::string& text) -> std::string { return text.empty() ? "its name is empty" : ""; },
    "");

std::uint64_t random_seed() {
    std::random_device device;
    return (std::uint64_t{device()} << 32) | device();
}

/// Files to make of reports, for which there must be reports.
void add_presentations(CLI::App& app, Options& options) {
    const auto add = [&](const char* name, std::filesystem::path& file, const char* what) {
        app.add_option(name, file, what)->check(not_empty)->type_name("FILE");
    };
    app.add_option(
           "--earlier", options.earlier,
           "With --merge or --compare: reports of an earlier run, to say what changed since")
        ->type_name("FILE");
    add("--page", options.page,
        "With --merge or --compare: a web page that shows every verdict with its reasons");
    add("--mutants", options.mutants,
        "With --page: results of kill_matrix.py, to show which mutants of the reference fail each "
        "requirement");
    add("--junit", options.junit, "With --merge or --compare: JUnit XML");
    add("--markdown", options.markdown, "With --merge or --compare: a summary in Markdown");
    add("--badge", options.badge, "With --merge or --compare: a badge, as SVG");
}

void require_reports(const Options& options) {
    if (!options.mutants.empty() && options.page.empty())
        throw UsageError("--mutants needs a page to be shown on: --page FILE");
    if (!options.merge.empty() || !options.compare.empty()) return;
    const bool presents = !options.page.empty() || !options.junit.empty() ||
                          !options.markdown.empty() || !options.badge.empty() ||
                          !options.earlier.empty();
    if (presents)
        throw UsageError(
            "--page, --junit, --markdown, --badge and --earlier need reports: --merge FILES, or "
            "--compare FILES");
}

using Files = std::vector<std::filesystem::path>;

/// All that is read, the driver's own files included.
Files inputs_of(const Options& options) {
    Files inputs = {options.expectations, options.replay, options.mutants};
    for (const Files* const reports : {&options.merge, &options.compare, &options.earlier})
        inputs.insert(inputs.end(), reports->begin(), reports->end());
    const auto words = command_words(options.driver);
    inputs.insert(inputs.end(), words.begin(), words.end());
    return inputs;
}

void require_nothing_is_overwritten(const Options& options) {
    const Files inputs = inputs_of(options);
    Files outputs;
    for (const auto& output :
         {options.report, options.page, options.junit, options.markdown, options.badge}) {
        if (output.empty()) continue;
        std::error_code ignored;
        for (const std::filesystem::path& input : inputs) {
            if (std::filesystem::is_regular_file(input, ignored) &&
                std::filesystem::equivalent(input, output, ignored))
                throw UsageError("what is written would overwrite " + input.string());
        }
        const auto place =
            std::filesystem::weakly_canonical(std::filesystem::absolute(output, ignored), ignored);
        if (std::ranges::find(outputs, place) != outputs.end() &&
            !std::filesystem::is_character_file(place, ignored))
            throw UsageError("two results would be written to " + output.string());
        outputs.push_back(place);
    }
}

std::filesystem::path folder_of_results(const Options& options) {
    if (options.report.has_parent_path()) return options.report.parent_path();
    return "conformance-results";
}

}  // namespace

std::optional<Options> parse_options(int argc, char** argv, bool judges) {
    Options options;
    options.seed = random_seed();
    options.requirements = Requirements::default_folder();
    CLI::App app("Judges an implementation of the freethreading API, which a driver hosts.");
    app.footer(footer);
    auto* const driver =
        app.add_option("--driver", options.driver, "Command that starts the driver")
            ->type_name("COMMAND");
    app.add_option("--backend", options.backend, "The backend to judge")
        ->check(CLI::IsMember({"threading", "multiprocessing"}))
        ->capture_default_str();
    auto* const report =
        app.add_option("--report", options.report,
                       "File for the results, a line of JSON per test; merged, per requirement")
            ->check(not_empty)
            ->type_name("FILE");
    auto* const replay =
        app.add_option("--replay", options.replay, "Runs a saved scenario instead of the tests")
            ->type_name("FILE");
    app.add_option("--times", options.times, "How often to replay it")
        ->check(positive_number)
        ->needs(replay)
        ->capture_default_str();
    auto* const list = app.add_flag("--list-requirements", options.list_requirements,
                                    "Lists the requirements with their tests, and needs no driver")
                           ->excludes(report);
    auto* const smoke =
        app.add_flag("--smoke", options.smoke, "Checks the driver itself, and judges nothing")
            ->excludes(report);
    auto* const merge =
        app.add_option("--merge", options.merge,
                       "Judges several reports of one implementation as one - of its backends and "
                       "variants, or of parts of the tests - and needs no driver")
            ->type_name("FILE")
            ->excludes(driver)
            ->excludes(replay)
            ->excludes(list)
            ->excludes(smoke);
    auto* const init =
        app.add_option("--init", options.init,
                       "Writes a skeleton into this folder: a driver, and a script for continuous "
                       "integration. Needs no driver, and overwrites nothing")
            ->type_name("FOLDER")
            ->excludes(driver)
            ->excludes(replay)
            ->excludes(list)
            ->excludes(smoke)
            ->excludes(merge)
            ->excludes(report);
    app.add_option("--language", options.language,
                   "Of the skeleton: cpp, on the driver kit, or other, a whole driver to be "
                   "rewritten")
        ->check(CLI::IsMember({"cpp", "other"}))
        ->needs(init)
        ->capture_default_str();
    auto* const compare =
        app.add_option(
               "--compare", options.compare,
               "Judges reports of several implementations, each as --merge does, and needs no "
               "driver")
            ->type_name("FILE")
            ->excludes(driver)
            ->excludes(replay)
            ->excludes(list)
            ->excludes(smoke)
            ->excludes(merge)
            ->excludes(init)
            ->excludes(report);
    add_presentations(app, options);
    app.add_option("--time-scale", options.time_scale, "Stretches every time limit of the runner")
        ->check(positive_number)
        ->capture_default_str();
    app.add_flag("--no-stacks", options.no_stacks,
                 "Does not ask gdb where the threads of a driver are that hangs and should not: "
                 "that takes seconds for each");
    app.add_flag(
        "--outcomes", options.outcomes,
        "Tells how often which outcomes were seen, where the runs of a scenario differ, also "
        "of tests that pass");
    app.add_flag(
        "--ctest", options.ctest,
        "Ends with the status 77 if all tests are unsupported or inconclusive, which ctest then "
        "calls skipped (SKIP_RETURN_CODE): what they print is no sign of it, as a driver may print "
        "the same");
    app.add_option("--effort", options.effort,
                   "How often scenarios that need repetition are run, as a multiple of the usual")
        ->check(positive_number)
        ->capture_default_str();
    auto* const duration =
        app.add_option(
               "--duration", options.duration,
               "Seconds to run stress tests and properties (or what --gtest_filter names) over "
               "and over from ever new seeds, with a line of progress now and then")
            ->check(positive_number)
            ->excludes(replay)
            ->excludes(list)
            ->excludes(smoke)
            ->excludes(merge)
            ->excludes(compare)
            ->excludes(report);
    app.add_option("--seed", options.seed, "From which all seeds follow; random if not given")
        ->check(seed_number);
    app.add_option("--requirements", options.requirements, "Folder of the requirements")
        ->type_name("FOLDER")
        ->capture_default_str();
    app.add_option("--variant", options.variant, "Name of the driver's variant, for the report")
        ->type_name("NAME");
    app.add_option("--expectations", options.expectations,
                   "JSON file of what is known of the implementation on this backend: requirements "
                   "and tests that must fail, are flaky, or are not to be run")
        ->check(not_empty)
        ->type_name("FILE")
        ->excludes(list)
        ->excludes(smoke)
        ->excludes(merge)
        ->excludes(compare);
    app.add_flag("--update-expectations", options.update_expectations,
                 "Prints at the end how the file of expectations has to change, as a diff")
        ->excludes(replay)
        ->excludes(list)
        ->excludes(smoke)
        ->excludes(merge)
        ->excludes(compare)
        ->excludes(duration);
    app.add_option("--save", options.save,
                   "Folder for scenarios that do not conform; that of the report, or "
                   "conformance-results")
        ->type_name("FOLDER");
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        std::cout << app.help();
        return std::nullopt;
    } catch (const CLI::ParseError& error) {
        throw UsageError(error.what());
    }
    if (init->count() > 0 && options.init.empty()) throw UsageError("--init needs a folder");
    require_reports(options);
    require_nothing_is_overwritten(options);
    const bool needs_driver = judges && !options.list_requirements && options.merge.empty() &&
                              options.compare.empty() && options.init.empty();
    if (needs_driver && command_words(options.driver).empty())
        throw UsageError("--driver COMMAND is missing: there is nothing to judge");
    if (options.save.empty()) options.save = folder_of_results(options);
    return options;
}

}  // namespace conformance::runner
