// cvstroom sandbox check: what did a client do wrong?
#include <fmt/format.h>
#include <simdjson.h>

#include <fstream>
#include <iostream>
#include <memory>

#include "cli/exit_code.hpp"
#include "cli/sandbox_commands.hpp"
#include "http/query.hpp"

namespace cvstroom::cli {
namespace {

struct Options {
    SandboxConnection connection;
    std::filesystem::path held = "-";
    std::string cursor;
    std::string until;
    bool is_json = false;
};

Result<std::string> read_held_file(const std::filesystem::path& file) {
    if (file == "-") return std::string{std::istreambuf_iterator<char>(std::cin), {}};
    std::ifstream input(file, std::ios::binary);
    if (!input) return fail(ErrorCode::not_found, "cannot be read", file.string());
    return std::string{std::istreambuf_iterator<char>(input), {}};
}

std::string_view text(const simdjson::dom::element& from, std::string_view member) {
    std::string_view value;
    if (from[member].get(value) != simdjson::SUCCESS) return {};
    return value;
}

std::uint64_t number(const simdjson::dom::element& from, std::string_view member) {
    std::uint64_t value = 0;
    if (from[member].get(value) != simdjson::SUCCESS) return 0;
    return value;
}

void print_finding(const simdjson::dom::element& finding) {
    fmt::print("\n{} {} ({}): {}\n  {}\n", text(finding, "ernst") == "fout" ? "FAULT " : "remark",
               text(finding, "soort"), number(finding, "aantal"), text(finding, "tekst"), text(finding, "raad"));
    simdjson::dom::array examples;
    if (finding["voorbeelden"].get(examples) != simdjson::SUCCESS) return;
    for (const simdjson::dom::element example : examples) {
        fmt::print("    {}", text(example, "wat"));
        if (const auto held = number(example, "gehouden")) fmt::print("  held {}", held);
        if (const auto expected = number(example, "verwacht")) fmt::print("  expected {}", expected);
        fmt::print("\n");
    }
}

// True when nothing is at fault.
bool print_report(const std::string& body, bool is_quiet) {
    simdjson::dom::parser parser;
    simdjson::dom::element report;
    simdjson::dom::array findings;
    if (parser.parse(body).get(report) != simdjson::SUCCESS) return false;
    if (report["bevindingen"].get(findings) != simdjson::SUCCESS) return false;
    bool is_equal = false;
    if (report["gelijk"].get(is_equal) != simdjson::SUCCESS) return false;
    bool has_faults = !is_equal;
    for (const simdjson::dom::element finding : findings) has_faults |= text(finding, "ernst") == "fout";
    if (is_quiet) return !has_faults;
    fmt::print("held {}, expected {}: {}\n", number(report, "gehouden"), number(report, "verwacht"),
               is_equal ? "equal" : "not equal");
    for (const simdjson::dom::element finding : findings) print_finding(finding);
    if (findings.size() == 0) fmt::print("Nothing is wrong with the calls either.\n");
    return !has_faults;
}

int run_check(const Options& options) {
    auto held = read_held_file(options.held);
    if (!held) return report_failure(to_string(held.error()));
    SandboxCall call{"POST", "/sandbox/v1/controle", "application/x-ndjson", std::move(*held)};
    if (!options.cursor.empty()) call.path += "?vervolg=" + http::encode_query_value(options.cursor);
    if (!options.until.empty()) call.path += "?tot=" + http::encode_query_value(options.until);
    const auto answer = call_sandbox(options.connection, call);
    if (!answer) return report_failure(to_string(answer.error()));
    if (answer->status != 200) return report_failure(describe_refusal(*answer));
    if (options.is_json) fmt::print("{}\n", answer->body);
    return print_report(answer->body, options.is_json) ? exit_success : exit_partial;
}

}  // namespace

void add_sandbox_check(CLI::App& sandbox, Program& program) {
    auto options = std::make_shared<Options>();
    auto* command = sandbox.add_subcommand("check", "what did a client do wrong, and is its copy right?");
    command
        ->add_option("--held", options->held,
                     R"(what it holds, one {"cvId":…,"versie":…} a line; - for standard input)")
        ->capture_default_str();
    auto* cursor =
        command->add_option("--vervolg", options->cursor, "the cursor up to which it has applied everything");
    command->add_option("--tot", options->until, "or the last 'tot'; without either: now")->excludes(cursor);
    command->add_flag("--json", options->is_json, "the report as JSON");
    add_connection_options(*command, options->connection);
    command->footer(
        "Looks at what the sandbox remembers of this key's calls too. Exit code: 0 nothing is at fault, 3 something "
        "is.\n"
        "Example:  sqlite3 copy.db \"select json_object('cvId', id, 'versie', version) from cv\" | cvstroom sandbox "
        "check");
    command->callback([options, &program] { program.run = [options] { return run_check(*options); }; });
}

}  // namespace cvstroom::cli
