// cvstroom key: issue, rotate, list and revoke keys.
#include <fmt/format.h>

#include <memory>

#include "api/partner_report.hpp"
#include "cli/acting_person.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/open_store.hpp"
#include "partner/partners.hpp"

namespace cvstroom::cli {
namespace {

using partner::Partners;

struct Options {
    std::filesystem::path database;
    std::string partner;
    std::string product;
    std::string key;
    std::string by;
    std::string expires;
    std::uint64_t overlap_days = 7;
    bool is_sandbox = false;
    bool json = false;
};

int print_once(const Result<partner::NewKey>& key) {
    if (!key) return report_failure(to_string(key.error()));
    fmt::print("{}\n", key->secret);
    fmt::print(stderr, "This is the only time that the key is shown. It is known as {}.\n", key->prefix);
    return exit_success;
}

Result<std::optional<Instant>> expiry(const Options& options) {
    if (options.expires.empty()) return std::optional<Instant>{};
    if (const auto date = parse_date(options.expires))
        return std::optional<Instant>{Instant{std::chrono::sys_days(*date)}};
    const auto instant = parse_instant(options.expires);
    if (!instant)
        return fail(ErrorCode::invalid_input,
                    fmt::format("--expires: '{}' is no date such as 2027-01-01, nor an instant with a time zone",
                                options.expires));
    return std::optional<Instant>{*instant};
}

Result<partner::NewKey> issue_sandbox_key(Partners& partners, const Options& options, std::optional<Instant> expires) {
    std::vector<std::string> products{options.product};
    if (options.product.empty()) products = {std::string(partner::product_cv), std::string(partner::product_reference)};
    const auto who = acting_person(options.by);
    const auto ready =
        partners.take_through(options.partner, products, {partner::most_per_minute, partner::most_per_day}, who);
    if (!ready) return tl::unexpected(ready.error());
    return partners.issue_key(options.partner, options.product, expires, who);
}

int issue(const Options& options) {
    const auto store = open_store(options.database, store::SqliteStore::Mode::open_existing);
    if (!store) return report_failure(to_string(store.error()));
    Partners partners(**store, system_clock());
    const auto expires = expiry(options);
    if (!expires) return report_failure(to_string(expires.error()));
    if (options.product == partner::product_administration) {
        return print_once(partners.issue_administration_key(options.partner, *expires, acting_person(options.by)));
    }
    if (options.is_sandbox) return print_once(issue_sandbox_key(partners, options, *expires));
    const auto partner = partners.find(options.partner);
    if (!partner) {
        return report_failure(
            fmt::format("{}. Admit it first: 'cvstroom partner apply', or use --sandbox to take it through "
                        "every step at once (for trials)",
                        to_string(partner.error())));
    }
    const int code =
        print_once(partners.issue_key(options.partner, options.product, *expires, acting_person(options.by)));
    if (code == exit_success && partner->state != partner::wire_name(partner::State::active)) {
        fmt::print(stderr, "The partner is '{}': the key is served once it is active.\n", partner->state);
    }
    if (code == exit_success && partner->subscriptions.empty()) {
        fmt::print(stderr, "It subscribes to nothing yet: see 'cvstroom partner subscribe'.\n");
    }
    return code;
}

int rotate(const Options& options) {
    const auto store = open_store(options.database, store::SqliteStore::Mode::open_existing);
    if (!store) return report_failure(to_string(store.error()));
    if (options.overlap_days > 366) return report_failure("--overlap: at most 366 days");
    const auto overlap = std::chrono::days{static_cast<int>(options.overlap_days)};
    const auto expires = expiry(options);
    if (!expires) return report_failure(to_string(expires.error()));
    return print_once(
        Partners(**store, system_clock()).rotate_key(options.key, overlap, *expires, acting_person(options.by)));
}

int revoke(const Options& options) {
    const auto store = open_store(options.database, store::SqliteStore::Mode::open_existing);
    if (!store) return report_failure(to_string(store.error()));
    const auto done = Partners(**store, system_clock()).revoke_key(options.key, acting_person(options.by));
    if (!done) return report_failure(to_string(done.error()));
    fmt::print(stderr, "Revoked. Running servers refuse the key within a second.\n");
    return exit_success;
}

void print_record(const store::KeyRecord& record, bool json) {
    if (json) {
        std::string line;
        JsonWriter writer(line);
        api::write_key(writer, record);
        fmt::print("{}\n", line);
        return;
    }
    const auto by = [](const std::string& who) { return who.empty() ? who : " by " + who; };
    fmt::print("{:14} {:12} {:30} issued {}{}{}{}{}{}\n", record.prefix,
               record.product.empty() ? "all" : record.product, record.partner, format_instant(record.issued),
               by(record.issued_by), record.expires ? ", expires " + format_instant(*record.expires) : "",
               record.revoked ? ", revoked " + format_instant(*record.revoked) : "", by(record.revoked_by),
               record.last_used ? ", last used " + format_instant(*record.last_used) : "");
}

int list(const Options& options) {
    const auto store = open_store(options.database, store::SqliteStore::Mode::open_existing);
    if (!store) return report_failure(to_string(store.error()));
    const auto records = (*store)->keys();
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
    auto* command = app.add_subcommand("key", "issue, rotate, list and revoke keys");
    command->require_subcommand(1);
    command->footer(
        "Only a digest of a key is kept: it is shown once, when it is issued. A partner may have several.\n"
        "Example:  cvstroom key issue --database cv.db --partner 'Interim Zilverduin' --sandbox\n"
        "          cvstroom key rotate --database cv.db cvs_0a1b2c3d --overlap 14\n"
        "          cvstroom key issue --database cv.db --partner 'Our own feed' --product beheer");
    auto* issuing = add_action(*command, "issue", "make a key and print it, this once", options, program, issue);
    issuing->add_option("--partner", options->partner, "who gets it")->required();
    issuing->add_option(
        "--product", options->product,
        "only cv, or only referentie; beheer: the provider's own side; default: all that it subscribes to");
    issuing->add_option("--expires", options->expires, "a date, or an instant with a time zone; default: never");
    issuing->add_flag("--sandbox", options->is_sandbox,
                      "take the partner through every step that is left, with high limits: for sandboxes and trials");
    auto* rotating = add_action(*command, "rotate", "make a new key with the same rights; the old one expires", options,
                                program, rotate);
    rotating->add_option("--overlap", options->overlap_days, "days that the old key goes on")->capture_default_str();
    rotating->add_option("--expires", options->expires, "of the new key, as for issue; default: as the old one had it");
    auto* revoking =
        add_action(*command, "revoke", "make a key useless, at once and for ever", options, program, revoke);
    for (auto* one : {rotating, revoking})
        one->add_option("key", options->key, "the key, or its prefix (cvs_…)")->required();
    for (auto* one : {issuing, rotating, revoking})
        one->add_option("--by", options->by, "who does this, for the history; default: the user");
    auto* listing = add_action(*command, "list", "list all keys by prefix", options, program, list);
    listing->add_flag("--json", options->json, "one JSON object a line");
}

}  // namespace cvstroom::cli
