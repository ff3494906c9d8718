// cvstroom audit: who received which CV, and proof that the record of it is whole.
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>

#include "audit/prune.hpp"
#include "audit/query.hpp"
#include "audit/record_line.hpp"
#include "audit/verify.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "cli/acting_person.hpp"
#include "cli/audit_options.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/open_store.hpp"

namespace cvstroom::cli {
namespace {

struct Options {
    std::filesystem::path database;
    std::filesystem::path folder;
    std::string cv;
    std::string partner;
    std::string from;
    std::string until;
    std::string known;
    std::string before;
    std::string by;
    bool is_trial = false;
    bool verify = false;
    bool json = false;
};

Result<std::optional<Instant>> instant_of(const char* option, const std::string& text) {
    if (text.empty()) return std::optional<Instant>{};
    const auto instant = parse_instant(text.size() == 10 ? text + "T00:00:00Z" : text);
    if (!instant)
        return fail(ErrorCode::invalid_input, "give a day such as 2026-02-13, or an instant with its zone", option);
    return std::optional<Instant>{*instant};
}

Result<audit::Filter> make_filter(const Options& options) {
    audit::Filter filter;
    filter.partner = options.partner;
    if (!options.cv.empty()) {
        filter.cv = Uuid::parse(options.cv);
        if (!filter.cv) return fail(ErrorCode::invalid_input, fmt::format("'{}' is not a UUID", options.cv), "--cv");
    }
    const auto from = instant_of("--from", options.from);
    if (!from) return tl::unexpected(from.error());
    const auto until = instant_of("--until", options.until);
    if (!until) return tl::unexpected(until.error());
    filter.from = *from;
    filter.until = *until;
    return filter;
}

void print_entry(const audit::Entry& entry) {
    for (const auto& [cv, version] : entry.cvs) {
        fmt::print("{}  {}  version {:<4} {:24} {:14} {:10} {}  {}\n", format_instant(entry.at), cv.to_string(),
                   version, entry.partner, entry.key, entry.resource, entry.members, entry.trace);
    }
}

int list(const Options& options) {
    const auto filter = make_filter(options);
    if (!filter) return report_failure(to_string(filter.error()));
    std::string line;
    const auto found =
        audit::find_records(audit_folder(options.folder, options.database), *filter, [&](const audit::Entry& entry) {
            if (!options.json) return print_entry(entry);
            line.clear();
            audit::append_record(line, entry);
            fmt::print("{}", line);
        });
    return found ? exit_success : report_failure(to_string(found.error()));
}

// "12:0f3a…": a seal's number and its code.
Result<std::optional<audit::KnownSeal>> known_seal(const std::string& text) {
    if (text.empty()) return std::optional<audit::KnownSeal>{};
    const auto colon = text.find(':');
    const auto number = parse_unsigned(text.substr(0, colon));
    const std::string opening = R"({"seal":0,"records":0,"code":")";
    const auto seal =
        colon == std::string::npos ? std::nullopt : audit::read_seal(opening + text.substr(colon + 1) + "\"}");
    if (!number || !seal)
        return fail(ErrorCode::invalid_input, "give the head that an earlier --verify printed", "--known");
    return std::optional<audit::KnownSeal>{{*number, seal->code}};
}

void print_json(const audit::Verification& result) {
    std::string text;
    JsonWriter json(text);
    json.begin_object().member("files", result.files).member("seals", result.seals).member("records", result.records);
    json.member("prunedFiles", result.pruned_files);
    json.member("unfinishedBytes", result.unfinished_bytes);
    if (result.head) json.member("head", fmt::format("{}:{}", result.head->number, to_hex(result.head->code)));
    json.key("faults").begin_array();
    for (const auto& fault : result.faults) {
        json.begin_object().member("where", fault.where).member("what", fault.what).end_object();
    }
    json.end_array().end_object();
    fmt::print("{}\n", text);
}

void print_text(const audit::Verification& result) {
    for (const auto& fault : result.faults) fmt::print("FAULT  {}: {}\n", fault.where, fault.what);
    fmt::print("{} files, {} sealed groups, {} records: {}\n", result.files, result.seals, result.records,
               result.faults.empty() ? "whole" : "NOT whole");
    if (result.pruned_files > 0) {
        fmt::print("the files up to number {} were pruned: pruned.json says when and by whom\n", result.pruned_files);
    }
    if (result.unfinished_bytes > 0) {
        fmt::print(
            "{} bytes at the end are not sealed: being written now, or cut off by a crash before they were answered\n",
            result.unfinished_bytes);
    }
    if (!result.head) return;
    fmt::print(
        "head {}:{}\nKeep it on another machine; a later --verify --known checks that this history is still in it.\n",
        result.head->number, to_hex(result.head->code));
}

int run_verify(const Options& options) {
    const auto known = known_seal(options.known);
    if (!known) return report_failure(to_string(known.error()));
    const auto store = open_store(options.database, store::SqliteStore::Mode::open_existing);
    if (!store) return report_failure(to_string(store.error()));
    // The anchors before the files: a server that runs may write both meanwhile.
    const auto anchors = (*store)->anchors();
    if (!anchors) return report_failure(to_string(anchors.error()));
    const auto key = audit::derive_key((*store)->secret());
    const auto result = audit::verify(audit_folder(options.folder, options.database), key, *anchors, *known);
    if (!result) return report_failure(to_string(result.error()));
    options.json ? print_json(*result) : print_text(*result);
    return result->faults.empty() ? exit_success : exit_failure;
}

void print_pruned(const audit::PruneResult& result, const Options& options) {
    if (options.json) {
        std::string text;
        JsonWriter json(text);
        json.begin_object().member("files", result.files).member("bytes", result.bytes);
        json.member("isTrial", options.is_trial);
        if (result.pruned) {
            json.member("prunedFiles", result.pruned->file).member("until", format_instant(result.pruned->until));
        }
        json.end_object();
        return fmt::print("{}\n", text);
    }
    if (result.files == 0) return fmt::print("no file has only records of before {}\n", options.before);
    fmt::print("{} files, {} bytes {}; what was recorded before {} {}\n", result.files, result.bytes,
               options.is_trial ? "would be removed" : "are removed", format_instant(result.pruned->until),
               options.is_trial ? "would be gone" : "is gone");
}

int run_prune(const Options& options) {
    const auto before = instant_of("--before", options.before);
    if (!before) return report_failure(to_string(before.error()));
    const auto store = open_store(options.database, store::SqliteStore::Mode::open_existing);
    if (!store) return report_failure(to_string(store.error()));
    const auto anchors = (*store)->anchors();
    if (!anchors) return report_failure(to_string(anchors.error()));
    const audit::PruneRequest request{**before, system_clock().now(), acting_person(options.by), options.is_trial};
    const auto result = audit::prune(audit_folder(options.folder, options.database),
                                     audit::derive_key((*store)->secret()), *anchors, request);
    if (!result) return report_failure(to_string(result.error()));
    print_pruned(*result, options);
    return exit_success;
}

CLI::App* add_prune(CLI::App& audit, const std::shared_ptr<Options>& options, Program& program) {
    auto* command = audit.add_subcommand("prune", "remove old files; what stays can still be verified");
    command->fallthrough();  // --database and --audit are the command's above it
    command
        ->add_option("--before", options->before, "remove files whose records are all older than this day or instant")
        ->required();
    command->add_option("--by", options->by, "who does it; you@host unless given");
    command->add_flag("--dry-run", options->is_trial, "only say what would be removed");
    command->footer(
        "Whole files go, oldest first; the last one stays. The audit is verified first: one that is not whole is left "
        "as "
        "it is.\n"
        "Example:  cvstroom audit prune --database cv.db --before 2024-02-13");
    command->callback([options, &program] { program.run = [options] { return run_prune(*options); }; });
    return command;
}

}  // namespace

