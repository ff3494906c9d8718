// cvstroom key: issue, list and revoke keys.
#include <fmt/format.h>

#include <iostream>
#include <memory>

#include "base/json_writer.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/open_store.hpp"
#include "partner/registry.hpp"

namespace cvstroom::cli {
namespace {

struct Options {
    std::filesystem::path database;
    std::string partner;
    std::string product = std::string(partner::product_cv);
    std::string key;
    bool json = false;
};

int issue(const Options& options) {
    const auto store = open_store(options.database, store::SqliteStore::Mode::open_existing);
    if (!store) return report_failure(to_string(store.error()));
    const auto key = partner::Registry(**store, system_clock()).issue(options.partner, options.product);
    if (!key) return report_failure(to_string(key.error()));
    fmt::print("{}\n", key->secret);
    fmt::print(stderr, "This is the only time that the key is shown. It is known as {}.\n", key->prefix);
    return exit_success;
}

int revoke(const Options& options) {
    const auto store = open_store(options.database, store::SqliteStore::Mode::open_existing);
    if (!store) return report_failure(to_string(store.error()));
    const auto done = partner::Registry(**store, system_clock()).revoke(options.key);
    if (!done) return report_failure(to_string(done.error()));
    fmt::print(stderr, "Revoked. Running servers refuse the key within a second.\n");
    return exit_success;
}

void print_record(const store::KeyRecord& record, bool json) {
    const auto revoked = record.revoked ? format_instant(*record.revoked) : std::string();
    if (!json) {
        fmt::print("{:14} {:12} {:30} issued {} {}\n", record.prefix, record.product, record.partner,
                   format_instant(record.issued), record.revoked ? "revoked " + revoked : "");
        return;
    }
    std::string line;
    JsonWriter writer(line);
    writer.begin_object().member("prefix", record.prefix).member("product", record.product);
    writer.member("partner", record.partner).member("issued", format_instant(record.issued));
    if (record.revoked) writer.member("revoked", revoked);
    writer.end_object();
    fmt::print("{}\n", line);
}

int list(const Options& options) {
    const auto store = open_store(options.database, store::SqliteStore::Mode::open_existing);
    if (!store) return report_failure(to_string(store.error()));
    const auto records = partner::Registry(**store, system_clock()).list();
    if (!records) return report_failure(to_string(records.error()));
    for (const auto& record : *records) print_record(record, options.json);
    return exit_success;
}

CLI::App* add_action(CLI::App& command, const std::string& name, const std::string& what,
                     const std::shared_ptr<Options>& options, Program& program, int (*action)(const Options&)) {
    auto* subcommand = command.add_subcommand(name, what);
    subcommand->add_option("--database", options->database, "SQLite file")->required();
    subcommand->callback([options, &program, action] { program.run = [options, action] { return action(*options); }; });
    return subcommand;
}

}  // namespace

void add_key(CLI::App& app, Program& program) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("key", "issue, list and revoke keys");
    command->require_subcommand(1);
    command->footer(
        "Only a digest of a key is kept: it is shown once, when it is issued.\n"
        "Example:  cvstroom key issue --database cv.db --partner 'Interim Zilverduin'");
    auto* issuing = add_action(*command, "issue", "make a key and print it, this once", options, program, issue);
    issuing->add_option("--partner", options->partner, "who gets it")->required();
    issuing->add_option("--product", options->product, "what it opens: cv, referentie, beheer")->capture_default_str();
    auto* revoking =
        add_action(*command, "revoke", "make a key useless, at once and for ever", options, program, revoke);
    revoking->add_option("key", options->key, "the key, or its prefix (cvs_…)")->required();
    auto* listing = add_action(*command, "list", "list all keys by prefix", options, program, list);
    listing->add_flag("--json", options->json, "one JSON object a line");
}

}  // namespace cvstroom::cli
