// cvstroom search: one search on a database file, without a server; with --explain how it is done.
#include <fmt/format.h>

#include <iostream>
#include <memory>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/open_store.hpp"
#include "cli/progress.hpp"
#include "cli/search_report.hpp"
#include "http/query.hpp"
#include "index/follower.hpp"
#include "index/text_extension.hpp"
#include "search/criteria_parser.hpp"
#include "search/sources.hpp"
#include "store/loaded_lists.hpp"

namespace cvstroom::cli {
namespace {

struct Options {
    std::filesystem::path database;
    std::vector<std::string> criteria;
    SearchReport report;
};

// "a=b&c=d" as on the wire, or "a=b" with the value as it is: a criterion on a command line needs no encoding.
Result<std::vector<Parameter>> read_parameters(const std::vector<std::string>& arguments) {
    std::vector<Parameter> parameters;
    for (const auto& argument : arguments) {
        const bool is_query = argument.find('&') != std::string::npos || argument.find('%') != std::string::npos;
        const auto equals = argument.find('=');
        if (!is_query && equals != std::string::npos && equals > 0) {
            parameters.push_back({argument.substr(0, equals), argument.substr(equals + 1)});
            continue;
        }
        const auto parsed = http::parse_query(argument.starts_with('?') ? argument.substr(1) : argument);
        if (!parsed) return tl::unexpected(parsed.error());
        parameters.insert(parameters.end(), parsed->begin(), parsed->end());
    }
    return parameters;
}

Result<search::Criteria> read_criteria(const std::vector<std::string>& arguments,
                                       const reference::ReferenceData& lists) {
    const auto parameters = read_parameters(arguments);
    if (!parameters) return tl::unexpected(parameters.error());
    search::CriteriaParser parser(lists, system_clock().now());
    std::vector<ParameterIssue> issues;
    for (const auto& parameter : *parameters) {
        if (!parser.take(parameter)) issues.push_back(search::CriteriaParser::unknown_parameter(parameter, {}));
    }
    auto criteria = parser.finish(issues);
    if (issues.empty()) return criteria;
    std::string all;
    for (const auto& issue : issues) {
        all += fmt::format("{}{}={}: {}", all.empty() ? "" : "\n  ", issue.name, issue.value, issue.detail.en);
    }
    return fail(ErrorCode::invalid_input, std::move(all));
}

Result<search::Plan> make_whole_plan(const search::Criteria& criteria, const index::Index& index,
                                     const reference::ReferenceData& lists, store::Store& store) {
    auto plan = search::make_plan(criteria, index.dictionary());
    search::add_sources(criteria, lists.places(), plan);
    for (const auto& [instant, seq] :
         {std::pair{criteria.changed_from, &plan.from}, std::pair{criteria.changed_until, &plan.until}}) {
        if (!instant) continue;
        const auto first = store.first_at_or_after(*instant);
        if (!first) return tl::unexpected(first.error());
        *seq = *first;
    }
    return plan;
}

int run_search(Options& options, const std::filesystem::path& resources) {
    const auto store = open_store(options.database, store::SqliteStore::Mode::open_existing);
    if (!store) return report_failure(to_string(store.error()));
    const auto lists = store::ListFollower::open(**store, resources / "data");
    if (!lists) return report_failure(to_string(lists.error()));
    // Wrong criteria are told before the index is built.
    const auto criteria = read_criteria(options.criteria, *(*lists)->lists().get());
    if (!criteria) {
        report_failure(to_string(criteria.error()));
        return exit_usage;
    }
    const auto saved =
        index::SavedIndex::open(index::saved_index_folder(options.database), index::SavedIndex::Access::read);
    if (!saved) return report_failure(to_string(saved.error()));
    index::Index index(&index::text_extension());
    index::Follower follower(**store, index, (*lists)->lists(), saved->get());
    Progress progress("building the index", "CVs", 0);
    if (const auto built = follower.open([&](std::uint64_t done, std::uint64_t) { progress.update(done); }); !built) {
        return report_failure(to_string(built.error()));
    }
    const auto plan = make_whole_plan(*criteria, index, *(*lists)->lists().get(), **store);
    if (!plan) return report_failure(to_string(plan.error()));
    options.report.write(*plan, index, std::cout);
    return exit_success;
}

}  // namespace

void add_search(CLI::App& app, Program& program) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("search", "search a database of CVs, without a server");
    command->add_option("--database", options->database, "SQLite file")->required();
    command->add_option("criteria", options->criteria, "as on the wire: name=value, or a whole query string");
    command->add_option("--from", options->report.offset, "results to skip")->capture_default_str();
    command->add_option("--count", options->report.count, "results to print")->capture_default_str();
    command->add_flag("--explain", options->report.explains, "how the search is done: the plan, with sizes and times");
    command->add_flag("--json", options->report.is_json, "one JSON object");
    command->footer(
        "Prints the total on the first line, then an id a line, newest first. Uses the index that 'cvstroom serve' "
        "saves\n"
        "beside the database, when there is one.\n"
        "Example:  cvstroom search --database cv.db trefwoord=lasser talen=N:2 gewensteRegios=BE23 --explain");
    command->callback(
        [options, &program] { program.run = [options, &program] { return run_search(*options, program.resources); }; });
}

}  // namespace cvstroom::cli
