// cvstroom sandbox fault: make a running sandbox misbehave towards one key.
#include <fmt/format.h>
#include <simdjson.h>

#include <memory>
#include <optional>
#include <vector>

#include "base/json_writer.hpp"
#include "cli/exit_code.hpp"
#include "cli/sandbox_commands.hpp"
#include "sandbox/faults.hpp"

namespace cvstroom::cli {
namespace {

constexpr std::string_view path = "/sandbox/v1/storingen";

struct Options {
    SandboxConnection connection;
    std::vector<std::string> kinds;
    std::optional<std::uint64_t> share;
    std::optional<std::uint64_t> seed;
    std::optional<std::uint64_t> lasts;
    std::optional<std::uint64_t> pause;
    bool is_off = false;
    bool is_json = false;
};

// An option goes to the kinds that know it.
std::string body_of(const Options& options) {
    std::string body;
    JsonWriter json(body);
    json.begin_object().key("storingen").begin_array();
    for (const auto& wire : options.kinds) {
        const auto& name = sandbox::name_of(*sandbox::fault_kind(wire));
        json.begin_object().member("soort", wire);
        if (options.share && name.has_share) json.member("deel", *options.share);
        if (options.seed) json.member("zaad", *options.seed);
        if (options.lasts) json.member("duur", *options.lasts);
        if (options.pause && name.has_pause) json.member("pauze", *options.pause);
        json.end_object();
    }
    json.end_array().end_object();
    return body;
}

std::uint64_t number(const simdjson::dom::element& fault, std::string_view member) {
    std::uint64_t value = 0;
    if (fault[member].get(value) != simdjson::SUCCESS) return 0;
    return value;
}

void print_faults(const std::string& body) {
    simdjson::dom::parser parser;
    simdjson::dom::array faults;
    if (parser.parse(body)["storingen"].get(faults) != simdjson::SUCCESS || faults.size() == 0) {
        fmt::print("The sandbox behaves.\n");
        return;
    }
    for (const simdjson::dom::element fault : faults) {
        std::string_view kind;
        if (fault["soort"].get(kind) != simdjson::SUCCESS) continue;
        fmt::print("{:<11} {} s left; struck {} of {}\n", kind, number(fault, "nog"), number(fault, "getroffen"),
                   number(fault, "bekeken"));
    }
}

int run_fault(const Options& options) {
    SandboxCall call{"GET", std::string(path), "application/json", ""};
    if (options.is_off) call.method = "DELETE";
    if (!options.kinds.empty()) {
        call.method = "PUT";
        call.body = body_of(options);
    }
    const auto answer = call_sandbox(options.connection, call);
    if (!answer) return report_failure(to_string(answer.error()));
    if (answer->status != 200 && answer->status != 204) return report_failure(describe_refusal(*answer));
    if (options.is_json) {
        fmt::print("{}\n", answer->body.empty() ? R"({"storingen":[]})" : answer->body);
    } else {
        print_faults(answer->body);
    }
    return exit_success;
}

std::string kinds_help() {
    std::string text;
    for (const auto& name : sandbox::fault_names()) text += fmt::format("  {:<11} {}\n", name.wire, name.description);
    return text;
}

}  // namespace

void add_sandbox_fault(CLI::App& sandbox, Program& program) {
    auto options = std::make_shared<Options>();
    auto* command = sandbox.add_subcommand("fault", "make a running sandbox misbehave towards one key");
    std::vector<std::string> known;
    for (const auto& name : sandbox::fault_names()) known.emplace_back(name.wire);
    auto* kinds = command->add_option("kinds", options->kinds, "the faults, in the place of those before; see below")
                      ->check(CLI::IsMember(known));
    command->add_option("--share", options->share, "percent of requests (teLaat: of changes) that are struck")
        ->check(CLI::Range(1, 100));
    command->add_option("--seed", options->seed, "the same seed strikes the same requests");
    command->add_option("--duration", options->lasts, "seconds until they end by themselves; 600 if not said");
    command->add_option("--pause", options->pause, "seconds: how late, how slow, how long to wait");
    command->add_flag("--off", options->is_off, "end all faults")->excludes(kinds);
    command->add_flag("--json", options->is_json, "what is on and what it struck, as JSON");
    add_connection_options(*command, options->connection);
    command->footer("Without kinds: tells what is on.\n" + kinds_help() +
                    "Example:  cvstroom sandbox fault teVeel afgebroken --share 20 --seed 7");
    command->callback([options, &program] { program.run = [options] { return run_fault(*options); }; });
}

}  // namespace cvstroom::cli