void add_audit(CLI::App& app, Program& program) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("audit", "who received which CV; proof that the record is whole");
    command->add_option("--database", options->database, "SQLite file")->required();
    command->add_option("--audit", options->folder, "folder with the audit; beside the database unless given");
    command->add_option("--cv", options->cv, "only this CV");
    command->add_option("--partner", options->partner, "only what this partner received");
    command->add_option("--from", options->from, "from this day or instant (UTC unless it has a zone)");
    command->add_option("--until", options->until, "before this day or instant");
    auto* verify = command->add_flag("--verify", options->verify, "check every file, seal and anchor");
    command->add_option("--known", options->known, "a head that an earlier --verify printed")->needs(verify);
    command->add_flag("--json", options->json, "one JSON object a line");
    command->footer(
        "Works while a server runs. Exit code of --verify: 0 whole, 1 something was changed, cut or moved.\n"
        "Example:  cvstroom audit --database cv.db --cv 30dbfef1-59df-4521-a111-964bf0208e68\n"
        "          cvstroom audit --database cv.db --verify");
    const auto* prune = add_prune(*command, options, program);
    command->callback([options, prune, &program] {
        if (prune->parsed()) return;
        program.run = [options] { return options->verify ? run_verify(*options) : list(*options); };
    });
}

}  // namespace cvstroom::cli
